package io.toroid.examples.minilm;

import java.io.IOException;
import java.nio.file.Path;

/** A program that embeds one sentence and prints how many nanoseconds after its start it had done so. */
final class FirstEmbedding {
    private static final String SENTENCE = "A man is eating food.";
    private static final long[] IDS = {101, 1037, 2158, 2003, 5983, 2833, 1012, 102};

    private FirstEmbedding() {
    }

    /** When it was started, the engine, its threads, the ONNX file, and whether the sentence is given as text or as tokens. */
    public static void main(String[] arguments) throws IOException {
        long start = Long.parseLong(arguments[0]);
        try (Engine engine = Engine.load(arguments[1], Integer.parseInt(arguments[2]), Path.of(arguments[3]));
                Engine.Request request = engine.prepare(Input.of(arguments[4].equals("text") ? tokens() : IDS))) {
            request.embed();
            System.out.println(System.nanoTime() - start);
        }
    }

    private static long[] tokens() throws IOException {
        try (SentenceTokenizer tokenizer = SentenceTokenizer.load()) {
            return tokenizer.encode(SENTENCE);
        }
    }
}
