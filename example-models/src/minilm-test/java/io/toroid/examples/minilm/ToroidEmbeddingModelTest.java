package io.toroid.examples.minilm;

import static io.toroid.examples.minilm.Agreement.COMPANY;
import static io.toroid.examples.minilm.Agreement.RECORDED;
import static io.toroid.examples.minilm.Agreement.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.store.embedding.CosineSimilarity;
import io.toroid.runtime.LoadOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What langchain4j expects of an embedding model, and that its users find what they had. */
@Tag("native")
class ToroidEmbeddingModelTest {

    private static final List<Recorded> SENTENCES = Recorded.all().stream().filter(recorded -> !recorded.sentence().isBlank()).toList();

    private static ToroidEmbeddingModel closeable;

    private static EmbeddingModel model;

    @BeforeAll
    static void load() {
        closeable = new ToroidEmbeddingModel();
        model = closeable;
    }

    @AfterAll
    static void close() {
        closeable.close();
    }

    private static int words(Recorded recorded) {
        return recorded.ids().length - 2;
    }

    @Test
    void aText() {
        for (Recorded recorded : SENTENCES) {
            Response<Embedding> response = model.embed(recorded.sentence());
            assertClose(recorded.embedding(), response.content().vector(), RECORDED, recorded.sentence());
            assertEquals(new TokenUsage(words(recorded)), response.tokenUsage());
        }
    }

    @Test
    void allSegmentsInTheirOrder() {
        Response<List<Embedding>> response =
                model.embedAll(SENTENCES.stream().map(recorded -> TextSegment.from(recorded.sentence())).toList());
        assertEquals(SENTENCES.size(), response.content().size());
        for (int i = 0; i < SENTENCES.size(); i++) {
            assertClose(SENTENCES.get(i).embedding(), response.content().get(i).vector(), RECORDED, SENTENCES.get(i).sentence());
        }
        assertEquals(SENTENCES.stream().mapToInt(ToroidEmbeddingModelTest::words).sum(), response.tokenUsage().inputTokenCount());
        assertNull(response.tokenUsage().outputTokenCount());
    }

    @Test
    void noSegments() {
        assertEquals(List.of(), model.embedAll(List.of()).content());
    }

    @Test
    void whatItIs() {
        assertEquals(384, model.dimension());
        assertEquals("all-MiniLM-L6-v2", model.modelName());
        EmbeddingResponse response = model.embed(EmbeddingRequest.builder().inputs("It rained.", "It snowed.").build());
        assertEquals("all-MiniLM-L6-v2", response.modelName());
        assertEquals(7, response.tokenUsage().inputTokenCount(), "it rained . it snow ##ed .");
        assertEquals(2, response.embeddings().size());
    }

    @Test
    void parametersThatItCannotHonourAreRefused() {
        EmbeddingRequest request = EmbeddingRequest.builder().input("It rained.").dimensions(128).build();
        UnsupportedFeatureException refused = assertThrows(UnsupportedFeatureException.class, () -> model.embed(request));
        assertEquals("EmbeddingModel 'io.toroid.examples.minilm.ToroidEmbeddingModel' does not support the following per-call"
                + " parameter(s): dimensions. Only the following are supported: ", refused.getMessage());
    }

    @Test
    void listenersAreTold() {
        List<Integer> told = new ArrayList<>();
        EmbeddingModel listened = model.addListener(new EmbeddingModelListener() {
            @Override
            public void onResponse(EmbeddingModelResponseContext context) {
                told.add(context.textSegments().size());
            }
        });
        listened.embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")));
        assertEquals(List.of(2), told);
    }

    @Test
    void aTextWithoutWordsIsRefused() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> model.embedAll(List.of(TextSegment.from("It rained."), TextSegment.from("\u200b"))));
        assertEquals("text 2 of 2 has no words to embed: \"\u200b\"", refused.getMessage());
    }

    @Test
    void likeMeaningIsClose() {
        Embedding parcel = model.embed("How do I return a parcel?").content();
        double near = CosineSimilarity.between(parcel, model.embed("Sending back a package").content());
        double far = CosineSimilarity.between(parcel, model.embed("Octopuses have three hearts.").content());
        assertEquals(0.66, near, 0.1);
        assertEquals(0, far, 0.1);
    }

    /** All of a long text counts: what is past its first 512 tokens shows in the embedding. */
    @Test
    void longTextsAreWhole() {
        String end = "Octopuses have three hearts. ";
        String begin = "word ".repeat(600);
        Response<List<Embedding>> response =
                model.embedAll(List.of(TextSegment.from(begin), TextSegment.from(begin + end.repeat(40)), TextSegment.from(end)));
        List<Embedding> embeddings = response.content();
        assertEquals(2 * 600 + 41 * 6, response.tokenUsage().inputTokenCount());
        double without = CosineSimilarity.between(embeddings.get(0), embeddings.get(2));
        double with = CosineSimilarity.between(embeddings.get(1), embeddings.get(2));
        assertTrue(with > without + 0.1, "%.3f with, %.3f without".formatted(with, without));
        assertClose(model.embed(end).content().vector(), embeddings.get(2).vector(), COMPANY, "beside long texts");
        assertEquals(1, CosineSimilarity.between(embeddings.get(1), embeddings.get(1)), 1e-5);
    }

    /** The numbers are what langchain4j 1.20.0 gives for a thousand words. */
    @Test
    void longTextsMayBeCutAsLangchain4jDoes() {
        try (ToroidEmbeddingModel cutting = new ToroidEmbeddingModel(LoadOptions.defaults(), LongTexts.FIRST_128_TOKENS)) {
            Response<Embedding> response = cutting.embed("word ".repeat(1000));
            float[] expected = {0.012998806f, -0.06421723f, -0.028709274f, 0.015799437f, -0.040306747f, 0.020558655f, 0.040396772f, -0.023414496f};
            assertClose(expected, Arrays.copyOf(response.content().vector(), expected.length), RECORDED, "a thousand words");
            assertEquals(new TokenUsage(126), response.tokenUsage());
        }
    }
}
