package scenarios;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.ToroidException;
import io.toroid.runtime.eager.Eager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

public class OperatorsUse {

    public static void check() throws Exception {
        try (CompiledOperators model = CompiledOperators.load(LoadOptions.defaults().withInstances(2))) {
            inCpp(model);
            inJava(model);
            everyType(model);
            failures(model);
            manyThreads(model);
        }
    }

    private static void inCpp(CompiledOperators model) {
        float[][] x = {{0.3f, 1.5f}, {-0.7f, 2.5f}, {10, 0.1f}};
        float[][] expected = {{0.5f + 0, 3 + 2}, {-1.5f - 1, 5 + 2}, {20 + 10, 0.25f + 0}};
        assertArrayEquals(expected, model.rounded(x));
        Eager eager = Eager.of();
        Tensor result = new Operators().rounded(eager.tensor(new float[] {0.3f, 1.5f, -0.7f, 2.5f, 10, 0.1f}, 3, 2));
        assertArrayEquals(new float[] {0.5f, 5, -2.5f, 7, 30, 0.25f}, result.data().floats());
        float[][] many = new float[100000][2];
        many[99999][1] = 1.4f;
        assertEquals(2.75f + 1, model.rounded(many)[99999][1]);
    }

    private static void inJava(CompiledOperators model) {
        assertEquals(2.5f * 2 + 0.25f * 4 + 4, model.cost(new long[] {1, 7, 2}, new float[] {2, 4, 1}));
        assertArrayEquals(new float[] {3.5f, 5}, model.branch(new long[] {1, 2}, true));
        assertArrayEquals(new float[] {6, 99}, model.branch(new long[] {5, 100}, false));
    }

    private static void everyType(CompiledOperators model) {
        float[] x = {1, 2, 3};
        long[] counter = {10, 20, 30};
        double total = 6 + 10_000 + (1 * 3 + 2 * 3) + 3 + 30 + (3 + 5 * 2) + 0.125 + 1.25 + 0.5 + 0.5 + 10 + 7 + 4 + 2 + 0.0625 * (6 + 3 * 24) + 101;
        check(total, new long[] {13, 23, 33}, model.inJava(x, counter));
        check(total, new long[] {13, 23, 33}, model.inCpp(x, counter));
        check(6 + 7 + 0.5, new long[] {17, 27, 37}, model.absentInJava(x, counter));
        check(6 + 7 + 0.5, new long[] {17, 27, 37}, model.absentInCpp(x, counter));
        Eager eager = Eager.of();
        Operators.Results results = new Operators().inCpp(eager.tensor(x, 3), eager.tensor(counter, 3));
        assertEquals(total, results.total().item());
        assertArrayEquals(new long[] {13, 23, 33}, results.counter().data().longs());
        assertArrayEquals(counter, results.before().data().longs());
    }

    private static void check(double total, long[] counter, CompiledOperators.Results results) {
        assertEquals(total, results.total());
        assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f}, results.doubled());
        assertArrayEquals(counter, results.counter());
        assertArrayEquals(new long[] {10, 20, 30}, results.before());
    }

    private static void failures(CompiledOperators model) {
        ToroidException cpp = assertThrows(ToroidException.class, () -> model.refused(new float[] {1}));
        assertEquals("scenarios.Operators.refused: examples::quantize at Operators.java:35: the step must be positive, not -1", cpp.getMessage());
        assertNull(cpp.getCause());
        ToroidException thrown = assertThrows(ToroidException.class, () -> model.cost(new long[] {1, 3}, new float[2]));
        assertEquals("scenarios.Operators.cost: examples::lookup at Operators.java:41: java.lang.IllegalArgumentException: nobody sells item 3",
                thrown.getMessage());
        IllegalArgumentException cause = assertInstanceOf(IllegalArgumentException.class, thrown.getCause());
        assertEquals("nobody sells item 3", cause.getMessage());
        assertEquals("scenarios.Lookup", cause.getStackTrace()[0].getClassName());
        Eager eager = Eager.of();
        TensorException eagerly = assertThrows(TensorException.class,
                () -> new Operators().cost(eager.tensor(new long[] {3}, 1), eager.tensor(new float[1], 1)));
        assertEquals("examples::lookup: java.lang.IllegalArgumentException: nobody sells item 3", eagerly.getMessage());
        assertEquals("Operators.java:41", eagerly.position().toString());
        ToroidException wrong = assertThrows(ToroidException.class, () -> model.cost(new long[] {1, 13}, new float[2]));
        assertTrue(wrong.getMessage().endsWith("examples::lookup: compute gives f32[5] as result, and infer says that it is f32[2]"), wrong.getMessage());
        assertEquals(2.5f, model.cost(new long[] {1}, new float[] {1}));
    }

    /** More callers than instances, so that runs are done by other threads: each gets its own result, or its own exception. */
    private static void manyThreads(CompiledOperators model) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                long item = i % 3 == 0 ? 1000 + i : 7;
                calls.add(() -> {
                    try {
                        return Float.toString(model.cost(new long[] {item}, new float[] {4}));
                    } catch (ToroidException e) {
                        return e.getCause().getMessage();
                    }
                });
            }
            List<Future<String>> results = threads.invokeAll(calls);
            for (int i = 0; i < calls.size(); i++) {
                assertEquals(i % 3 == 0 ? "nobody sells item " + (1000 + i) : "1.0", results.get(i).get());
            }
        }
    }
}
