package io.toroid.examples.minilm;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Cuts sentences into BERT's word pieces, by the tokenizer file that was published with the weights. The library that
 * does it brings its native code for the usual platforms along, so nothing is downloaded.
 */
final class SentenceTokenizer implements AutoCloseable {

    private static final String FILE = "/all-minilm-l6-v2-tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;

    private SentenceTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** With the file from the class path. Sentences are cut after 512 tokens and not padded, whatever the file says. */
    static SentenceTokenizer load() throws IOException {
        try (InputStream file = SentenceTokenizer.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new FileNotFoundException("the resource " + FILE + " is missing");
            }
            return new SentenceTokenizer(HuggingFaceTokenizer.newInstance(file, Map.of(
                    "padding", "false",
                    "truncation", "true",
                    "maxLength", Integer.toString(MiniLm.POSITIONS))));
        }
    }

    /** The tokens of a sentence, between a first and a last one that stand for its begin and end. */
    long[] encode(String sentence) {
        return tokenizer.encode(sentence).getIds();
    }

    /** The tokens of several sentences. */
    List<long[]> encode(List<String> sentences) {
        return Stream.of(tokenizer.batchEncode(sentences)).map(Encoding::getIds).toList();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
