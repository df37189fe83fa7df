package scenarios;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.ToroidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What would wait for itself is refused, by whatever thread the run is done. */
public class SelfishUse {

    private static final float[] X = {1, 2};

    public static void check() throws Exception {
        try (CompiledSelfish model = CompiledSelfish.load(LoadOptions.defaults().withInstances(1)); ExecutorService threads = Executors.newFixedThreadPool(8)) {
            refused(model, threads, () -> model.run(X));
            refused(model, threads, () -> model.swapWeights(Map.of()));
            refused(model, threads, () -> model.constant("bias"));
            refused(model, threads, model::close);
            assertFalse(model.isClosed());
            others(model);
        }
    }

    /** More callers than instances, so that executors of the container run some. */
    private static void refused(CompiledSelfish model, ExecutorService threads, Runnable action) throws Exception {
        Selfish.Does.action = action;
        List<Future<ToroidException>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(threads.submit(() -> assertThrows(ToroidException.class, () -> model.run(X))));
        }
        String why = "the operator examples::does uses CompiledSelfish, which is running it and would wait for itself: an operator depends on its arguments alone; "
                + "run, change or close the model when the call has ended, or load it once more for the operator";
        for (Future<ToroidException> call : calls) {
            ToroidException thrown = call.get(60, TimeUnit.SECONDS);
            assertEquals("scenarios.Selfish.run: examples::does at Selfish.java:41: java.lang.IllegalStateException: " + why, thrown.getMessage());
            assertEquals(why, assertInstanceOf(IllegalStateException.class, thrown.getCause()).getMessage());
        }
    }

    private static void others(CompiledSelfish model) {
        try (CompiledSelfish other = CompiledSelfish.load()) {
            Selfish.Does.action = () -> {
                Selfish.Does.action = () -> { };
                assertArrayEquals(new float[] {2, 3}, other.run(X));
                other.swapWeights(Map.of());
            };
            assertArrayEquals(new float[] {2, 3}, model.run(X));
        }
        model.swapWeights(Map.of());
        assertArrayEquals(new float[] {2, 3}, model.run(X));
    }
}
