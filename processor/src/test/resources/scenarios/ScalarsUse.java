package scenarios;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.ToroidException;

public class ScalarsUse {

    public static void check() {
        try (CompiledScalars model = CompiledScalars.load()) {
            sizes(model);
            values(model);
            refusals(model);
        }
    }

    private static void sizes(CompiledScalars model) {
        CompiledScalars.Mean mean = model.firstRows(new double[] {1, 2, 6, 100}, 3, 2.5);
        assertEquals(3, mean.mean());
        assertTrue(mean.large());
        assertEquals(6, mean.count());
        assertArrayEquals(new long[] {4, 7, 10}, mean.rest());
        try (NativeTensor x = NativeTensor.of(new double[] {1, 2, 6, 100}, 4);
                CompiledScalars.MeanTensors other = model.firstRows(x, 2, 2.5)) {
            assertEquals(1.5, other.mean());
            assertFalse(other.large());
            assertEquals(4, other.count());
            assertArrayEquals(new long[] {4, 6}, other.rest().toLongArray());
        }
        assertArrayEquals(new long[][] {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {9, 10, 11}}, model.table(4, 3));
        assertArrayEquals(new long[0][], model.table(0, 3));
        try (NativeTensor table = NativeTensor.of(new long[4], 2, 2)) {
            model.table(2, 2, table);
            assertArrayEquals(new long[] {0, 1, 2, 3}, table.toLongArray());
        }
        assertArrayEquals(new float[] {3, 6, 9}, model.same(new float[] {1, 2, 3}, 3));
    }

    private static void values(CompiledScalars model) {
        double[] expected = {1.5, -2.25, 1L << 40, -70000, -300, -5, 200, 1, 0.333251953125, 0.333984375};
        double[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        assertArrayEquals(expected, model.all(1.5f, -2.25, 1L << 40, -70000, (short) -300, (byte) -5, (byte) 200, true, 1 / 3f, 1 / 3f, ones));
        try (NativeTensor factors = NativeTensor.of(ones, 10);
                NativeTensor all = model.all(1.5f, -2.25, 1L << 40, -70000, (short) -300, (byte) -5, (byte) 200, true, 1 / 3f, 1 / 3f, factors)) {
            assertArrayEquals(expected, all.toDoubleArray());
        }
        assertEquals(1.75f, model.half(3.5f));
        try (NativeTensor result = NativeTensor.of(new float[1])) {
            model.half(5, result);
            assertArrayEquals(new float[] {2.5f}, result.toFloatArray());
        }
    }

    private static void refusals(CompiledScalars model) {
        refused("scenarios.Scalars.firstRows: input 1 'count' is 11 and must be 1 to 10", () -> model.firstRows(new double[20], 11, 0));
        refused("scenarios.Scalars.firstRows: input 1 'count' is -1 and must be 1 to 10", () -> model.firstRows(new double[20], -1, 0));
        refused("scenarios.Scalars.table: input 0 'rows' is 3 and must be a multiple of 2", () -> model.table(3, 1));
        refused("scenarios.Scalars.same: input 0 'x' must be f32[n] but is f32[3]: axis 0 is 3 instead of n = 4",
                () -> model.same(new float[] {1, 2, 3}, 4));
        try (NativeTensor result = NativeTensor.of(new float[1])) {
            assertEquals("scenarios.Scalars.half: the tensor of output: f32[] is null",
                    assertThrows(IllegalArgumentException.class, () -> model.half(5, null)).getMessage());
            model.half(7, result);
            assertArrayEquals(new float[] {3.5f}, result.toFloatArray());
        }
    }

    private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(ToroidException.class, call).getMessage());
    }
}
