package io.toroid.examples.minilm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.toroid.runtime.weights.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A sentence and what ONNX Runtime makes of it.
 *
 * @param ids its tokens
 * @param hidden the last hidden state, {@code [tokens, 384]}
 * @param embedding when it is alone
 * @param batchEmbedding when all sentences are in one padded batch
 */
record Recorded(String sentence, long[] ids, float[] hidden, float[] embedding, float[] batchEmbedding) {

    /** The ten sentences. */
    static List<Recorded> all() {
        try (InputStream json = resource("/minilm/expected.json");
                InputStream tensors = resource("/minilm/expected.safetensors");
                Safetensors values = Safetensors.read(tensors, "expected.safetensors")) {
            List<JsonNode> sentences = StreamSupport.stream(
                    new ObjectMapper().readTree(json).get("sentences").spliterator(), /* parallel= */ false).toList();
            return IntStream.range(0, sentences.size()).mapToObj(i -> read(sentences.get(i), i, values)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recorded read(JsonNode sentence, int index, Safetensors values) {
        long[] ids = StreamSupport.stream(sentence.get("ids").spliterator(), /* parallel= */ false)
                .mapToLong(JsonNode::asLong).toArray();
        float[] batch = values.get("batch.embedding").data().toArray(JAVA_FLOAT_UNALIGNED);
        return new Recorded(sentence.get("sentence").asText(), ids,
                values.get(index + ".hidden").data().toArray(JAVA_FLOAT_UNALIGNED),
                values.get(index + ".embedding").data().toArray(JAVA_FLOAT_UNALIGNED),
                Arrays.copyOfRange(batch, index * MiniLm.WIDTH, (index + 1) * MiniLm.WIDTH));
    }

    private static InputStream resource(String name) {
        return Recorded.class.getResourceAsStream(name);
    }
}
