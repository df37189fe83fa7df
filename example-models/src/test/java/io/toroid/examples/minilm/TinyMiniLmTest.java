package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.eager.Eager;
import io.toroid.runtime.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The architecture of MiniLM, small: compiled, it gives what its Java code gives, and padding changes nothing. */
@Tag("native")
class TinyMiniLmTest {

    private static final float CLOSE = 2e-5f;

    /** How far an embedding may move with the company that its sentence has. */
    private static final float COMPANY = 1e-6f;

    @TempDir
    static Path directory;

    private static final Random RANDOM = new Random(42);

    private static TinyMiniLm tiny;

    @BeforeAll
    static void compile() throws IOException, ReflectiveOperationException {
        tiny = TinyMiniLm.compile(directory, RANDOM);
    }

    /** Sentences padded to the longest. */
    private record Batch(long[][] ids, long[][] mask) {

        static Batch of(List<long[]> sentences) {
            int tokens = sentences.stream().mapToInt(sentence -> sentence.length).max().orElseThrow();
            return new Batch(
                    sentences.stream().map(sentence -> Arrays.copyOf(sentence, tokens)).toArray(long[][]::new),
                    sentences.stream().map(sentence -> ones(sentence.length, tokens)).toArray(long[][]::new));
        }

        private static long[] ones(int count, int tokens) {
            long[] ones = new long[tokens];
            Arrays.fill(ones, 0, count, 1);
            return ones;
        }
    }

    private static List<long[]> sentences(int... lengths) {
        return Arrays.stream(lengths).mapToObj(length -> RANDOM.longs(length, 0, TinyMiniLm.VOCABULARY).toArray()).toList();
    }

    private static CompiledModel load(int threads) throws ReflectiveOperationException {
        return (CompiledModel) tiny.facade().getMethod("load", LoadOptions.class).invoke(null, LoadOptions.defaults().withThreads(threads));
    }

    private static float[][] embed(CompiledModel model, Batch batch) throws ReflectiveOperationException {
        return (float[][]) entry(model, "embed", batch);
    }

    private static Object entry(CompiledModel model, String name, Batch batch) throws ReflectiveOperationException {
        return tiny.facade().getMethod(name, long[][].class, long[][].class).invoke(model, batch.ids(), batch.mask());
    }

    /** What the model's Java code gives, in row-major order. */
    private static float[] eagerly(String entry, Batch batch) throws IOException, ReflectiveOperationException {
        Object model = TinyMiniLm.newInstance(tiny.model());
        try (Safetensors weights = Safetensors.open(tiny.weights())) {
            Eager eager = Eager.of(model, weights);
            Tensor result = (Tensor) tiny.model().getMethod(entry, Tensor.class, Tensor.class)
                    .invoke(model, tensor(eager, batch.ids()), tensor(eager, batch.mask()));
            return result.data().floats();
        }
    }

    private static Tensor tensor(Eager eager, long[][] rows) {
        return eager.tensor(Stream.of(rows).flatMapToLong(LongStream::of).toArray(), rows.length, rows[0].length);
    }

    private static float[] flat(float[][] rows) {
        int width = rows[0].length;
        float[] all = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * width, width);
        }
        return all;
    }

    @Test
    void compiledItGivesWhatItsJavaCodeGives() throws IOException, ReflectiveOperationException {
        for (int threads = 1; threads <= 2; threads++) {
            try (CompiledModel model = load(threads)) {
                for (int[] lengths : new int[][] {{1}, {9}, {TinyMiniLm.POSITIONS}, {5, 5}, {3, 17, 1, 8, 40, 2, 33}}) {
                    Batch batch = Batch.of(sentences(lengths));
                    String what = "%s, %d threads".formatted(Arrays.toString(lengths), threads);
                    assertArrayEquals(eagerly("embed", batch), flat(embed(model, batch)), CLOSE, what);
                    float[][][] hidden = (float[][][]) entry(model, "hidden", batch);
                    float[] rows = flat(Stream.of(hidden).flatMap(Stream::of).toArray(float[][]::new));
                    assertArrayEquals(eagerly("hidden", batch), rows, CLOSE, "hidden, " + what);
                }
            }
        }
    }

    @Test
    void anEmbeddingIsTheSameInAnyCompany() throws ReflectiveOperationException {
        List<long[]> sentences = sentences(RANDOM.ints(64, 1, TinyMiniLm.POSITIONS + 1).toArray());
        try (CompiledModel model = load(2)) {
            for (int size : new int[] {2, 3, 16, 63, 64}) {
                float[][] together = embed(model, Batch.of(sentences.subList(0, size)));
                for (int i = 0; i < size; i++) {
                    float[] alone = embed(model, Batch.of(List.of(sentences.get(i))))[0];
                    assertArrayEquals(alone, together[i], COMPANY, "sentence %d of %d".formatted(i, size));
                }
            }
        }
    }

    @Test
    void embeddingsHaveLengthOne() throws ReflectiveOperationException {
        try (CompiledModel model = load(1)) {
            float[] embedding = embed(model, Batch.of(sentences(12)))[0];
            assertEquals(TinyMiniLm.WIDTH, embedding.length);
            double square = 0;
            for (float value : embedding) {
                square += value * value;
            }
            assertEquals(1, square, 1e-5);
        }
    }
}
