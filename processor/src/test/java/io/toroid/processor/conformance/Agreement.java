package io.toroid.processor.conformance;

import io.toroid.op.TensorData;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whether results are those that PyTorch, or the interpreter, gave. */
public final class Agreement {

    private Agreement() {
    }

    /** Says what is wrong with the results of a call, if anything is. */
    public static Optional<String> difference(RecordedCall call, List<TensorData> actual) {
        if (Choices.areOpen(call)) {
            return Choices.difference(call, actual);
        }
        for (int i = 0; i < call.results().size(); i++) {
            String place = call.results().size() == 1 ? "" : "result %d: ".formatted(i);
            Optional<String> difference = difference(call.overload(), call.results().get(i), actual.get(i)).map(place::concat);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    /** A recorded number has no element type. */
    private static Optional<String> difference(String overload, Object expected, TensorData actual) {
        return switch (expected) {
            case TensorData data -> difference(overload, data, actual);
            default -> actual.count() == 1 && Tolerance.of(actual.dtype(), overload).includes(number(expected), value(actual, 0))
                    ? Optional.empty() : Optional.of("should be %s, not %s".formatted(expected, actual));
        };
    }

    static Optional<String> difference(String overload, TensorData expected, TensorData actual) {
        return difference(expected, actual, Tolerance.of(expected.dtype(), overload));
    }

    /** Says what is wrong with a result, if anything is. */
    public static Optional<String> difference(TensorData expected, TensorData actual, Tolerance tolerance) {
        if (expected.dtype() != actual.dtype() || !Arrays.equals(expected.sizes(), actual.sizes())) {
            return Optional.of("should be %s, not %s".formatted(expected.type(), actual.type()));
        }
        int wrong = 0;
        String first = "";
        for (int i = 0; i < expected.count(); i++) {
            if (!isClose(tolerance, expected, actual, i)) {
                first = wrong++ == 0 ? "element %s should be %s, not %s".formatted(Arrays.toString(position(i, expected.sizes())),
                        Array.get(expected.array(), i), Array.get(actual.array(), i)) : first;
            }
        }
        return wrong == 0 ? Optional.empty()
                : Optional.of("%s; %d of %d elements of %s are wrong".formatted(first, wrong, expected.count(), expected.type()));
    }

    private static long[] position(int index, long[] sizes) {
        long[] position = new long[sizes.length];
        long rest = index;
        for (int dim = sizes.length - 1; dim >= 0; dim--) {
            position[dim] = rest % sizes[dim];
            rest /= sizes[dim];
        }
        return position;
    }

    private static boolean isClose(Tolerance tolerance, TensorData expected, TensorData actual, int i) {
        return expected.dtype().isFloating() ? tolerance.includes(value(expected, i), value(actual, i))
                : Array.get(expected.array(), i).equals(Array.get(actual.array(), i));
    }

    /** An element as a number; integers beyond 2^53 are rounded. */
    static double value(TensorData data, int i) {
        return number(Array.get(data.array(), i));
    }

    private static double number(Object value) {
        return value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).doubleValue();
    }
}
