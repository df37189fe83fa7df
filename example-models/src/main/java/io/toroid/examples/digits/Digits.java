package io.toroid.examples.digits;

import io.toroid.DType;
import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.NativeTensor;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Runs both models over the 360 test images, compares them with PyTorch, takes their time, and draws some images. */
public final class Digits {
    /** Calls before time is taken, and how many then. */
    private static final int WARM_UP = 20_000;
    private static final int TIMED = 2_000;

    private final PrintStream out;

    Digits(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        new Digits(new PrintStream(System.out, /* autoFlush= */ true, StandardCharsets.UTF_8)).run();
    }

    void run() {
        try (CompiledDigitsMlp mlp = CompiledDigitsMlp.load(); CompiledDigitsCnn cnn = CompiledDigitsCnn.load()) {
            out.println("model       isa         accuracy  difference to PyTorch  a call, 1 image  a call, 360 images");
            float[] mlpScores = report(mlp, TestSet.of("mlp"), mlp::classify, TestSet.PIXELS);
            float[] cnnScores = report(cnn, TestSet.of("cnn"), cnn::classify, 1, 8, 8);
            show(TestSet.of("mlp"), mlpScores, cnnScores);
        }
    }

    /** One line about a model, whose input is {@code [batch, sizes...]}; returns its scores of all images. */
    private float[] report(CompiledModel model, TestSet test, BiConsumer<NativeTensor, NativeTensor> classify, long... sizes) {
        try (NativeTensor images = NativeTensor.of(test.pixels(), withBatch(test.count(), sizes));
                NativeTensor scores = NativeTensor.allocate(DType.F32, test.count(), TestSet.DIGITS);
                NativeTensor image = NativeTensor.allocate(DType.F32, withBatch(1, sizes));
                NativeTensor score = NativeTensor.allocate(DType.F32, 1, TestSet.DIGITS)) {
            classify.accept(images, scores);
            float[] all = scores.toFloatArray();
            out.printf("%-10s  %-10s  %8.4f  %21.1e  %12.2f µs  %15.1f µs%n",
                    name(model), model.isa(), test.accuracy(all), test.largestDifference(all),
                    microseconds(() -> classify.accept(image, score), 1),
                    microseconds(() -> classify.accept(images, scores), test.count()));
            return all;
        }
    }

    private static String name(CompiledModel model) {
        return model.modelName().substring(model.modelName().lastIndexOf('.') + 1);
    }

    static long[] withBatch(long batch, long... sizes) {
        return IntStream.rangeClosed(0, sizes.length).mapToLong(i -> i == 0 ? batch : sizes[i - 1]).toArray();
    }

    /** The fastest of several runs: other work on the machine can only add to it. */
    private static double microseconds(Runnable call, int images) {
        repeat(call, WARM_UP / images);
        int calls = Math.max(1, TIMED / images);
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 10; run++) {
            long start = System.nanoTime();
            repeat(call, calls);
            best = Math.min(best, System.nanoTime() - start);
        }
        return best / 1e3 / calls;
    }

    private static void repeat(Runnable call, int times) {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }

    /** Three easy images, and three on which the models disagree. */
    private void show(TestSet test, float[] mlp, float[] cnn) {
        int[] easy = {0, 1, 4};
        int[] hard = IntStream.range(0, test.count())
                .filter(i -> TestSet.answer(mlp, i) != TestSet.answer(cnn, i)).limit(3).toArray();
        out.println("\nWhat is on an image, and what the models read:\n");
        draw(test, easy, mlp, cnn);
        out.println("\nOn these they disagree:\n");
        draw(test, hard, mlp, cnn);
    }

    private void draw(TestSet test, int[] images, float[] mlp, float[] cnn) {
        String[] captions = IntStream.of(images)
                .mapToObj(i -> "%d: mlp %d, cnn %d".formatted(test.labels()[i], TestSet.answer(mlp, i), TestSet.answer(cnn, i)))
                .toArray(String[]::new);
        out.println(DigitPrinter.draw(test.pixels(), images, captions));
    }
}
