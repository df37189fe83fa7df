package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.Optional;

/** Whether compiled results are what the interpreter gives: the one table of tolerances. */
public final class Closeness {

    private Closeness() {
    }

    /** How far a number may be off: {@code absolute + relative * |expected|}. */
    private record Tolerance(double relative, double absolute) {

        static Tolerance of(DType dtype) {
            return switch (dtype) {
                case F32 -> new Tolerance(1.3e-6, 1e-5);
                case F64 -> new Tolerance(1e-7, 1e-7);
                case F16 -> new Tolerance(1e-3, 1e-5);
                case BF16 -> new Tolerance(1.6e-2, 1e-5);
                case I64, I32, I16, I8, U8, BOOL -> new Tolerance(0, 0);
            };
        }
    }

    /** Says what is wrong with a result, if anything is. */
    public static Optional<String> difference(TensorData expected, TensorData actual, double slack) {
        if (expected.dtype() != actual.dtype() || !Arrays.equals(expected.sizes(), actual.sizes())) {
            return Optional.of("should be %s, not %s".formatted(expected.type(), actual.type()));
        }
        int wrong = 0;
        String first = "";
        for (int i = 0; i < expected.count(); i++) {
            if (!isClose(expected, actual, i, slack)) {
                first = wrong++ == 0 ? "element %s should be %s, not %s".formatted(
                        Arrays.toString(position(i, expected.sizes())), text(expected, i), text(actual, i)) : first;
            }
        }
        return wrong == 0 ? Optional.empty() : Optional.of("%s; %d of %d elements of %s are wrong"
                .formatted(first, wrong, expected.count(), expected.type()));
    }

    private static boolean isClose(TensorData expected, TensorData actual, int i, double slack) {
        return switch (expected.dtype()) {
            case F32, F16, BF16 -> isClose(expected.floats()[i], actual.floats()[i], Tolerance.of(expected.dtype()), slack);
            case F64 -> isClose(expected.doubles()[i], actual.doubles()[i], Tolerance.of(DType.F64), slack);
            case I64 -> expected.longs()[i] == actual.longs()[i];
            case I16 -> expected.shorts()[i] == actual.shorts()[i];
            case I8, U8 -> expected.bytes()[i] == actual.bytes()[i];
            case I32 -> expected.ints()[i] == actual.ints()[i];
            case BOOL -> expected.booleans()[i] == actual.booleans()[i];
        };
    }

    private static boolean isClose(double expected, double actual, Tolerance tolerance, double slack) {
        if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
            return Double.compare(expected, actual) == 0;
        }
        return Math.abs(expected - actual) <= slack * (tolerance.absolute() + tolerance.relative() * Math.abs(expected));
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

    private static Object text(TensorData data, int i) {
        return java.lang.reflect.Array.get(data.array(), i);
    }
}
