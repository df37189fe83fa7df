package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.toroid.DType;
import io.toroid.op.TensorData;

/** How near a value computed in a type must come to the expected one; NaN and infinities agree exactly. */
record Closeness(double relative, double absolute) {

    /** The table: integers and booleans are exact. */
    static Closeness of(DType dtype) {
        return switch (dtype) {
            case F32 -> new Closeness(1.3e-6, 1e-5);
            case F64 -> new Closeness(1e-12, 1e-12);
            case F16 -> new Closeness(1e-3, 1e-5);
            case BF16 -> new Closeness(1.6e-2, 1e-5);
            case I64, I32, I16, I8, U8, BOOL -> new Closeness(0, 0);
        };
    }

    /**
     * Of differences in a narrow type: PyTorch rounds the logarithm of the sum, and the products, before it subtracts, which is
     * much beside what is left; of a transposed convolution it rounds what each tap adds, and every sum of them.
     */
    static Closeness of(DType dtype, String operator) {
        Closeness usual = of(dtype);
        if (!dtype.isReducedFloating()) {
            return usual;
        }
        return switch (operator) {
            case "aten._log_softmax.default" -> new Closeness(usual.relative, usual.relative);
            case "aten.convolution.default" -> dtype == DType.F16 ? new Closeness(2 * usual.relative, 32 * usual.relative) : usual;
            case "aten.addr.default", "aten.linalg_cross.default" -> new Closeness(usual.relative, 4 * usual.relative);
            default -> usual;
        };
    }

    static void assertClose(TensorData expected, TensorData actual, String what) {
        assertClose(expected, actual, what, of(expected.dtype()));
    }

    static void assertClose(TensorData expected, TensorData actual, String what, Closeness closeness) {
        assertEquals(expected.dtype(), actual.dtype(), what);
        assertArrayEquals(expected.sizes(), actual.sizes(), what);
        if (!expected.dtype().isFloating()) {
            assertEquals(expected, actual, what);
            return;
        }
        double[] wanted = Elements.doubles(expected);
        double[] found = Elements.doubles(actual);
        for (int i = 0; i < wanted.length; i++) {
            if (!closeness.includes(wanted[i], found[i])) {
                fail("%s: element %d of %s should be %s, not %s".formatted(what, i, expected.type(), wanted[i], found[i]));
            }
        }
    }

    private boolean includes(double expected, double actual) {
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            return Double.compare(expected, actual) == 0;
        }
        return Math.abs(expected - actual) <= absolute + relative * Math.abs(expected);
    }
}
