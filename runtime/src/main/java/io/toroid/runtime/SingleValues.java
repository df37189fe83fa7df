package io.toroid.runtime;

import io.toroid.DType;
import io.toroid.op.ReducedFloats;

/** What façades do with inputs and results that are single values. */
abstract class SingleValues {
    SingleValues() {}

    /** What a {@code run} with values takes for a {@code float}. */
    protected static long bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    /** What a {@code run} with values takes for a {@code double}. */
    protected static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /** What a {@code run} with values takes for a {@code boolean}. */
    protected static long bits(boolean value) {
        return value ? 1 : 0;
    }

    /** What a {@code run} with values takes for an {@code f16}. */
    protected static long bitsOfHalf(float value) {
        return ReducedFloats.bits(DType.F16, value);
    }

    /** What a {@code run} with values takes for a {@code bf16}. */
    protected static long bitsOfBrainFloat(float value) {
        return ReducedFloats.bits(DType.BF16, value);
    }

    /** The value of a result without dimensions, which is closed. */
    protected static float takeFloat(NativeTensor result) {
        return (Float) take(result);
    }

    /** The value of a result without dimensions, which is closed. */
    protected static double takeDouble(NativeTensor result) {
        return (Double) take(result);
    }

    /** The value of a result without dimensions, which is closed. */
    protected static long takeLong(NativeTensor result) {
        return (Long) take(result);
    }

    /** The value of a result without dimensions, which is closed. */
    protected static int takeInt(NativeTensor result) {
        return (Integer) take(result);
    }

    /** The value of a result without dimensions, which is closed. */
    protected static short takeShort(NativeTensor result) {
        return (Short) take(result);
    }

    /** The value of a result without dimensions, which is closed. */
    protected static byte takeByte(NativeTensor result) {
        return (Byte) take(result);
    }

    /** The value of a result without dimensions, which is closed. */
    protected static boolean takeBoolean(NativeTensor result) {
        return (Boolean) take(result);
    }

    private static Object take(NativeTensor result) {
        try (result) {
            return NestedArrays.toArray(result);
        }
    }
}
