package io.toroid.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    void ofManyValuesTheFirstAndTheLastPrint() {
        int[] values = new int[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        assertEquals("i32[10, 10] [0, 1, 2, 3, 4, 5, 6, 7, ..., 92, 93, 94, 95, 96, 97, 98, 99]",
                TensorData.of(values, 10, 10).toString());
    }
}
