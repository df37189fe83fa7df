package io.toroid.examples.minilm;

import static io.toroid.examples.minilm.Agreement.RECORDED;
import static io.toroid.examples.minilm.Agreement.assertClose;

import io.toroid.Tensor;
import io.toroid.nn.Parameters;
import io.toroid.processor.weights.MappedWeights;
import io.toroid.processor.weights.OnnxInitializers;
import io.toroid.runtime.eager.Eager;
import io.toroid.runtime.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The model's own Java code, run operator by operator, agrees with ONNX Runtime: what is compiled is the right model. */
@Tag("native")
class EagerTest {

    private static final List<Recorded> SENTENCES = Recorded.all();

    private static final MiniLm MODEL = new MiniLm();

    private static Eager eager;

    @BeforeAll
    static void readWeights() throws IOException {
        Path file = Path.of(System.getProperty("minilm.weights"));
        try (WeightSource weights = MappedWeights.of(
                OnnxInitializers.open(file), new MiniLmWeights(), Parameters.named(MODEL).keySet())) {
            eager = Eager.of(MODEL, weights);
        }
    }

    private static Tensor tensor(long[][] values) {
        return eager.tensor(Stream.of(values).flatMapToLong(LongStream::of).toArray(), values.length, values[0].length);
    }

    @Test
    void singleSentences() {
        for (Recorded recorded : SENTENCES) {
            TokenBatch batch = Agreement.batch(List.of(recorded));
            Tensor ids = tensor(batch.ids());
            Tensor mask = tensor(batch.mask());
            assertClose(recorded.hidden(), MODEL.hidden(ids, mask).data().floats(), RECORDED, recorded.sentence());
            assertClose(recorded.embedding(), MODEL.embed(ids, mask).data().floats(), RECORDED, recorded.sentence());
        }
    }

    @Test
    void onePaddedBatch() {
        TokenBatch batch = Agreement.batch(SENTENCES);
        float[] embeddings = MODEL.embed(tensor(batch.ids()), tensor(batch.mask())).data().floats();
        for (int i = 0; i < SENTENCES.size(); i++) {
            float[] own = Arrays.copyOfRange(embeddings, i * MiniLm.WIDTH, (i + 1) * MiniLm.WIDTH);
            assertClose(SENTENCES.get(i).batchEmbedding(), own, RECORDED, SENTENCES.get(i).sentence());
        }
    }
}
