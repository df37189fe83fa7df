package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** What the tests of this model have in common. */
final class Agreement {

    /** How far hidden states and embeddings may be from the recorded ones. */
    static final double RECORDED = 2e-5;

    /** How far an embedding may move with the company that its sentence has. */
    static final double COMPANY = 1e-6;

    private Agreement() {
    }

    static TokenBatch batch(List<Recorded> sentences) {
        return TokenBatch.of(sentences.stream().map(Recorded::ids).toList());
    }

    static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
        assertEquals(expected.length, actual.length, what);
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) expected[i] - actual[i]);
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        assertTrue(largest <= tolerance, "%s: %.2e".formatted(what, largest));
    }

    /** The first rows of {@code [tokens][384]} as one array. */
    static float[] flatten(float[][] rows, int count) {
        float[] all = new float[count * MiniLm.WIDTH];
        for (int row = 0; row < count; row++) {
            System.arraycopy(rows[row], 0, all, row * MiniLm.WIDTH, MiniLm.WIDTH);
        }
        return all;
    }
}
