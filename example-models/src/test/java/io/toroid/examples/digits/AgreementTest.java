package io.toroid.examples.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.CpuFeatures;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both models agree with PyTorch for many batch sizes, on every instruction set that this CPU runs, with one and two threads. */
@Tag("native")
class AgreementTest {
    private static final double TOLERANCE = 2e-5;
    private static final int[] BATCHES = IntStream.concat(IntStream.rangeClosed(1, 33), IntStream.of(360)).toArray();

    /** A way to load both models. */
    record Way(String isa, int threads) {
        LoadOptions options() {
            return LoadOptions.defaults().withIsa(isa).withThreads(threads);
        }
    }

    private interface Classify<M> {
        void call(M model, NativeTensor images, NativeTensor scores);
    }

    static Stream<Way> ways() {
        String level = CpuFeatures.current().level();
        return Stream.of("x86-64-v3", "x86-64-v4").filter(isa -> isa.compareTo(level) <= 0)
                .flatMap(isa -> Stream.of(new Way(isa, 1), new Way(isa, 2)));
    }

    @Test
    void thisCpuRunsAVariant() {
        assertTrue(ways().findAny().isPresent(), CpuFeatures.current().level());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void mlp(Way way) {
        agrees(TestSet.of("mlp"), 0.9722, way, CompiledDigitsMlp::load, CompiledDigitsMlp::classify, 64);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void cnn(Way way) {
        agrees(TestSet.of("cnn"), 0.9889, way, CompiledDigitsCnn::load, CompiledDigitsCnn::classify, 1, 8, 8);
    }

    private static <M extends CompiledModel> void agrees(TestSet test, double accuracy, Way way,
            Function<LoadOptions, M> load, Classify<M> classify, long... sizes) {
        try (M model = load.apply(way.options())) {
            assertEquals(way.isa(), model.isa());
            for (int batch : BATCHES) {
                float[] scores = scores(model, classify, test, batch, sizes);
                double difference = test.largestDifference(scores);
                assertTrue(difference <= TOLERANCE, "%s, batch %d: %s".formatted(way, batch, difference));
                if (batch == test.count()) {
                    assertEquals(accuracy, test.accuracy(scores), 5e-5);
                }
            }
        }
    }

    private static <M> float[] scores(M model, Classify<M> classify, TestSet test, int batch, long... sizes) {
        long[] shape = Digits.withBatch(batch, sizes);
        try (NativeTensor images = NativeTensor.of(Arrays.copyOf(test.pixels(), batch * TestSet.PIXELS), shape);
                NativeTensor scores = NativeTensor.allocate(DType.F32, batch, TestSet.DIGITS)) {
            scores.copyFrom(filled(batch * TestSet.DIGITS, Float.NaN));
            classify.call(model, images, scores);
            return scores.toFloatArray();
        }
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void arraysGiveTheSame() {
        TestSet test = TestSet.of("mlp");
        float[][] images = new float[33][];
        Arrays.setAll(images, i -> Arrays.copyOfRange(test.pixels(), i * TestSet.PIXELS, (i + 1) * TestSet.PIXELS));
        try (CompiledDigitsMlp model = CompiledDigitsMlp.load()) {
            float[][] scores = model.classify(images);
            assertEquals(33, scores.length);
            for (int i = 0; i < scores.length; i++) {
                for (int digit = 0; digit < TestSet.DIGITS; digit++) {
                    assertEquals(test.logits()[i * TestSet.DIGITS + digit], scores[i][digit], TOLERANCE);
                }
            }
            assertEquals(List.of("f32[batch, 64]"), model.inputs("classify").stream().map(input -> input.type()).toList());
        }
    }
}
