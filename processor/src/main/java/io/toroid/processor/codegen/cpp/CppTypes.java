package io.toroid.processor.codegen.cpp;

import io.toroid.DType;
import io.toroid.op.ReducedFloats;

/** Element types and numbers in C++. */
public final class CppTypes {

    private CppTypes() {
    }

    /** {@code float}, {@code int64_t}, and so on. */
    public static String element(DType dtype) {
        return switch (dtype) {
            case F32 -> "float";
            case F64 -> "double";
            case I64 -> "int64_t";
            case I32 -> "int32_t";
            case I16 -> "int16_t";
            case I8 -> "int8_t";
            case U8 -> "uint8_t";
            case F16 -> "Half";
            case BF16 -> "BFloat16";
            case BOOL -> "bool";
        };
    }

    /** A vector of as many lanes as the kernel's {@code L}. */
    public static String vector(DType dtype) {
        return dtype == DType.BOOL ? "Mask<L>" : "Vec<" + element(dtype) + ", L>";
    }

    /** A number that reads back as exactly the same value. */
    public static String literal(DType dtype, Number value) {
        return switch (dtype) {
            case F32 -> floating((float) value.doubleValue());
            case F64 -> floating(value.doubleValue());
            case I64 -> value.longValue() == Long.MIN_VALUE ? "INT64_MIN" : "int64_t{" + value.longValue() + "}";
            case I32 -> value.intValue() == Integer.MIN_VALUE ? "INT32_MIN" : "int32_t{" + value.intValue() + "}";
            case I16, I8, U8 -> "%s{%d}".formatted(element(dtype), narrowed(dtype, value.longValue()));
            case F16, BF16 -> "%s{0x%04x}".formatted(element(dtype),
                    Short.toUnsignedInt(ReducedFloats.bits(dtype, (float) value.doubleValue())));
            case BOOL -> value.doubleValue() != 0 ? "true" : "false";
        };
    }

    /** A number that does not fit wraps around. */
    private static long narrowed(DType dtype, long value) {
        return dtype == DType.I16 ? (short) value : dtype == DType.I8 ? (byte) value : value & 0xff;
    }

    private static String floating(float value) {
        if (Float.isNaN(value)) {
            return "__builtin_nanf(\"\")";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "__builtin_inff()" : "-__builtin_inff()";
        }
        return Float.toString(value) + "f";
    }

    private static String floating(double value) {
        if (Double.isNaN(value)) {
            return "__builtin_nan(\"\")";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "__builtin_inf()" : "-__builtin_inf()";
        }
        return Double.toString(value);
    }
}
