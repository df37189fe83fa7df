package io.toroid.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TensorDataTest {

    @Test
    void fewValuesPrintWhole() {
        assertEquals("f32[1, 3] [1.5, -2.0, 0.0]", TensorData.of(new float[] {1.5f, -2, 0}, 1, 3).toString());
        assertEquals("i64[] 7", TensorData.of(new long[] {7}).toString());
    }

    @Test
    void narrowValues() {
        assertEquals("bf16[2] [1.0, 0.100097656]", TensorData.of(DType.BF16, new float[] {1.001f, 0.1f}, 2).toString());
        assertEquals("f16[] 0.099975586", TensorData.of(DType.F16, new float[] {0.1f}).toString());
        assertEquals("u8[3] [0, 255, 128]", new TensorData(DType.U8, new long[] {3}, new byte[] {0, -1, -128}).toString());
        assertEquals("i8[2] [-1, 127]", TensorData.of(new byte[] {-1, 127}, 2).toString());
        assertEquals("i16[1] [-300]", TensorData.of(new short[] {-300}, 1).toString());
        assertEquals(TensorData.of(DType.F16, new float[] {0.1f}), TensorData.of(DType.F16, new float[] {0.09998f}));
    }

    @Test
    void ofManyValuesTheFirstAndTheLastPrint() {
        int[] values = new int[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        assertEquals("i32[10, 10] [0, 1, 2, 3, 4, 5, 6, 7, ..., 92, 93, 94, 95, 96, 97, 98, 99]",
                TensorData.of(values, 10, 10).toString());
    }
}
