package io.toroid.examples.minilm;

import java.nio.FloatBuffer;

/** A fast engine that computes something else is of no use: both must give the same before a time is taken. */
final class BothAgree {
    private static final double TOLERANCE = 2e-5;

    private BothAgree() {
    }

    /** The largest difference of hidden states of words and of embeddings, over all sizes, with padding and without. */
    static double require(Engine toroid, Engine peer) {
        double largest = 0;
        for (Sizes sizes : Sizes.LATENCY) {
            largest = Math.max(largest, difference(toroid, peer, Input.of(sizes)));
            largest = Math.max(largest, difference(toroid, peer, Input.padded(sizes)));
        }
        if (!(largest <= TOLERANCE)) {
            throw new IllegalStateException("Toroid and ONNX Runtime differ by %.2e, more than %.0e".formatted(largest, TOLERANCE));
        }
        return largest;
    }

    private static double difference(Engine toroid, Engine peer, Input input) {
        try (Engine.Request ours = toroid.prepare(input); Engine.Request theirs = peer.prepare(input)) {
            ours.hidden();
            theirs.hidden();
            double largest = 0;
            for (int word = 0; word < input.sizes().positions(); word++) {
                if (input.mask().get(word) != 0) {
                    largest = max(largest, ours.states(), theirs.states(), word);
                }
            }
            ours.embed();
            theirs.embed();
            for (int sentence = 0; sentence < input.sizes().batch(); sentence++) {
                largest = max(largest, ours.embeddings(), theirs.embeddings(), sentence);
            }
            return largest;
        }
    }

    /** With the differences of one row; infinite if a value is not a number. */
    private static double max(double largest, FloatBuffer ours, FloatBuffer theirs, int row) {
        double result = largest;
        for (int i = row * MiniLm.WIDTH; i < (row + 1) * MiniLm.WIDTH; i++) {
            double difference = Math.abs((double) ours.get(i) - theirs.get(i));
            result = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(result, difference);
        }
        return result;
    }
}
