package io.toroid.examples.minilm;

import io.toroid.runtime.LoadOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * From sentences to embeddings: the tokenizer, then the model, in calls of {@linkplain Buckets sentences of like length}. Results come
 * in the order of the sentences, and are the same whatever a sentence is embedded with.
 *
 * <p>Any number of threads may use one embedder; load it once. How many of them compute at a time, and with how many threads each, is
 * said by {@link LoadOptions}.
 */
public final class SentenceEmbedder implements AutoCloseable {

    private final SentenceTokenizer tokenizer;

    private final CompiledMiniLm model;

    private SentenceEmbedder(SentenceTokenizer tokenizer, CompiledMiniLm model) {
        this.tokenizer = tokenizer;
        this.model = model;
    }

    public static SentenceEmbedder load() throws IOException {
        return load(LoadOptions.defaults());
    }

    /**
     * @throws IOException if the tokenizer's file cannot be read
     * @throws io.toroid.runtime.ToroidException if the model cannot run here; the message says why
     */
    public static SentenceEmbedder load(LoadOptions options) throws IOException {
        SentenceTokenizer tokenizer = SentenceTokenizer.load();
        try {
            return new SentenceEmbedder(tokenizer, CompiledMiniLm.load(options));
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The embedding of a sentence, {@link MiniLm#WIDTH} numbers of length 1; what is past {@link MiniLm#POSITIONS} tokens is cut off. */
    public float[] embed(String sentence) {
        return embedTokens(List.of(tokenizer.encode(sentence))).getFirst();
    }

    /** The embedding of each sentence. */
    public List<float[]> embed(List<String> sentences) {
        return embedTokens(tokenizer.encode(sentences));
    }

    /** All tokens of each text. */
    List<Tokens> tokenize(List<String> texts) {
        return tokenizer.tokens(texts);
    }

    /** The embedding of each sentence of at most {@link MiniLm#POSITIONS} tokens. */
    List<float[]> embedTokens(List<long[]> sentences) {
        return embedTokens(sentences, count -> { });
    }

    /** The same, telling after each call how many sentences it embedded. */
    List<float[]> embedTokens(List<long[]> sentences, IntConsumer embedded) {
        int[] lengths = sentences.stream().mapToInt(sentence -> sentence.length).toArray();
        return embedTokens(sentences, Buckets.of(lengths), embedded);
    }

    /** The same, in given calls. */
    List<float[]> embedTokens(List<long[]> sentences, List<int[]> calls, IntConsumer embedded) {
        float[][] embeddings = new float[sentences.size()][];
        for (int[] call : calls) {
            TokenBatch batch = TokenBatch.of(IntStream.of(call).mapToObj(sentences::get).toList());
            float[][] results = model.embed(batch.ids(), batch.mask());
            for (int i = 0; i < call.length; i++) {
                embeddings[call[i]] = results[i];
            }
            embedded.accept(call.length);
        }
        return Arrays.asList(embeddings);
    }

    /**
     * The embedding of a text of any length but none: of the means of the last hidden states of its parts, the mean weighted by
     * the parts' lengths, scaled to length 1.
     */
    float[] embedWhole(Tokens text) {
        double[] sum = new double[MiniLm.WIDTH];
        for (long[] part : text.parts()) {
            TokenBatch batch = TokenBatch.of(List.of(part));
            float[][] hidden = model.hidden(batch.ids(), batch.mask())[0];
            double weight = (double) Tokens.ownPieces(part) / part.length;
            for (float[] token : hidden) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += weight * token[i];
                }
            }
        }
        return scaled(sum);
    }

    private static float[] scaled(double[] vector) {
        double length = Math.sqrt(Arrays.stream(vector).map(value -> value * value).sum());
        float[] scaled = new float[vector.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (vector[i] / length);
        }
        return scaled;
    }

    /** Waits for running calls and frees all native memory. */
    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
