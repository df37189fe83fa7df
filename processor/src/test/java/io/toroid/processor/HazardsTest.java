package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.Tensor;
import io.toroid.op.TensorData;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.ToroidException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in AOTInductor and must not here, as far as no other test shows it: hazards of docs/aotinductor-contract.md. */
@Tag("native")
class HazardsTest {

    private static final long BEYOND_DOUBLE = (1L << 53) + 1;

    private static final Batch BATCH = new Batch("io.toroid.test.Hazards", List.of(
            GraphCase.of("doubled", "f32[2*b]", x -> x.get(0).view(-1, 2).sum(1)).dim("b", 4).range("b", 1, 64, 1),
            GraphCase.of("from_one", "f32[n]", x -> x.get(0).mul(2)).dim("n", 1).range("n", 1, 8, 1),
            GraphCase.several("whole", "i64[n]", x -> List.of(x.get(0).add(BEYOND_DOUBLE), x.get(0).eq(BEYOND_DOUBLE))).dim("n", 2),
            GraphCase.several("assumed_twice", "f32[n], f32[m]", x -> {
                Tensor chosen = x.get(0).maskedSelect(x.get(0).gt(0));
                return List.of(chosen.add(x.get(1)), chosen.mul(x.get(1)), chosen.sub(x.get(1)));
            }).dim("n", 4).dim("m", 2),
            GraphCase.of("divided", "i64[n], i64[n]", x -> x.get(0).floorDiv(x.get(1))).dim("n", 1000)));

    @TempDir
    private static Path directory;

    private static NativeModel model;

    @BeforeAll
    static void load() {
        model = NativeModel.of(BATCH, directory, LoadOptions.defaults().withThreads(2).withInstances(4));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static TensorData floats(int count) {
        return TensorData.of(new float[count], count);
    }

    private static String message(int entry, TensorData... inputs) {
        return assertThrows(ToroidException.class, () -> model.run(entry, List.of(inputs))).getMessage();
    }

    /** H-05: not taken for the largest even size below it. */
    @Test
    void anOddSizeIsNoMultipleOfTwo() {
        assertEquals(List.of(TensorData.of(new float[] {3, 7}, 2)), model.run(0, List.of(TensorData.of(new float[] {1, 2, 3, 4}, 4))));
        assertEquals("io.toroid.test.Hazards.doubled: input 0 'in0' must be f32[2*b] but is f32[5]: axis 0 (2*b) is 5 and must be a multiple of 2",
                message(0, floats(5)));
    }

    /** H-07. */
    @Test
    void aRangeThatBeginsWithOneTakesOne() {
        assertEquals(List.of(floats(1)), model.run(1, List.of(floats(1))));
        assertEquals("io.toroid.test.Hazards.from_one: input 0 'in0' must be f32[n] but is f32[0]: axis 0 (n) is 0 and must be 1 to 8",
                message(1, floats(0)));
    }

    /** H-08. */
    @Test
    void optionsOfOneCompileAreNotThoseOfTheNext() {
        String before = Pipeline.generate(BATCH.model()).wrapper();
        String instrumented = Pipeline.generate(BATCH.model(), CompileOptions.parse(Map.of(CompileOptions.INSTRUMENT, "profile"))).wrapper();
        assertTrue(!instrumented.equals(before), "the option has an effect");
        assertEquals(before, Pipeline.generate(BATCH.model()).wrapper());
    }

    /** H-14. */
    @Test
    void whatThreeOperatorsAssumeIsCheckedOnce() {
        assertEquals(1, Pattern.compile("u0 must equal m").matcher(Pipeline.generate(BATCH.model()).wrapper()).results().count());
        assertTrue(message(3, TensorData.of(new float[] {1, 2, 3, -1}, 4), floats(2)).contains("u0 must equal m, but they are 3 and 2"));
    }

    /** H-18: callers at one time, of which every second divides by zero. */
    @Test
    void aDivisionByZeroIsReportedToItsCallAndToNoOther() throws InterruptedException, ExecutionException {
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                boolean fails = caller % 2 == 0;
                running.add(callers.submit(() -> divide(fails)));
            }
            for (Future<?> caller : running) {
                caller.get();
            }
        }
    }

    private static void divide(boolean byZero) {
        long[] numbers = new long[1000];
        long[] divisors = new long[1000];
        java.util.Arrays.fill(numbers, 7);
        java.util.Arrays.fill(divisors, 2);
        divisors[700] = byZero ? 0 : 2;
        TensorData[] inputs = {TensorData.of(numbers, 1000), TensorData.of(divisors, 1000)};
        for (int i = 0; i < 200; i++) {
            if (byZero) {
                assertTrue(message(4, inputs).contains("divided by zero"));
            } else {
                assertEquals(3, model.run(4, List.of(inputs)).getFirst().longs()[700]);
            }
        }
    }

    /** H-26. */
    @Test
    void wholeNumbersDoNotGoThroughDouble() {
        assertEquals(List.of(TensorData.of(new long[] {BEYOND_DOUBLE + 1, 2 * BEYOND_DOUBLE}, 2), TensorData.of(new boolean[] {false, true}, 2)),
                model.run(2, List.of(TensorData.of(new long[] {1, BEYOND_DOUBLE}, 2))));
    }
}
