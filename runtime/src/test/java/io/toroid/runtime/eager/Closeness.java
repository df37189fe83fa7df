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

    static void assertClose(TensorData expected, TensorData actual, String what) {
        assertEquals(expected.dtype(), actual.dtype(), what);
        assertArrayEquals(expected.sizes(), actual.sizes(), what);
        if (!expected.dtype().isFloating()) {
            assertEquals(expected, actual, what);
            return;
        }
        double[] wanted = Elements.doubles(expected);
        double[] found = Elements.doubles(actual);
        for (int i = 0; i < wanted.length; i++) {
            if (!of(expected.dtype()).includes(wanted[i], found[i])) {
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
