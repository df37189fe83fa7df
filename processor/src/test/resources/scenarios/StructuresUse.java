package scenarios;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.ToroidException;
import java.util.List;

/** On arrays, on tensors, and into tensors of the caller's; and what is refused. */
public class StructuresUse {

    private static final float[][] KEYS = {{1, 0}, {0, 2}, {1, 1}};
    private static final float[][] VALUES = {{1, 2}, {3, 4}, {5, 6}};

    public static void check() {
        try (CompiledStructures model = CompiledStructures.load()) {
            onArrays(model);
            onTensors(model);
            intoTensors(model);
            sequences(model);
            refusals(model);
            names(model);
        }
    }

    private static void onArrays(CompiledStructures model) {
        CompiledStructures.Cache cache = new CompiledStructures.Cache(KEYS, VALUES);
        CompiledStructures.Answer answer = model.ask(
                new CompiledStructures.Query(new float[] {1, 2}, 0.5f), new CompiledStructures.Cache[] {cache, cache});
        assertArrayEquals(new float[] {28, 36}, answer.best());
        assertEquals(64, answer.total());
        assertEquals(3, answer.rows());
        assertEquals(2, answer.caches().length);
        assertArrayEquals(new float[][] {{2, 0}, {0, 4}, {2, 2}}, answer.caches()[1].keys());
        assertArrayEquals(new float[][] {{1.5f, 2.5f}, {5, 6}, {6.5f, 7.5f}}, answer.caches()[0].values());
    }

    private static CompiledStructures.CacheTensors cache() {
        return new CompiledStructures.CacheTensors(NativeTensor.of(new float[] {1, 0, 0, 2, 1, 1}, 3, 2), NativeTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    }

    private static void onTensors(CompiledStructures model) {
        try (CompiledStructures.CacheTensors first = cache(); CompiledStructures.CacheTensors second = cache();
                NativeTensor vector = NativeTensor.of(new float[] {1, 2}, 2);
                CompiledStructures.AnswerTensors answer = model.ask(
                        new CompiledStructures.QueryTensors(vector, 0.5f), new CompiledStructures.CacheTensors[] {first, second})) {
            assertArrayEquals(new float[] {28, 36}, answer.best().toFloatArray());
            assertEquals(64, answer.total());
            assertEquals(3, answer.rows());
            assertArrayEquals(new float[] {2, 0, 0, 4, 2, 2}, answer.caches()[1].keys().toFloatArray());
        }
    }

    private static void intoTensors(CompiledStructures model) {
        try (CompiledStructures.CacheTensors first = cache(); CompiledStructures.CacheTensors second = cache();
                NativeTensor vector = NativeTensor.of(new float[] {1, 2}, 2);
                NativeTensor best = NativeTensor.of(new float[2], 2);
                CompiledStructures.CacheTensors third = cache(); CompiledStructures.CacheTensors fourth = cache();
                NativeTensor total = NativeTensor.of(new float[1]);
                NativeTensor rows = NativeTensor.of(new long[1])) {
            model.ask(new CompiledStructures.QueryTensors(vector, 2), new CompiledStructures.CacheTensors[] {first, second},
                    best, new NativeTensor[] {third.keys(), third.values(), fourth.keys(), fourth.values()}, total, rows);
            assertArrayEquals(new float[] {112, 144}, best.toFloatArray());
            assertArrayEquals(new float[] {256}, total.toFloatArray());
            assertArrayEquals(new long[] {3}, rows.toLongArray());
            assertArrayEquals(new float[] {2, 0, 0, 4, 2, 2}, fourth.keys().toFloatArray());
        }
    }

    private static void sequences(CompiledStructures model) {
        try (NativeTensor a = NativeTensor.of(new float[] {1, 2}, 2); NativeTensor b = NativeTensor.of(new float[] {3, 4, 5}, 3);
                NativeTensor c = NativeTensor.of(new long[] {6, 7}, 2)) {
            NativeTensor[] results = model.running(new NativeTensor[] {a, b}, new NativeTensor[] {c, c, c});
            assertArrayEquals(new float[] {1, 3, 6, 10, 15}, results[0].toFloatArray());
            assertArrayEquals(new long[] {72, 98}, results[1].toLongArray());
            assertArrayEquals(new float[] {3, 4, 5}, results[2].toFloatArray());
            for (NativeTensor result : results) {
                result.close();
            }
        }
    }

    private static void refusals(CompiledStructures model) {
        CompiledStructures.Cache cache = new CompiledStructures.Cache(KEYS, VALUES);
        CompiledStructures.Cache shorter = new CompiledStructures.Cache(new float[2][2], VALUES);
        CompiledStructures.Query query = new CompiledStructures.Query(new float[] {1, 2}, 1);
        assertEquals("scenarios.Structures.ask: caches has 3 elements instead of 2", assertThrows(IllegalArgumentException.class,
                () -> model.ask(query, new CompiledStructures.Cache[] {cache, cache, cache})).getMessage());
        assertEquals("scenarios.Structures.ask: caches.1 is null", assertThrows(IllegalArgumentException.class,
                () -> model.ask(query, new CompiledStructures.Cache[] {cache, null})).getMessage());
        assertEquals("scenarios.Structures.ask: query is null", assertThrows(IllegalArgumentException.class,
                () -> model.ask(null, new CompiledStructures.Cache[] {cache, cache})).getMessage());
        assertEquals("scenarios.Structures.ask: query.vector: f32[2] must be float[], not null", assertThrows(IllegalArgumentException.class,
                () -> model.ask(new CompiledStructures.Query(null, 1), new CompiledStructures.Cache[] {cache, cache})).getMessage());
        assertEquals("scenarios.Structures.ask: input 4 'caches.1.keys' must be f32[rows, 2] but is f32[2, 2]: axis 0 is 2 instead of rows = 3",
                assertThrows(ToroidException.class, () -> model.ask(query, new CompiledStructures.Cache[] {cache, shorter})).getMessage());
        try (NativeTensor a = NativeTensor.of(new float[] {1, 2}, 2)) {
            assertEquals("scenarios.Structures.running: the tensor of parts.1: f32[3] is null", assertThrows(IllegalArgumentException.class,
                    () -> model.running(new NativeTensor[] {a, null}, new NativeTensor[3])).getMessage());
        }
    }

    private static void names(CompiledStructures model) {
        assertEquals("[query.vector: f32[2], query.sharpness: f32[], caches.0.keys: f32[rows, 2], caches.0.values: f32[rows, 2], "
                + "caches.1.keys: f32[rows, 2], caches.1.values: f32[rows, 2]]", model.inputs("ask").toString());
        assertEquals(List.of("best", "caches.0.keys", "caches.0.values", "caches.1.keys", "caches.1.values", "total", "rows"),
                model.outputs("ask").stream().map(output -> output.name()).toList());
    }
}
