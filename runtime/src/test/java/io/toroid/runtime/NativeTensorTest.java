package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class NativeTensorTest {
    @Test
    void everyTypeInAndOut() {
        try (NativeTensor f = NativeTensor.of(new float[] {1.5f, -0f, Float.NaN}, 3);
                NativeTensor d = NativeTensor.of(new double[] {1.5, 2}, 2, 1);
                NativeTensor l = NativeTensor.of(new long[] {Long.MIN_VALUE}, 1);
                NativeTensor i = NativeTensor.of(new int[] {7});
                NativeTensor b = NativeTensor.of(new boolean[] {true, false}, 1, 2)) {
            assertArrayEquals(new float[] {1.5f, -0f, Float.NaN}, f.toFloatArray());
            assertArrayEquals(new double[] {1.5, 2}, d.toDoubleArray());
            assertArrayEquals(new long[] {Long.MIN_VALUE}, l.toLongArray());
            assertArrayEquals(new int[] {7}, i.toIntArray());
            assertArrayEquals(new boolean[] {true, false}, b.toBooleanArray());
            d.setDouble(9, 1, 0);
            b.setBoolean(true, 0, 1);
            i.setInt(8);
            l.setLong(5, 0);
            assertEquals(9, d.getDouble(1, 0));
            assertTrue(b.getBoolean(0, 1));
            assertEquals(8, i.getInt());
            assertEquals(5, l.getLong(0));
            float[] values = new float[3];
            f.copyFrom(new float[] {3, 2, 1});
            f.copyTo(values);
            assertArrayEquals(new float[] {3, 2, 1}, values);
            assertEquals("NativeTensor f64[2, 1]", d.toString());
            assertEquals("i32[]", i.type());
        }
    }

    @Test
    void narrowTypesInAndOut() {
        try (NativeTensor h = NativeTensor.of(DType.F16, new float[] {0.1f, 70000, -0f, Float.NaN}, 4);
                NativeTensor b = NativeTensor.of(DType.BF16, new float[] {1.001f, 3e38f}, 2);
                NativeTensor s = NativeTensor.of(new short[] {-300, 300}, 1, 2);
                NativeTensor i = NativeTensor.of(DType.I8, new byte[] {-128, 1}, 2);
                NativeTensor u = NativeTensor.of(DType.U8, new byte[] {-1}, 1)) {
            assertArrayEquals(new float[] {0.099975586f, Float.POSITIVE_INFINITY, -0f, Float.NaN}, h.toFloatArray());
            assertEquals((short) 0x2e66, h.segment().get(ValueLayout.JAVA_SHORT, 0));
            assertArrayEquals(new float[] {1, 3.0040553e38f}, b.toFloatArray());
            assertEquals(4, b.segment().byteSize());
            b.setFloat(0.1f, 1);
            assertEquals(0.100097656f, b.getFloat(1));
            b.copyFrom(new float[] {2, 1e-3f});
            assertArrayEquals(new float[] {2, 9.994507e-4f}, b.toFloatArray());
            assertArrayEquals(new short[] {-300, 300}, s.toShortArray());
            s.setShort((short) 9, 0, 1);
            assertEquals(9, s.getShort(0, 1));
            assertArrayEquals(new byte[] {-128, 1}, i.toByteArray());
            u.setByte((byte) 200, 0);
            assertEquals(200, u.getByte(0) & 0xff);
            assertEquals("u8[1]", u.type());
            refused("NativeTensor u8[1] does not hold elements of f32", () -> u.getFloat(0));
            refused("NativeTensor f16[4] does not hold elements of i16", () -> h.toShortArray());
        }
        refused("floats are elements of f32, f16 or bf16, not of i8", () -> NativeTensor.of(DType.I8, new float[1], 1));
        refused("bytes are elements of i8 or u8, not of i16", () -> NativeTensor.of(DType.I16, new byte[1], 1));
    }

    @Test
    void stridesOfNarrowFloatsAreFollowed() {
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor turned = NativeTensor.wrapStrided(arena.allocate(12, 2), DType.BF16, new long[] {3, 2}, new long[] {1, 3});
            turned.copyFrom(new float[] {1, 4, 2, 5, 3, 6});
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, turned.toFloatArray());
            assertEquals(5, turned.getFloat(1, 1));
        }
    }

    @Test
    void heapDataOfEveryTypeInAndOut() {
        for (TensorData data : List.of(TensorData.of(new float[] {1, Float.NaN}, 2), TensorData.of(new double[] {-0.0}), TensorData.of(new long[] {7, 8}, 2, 1),
                TensorData.of(new int[0], 0, 3), TensorData.of(new short[] {-300}, 1), new TensorData(DType.U8, new long[] {1}, new byte[] {-1}),
                TensorData.of(new byte[] {-1}, 1), TensorData.of(new boolean[] {true, false}, 2))) {
            try (NativeTensor tensor = NativeTensor.of(data)) {
                assertEquals(data, tensor.data());
            }
        }
        TensorData half = TensorData.of(DType.F16, new float[] {0.1f, 2, 3, 4}, 2, 2);
        try (NativeTensor tensor = NativeTensor.of(half); Arena arena = Arena.ofConfined()) {
            assertEquals(half, tensor.data());
            NativeTensor turned = NativeTensor.wrapStrided(arena.allocate(8, 2), DType.F16, new long[] {2, 2}, new long[] {1, 2});
            turned.copyFrom(half);
            assertEquals(half, turned.data());
            assertEquals(3, turned.getFloat(1, 0));
            TensorData single = TensorData.of(new float[] {1, 2, 3, 4}, 2, 2);
            assertEquals(tensor + " does not hold elements of f32",
                    assertThrows(IllegalArgumentException.class, () -> tensor.copyFrom(single)).getMessage());
            TensorData line = TensorData.of(DType.F16, new float[] {1, 2, 3, 4}, 4);
            assertEquals("data of sizes [4] do not fit f16[2, 2]; give them its sizes",
                    assertThrows(IllegalArgumentException.class, () -> tensor.copyFrom(line)).getMessage());
        }
    }

    @Test
    void memoryIsAlignedAndZeroed() {
        try (NativeTensor tensor = NativeTensor.allocate(DType.I64, 5, 0, 3); NativeTensor full = NativeTensor.allocate(DType.F32, 1000)) {
            assertEquals(0, tensor.count());
            assertEquals(0, tensor.toLongArray().length);
            assertEquals(0, full.segment().address() % 64);
            assertEquals(4000, full.segment().byteSize());
            assertArrayEquals(new float[1000], full.toFloatArray());
        }
    }

    @Test
    void stridesAreFollowed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4, 5, 6);
            NativeTensor turned = NativeTensor.wrapStrided(memory, DType.I32, new long[] {3, 2}, new long[] {1, 3});
            assertFalse(turned.isContiguous());
            assertArrayEquals(new int[] {1, 4, 2, 5, 3, 6}, turned.toIntArray());
            assertEquals(5, turned.getInt(1, 1));
            turned.copyFrom(new int[] {10, 20, 30, 40, 50, 60});
            assertArrayEquals(new int[] {10, 30, 50, 20, 40, 60}, memory.toArray(ValueLayout.JAVA_INT));
            assertTrue(NativeTensor.wrapStrided(memory, DType.I32, new long[] {1, 6}, new long[] {99, 1}).isContiguous());
            assertArrayEquals(new long[] {1, 3}, turned.strides());
        }
    }

    @Test
    void buffersAreWrappedFromTheirPosition() {
        FloatBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asFloatBuffer();
        buffer.put(new float[] {1, 2, 3, 4}).position(1);
        NativeTensor tensor = NativeTensor.wrap(buffer, 3);
        assertArrayEquals(new float[] {2, 3, 4}, tensor.toFloatArray());
        tensor.setFloat(9, 0);
        assertEquals(9, buffer.get(1));
        refused(
                "a tensor needs a direct buffer in native byte order: ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder())",
                () -> NativeTensor.wrap(FloatBuffer.allocate(3), 3));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Arena arena = Arena.ofConfined(); NativeTensor tensor = NativeTensor.allocate(DType.F32, 2, 3)) {
            MemorySegment memory = arena.allocate(24, 8);
            refused("f32[2, 4] needs 32 bytes, and the memory has 24", () -> NativeTensor.wrap(memory, DType.F32, 2, 4));
            refused(
                    "f32[2, 3] needs 28 bytes, and the memory has 24",
                    () -> NativeTensor.wrapStrided(memory, DType.F32, new long[] {2, 3}, new long[] {4, 1}));
            refused(
                    "strides must not be negative: [-1]",
                    () -> NativeTensor.wrapStrided(memory, DType.F32, new long[] {2}, new long[] {-1}));
            refused(
                    "2 sizes need as many strides, not 1",
                    () -> NativeTensor.wrapStrided(memory, DType.F32, new long[] {2, 3}, new long[] {1}));
            refused("the memory of a tensor of f32 must be aligned to 4 bytes", () -> NativeTensor.wrap(memory.asSlice(1), DType.F32, 2));
            refused(
                    "a tensor needs native memory: wrap a segment of an Arena or a direct buffer, or copy a heap array with NativeTensor.of",
                    () -> NativeTensor.wrap(MemorySegment.ofArray(new float[2]), DType.F32, 2));
            refused("a tensor cannot have the sizes [-1, 2]", () -> NativeTensor.allocate(DType.F32, -1, 2));
            refused(
                    "a tensor of the sizes [4294967296, 4294967296] is too large", () -> NativeTensor.allocate(DType.F32, 1L << 32, 1L << 32));
            refused("a tensor has at most 8 axes, not 9", () -> NativeTensor.allocate(DType.F32, new long[9]));
            refused("f32[2, 3] has 6 elements, and the array 5", () -> NativeTensor.of(new float[5], 2, 3));
            refused("NativeTensor f32[2, 3] has 6 elements, and the array 7", () -> tensor.copyTo(new float[7]));
            refused("NativeTensor f32[2, 3] does not hold elements of i64", tensor::toLongArray);
        }
    }

    @Test
    void wrongIndices() {
        try (NativeTensor tensor = NativeTensor.allocate(DType.F32, 2, 3)) {
            assertEquals(
                    "index 3 of axis 1 is outside NativeTensor f32[2, 3]",
                    assertThrows(IndexOutOfBoundsException.class, () -> tensor.getFloat(1, 3)).getMessage());
            assertEquals(
                    "NativeTensor f32[2, 3] takes 2 indices, not 1",
                    assertThrows(IndexOutOfBoundsException.class, () -> tensor.setFloat(0, 1)).getMessage());
        }
    }

    @Test
    void useAfterClose() {
        NativeTensor tensor = NativeTensor.allocate(DType.F32, 2, 3);
        MemorySegment memory = tensor.segment();
        tensor.close();
        tensor.close();
        assertFalse(tensor.isOpen());
        assertFalse(memory.scope().isAlive());
        assertEquals("NativeTensor f32[2, 3] (closed)", tensor.toString());
        for (Runnable use : new Runnable[] {tensor::segment, tensor::toFloatArray, () -> tensor.getFloat(0, 0), () -> tensor.copyFrom(new float[6])}) {
            assertEquals(
                    "f32[2, 3] tensor was used after it was closed", assertThrows(IllegalStateException.class, use::run).getMessage());
        }
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor wrapped = NativeTensor.wrap(arena.allocate(24, 8), DType.F32, 6);
            wrapped.close();
            assertTrue(arena.scope().isAlive());
            assertFalse(wrapped.isOpen());
        }
    }

    private static void refused(String message, Runnable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
