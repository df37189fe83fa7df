package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import java.util.List;
import java.util.Set;

/** The types that a model author's operators may give their parameters, and the arguments that fit them. */
final class ParameterTypes {

    /** Without marks, as {@link CustomOperator#plain} writes them. */
    private static final Set<String> OFFERED = Set.of("Tensor", "int", "SymInt", "float", "bool", "str", "Scalar", "ScalarType", "Device",
            "Tensor[]", "Tensor?[]", "int[]", "SymInt[]", "float[]", "bool[]");

    private static final String CPU = "cpu";

    private ParameterTypes() {
    }

    /** @throws IllegalArgumentException if a parameter has a type that is not offered */
    static void requireOffered(Schema schema) {
        for (Schema.Parameter parameter : schema.parameters()) {
            String type = CustomOperator.plain(parameter.type());
            if (!OFFERED.contains(type)) {
                throw new IllegalArgumentException("the parameter %s of %s has the type %s, which operators of an author's own cannot have; these are %s"
                        .formatted(parameter.name(), schema.name(), parameter.type(), OFFERED.stream().sorted().toList()));
            }
            if (CustomOperator.isMutated(parameter) && !type.equals("Tensor")) {
                throw new IllegalArgumentException("the parameter %s of %s has the type %s, and only a single Tensor can be written in place: give each a parameter of its own"
                        .formatted(parameter.name(), schema.name(), parameter.type()));
            }
        }
    }

    /** @throws TensorException if an argument is not of the type of its parameter, or a device that is not there */
    static void requireFit(CustomOperator operator, Arguments arguments) {
        for (int i = 0; i < arguments.values().size(); i++) {
            Schema.Parameter parameter = arguments.schema().parameters().get(i);
            Argument argument = arguments.values().get(i);
            if (!fits(parameter, argument)) {
                throw mistake(operator, "%s is of the type %s and cannot be %s".formatted(parameter.name(), parameter.type(), words(argument)));
            }
            if (CustomOperator.plain(parameter.type()).equals("Device") && argument instanceof Argument.OfString(String device) && !device.equals(CPU)) {
                throw mistake(operator, "%s is the device \"%s\", and Toroid computes on the CPU only: give \"%s\"%s".formatted(
                        parameter.name(), device, CPU, parameter.isOptional() ? " or null" : ""));
            }
            if (operator.host() == CustomOperator.Host.LIBRARY) {
                requireOneType(operator, parameter, argument);
            }
        }
    }

    private static boolean fits(Schema.Parameter parameter, Argument argument) {
        return switch (argument) {
            case Argument.None _ -> parameter.isOptional();
            case Argument.OfTensor _ -> is(parameter, "Tensor");
            case Argument.OfTensors _ -> is(parameter, "Tensor[]", "Tensor?[]");
            case Argument.OfOptionalTensors _ -> is(parameter, "Tensor?[]");
            case Argument.OfInt _ -> is(parameter, "int", "SymInt", "float", "Scalar");
            case Argument.OfInts _ -> is(parameter, "int[]", "SymInt[]", "float[]", "bool[]");
            case Argument.OfFloat _ -> is(parameter, "float", "Scalar");
            case Argument.OfFloats _ -> is(parameter, "float[]");
            case Argument.OfBool _ -> is(parameter, "bool", "Scalar");
            case Argument.OfString _ -> is(parameter, "str", "Device");
            case Argument.OfDType _ -> is(parameter, "ScalarType");
            case Argument.OfBody _ -> false;
        };
    }

    private static boolean is(Schema.Parameter parameter, String... types) {
        return List.of(types).contains(CustomOperator.plain(parameter.type()));
    }

    private static String words(Argument argument) {
        return switch (argument) {
            case Argument.None _ -> "null";
            case Argument.OfTensor(Tensor tensor) -> "a tensor " + tensor.type();
            case Argument.OfTensors _ -> "a list of tensors";
            case Argument.OfOptionalTensors _ -> "a list of tensors with places left out";
            case Argument.OfInt(var value) -> "the integer " + value;
            case Argument.OfInts(var values) -> "the list " + values;
            case Argument.OfFloat(double value) -> "the number " + value;
            case Argument.OfFloats(var values) -> "the list " + values;
            case Argument.OfBool(boolean value) -> Boolean.toString(value);
            case Argument.OfString(String value) -> "the text \"" + value + "\"";
            case Argument.OfDType(DType value) -> "the element type " + value.text();
            case Argument.OfBody _ -> "a body";
        };
    }

    /** C++ has one type for all elements of a list. */
    private static void requireOneType(CustomOperator operator, Schema.Parameter parameter, Argument argument) {
        List<DType> types = new Arguments(new Schema("", "", "", List.of(parameter), List.of()), List.of(argument)).operands().stream()
                .map(Tensor::dtype).distinct().toList();
        if (types.size() > 1) {
            throw mistake(operator, "the tensors of %s are %s and %s, and C++ takes lists of one element type: convert them by to(DType), or give each a parameter of its own"
                    .formatted(parameter.name(), types.get(0).text(), types.get(1).text()));
        }
    }

    private static TensorException mistake(CustomOperator operator, String text) {
        return new TensorException(Kind.ARGUMENT, "%s: %s".formatted(operator.title(), text));
    }
}
