package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of a call, by the names of its schema: one for each parameter, absent ones filled with the schema's
 * defaults.
 */
public record Arguments(Schema schema, List<Argument> values) {

    public Arguments {
        values = List.copyOf(values);
        if (values.size() != schema.parameters().size()) {
            throw new IllegalArgumentException("%s takes %d arguments, not %d"
                    .formatted(schema, schema.parameters().size(), values.size()));
        }
    }

    public Argument get(String name) {
        return values.get(schema.indexOf(name));
    }

    /** The same arguments with one of them changed. */
    public Arguments with(String name, Argument value) {
        List<Argument> changed = new ArrayList<>(values);
        changed.set(schema.indexOf(name), value);
        return new Arguments(schema, changed);
    }

    public boolean isPresent(String name) {
        return !(get(name) instanceof Argument.None);
    }

    public Tensor tensor(String name) {
        return optionalTensor(name).orElseThrow(() -> missing(name));
    }

    public Optional<Tensor> optionalTensor(String name) {
        return get(name) instanceof Argument.OfTensor(Tensor tensor) ? Optional.of(tensor) : Optional.empty();
    }

    public List<Tensor> tensors(String name) {
        return get(name) instanceof Argument.OfTensors(List<Tensor> tensors) ? tensors : List.of();
    }

    /** A list of tensors some of which may be left out. */
    public List<Optional<Tensor>> optionalTensors(String name) {
        return get(name) instanceof Argument.OfOptionalTensors(List<Optional<Tensor>> tensors)
                ? tensors : tensors(name).stream().map(Optional::of).toList();
    }

    /** An integer that may be symbolic. */
    public Size size(String name) {
        return get(name) instanceof Argument.OfInt(Size value) ? value : fail(name);
    }

    /** An integer that is known. */
    public long integer(String name) {
        return size(name).constant();
    }

    /** A list of integers; a single integer stands for a list of one; absent gives an empty list. */
    public List<Size> sizes(String name) {
        return switch (get(name)) {
            case Argument.OfInts(List<Size> list) -> list;
            case Argument.OfInt(Size value) -> List.of(value);
            case Argument.None() -> List.of();
            default -> fail(name);
        };
    }

    /** A list of known integers. */
    public int[] integers(String name) {
        return sizes(name).stream().mapToInt(size -> Math.toIntExact(size.constant())).toArray();
    }

    /** A list of floating-point numbers; integers are widened, absent gives an empty list. */
    public List<Double> numbers(String name) {
        return switch (get(name)) {
            case Argument.OfFloats(List<Double> values) -> values;
            case Argument.OfInts(List<Size> values) -> values.stream().map(value -> (double) value.constant()).toList();
            case Argument.None() -> List.of();
            default -> fail(name);
        };
    }

    /** A number: an integer or boolean scalar is widened. */
    public double number(String name) {
        return switch (get(name)) {
            case Argument.OfFloat(double value) -> value;
            case Argument.OfInt(Size value) -> value.constant();
            case Argument.OfBool(boolean value) -> value ? 1 : 0;
            default -> fail(name);
        };
    }

    public boolean flag(String name) {
        return switch (get(name)) {
            case Argument.OfBool(boolean value) -> value;
            case Argument.OfInt(Size value) -> value.constant() != 0;
            default -> fail(name);
        };
    }

    /** A text, or the name of a device. */
    public String text(String name) {
        return get(name) instanceof Argument.OfString(String value) ? value : fail(name);
    }

    public Body body(String name) {
        return get(name) instanceof Argument.OfBody(Body body) ? body : fail(name);
    }

    public Optional<DType> dtype(String name) {
        return get(name) instanceof Argument.OfDType(DType value) ? Optional.of(value) : Optional.empty();
    }

    /** All tensors among the arguments, in order. */
    public List<Tensor> operands() {
        List<Tensor> operands = new ArrayList<>();
        for (Argument value : values) {
            switch (value) {
                case Argument.OfTensor(Tensor tensor) -> operands.add(tensor);
                case Argument.OfTensors(List<Tensor> tensors) -> operands.addAll(tensors);
                case Argument.OfOptionalTensors(List<Optional<Tensor>> tensors) ->
                    tensors.forEach(tensor -> tensor.ifPresent(operands::add));
                case Argument.OfInt _, Argument.OfInts _, Argument.OfFloats _, Argument.OfFloat _, Argument.OfBool _, Argument.OfString _,
                     Argument.OfDType _, Argument.OfBody _, Argument.None _ -> { }
            }
        }
        return operands;
    }

    /** The same arguments with every tensor replaced. */
    public Arguments withTensors(java.util.function.UnaryOperator<Tensor> replacement) {
        return new Arguments(schema, values.stream().map(value -> switch (value) {
            case Argument.OfTensor(Tensor tensor) -> new Argument.OfTensor(replacement.apply(tensor));
            case Argument.OfTensors(List<Tensor> tensors) ->
                new Argument.OfTensors(tensors.stream().map(replacement).toList());
            case Argument.OfOptionalTensors(List<Optional<Tensor>> tensors) ->
                new Argument.OfOptionalTensors(tensors.stream().map(tensor -> tensor.map(replacement)).toList());
            default -> value;
        }).toList());
    }

    private <T> T fail(String name) {
        throw new IllegalArgumentException("argument %s of %s is %s".formatted(name, schema, get(name)));
    }

    private IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("%s needs its tensor %s".formatted(schema, name));
    }
}
