package io.toroid.examples.minilm;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Cuts sentences into BERT's word pieces, by the tokenizer file that was published with the weights. The library that
 * does it brings its native code for the usual platforms along, so nothing is downloaded; it reports its use to its vendor from
 * machines of Amazon's cloud, and looks for these at the first load, unless the system property {@code OPT_OUT_TRACKING} is true.
 *
 * <p>Any number of threads may use one tokenizer.
 */
final class SentenceTokenizer implements AutoCloseable {

    private static final String FILE = "/all-minilm-l6-v2-tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;

    /** Held for reading while the tokenizer works, so that it is not freed meanwhile. */
    private final ReadWriteLock life = new ReentrantReadWriteLock();

    private SentenceTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** With the file from the class path. Sentences are neither cut nor padded, whatever the file says. */
    static SentenceTokenizer load() throws IOException {
        try (InputStream file = SentenceTokenizer.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new FileNotFoundException("the resource " + FILE + " is missing");
            }
            return new SentenceTokenizer(HuggingFaceTokenizer.newInstance(file, Map.of(
                    "padding", "false",
                    "truncation", "false")));
        }
    }

    /** The tokens of a sentence, cut where the model ends. */
    long[] encode(String sentence) {
        return tokens(sentence).head();
    }

    /** The tokens of several sentences, each cut where the model ends. */
    List<long[]> encode(List<String> sentences) {
        return tokens(sentences).stream().map(Tokens::head).toList();
    }

    /** All tokens of a text. */
    Tokens tokens(String text) {
        return open(() -> tokens(tokenizer.encode(text)));
    }

    /** All tokens of each text. */
    List<Tokens> tokens(List<String> texts) {
        return open(() -> Stream.of(tokenizer.batchEncode(texts)).map(SentenceTokenizer::tokens).toList());
    }

    private <T> T open(Supplier<T> use) {
        life.readLock().lock();
        try {
            if (tokenizer.isReleased()) {
                throw new IllegalStateException("the tokenizer is closed and cannot be used any more");
            }
            return use.get();
        } finally {
            life.readLock().unlock();
        }
    }

    private static Tokens tokens(Encoding encoding) {
        return new Tokens(encoding.getIds(), encoding.getWordIds());
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            tokenizer.close();
        } finally {
            life.writeLock().unlock();
        }
    }
}
