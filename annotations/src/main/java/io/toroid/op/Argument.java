package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An argument of a call, by the types that ATen schemas have. Integers may be symbolic. */
public sealed interface Argument {

    /** {@code Tensor}. */
    record OfTensor(Tensor tensor) implements Argument {
    }

    /** {@code Tensor[]}. */
    record OfTensors(List<Tensor> tensors) implements Argument {
        public OfTensors {
            tensors = List.copyOf(tensors);
        }
    }

    /** {@code Tensor?[]} with places left out; without any it is {@link OfTensors}. */
    record OfOptionalTensors(List<Optional<Tensor>> tensors) implements Argument {
        public OfOptionalTensors {
            tensors = List.copyOf(tensors);
        }
    }

    /** {@code int}, {@code SymInt}, or an integer {@code Scalar}. */
    record OfInt(Size value) implements Argument {
    }

    /** {@code int[]}, {@code SymInt[]}. */
    record OfInts(List<Size> values) implements Argument {
        public OfInts {
            values = List.copyOf(values);
        }
    }

    /** {@code float}, or a floating {@code Scalar}. */
    record OfFloat(double value) implements Argument {
    }

    /** {@code float[]}. */
    record OfFloats(List<Double> values) implements Argument {
        public OfFloats {
            values = List.copyOf(values);
        }
    }

    /** {@code bool}, or a boolean {@code Scalar}. */
    record OfBool(boolean value) implements Argument {
    }

    /** {@code str}, or the name of a {@code Device}. */
    record OfString(String value) implements Argument {
    }

    /** {@code ScalarType}. */
    record OfDType(DType value) implements Argument {
    }

    /** {@code Body}: a graph that the call runs. */
    record OfBody(Body body) implements Argument {
    }

    /** An optional argument that is absent. */
    record None() implements Argument {
        public static final None NONE = new None();
    }

    /**
     * Wraps a Java value: tensors, sizes, numbers, booleans, strings, dtypes, null, and lists of tensors (null where one is left
     * out), integers, floating-point numbers or booleans.
     */
    static Argument of(Object value) {
        return switch (value) {
            case null -> None.NONE;
            case Argument argument -> argument;
            case Tensor tensor -> new OfTensor(tensor);
            case Size size -> new OfInt(size);
            case Byte number -> new OfInt(Size.of(number));
            case Short number -> new OfInt(Size.of(number));
            case Integer number -> new OfInt(Size.of(number));
            case Long number -> new OfInt(Size.of(number));
            case Float number -> new OfFloat(number);
            case Double number -> new OfFloat(number);
            case Boolean flag -> new OfBool(flag);
            case String text -> new OfString(text);
            case DType dtype -> new OfDType(dtype);
            case Body body -> new OfBody(body);
            case long[] values -> new OfInts(java.util.Arrays.stream(values).mapToObj(Size::of).toList());
            case int[] values -> new OfInts(java.util.Arrays.stream(values).mapToObj(Size::of).toList());
            case double[] values -> new OfFloats(java.util.Arrays.stream(values).boxed().toList());
            case boolean[] flags -> new OfInts(java.util.stream.IntStream.range(0, flags.length).mapToObj(i -> Size.of(flags[i] ? 1 : 0)).toList());
            case List<?> list when !list.isEmpty() && (list.getFirst() instanceof Double || list.getFirst() instanceof Float) ->
                new OfFloats(list.stream().map(number -> ((Number) number).doubleValue()).toList());
            case List<?> list when list.stream().anyMatch(element -> element == null || element instanceof Tensor) ->
                ofTensors(list.stream().map(Tensor.class::cast).toList());
            case List<?> list -> new OfInts(list.stream().map(Argument::toSize).toList());
            default -> throw new IllegalArgumentException("no argument of an operator can be a " + value.getClass().getName());
        };
    }

    /** A list of tensors, null where one is left out. */
    static Argument ofTensors(List<Tensor> tensors) {
        return tensors.stream().allMatch(Objects::nonNull)
                ? new OfTensors(tensors) : new OfOptionalTensors(tensors.stream().map(Optional::ofNullable).toList());
    }

    private static Size toSize(Object value) {
        return switch (value) {
            case Size size -> size;
            case Number number -> Size.of(number.longValue());
            case Boolean flag -> Size.of(flag ? 1 : 0);
            default -> throw new IllegalArgumentException("a list of integers cannot hold a " + value.getClass().getName());
        };
    }
}
