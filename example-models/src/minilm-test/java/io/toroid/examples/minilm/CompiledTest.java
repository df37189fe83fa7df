package io.toroid.examples.minilm;

import static io.toroid.examples.minilm.Agreement.COMPANY;
import static io.toroid.examples.minilm.Agreement.RECORDED;
import static io.toroid.examples.minilm.Agreement.assertClose;
import static io.toroid.examples.minilm.Agreement.flatten;

import io.toroid.runtime.CpuFeatures;
import io.toroid.runtime.LoadOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiled model agrees with ONNX Runtime on every instruction set that this CPU runs, with one and two threads. */
@Tag("native")
class CompiledTest {

    private static final List<Recorded> SENTENCES = Recorded.all();

    static Stream<LoadOptions> ways() {
        String level = CpuFeatures.current().level();
        return Stream.of("x86-64-v3", "x86-64-v4").filter(isa -> isa.compareTo(level) <= 0)
                .map(LoadOptions.defaults()::withIsa)
                .flatMap(options -> Stream.of(options.withThreads(1), options.withThreads(2)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void singleSentences(LoadOptions options) {
        try (CompiledMiniLm model = CompiledMiniLm.load(options)) {
            for (Recorded recorded : SENTENCES) {
                TokenBatch batch = Agreement.batch(List.of(recorded));
                float[][] hidden = model.hidden(batch.ids(), batch.mask())[0];
                assertClose(recorded.hidden(), flatten(hidden, hidden.length), RECORDED, recorded.sentence());
                float[] embedding = model.embed(batch.ids(), batch.mask())[0];
                assertClose(recorded.embedding(), embedding, RECORDED, recorded.sentence());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void onePaddedBatch(LoadOptions options) {
        TokenBatch batch = Agreement.batch(SENTENCES);
        try (CompiledMiniLm model = CompiledMiniLm.load(options)) {
            float[][] embeddings = model.embed(batch.ids(), batch.mask());
            float[][][] hidden = model.hidden(batch.ids(), batch.mask());
            for (int i = 0; i < SENTENCES.size(); i++) {
                Recorded recorded = SENTENCES.get(i);
                assertClose(recorded.batchEmbedding(), embeddings[i], RECORDED, recorded.sentence());
                assertClose(recorded.hidden(), flatten(hidden[i], recorded.ids().length), RECORDED, recorded.sentence());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anEmbeddingIsTheSameInAnyCompany(LoadOptions options) {
        try (CompiledMiniLm model = CompiledMiniLm.load(options)) {
            for (int first = 0; first < SENTENCES.size(); first++) {
                TokenBatch alone = Agreement.batch(List.of(SENTENCES.get(first)));
                float[] expected = model.embed(alone.ids(), alone.mask())[0];
                for (int size = 2; first + size <= SENTENCES.size(); size += 3) {
                    TokenBatch batch = Agreement.batch(SENTENCES.subList(first, first + size));
                    assertClose(expected, model.embed(batch.ids(), batch.mask())[0], COMPANY,
                            "%s among %d".formatted(SENTENCES.get(first).sentence(), size));
                }
            }
        }
    }
}
