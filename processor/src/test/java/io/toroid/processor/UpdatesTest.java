package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.processor.codegen.java.FacadeWriter;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.ToroidException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that entries write, and states that a model keeps between calls. */
@Tag("native")
class UpdatesTest {

    private static final String MODEL = """
            package a;
            import io.toroid.*;
            @Model
            @Dim(name = "n", min = 0, max = 100)
            public class Updating {
                private final Tensor count = Tensor.state(DType.I64);
                private final Tensor mean = Tensor.state(DType.F32, 3);

                /** The states take part in the result as they were before. */
                @Entry
                public Tensor observe(@Spec("f32[n, 3]") Tensor x) {
                    Tensor next = mean.mul(0.5).add(x.mean(0).mul(0.5));
                    return x.sub(mean).updating(mean, next).updating(count, count.add(1));
                }

                @Entry
                public Tensor calls(@Spec("i64[]") Tensor factor) {
                    return count.mul(factor);
                }

                /** What is returned is what the cache holds afterwards. */
                @Entry
                public Tensor append(@Spec("f32[4, 2]") Tensor cache, @Spec("i64[1]") Tensor at, @Spec("f32[1, 2]") Tensor row) {
                    Tensor next = cache.indexCopy(0, at, row);
                    return next.sum(1).updating(cache, next);
                }

                @Entry
                public Tensor appendTwice(@Spec("f32[4, 2]") Tensor cache, @Spec("i64[1]") Tensor at, @Spec("f32[1, 2]") Tensor row) {
                    Tensor next = cache.indexCopy(0, at, row);
                    Tensor last = next.indexAdd(0, at, row);
                    return row.sum().updating(cache, last);
                }

                /** Each wants what the other held before. */
                @Entry
                public Tensor swap(@Spec("f32[n]") Tensor a, @Spec("f32[n]") Tensor b) {
                    return a.add(b).updating(a, b).updating(b, a);
                }

                @Entry
                public Tensor turn(@Spec("f32[3, 3]") Tensor x) {
                    return x.sum().updating(x, x.transpose(0, 1));
                }

                @Entry
                public Tensor normalize(@Spec("f32[n, 70]") Tensor x) {
                    return x.amax(1).updating(x, x.softmax(1));
                }

                @Entry
                public Tensor overwrite(@Spec("f32[n]") Tensor target, @Spec("f32[n]") Tensor x) {
                    return x.sum().updating(target, x.mul(2));
                }
            }
            """;

    @TempDir
    private static Path directory;
    private static NativeModel model;
    private static String facade;
    private static String wrapper;

    private final Arena arena = Arena.ofConfined();

    @BeforeAll
    static void compile() {
        TracedModel traced = SourceModel.trace(directory.resolve("source"), "a/Updating.java", MODEL, "none.safetensors", List.of(), t -> t);
        facade = FacadeWriter.write(traced);
        wrapper = Pipeline.generate(traced).wrapper();
        model = NativeModel.of(traced, directory.resolve("model"), LoadOptions.defaults().withThreads(2).withInstances(4));
    }

    @AfterAll
    static void closeModel() {
        model.close();
    }

    @BeforeEach
    void reset() {
        model.reset();
    }

    @AfterEach
    void closeArena() {
        arena.close();
    }

    private NativeTensor tensor(float[] values, long... sizes) {
        NativeTensor tensor = NativeTensor.allocate(arena, DType.F32, sizes);
        tensor.copyFrom(values);
        return tensor;
    }

    private NativeTensor tensor(long[] values, long... sizes) {
        NativeTensor tensor = NativeTensor.allocate(arena, DType.I64, sizes);
        tensor.copyFrom(values);
        return tensor;
    }

    private float[] run(String entry, long[] sizes, NativeTensor... inputs) {
        NativeTensor output = NativeTensor.allocate(arena, DType.F32, sizes);
        model.call(entry, List.of(inputs), List.of(output));
        return output.toFloatArray();
    }

    private long calls() {
        NativeTensor output = NativeTensor.allocate(arena, DType.I64);
        model.call("calls", List.of(tensor(new long[] {1})), List.of(output));
        return output.getLong();
    }

    private static String function(String entry) {
        int start = wrapper.indexOf("bool %s_run(".formatted(entry));
        return wrapper.substring(start, wrapper.indexOf("\n}\n", start));
    }

    // ---- states

    @Test
    void statesBeginWithZerosAndKeepWhatCallsLeaveInThem() {
        NativeTensor x = tensor(new float[] {2, 4, 6, 4, 8, 10}, 2, 3);
        assertArrayEquals(new float[] {2, 4, 6, 4, 8, 10}, run("observe", new long[] {2, 3}, x));
        assertArrayEquals(new float[] {0.5f, 1, 2, 2.5f, 5, 6}, run("observe", new long[] {2, 3}, x));
        assertEquals(2, calls());
    }

    @Test
    void aResetGivesThemTheirFirstValues() {
        run("observe", new long[] {1, 3}, tensor(new float[] {2, 4, 6}, 1, 3));
        assertEquals(1, calls());
        model.reset();
        assertEquals(0, calls());
        assertArrayEquals(new float[] {2, 4, 6}, run("observe", new long[] {1, 3}, tensor(new float[] {2, 4, 6}, 1, 3)));
    }

    @Test
    void callsOfManyThreadsFollowOneAnother() throws InterruptedException {
        List<Thread> threads = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try (NativeTensor x = NativeTensor.of(new float[] {1, 1, 1}, 1, 3); NativeTensor y = NativeTensor.allocate(DType.F32, 1, 3)) {
                    for (int call = 0; call < 500; call++) {
                        model.call("observe", List.of(x), List.of(y));
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(2000, calls());
    }

    // ---- inputs

    @Test
    void aRowIsWrittenIntoACacheWhereItLies() {
        NativeTensor cache = tensor(new float[8], 4, 2);
        assertArrayEquals(new float[] {0, 0, 3, 0}, run("append", new long[] {4}, cache, tensor(new long[] {2}, 1), tensor(new float[] {1, 2}, 1, 2)));
        assertArrayEquals(new float[] {0, 11, 3, 0}, run("append", new long[] {4}, cache, tensor(new long[] {1}, 1), tensor(new float[] {5, 6}, 1, 2)));
        assertArrayEquals(new float[] {0, 0, 5, 6, 1, 2, 0, 0}, cache.toFloatArray());
        assertTrue(function("append").contains("float* const cache_updated = cache;"), function("append"));
    }

    @Test
    void aChainOfChangesIsMadeInPlaceAsAWhole() {
        NativeTensor cache = tensor(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, 4, 2);
        assertArrayEquals(new float[] {7}, run("appendTwice", new long[0], cache, tensor(new long[] {3}, 1), tensor(new float[] {3, 4}, 1, 2)));
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 6, 8}, cache.toFloatArray());
        assertTrue(!function("appendTwice").contains("memcpy") && !function("appendTwice").contains("arena"), function("appendTwice"));
    }

    @Test
    void anIndexOutOfRangeLeavesTheCacheAsItWas() {
        NativeTensor cache = tensor(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2);
        String message = assertThrows(ToroidException.class, () ->
                run("append", new long[] {4}, cache, tensor(new long[] {4}, 1), tensor(new float[] {9, 9}, 1, 2))).getMessage();
        assertTrue(message.contains("index_copy"), message);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, cache.toFloatArray());
    }

    @Test
    void allReadsSeeWhatWasThereBefore() {
        NativeTensor a = tensor(new float[] {1, 2, 3}, 3);
        NativeTensor b = tensor(new float[] {10, 20, 30}, 3);
        assertArrayEquals(new float[] {11, 22, 33}, run("swap", new long[] {3}, a, b));
        assertArrayEquals(new float[] {10, 20, 30}, a.toFloatArray());
        assertArrayEquals(new float[] {1, 2, 3}, b.toFloatArray());
        NativeTensor square = tensor(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3);
        assertArrayEquals(new float[] {45}, run("turn", new long[0], square));
        assertArrayEquals(new float[] {1, 4, 7, 2, 5, 8, 3, 6, 9}, square.toFloatArray());
    }

    @Test
    void rowsAreNormalizedWhereTheyLie() {
        float[] values = new float[3 * 70];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 37 % 70) / 7f;
        }
        NativeTensor x = tensor(values, 3, 70);
        float[] largest = run("normalize", new long[] {3}, x);
        for (int row = 0; row < 3; row++) {
            float max = Float.NEGATIVE_INFINITY;
            double sum = 0;
            for (int i = 0; i < 70; i++) {
                max = Math.max(max, values[row * 70 + i]);
                sum += Math.exp(values[row * 70 + i]);
            }
            assertEquals(max, largest[row]);
            for (int i = 0; i < 70; i++) {
                assertEquals(Math.exp(values[row * 70 + i]) / sum, x.getFloat(row, i), 1e-7);
            }
        }
    }

    @Test
    void stridedInputsAreUpdatedWhereTheirElementsLie() {
        NativeTensor whole = tensor(new float[] {1, 2, 3, 4, 5, 6}, 6);
        NativeTensor even = NativeTensor.wrapStrided(whole.segment(), DType.F32, new long[] {3}, new long[] {2});
        assertArrayEquals(new float[] {60}, run("overwrite", new long[0], even, tensor(new float[] {10, 20, 30}, 3)));
        assertArrayEquals(new float[] {20, 2, 40, 4, 60, 6}, whole.toFloatArray());
    }

    @Test
    void emptyInputsCanBeUpdated() {
        assertArrayEquals(new float[] {0}, run("overwrite", new long[0], tensor(new float[0], 0), tensor(new float[0], 0)));
    }

    // ---- what callers must not do

    @Test
    void anUpdatedInputSharesMemoryWithNothingElse() {
        NativeTensor x = tensor(new float[] {1, 2, 3}, 3);
        assertEquals("a.Updating.overwrite: input 0 'target' must be f32[n] but is f32[3]: its memory overlaps that of input 1 'x'",
                assertThrows(ToroidException.class, () -> run("overwrite", new long[0], x, x)).getMessage());
        NativeTensor output = NativeTensor.wrap(x.segment().asSlice(4, 4), DType.F32);
        assertEquals("a.Updating.overwrite: output 0 'output' must be f32[] but is f32[]: its memory overlaps that of input 0 'target'",
                assertThrows(ToroidException.class, () -> model.call("overwrite", List.of(x, tensor(new float[3], 3)), List.of(output))).getMessage());
    }

    @Test
    void anUpdatedInputHasAPlaceForEachElement() {
        NativeTensor one = tensor(new float[] {1}, 1);
        NativeTensor repeated = NativeTensor.wrapStrided(one.segment(), DType.F32, new long[] {3}, new long[] {0});
        assertEquals("a.Updating.overwrite: input 0 'target' must be f32[n] but is f32[3]: it is written, and its strides put several elements at one place: give it memory of its own",
                assertThrows(ToroidException.class, () -> run("overwrite", new long[0], repeated, tensor(new float[3], 3))).getMessage());
    }

    @Test
    void anUpdatedInputIsWritable() {
        NativeTensor x = tensor(new float[] {1, 2, 3}, 3);
        NativeTensor constant = NativeTensor.wrap(x.segment().asReadOnly(), DType.F32, 3);
        assertEquals("a.Updating.overwrite writes target: f32[n], and the memory of the given f32[3] is read-only: give it a writable tensor",
                assertThrows(IllegalArgumentException.class, () -> run("overwrite", new long[0], constant, x)).getMessage());
        assertArrayEquals(new float[] {6}, run("overwrite", new long[0], tensor(new float[3], 3), constant));
    }

    // ---- the façade

    @Test
    void theFacadeSaysWhatCallsChange() {
        assertTrue(facade.contains("@param cache {@code f32[4, 2]}; it is updated: the call writes into its memory"), facade);
        assertTrue(facade.contains("public void resetState()"), facade);
        assertTrue(facade.contains("It keeps {@code count: i64[]}, {@code mean: f32[3]} between calls"), facade);
        assertTrue(!facade.contains("float append(float[][] cache"), facade);
    }
}
