package io.toroid.examples.minilm;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.toroid.runtime.LoadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * all-MiniLM-L6-v2 for langchain4j, in the place of its {@code AllMiniLmL6V2EmbeddingModel}:
 *
 * <pre>{@code
 * EmbeddingModel model = new ToroidEmbeddingModel();
 * }</pre>
 *
 * <p>Embeddings are those of the other model to 1e-5, so a store that it filled stays as it is; see {@link LongTexts} for long texts.
 * Like there, token usage counts the words' pieces, not the two tokens that stand for begin and end, and a text without words is an
 * {@link IllegalArgumentException}.
 *
 * <p>Any number of threads may use one model; load it once. Texts of one call are embedded together, in batches of like length.
 */
public final class ToroidEmbeddingModel implements EmbeddingModel, AutoCloseable {

    private static final String NAME = "all-MiniLM-L6-v2";

    private static final int FIRST = 128;

    private final SentenceEmbedder embedder;

    private final LongTexts longTexts;

    public ToroidEmbeddingModel() {
        this(LoadOptions.defaults(), LongTexts.WHOLE);
    }

    /** @throws io.toroid.runtime.ToroidException if the model cannot run here; the message says why */
    public ToroidEmbeddingModel(LoadOptions options, LongTexts longTexts) {
        this.longTexts = longTexts;
        try {
            this.embedder = SentenceEmbedder.load(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        List<Tokens> texts = tokenize(request.inputs().stream().map(EmbeddingInput::text).toList());
        return EmbeddingResponse.builder()
                .embeddings(embed(texts).stream().map(Embedding::from).toList())
                .modelName(modelName())
                .tokenUsage(new TokenUsage(texts.stream().mapToInt(Tokens::ownPieces).sum()))
                .build();
    }

    private List<Tokens> tokenize(List<String> texts) {
        List<Tokens> all = embedder.tokenize(texts).stream().map(this::limited).toList();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isEmpty()) {
                throw new IllegalArgumentException("text %d of %d has no words to embed: \"%s\"".formatted(i + 1, texts.size(), texts.get(i)));
            }
        }
        return all;
    }

    private Tokens limited(Tokens text) {
        return switch (longTexts) {
            case WHOLE -> text;
            case FIRST_128_TOKENS -> text.first(FIRST);
        };
    }

    /** Long texts by themselves, all others together. */
    private List<float[]> embed(List<Tokens> texts) {
        float[][] embeddings = new float[texts.size()][];
        int[] usual = IntStream.range(0, embeddings.length).filter(i -> !texts.get(i).isTooLong()).toArray();
        List<float[]> together = embedder.embedTokens(IntStream.of(usual).mapToObj(i -> texts.get(i).ids()).toList());
        for (int i = 0; i < usual.length; i++) {
            embeddings[usual[i]] = together.get(i);
        }
        for (int i = 0; i < embeddings.length; i++) {
            if (embeddings[i] == null) {
                embeddings[i] = embedder.embedWhole(texts.get(i));
            }
        }
        return List.of(embeddings);
    }

    @Override
    public int dimension() {
        return MiniLm.WIDTH;
    }

    @Override
    public String modelName() {
        return NAME;
    }

    /** Waits for running calls and frees all native memory. */
    @Override
    public void close() {
        embedder.close();
    }
}
