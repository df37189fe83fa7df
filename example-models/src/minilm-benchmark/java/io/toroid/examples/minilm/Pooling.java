package io.toroid.examples.minilm;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** From last hidden states to embeddings in Java: the mean over the words, scaled to length 1. */
final class Pooling {
    private final Input input;
    private final FloatBuffer states;
    private final FloatBuffer embeddings;
    private final float[] state = new float[MiniLm.WIDTH];
    private final float[] sum = new float[MiniLm.WIDTH];

    Pooling(Input input, FloatBuffer states) {
        this.input = input;
        this.states = states;
        this.embeddings = Input.floats(input.sizes().batch() * MiniLm.WIDTH);
    }

    FloatBuffer embeddings() {
        return embeddings;
    }

    void run() {
        for (int sentence = 0; sentence < input.sizes().batch(); sentence++) {
            sumWords(sentence);
            scale();
            embeddings.put(sentence * MiniLm.WIDTH, sum);
        }
    }

    private void sumWords(int sentence) {
        Arrays.fill(sum, 0);
        int tokens = input.sizes().tokens();
        for (int token = sentence * tokens; token < (sentence + 1) * tokens; token++) {
            if (input.mask().get(token) != 0) {
                states.get(token * MiniLm.WIDTH, state);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += state[i];
                }
            }
        }
    }

    /** The number of words cancels out. */
    private void scale() {
        double square = 0;
        for (float each : sum) {
            square += (double) each * each;
        }
        float factor = (float) (1 / Math.max(Math.sqrt(square), 1e-12));
        for (int i = 0; i < sum.length; i++) {
            sum[i] *= factor;
        }
    }
}
