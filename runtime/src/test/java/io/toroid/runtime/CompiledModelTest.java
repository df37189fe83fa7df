package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Calls of a loaded model: results, refusals, concurrency, life. */
@Tag("native")
class CompiledModelTest {
    @TempDir
    Path directory;

    private TinyModel.Resources resources;
    private CompiledTiny model;

    @BeforeEach
    void load() throws IOException {
        resources = TinyModel.write(directory);
        model = new CompiledTiny(resources, LoadOptions.defaults().withThreads(2).withInstances(2));
    }

    @AfterEach
    void close() {
        model.close();
        assertEquals(0, ThreadPool.count());
    }

    // ---- results --------------------------------------------------------------------------------------------------------

    @Test
    void arraysInAndOut() {
        CompiledTiny.Scaled scaled = model.scale(new float[][] {{1, 2, 3}, {4, 5, 6}});
        assertArrayEquals(new float[] {3.5f, 28.5f, 318.375f}, scaled.y()[0]);
        assertArrayEquals(new float[] {6.5f, 58.5f, 618.375f}, scaled.y()[1]);
        assertArrayEquals(new double[] {350.375, 683.375}, scaled.sums());
        assertArrayEquals(
                new long[] {11, 0, 33}, model.join(new long[] {1, 2, 3}, new long[] {10, 20, 30, 0, 0, 0}, new boolean[] {true, false, true}));
        assertArrayEquals(new long[0], model.join(new long[0], new long[0], new boolean[0]));
        assertEquals(1f, model.hold(1));
    }

    @Test
    void callersTensors() {
        try (NativeTensor x = NativeTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
                NativeTensor y = NativeTensor.allocate(DType.F32, 2, 3);
                NativeTensor sums = NativeTensor.allocate(DType.F64, 2)) {
            model.scale(x, y, sums);
            assertEquals(618.375f, y.getFloat(1, 2));
            assertArrayEquals(new double[] {350.375, 683.375}, sums.toDoubleArray());
            x.setFloat(0, 1, 2);
            model.scale(new NativeTensor[] {x}, new NativeTensor[] {y, sums});
            assertEquals(18.375f, y.getFloat(1, 2));
        }
    }

    @Test
    void allocatedOutputs() {
        try (NativeTensor x = NativeTensor.of(new float[] {1, 2, 3}, 1, 3)) {
            NativeTensor[] outputs = model.scale(x);
            assertEquals("f32[1, 3]", outputs[0].type());
            assertEquals("f64[1]", outputs[1].type());
            assertEquals(350.375, outputs[1].getDouble(0));
            for (NativeTensor output : outputs) {
                output.close();
            }
        }
    }

    @Test
    void stridedInputsAndWrappedMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment columns = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_FLOAT, 1, 4, 2, 5, 3, 6);
            NativeTensor turned = NativeTensor.wrapStrided(columns, DType.F32, new long[] {2, 3}, new long[] {1, 2});
            NativeTensor y = NativeTensor.allocate(arena, DType.F32, 2, 3);
            NativeTensor sums = NativeTensor.allocate(arena, DType.F64, 2);
            model.scale(turned, y, sums);
            assertArrayEquals(new float[] {3.5f, 28.5f, 318.375f, 6.5f, 58.5f, 618.375f}, y.toFloatArray());
        }
    }

    @Test
    void introspection() {
        assertEquals(List.of("scale", "join", "hold"), model.entries());
        assertEquals("[a: i64[n], b: i64[2*n], mask: bool[n]]", model.inputs("join").toString());
        assertEquals("[y: f32[n, 3], sums: f64[n]]", model.outputs("scale").toString());
        assertEquals("[layer.scale: f32[3], layer.bias: f32[3], shift: f32[3], folded: f32[3]]", model.constants().toString());
        assertEquals("baseline", model.isa());
        assertEquals(TinyModel.NAME, model.modelName());
        assertEquals("CompiledTiny (baseline)", model.toString());
        assertEquals(
                "io.toroid.runtime.Tiny has no entry 'scales'; it has [scale, join, hold]",
                assertThrows(IllegalArgumentException.class, () -> model.inputs("scales")).getMessage());
    }

    // ---- refusals -------------------------------------------------------------------------------------------------------

    @Test
    void wrongSizesRankAndDtype() {
        refused("Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2, 4]: axis 1 is 4 instead of 3", () -> model.scale(new float[2][4]));
        refused(
                "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[2000, 3]: axis 0 (n) is 2000 and must be 1 to 1024",
                () -> model.scale(new float[2000][3]));
        refused(
                "Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[0, 3]: axis 0 (n) is 0 and must be 1 to 1024",
                () -> model.scale(new float[0][]));
        refused(
                "Tiny.join: input 1 'b' must be i64[2*n] but is i64[3]: axis 0 is 3 instead of 2*n = 4",
                () -> model.join(new long[2], new long[3], new boolean[2]));
        refused("Tiny.join: a[1] is 7", () -> model.join(new long[] {0, 7}, new long[4], new boolean[2]));
        try (NativeTensor doubles = NativeTensor.allocate(DType.F64, 2, 3);
                NativeTensor vector = NativeTensor.allocate(DType.F32, 6);
                NativeTensor x = NativeTensor.allocate(DType.F32, 2, 3);
                NativeTensor sums = NativeTensor.allocate(DType.F64, 2)) {
            refused(
                    "Tiny.scale: input 0 'x' must be f32[n, 3] but is f64[2, 3]: its dtype is f64 instead of f32", () -> model.scale(doubles));
            refused("Tiny.scale: input 0 'x' must be f32[n, 3] but is f32[6]: its rank is 1 instead of 2", () -> model.scale(vector));
            refused(
                    "Tiny.scale: output 0 'y' must be f32[n, 3] but is f32[6]: its rank is 1 instead of 2",
                    () -> model.scale(x, vector, sums));
            refused(
                    "Tiny.scale: output 0 'y' must be f32[n, 3] but is f32[2, 3]: its memory overlaps that of input 0 'x'",
                    () -> model.scale(x, x, sums));
        }
    }

    @Test
    void wrongArrays() {
        assertEquals(
                "io.toroid.runtime.Tiny.scale: x[1] has 2 elements, and x[0] has 3: all rows must have the same length; x is f32[n, 3]",
                assertThrows(IllegalArgumentException.class, () -> model.scale(new float[][] {{1, 2, 3}, {1, 2}})).getMessage());
        assertEquals(
                "io.toroid.runtime.Tiny.scale: x[1] is null; x is f32[n, 3]",
                assertThrows(IllegalArgumentException.class, () -> model.scale(new float[][] {{1, 2, 3}, null})).getMessage());
        assertEquals(
                "io.toroid.runtime.Tiny.scale: x: f32[n, 3] must be float[][], not null",
                assertThrows(IllegalArgumentException.class, () -> model.scale((float[][]) null)).getMessage());
        assertEquals(
                "io.toroid.runtime.Tiny.scale has 1 inputs and 2 outputs, and 2 and 0 tensors were given",
                assertThrows(IllegalArgumentException.class, () -> model.scale(new NativeTensor[2], new NativeTensor[0])).getMessage());
    }

    @Test
    void noTensor() {
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor x = NativeTensor.allocate(arena, DType.F32, 2, 3);
            NativeTensor single = NativeTensor.allocate(arena, DType.F32);
            missing("scale: the tensor of x: f32[n, 3]", () -> model.scale((NativeTensor) null));
            missing("scale: the tensor of y: f32[n, 3]", () -> model.scale(x, null, x));
            missing("scale: the tensor of sums: f64[n]", () -> model.scale(new NativeTensor[] {x}, new NativeTensor[] {x, null}));
            missing("join: the tensor of mask: bool[n]", () -> model.join(x, x, null, x));
            missing("hold: the tensor of x: f32[]", () -> model.hold(null, single));
            missing("hold: the tensor of x: f32[]", () -> model.hold(single, null));
            x.acquire();
            x.release();
        }
    }

    private static void missing(String what, Executable call) {
        assertEquals("io.toroid.runtime.Tiny." + what + " is null", assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void aClosedTensor() {
        NativeTensor x = NativeTensor.allocate(DType.F32, 2, 3);
        x.close();
        assertEquals(
                "f32[2, 3] tensor was used after it was closed",
                assertThrows(IllegalStateException.class, () -> model.scale(x)).getMessage());
        NativeTensor arenas;
        try (Arena arena = Arena.ofShared()) {
            arenas = NativeTensor.allocate(arena, DType.F32, 2, 3);
        }
        assertEquals(
                "f32[2, 3] tensor was used after it was closed",
                assertThrows(IllegalStateException.class, () -> model.scale(arenas)).getMessage());
        assertArrayEquals(new double[] {29.375}, model.scale(new float[1][3]).sums());
    }

    @Test
    void anotherThreadsConfinedTensor() throws Exception {
        try (Arena arena = Arena.ofConfined(); ExecutorService other = Executors.newSingleThreadExecutor()) {
            NativeTensor x = NativeTensor.allocate(arena, DType.F32, 2, 3);
            Future<String> message = other.submit(
                    () -> assertThrows(IllegalStateException.class, () -> model.scale(x)).getMessage());
            assertEquals("f32[2, 3] tensor belongs to the confined arena of another thread; use Arena.ofShared()", message.get());
        }
    }

    @Test
    void aClosedModel() {
        model.close();
        model.close();
        assertTrue(model.isClosed());
        assertEquals(
                "CompiledTiny is closed and cannot be called any more",
                assertThrows(IllegalStateException.class, () -> model.scale(new float[1][3])).getMessage());
        assertEquals("CompiledTiny (baseline, closed)", model.toString());
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(ToroidException.class, call::run).getMessage());
    }

    // ---- concurrency, life, cost ----------------------------------------------------------------------------------------

    @Test
    void manyThreads() throws Exception {
        Callable<Integer> work = () -> {
            int right = 0;
            for (int round = 1; round <= 100; round++) {
                float[][] x = new float[round][3];
                x[round - 1][1] = round;
                right += model.scale(x).sums()[round - 1] == 29.375 + round * 10 ? 1 : 0;
                right += assertThrows(ToroidException.class, () -> model.scale(new float[1][5])).getMessage().endsWith("axis 1 is 5 instead of 3") ? 1 : 0;
            }
            return right;
        };
        assertEquals(List.of(200, 200, 200, 200, 200, 200), onThreads(6, work));
    }

    @Test
    void asManyCallsAtATimeAsInstances() throws Exception {
        List<Float> overlaps = onThreads(5, () -> model.hold(30));
        assertEquals(2f, overlaps.stream().max(Float::compare).orElseThrow());
    }

    @Test
    void closeWaitsForRunningCalls() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Object>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                calls.add(threads.submit(() -> {
                    try {
                        return model.hold(20);
                    } catch (IllegalStateException e) {
                        return e.getMessage();
                    }
                }));
            }
            TimeUnit.MILLISECONDS.sleep(10);
            model.close();
            for (Future<Object> call : calls) {
                assertTrue(call.isDone() || call.get().equals("CompiledTiny is closed and cannot be called any more"));
            }
            assertTrue(calls.stream().anyMatch(call -> call.resultNow() instanceof Float));
        }
    }

    @Test
    void aTensorInUseCannotBeClosed() throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                NativeTensor milliseconds = NativeTensor.of(new float[] {300});
                NativeTensor overlap = NativeTensor.allocate(DType.F32)) {
            Future<?> call = other.submit(() -> model.hold(milliseconds, overlap));
            TimeUnit.MILLISECONDS.sleep(100);
            assertEquals(
                    "NativeTensor f32[] cannot be closed while a call uses it",
                    assertThrows(IllegalStateException.class, milliseconds::close).getMessage());
            call.get();
            assertEquals(1, overlap.getFloat());
        }
    }

    @Test
    void callsWithCallersTensorsAllocateNothing() {
        try (NativeTensor x = NativeTensor.allocate(DType.F32, 1, 3);
                NativeTensor y = NativeTensor.allocate(DType.F32, 1, 3);
                NativeTensor sums = NativeTensor.allocate(DType.F64, 1);
                NativeTensor zero = NativeTensor.allocate(DType.F32);
                NativeTensor overlap = NativeTensor.allocate(DType.F32)) {
            NativeTensor[] inputs = {x};
            NativeTensor[] outputs = {y, sums};
            assertEquals(0, bytesPerCall(() -> model.hold(zero, overlap)));
            assertEquals(0, bytesPerCall(() -> model.scale(x, y, sums)));
            assertEquals(0, bytesPerCall(() -> model.scale(inputs, outputs)));
        }
    }

    private static long bytesPerCall(Runnable call) {
        for (int i = 0; i < 20_000; i++) {
            call.run();
        }
        long before = allocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            call.run();
        }
        return (allocatedBytes() - before) / 10_000;
    }

    /** By reflection, since the module under test does not require {@code jdk.management}. */
    private static long allocatedBytes() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
            return (long) Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes").invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count allocated bytes", e);
        }
    }

    @Test
    void modelsShareAPool() {
        assertEquals(1, ThreadPool.count());
        try (CompiledTiny second = new CompiledTiny(resources, LoadOptions.defaults().withThreads(2));
                CompiledTiny third = new CompiledTiny(resources, LoadOptions.defaults().withThreads(3));
                CompiledTiny alone = new CompiledTiny(resources, LoadOptions.defaults().withThreads(1))) {
            assertEquals(2, ThreadPool.count());
            model.close();
            for (CompiledTiny each : List.of(second, third, alone)) {
                assertEquals(29.375, each.scale(new float[100][3]).sums()[99]);
            }
        }
    }

    private static <T> List<T> onThreads(int count, Callable<T> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(java.util.Collections.nCopies(count, work))) {
                results.add(future.get());
            }
            return results;
        }
    }
}
