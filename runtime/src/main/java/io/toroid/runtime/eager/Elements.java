package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.ReducedFloats;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;

/**
 * Values read as the widest type of their category, and put back into their own. Every operator computes in
 * {@code double} or {@code long}: a sum, product, quotient or square root of two {@code f32} in {@code double},
 * rounded once, is the correctly rounded one; {@code f16} and {@code bf16} are rounded by way of {@code f32}, as where
 * they are computed in it; integers that are narrowed wrap around.
 */
final class Elements {

    private Elements() {
    }

    static double[] doubles(TensorData data) {
        double[] values = new double[data.count()];
        switch (data.dtype()) {
            case F32, F16, BF16 -> {
                float[] from = data.floats();
                for (int i = 0; i < values.length; i++) {
                    values[i] = from[i];
                }
            }
            case F64 -> System.arraycopy(data.doubles(), 0, values, 0, values.length);
            case I64, I32, I16, I8, U8, BOOL -> {
                long[] from = longs(data);
                for (int i = 0; i < values.length; i++) {
                    values[i] = from[i];
                }
            }
        }
        return values;
    }

    /** Floating-point values are truncated towards zero; booleans are 0 and 1. */
    static long[] longs(TensorData data) {
        long[] values = new long[data.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (data.dtype()) {
                case F32, F16, BF16 -> (long) data.floats()[i];
                case F64 -> (long) data.doubles()[i];
                case I64 -> data.longs()[i];
                case I32 -> data.ints()[i];
                case I16 -> data.shorts()[i];
                case I8 -> data.bytes()[i];
                case U8 -> Byte.toUnsignedLong(data.bytes()[i]);
                case BOOL -> data.booleans()[i] ? 1 : 0;
            };
        }
        return values;
    }

    /** Whether each value is not zero; NaN is not. */
    static boolean[] booleans(TensorData data) {
        boolean[] values = new boolean[data.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (data.dtype()) {
                case F32, F16, BF16 -> data.floats()[i] != 0;
                case F64 -> data.doubles()[i] != 0;
                case I64 -> data.longs()[i] != 0;
                case I32 -> data.ints()[i] != 0;
                case I16 -> data.shorts()[i] != 0;
                case I8, U8 -> data.bytes()[i] != 0;
                case BOOL -> data.booleans()[i];
            };
        }
        return values;
    }

    /** The bits of each value, as they lie in memory. */
    static long[] bits(TensorData data) {
        long[] bits = longs(data);
        for (int i = 0; i < bits.length; i++) {
            bits[i] = switch (data.dtype()) {
                case F32 -> Float.floatToRawIntBits(data.floats()[i]);
                case F16, BF16 -> ReducedFloats.bits(data.dtype(), data.floats()[i]);
                case F64 -> Double.doubleToRawLongBits(data.doubles()[i]);
                case I64, I32, I16, I8, U8, BOOL -> bits[i];
            };
        }
        return bits;
    }

    /** Values that have these bits. */
    static TensorData ofBits(DType dtype, long[] sizes, long[] bits) {
        if (!dtype.isFloating()) {
            return of(dtype, sizes, bits);
        }
        if (dtype == DType.F64) {
            double[] values = new double[bits.length];
            for (int i = 0; i < bits.length; i++) {
                values[i] = Double.longBitsToDouble(bits[i]);
            }
            return TensorData.of(values, sizes);
        }
        float[] values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = dtype == DType.F32 ? Float.intBitsToFloat((int) bits[i]) : ReducedFloats.value(dtype, (short) bits[i]);
        }
        return new TensorData(dtype, sizes, values);
    }

    static TensorData zeros(TensorType type) {
        long[] sizes = type.shape().toArray();
        return of(type.dtype(), sizes, new double[Math.toIntExact(type.shape().numel().constant())]);
    }

    /** The nearest number of a floating type. */
    static double rounded(DType dtype, double value) {
        return dtype.isReducedFloating() ? ReducedFloats.round(dtype, (float) value) : dtype == DType.F32 ? (float) value : value;
    }

    static TensorData of(DType dtype, long[] sizes, double[] values) {
        if (dtype == DType.F64) {
            return new TensorData(dtype, sizes, values);
        }
        if (dtype.computed() == DType.F32) {
            float[] narrowed = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                narrowed[i] = (float) values[i];
            }
            return new TensorData(dtype, sizes, narrowed);
        }
        return convert(TensorData.of(values, sizes), dtype);
    }

    static TensorData of(DType dtype, long[] sizes, long[] values) {
        return switch (dtype) {
            case I64 -> new TensorData(dtype, sizes, values);
            case I32 -> {
                int[] narrowed = new int[values.length];
                for (int i = 0; i < values.length; i++) {
                    narrowed[i] = (int) values[i];
                }
                yield new TensorData(dtype, sizes, narrowed);
            }
            case I16 -> {
                short[] narrowed = new short[values.length];
                for (int i = 0; i < values.length; i++) {
                    narrowed[i] = (short) values[i];
                }
                yield new TensorData(dtype, sizes, narrowed);
            }
            case I8, U8 -> {
                byte[] narrowed = new byte[values.length];
                for (int i = 0; i < values.length; i++) {
                    narrowed[i] = (byte) values[i];
                }
                yield new TensorData(dtype, sizes, narrowed);
            }
            case BOOL, F16, BF16, F32, F64 -> convert(TensorData.of(values, sizes), dtype);
        };
    }

    /**
     * To another type, as {@code static_cast} in C++: towards zero for integers, not zero for booleans. Values out of an
     * integer's range, undefined there, become the nearest one.
     */
    static TensorData convert(TensorData data, DType dtype) {
        if (data.dtype() == dtype) {
            return data;
        }
        return switch (dtype) {
            case BOOL -> TensorData.of(booleans(data), data.sizes());
            case I64, I32, I16, I8, U8 -> of(dtype, data.sizes(), longs(data));
            case F32, F16, BF16 -> switch (data.dtype()) {
                case F64 -> of(dtype, data.sizes(), data.doubles());
                case F32, F16, BF16 -> new TensorData(dtype, data.sizes(), data.floats());
                case I64, I32, I16, I8, U8, BOOL -> floats(dtype, data);
            };
            case F64 -> TensorData.of(doubles(data), data.sizes());
        };
    }

    /** Straight from integers: by way of {@code double} large ones would be rounded twice. */
    private static TensorData floats(DType dtype, TensorData data) {
        long[] from = longs(data);
        float[] values = new float[from.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = from[i];
        }
        return TensorData.of(dtype, values, data.sizes());
    }

    /** The elements at the given positions, in their order. */
    static TensorData pick(TensorData source, long[] sizes, int[] positions) {
        int count = positions.length;
        Object picked = switch (source.dtype()) {
            case F32, F16, BF16 -> {
                float[] to = new float[count];
                for (int i = 0; i < count; i++) {
                    to[i] = source.floats()[positions[i]];
                }
                yield to;
            }
            case F64 -> {
                double[] to = new double[count];
                for (int i = 0; i < count; i++) {
                    to[i] = source.doubles()[positions[i]];
                }
                yield to;
            }
            case I64 -> {
                long[] to = new long[count];
                for (int i = 0; i < count; i++) {
                    to[i] = source.longs()[positions[i]];
                }
                yield to;
            }
            case I32 -> {
                int[] to = new int[count];
                for (int i = 0; i < count; i++) {
                    to[i] = source.ints()[positions[i]];
                }
                yield to;
            }
            case I16 -> {
                short[] to = new short[count];
                for (int i = 0; i < count; i++) {
                    to[i] = source.shorts()[positions[i]];
                }
                yield to;
            }
            case I8, U8 -> {
                byte[] to = new byte[count];
                for (int i = 0; i < count; i++) {
                    to[i] = source.bytes()[positions[i]];
                }
                yield to;
            }
            case BOOL -> {
                boolean[] to = new boolean[count];
                for (int i = 0; i < count; i++) {
                    to[i] = source.booleans()[positions[i]];
                }
                yield to;
            }
        };
        return new TensorData(source.dtype(), sizes, picked);
    }

    /** The same values with other sizes. */
    static TensorData reshape(TensorData data, long[] sizes) {
        return new TensorData(data.dtype(), sizes, data.array());
    }

    /** A copy with the elements of another of the same type at the positions; the last one stays where several meet. */
    static TensorData replaced(TensorData data, int[] positions, TensorData source) {
        if (data.dtype().isFloating()) {
            double[] values = doubles(data).clone();
            double[] coming = doubles(source);
            for (int i = 0; i < positions.length; i++) {
                values[positions[i]] = coming[i];
            }
            return of(data.dtype(), data.sizes(), values);
        }
        long[] values = longs(data).clone();
        long[] coming = longs(source);
        for (int i = 0; i < positions.length; i++) {
            values[positions[i]] = coming[i];
        }
        return of(data.dtype(), data.sizes(), values);
    }
}
