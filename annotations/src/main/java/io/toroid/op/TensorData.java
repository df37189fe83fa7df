package io.toroid.op;

import io.toroid.DType;
import io.toroid.shape.Shape;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Values of a tensor on the Java heap: contiguous, row-major, never changed once made.
 *
 * @param dtype element type
 * @param sizes sizes, outermost first; empty for a single value
 * @param array {@code float[]}, {@code double[]}, {@code long[]}, {@code int[]}, {@code short[]}, {@code byte[]} or
 *     {@code boolean[]} as the type says, of as many elements as the product of the sizes. The values of {@code f16} and
 *     {@code bf16} are {@code float}s, rounded to what the type can hold; a {@code u8} is a byte modulo 256, to be read as
 *     {@code value & 0xff}
 */
public record TensorData(DType dtype, long[] sizes, Object array) {

    private static final int SHOWN = 8;

    public TensorData {
        Objects.requireNonNull(dtype, "dtype");
        int length = switch (dtype) {
            case F32, F16, BF16 -> ((float[]) array).length;
            case F64 -> ((double[]) array).length;
            case I64 -> ((long[]) array).length;
            case I32 -> ((int[]) array).length;
            case I16 -> ((short[]) array).length;
            case I8, U8 -> ((byte[]) array).length;
            case BOOL -> ((boolean[]) array).length;
        };
        if (length != count(sizes)) {
            throw new IllegalArgumentException("%d values do not fill a tensor of sizes %s, which has %d; pass as many values as the sizes multiply to"
                    .formatted(length, Arrays.toString(sizes), count(sizes)));
        }
        if (dtype.isReducedFloating()) {
            array = rounded(dtype, (float[]) array);
        }
    }

    private static float[] rounded(DType dtype, float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = ReducedFloats.round(dtype, values[i]);
        }
        return rounded;
    }

    /** Values of {@code f32}, or rounded to {@code f16} or {@code bf16}. */
    public static TensorData of(DType dtype, float[] values, long... sizes) {
        return new TensorData(dtype, sizes, values);
    }

    public static TensorData of(float[] values, long... sizes) {
        return new TensorData(DType.F32, sizes, values);
    }

    public static TensorData of(double[] values, long... sizes) {
        return new TensorData(DType.F64, sizes, values);
    }

    public static TensorData of(long[] values, long... sizes) {
        return new TensorData(DType.I64, sizes, values);
    }

    public static TensorData of(int[] values, long... sizes) {
        return new TensorData(DType.I32, sizes, values);
    }

    public static TensorData of(short[] values, long... sizes) {
        return new TensorData(DType.I16, sizes, values);
    }

    /** Of {@code i8}; for {@code u8} see the constructor. */
    public static TensorData of(byte[] values, long... sizes) {
        return new TensorData(DType.I8, sizes, values);
    }

    public static TensorData of(boolean[] values, long... sizes) {
        return new TensorData(DType.BOOL, sizes, values);
    }

    /** The values of {@code f32}, {@code f16} or {@code bf16}. */
    public float[] floats() {
        return (float[]) array;
    }

    public double[] doubles() {
        return (double[]) array;
    }

    public long[] longs() {
        return (long[]) array;
    }

    public int[] ints() {
        return (int[]) array;
    }

    public short[] shorts() {
        return (short[]) array;
    }

    /** The values of {@code i8}; of {@code u8} modulo 256. */
    public byte[] bytes() {
        return (byte[]) array;
    }

    public boolean[] booleans() {
        return (boolean[]) array;
    }

    public int count() {
        return count(sizes);
    }

    public Shape shape() {
        return Shape.of(sizes);
    }

    public TensorType type() {
        return new TensorType(dtype, shape());
    }

    /** The values as text, in brackets if there are several. */
    public String text() {
        String list = shown(0, count());
        return sizes.length == 0 ? list : "[" + list + "]";
    }

    /** Its type and values; of many, the first and the last eight: {@code f32[100] [0.0, 1.0, ..., 98.0, 99.0]}. */
    @Override
    public String toString() {
        int count = count();
        if (count <= 2 * SHOWN) {
            return type() + " " + text();
        }
        return type() + " [" + shown(0, SHOWN) + ", ..., " + shown(count - SHOWN, count) + "]";
    }

    private String text(int i) {
        return dtype == DType.U8 ? Integer.toString(Byte.toUnsignedInt(bytes()[i])) : String.valueOf(Array.get(array, i));
    }

    private String shown(int from, int to) {
        return IntStream.range(from, to).mapToObj(this::text).collect(Collectors.joining(", "));
    }

    /** Equal when type, sizes and the bits of all values are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TensorData that
                && dtype == that.dtype
                && Arrays.equals(sizes, that.sizes)
                && Objects.deepEquals(array, that.array);
    }

    @Override
    public int hashCode() {
        return Objects.hash(dtype, Arrays.hashCode(sizes), Arrays.deepHashCode(new Object[] {array}));
    }

    private static int count(long[] sizes) {
        long count = 1;
        for (long size : sizes) {
            count = Math.multiplyExact(count, size);
        }
        return Math.toIntExact(count);
    }
}
