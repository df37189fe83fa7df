package io.toroid.processor.loop.lower;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Call;
import io.toroid.op.CustomOperator;
import io.toroid.op.Schema;
import io.toroid.processor.loop.AuthorsOperators;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An operator of the author's own: a call of the function that its C++ has become, of the one that calls back into Java, or of PyTorch's
 * dispatcher. They take who is calling, the arguments in the order of the schema, and the results.
 */
final class LowerCustom {

    private static final String DESCRIPTOR = "AOTInductorArrayRefTensor";

    private final Call call;
    private final Lowering lowering;
    private final CustomOperator.Host host;
    private final List<Loop.Argument> arguments = new ArrayList<>();
    /** The result that the next tensor that is written in place becomes. */
    private int nextMutated;

    private LowerCustom(Call call, Lowering lowering) {
        this.call = call;
        this.lowering = lowering;
        this.host = call.operator().custom().orElseThrow().host();
    }

    static void lower(Call call, Lowering lowering) {
        new LowerCustom(call, lowering).lower();
    }

    private void lower() {
        Schema schema = call.operator().schema();
        long mutated = 0;
        for (int i = 0; i < schema.parameters().size(); i++) {
            mutated += CustomOperator.isMutated(schema.parameters().get(i)) && call.arguments().values().get(i) instanceof Argument.OfTensor ? 1 : 0;
        }
        int declared = call.types().size() - (int) mutated;
        nextMutated = declared;
        boolean isList = schema.results().contains("Tensor[]");
        caller();
        switch (host) {
            case LIBRARY -> {
                values(schema);
                if (isList) {
                    list("TensorView<float>", declared);
                }
                results(declared);
                extern(AuthorsOperators.function(call.operator()), AuthorsOperators.header(call.operator()));
            }
            case JAVA -> {
                values(schema);
                results(call.types().size());
                extern("call_operator", AuthorsOperators.CALLBACK_HEADER);
            }
            case PYTORCH -> {
                text(title().split("\\.")[0]);
                text(schema.overload().equals("default") ? "" : schema.overload());
                nested("results", declared);
                results(declared);
                values(schema);
                extern(isList ? "call_pytorch_list" : "call_pytorch", AuthorsOperators.DISPATCHER_HEADER);
            }
        }
    }

    /** Whom a failure names. */
    private void caller() {
        nested("OperatorCall", 3);
        arguments.add(new Loop.Argument.Run());
        text(title());
        text(call.position().isKnown() ? call.position().toString() : "");
    }

    private String title() {
        return call.operator().custom().orElseThrow().title();
    }

    private void values(Schema schema) {
        for (int i = 0; i < schema.parameters().size(); i++) {
            argument(schema.parameters().get(i), call.arguments().values().get(i));
        }
    }

    private void results(int count) {
        for (int i = 0; i < count; i++) {
            tensor("result", new Loop.Argument.Out(lowering.result(call, i)));
        }
    }

    private void extern(String function, String header) {
        lowering.add(new Loop.Extern(function, header, arguments, Loop.Origins.of(call)));
    }

    private void argument(Schema.Parameter parameter, Argument argument) {
        String type = CustomOperator.plain(parameter.type());
        if (argument instanceof Argument.None) {
            name(type.equals("Tensor") && host != CustomOperator.Host.PYTORCH ? "no_tensor()" : "none<%s>()".formatted(none(type)));
            return;
        }
        if (parameter.isOptional() && (!type.equals("Tensor") || host == CustomOperator.Host.PYTORCH)) {
            nested("some", 1);
        }
        switch (argument) {
            case Argument.OfTensor(Tensor tensor) -> tensor(parameter, tensor);
            case Argument.OfTensors(List<Tensor> tensors) -> tensors(type, tensors.stream().map(Optional::of).toList());
            case Argument.OfOptionalTensors(List<Optional<Tensor>> tensors) -> tensors(type, tensors);
            case Argument.OfInt(Size value) -> integer(type, value);
            case Argument.OfInts(List<Size> values) -> {
                String element = type.replace("[]", "");
                list(none(element), values.size());
                values.forEach(value -> integer(element, value));
            }
            case Argument.OfFloat(double value) -> number(value);
            case Argument.OfFloats(List<Double> values) -> {
                list("double", values.size());
                values.forEach(this::number);
            }
            case Argument.OfBool(boolean value) -> flag(value);
            case Argument.OfString(String value) -> {
                if (type.equals("Device")) {
                    name("kCpu");
                } else {
                    text(value);
                }
            }
            case Argument.OfDType(DType value) -> name("Dtype{%d}".formatted(value.code()));
            case Argument.OfBody _, Argument.None _ -> throw new IllegalArgumentException("no argument of an author's operator: " + argument);
        }
    }

    /** As views of one element type for C++; as descriptors, each with its type, for who is called. */
    private void tensors(String type, List<Optional<Tensor>> tensors) {
        boolean isBoxed = type.equals("Tensor?[]") && host == CustomOperator.Host.PYTORCH;
        list(element(type), tensors.size());
        for (Optional<Tensor> tensor : tensors) {
            if (tensor.isEmpty()) {
                name(isBoxed ? "none<%s>()".formatted(DESCRIPTOR) : host == CustomOperator.Host.JAVA ? "no_descriptor()" : "NoTensor{}");
                continue;
            }
            if (isBoxed) {
                nested("some", 1);
            }
            if (host != CustomOperator.Host.LIBRARY) {
                nested("described", 1);
            }
            tensor("tensor", new Loop.Argument.In(lowering.buffer(tensor.get())));
        }
    }

    /** The C++ type in a list of tensors that is empty or not there. */
    private String element(String type) {
        return switch (host) {
            case LIBRARY -> "TensorView<const float>";
            case JAVA -> DESCRIPTOR;
            case PYTORCH -> type.equals("Tensor?[]") ? "Optional<%s>".formatted(DESCRIPTOR) : DESCRIPTOR;
        };
    }

    private void tensor(Schema.Parameter parameter, Tensor tensor) {
        Loop.Argument.In in = new Loop.Argument.In(lowering.buffer(tensor));
        if (!CustomOperator.isMutated(parameter)) {
            tensor("tensor", in);
            return;
        }
        Loop.Argument.Out out = new Loop.Argument.Out(lowering.result(call, nextMutated++));
        if (host != CustomOperator.Host.JAVA) {
            nested("mutated", 2 + in.buffer().shape().rank());
            arguments.add(in);
            arguments.add(out);
            extents(in.buffer());
        } else {
            tensor("tensor", in);
        }
    }

    private void tensor(String function, Loop.Argument memory) {
        Buffer buffer = switch (memory) {
            case Loop.Argument.In(Buffer in) -> in;
            case Loop.Argument.Out(Buffer out) -> out;
            default -> throw new IllegalArgumentException("no memory: " + memory);
        };
        nested(function, 1 + buffer.shape().rank());
        arguments.add(memory);
        extents(buffer);
    }

    private void extents(Buffer buffer) {
        buffer.shape().sizes().forEach(size -> arguments.add(new Loop.Argument.Extent(size)));
    }

    /** In the C++ type that the schema's type asks for. */
    private void integer(String type, Size value) {
        switch (type) {
            case "bool" -> flag(value.constant() != 0);
            case "float" -> {
                nested("static_cast<double>", 1);
                arguments.add(new Loop.Argument.Extent(value));
            }
            default -> arguments.add(new Loop.Argument.Extent(value));
        }
    }

    private void number(double value) {
        arguments.add(new Loop.Argument.Number(Scalar.literal(DType.F64, value)));
    }

    private void flag(boolean value) {
        arguments.add(new Loop.Argument.Number(Scalar.literal(DType.BOOL, value ? 1L : 0L)));
    }

    private void text(String value) {
        name("\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
                .replace("??", "?\\?") + "\"");
    }

    private void name(String text) {
        arguments.add(new Loop.Argument.Name(text));
    }

    private void list(String element, int count) {
        if (count == 0) {
            name("empty_list<%s>()".formatted(element));
        } else {
            nested("list", count);
        }
    }

    private void nested(String function, int count) {
        arguments.add(new Loop.Argument.Nested(function, count));
    }

    /** The C++ type of what is not there. */
    private String none(String type) {
        return switch (type) {
            case "float", "Scalar" -> "double";
            case "bool" -> "bool";
            case "str" -> "const char*";
            case "ScalarType" -> "Dtype";
            case "Device" -> "Device";
            case "Tensor" -> "TensorView<const float>";
            case "Tensor[]", "Tensor?[]" -> "List<%s, 0>".formatted(element(type));
            case "float[]" -> "List<double, 0>";
            case "bool[]" -> "List<bool, 0>";
            case "int[]", "SymInt[]" -> "List<int64_t, 0>";
            default -> "int64_t";
        };
    }
}
