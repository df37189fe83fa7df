package io.toroid.op;

import io.toroid.DType;

/**
 * The numbers that {@code f16} and {@code bf16} can hold, as {@code float}s and as bits. Rounding is to the nearest, of
 * two equally near ones to that with an even last bit; too large a number becomes infinite, and NaN stays NaN.
 */
public final class ReducedFloats {

    private ReducedFloats() {
    }

    /** The bits of the nearest number of the type. */
    public static short bits(DType dtype, float value) {
        return switch (dtype) {
            case F16 -> Float.floatToFloat16(value);
            case BF16 -> upperHalf(value);
            case BOOL, U8, I8, I16, I32, I64, F32, F64 -> throw notReduced(dtype);
        };
    }

    /** The number with these bits. */
    public static float value(DType dtype, short bits) {
        return switch (dtype) {
            case F16 -> Float.float16ToFloat(bits);
            case BF16 -> Float.intBitsToFloat(bits << 16);
            case BOOL, U8, I8, I16, I32, I64, F32, F64 -> throw notReduced(dtype);
        };
    }

    /** The nearest number of the type. */
    public static float round(DType dtype, float value) {
        return value(dtype, bits(dtype, value));
    }

    /** Adds just under half of the last place, or just half if that is odd, and cuts; a carry into the exponent is right. */
    private static short upperHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    private static IllegalArgumentException notReduced(DType dtype) {
        return new IllegalArgumentException(dtype + " is not f16 or bf16");
    }
}
