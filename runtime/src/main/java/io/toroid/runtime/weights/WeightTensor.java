package io.toroid.runtime.weights;

import io.toroid.DType;
import io.toroid.op.ReducedFloats;
import io.toroid.op.TensorData;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A named tensor of a weight file.
 *
 * @param shape its sizes, outermost first
 * @param data its elements, contiguous, row-major, little-endian; not necessarily aligned; lives as long as its source is open
 */
public record WeightTensor(String name, DType dtype, long[] shape, MemorySegment data) {
    /** Such as {@code f32[128, 64]}. */
    public String type() {
        return dtype.text() + Arrays.toString(shape);
    }

    /** A copy of its values. */
    public TensorData values() {
        ByteBuffer bytes = data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int count = bytes.remaining() / dtype.bytes();
        Object values = switch (dtype) {
            case F16, BF16 -> {
                float[] floats = new float[count];
                for (int i = 0; i < count; i++) {
                    floats[i] = ReducedFloats.value(dtype, bytes.getShort(2 * i));
                }
                yield floats;
            }
            case F32 -> {
                float[] floats = new float[count];
                bytes.asFloatBuffer().get(floats);
                yield floats;
            }
            case F64 -> {
                double[] doubles = new double[count];
                bytes.asDoubleBuffer().get(doubles);
                yield doubles;
            }
            case I64 -> {
                long[] longs = new long[count];
                bytes.asLongBuffer().get(longs);
                yield longs;
            }
            case I32 -> {
                int[] ints = new int[count];
                bytes.asIntBuffer().get(ints);
                yield ints;
            }
            case I16 -> {
                short[] shorts = new short[count];
                bytes.asShortBuffer().get(shorts);
                yield shorts;
            }
            case I8, U8 -> {
                byte[] octets = new byte[count];
                bytes.get(octets);
                yield octets;
            }
            case BOOL -> {
                boolean[] booleans = new boolean[count];
                for (int i = 0; i < count; i++) {
                    booleans[i] = bytes.get(i) != 0;
                }
                yield booleans;
            }
        };
        return new TensorData(dtype, shape, values);
    }
}
