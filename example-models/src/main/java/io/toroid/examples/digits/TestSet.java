package io.toroid.examples.digits;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.toroid.runtime.weights.Safetensors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Images that no model has seen in training, what is on them, and what PyTorch makes of them.
 *
 * @param pixels {@code [count, 64]}, row-major, from 0 (white) to 1 (black)
 * @param labels the digit on each image
 * @param logits PyTorch's scores, {@code [count, 10]}
 */
record TestSet(float[] pixels, long[] labels, float[] logits) {
    static final int PIXELS = 64;
    static final int DIGITS = 10;

    /** The 360 images, with the logits of a model: {@code mlp} or {@code cnn}. */
    static TestSet of(String model) {
        String resource = "/digits/" + model + "-expected.safetensors";
        try (InputStream stream = TestSet.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new FileNotFoundException("the resource " + resource + " is missing");
            }
            try (Safetensors file = Safetensors.read(stream, resource)) {
                return new TestSet(
                        file.get("images").data().toArray(JAVA_FLOAT_UNALIGNED),
                        file.get("labels").data().toArray(JAVA_LONG_UNALIGNED),
                        file.get("logits").data().toArray(JAVA_FLOAT_UNALIGNED));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int count() {
        return labels.length;
    }

    /** The digit with the largest score. */
    static int answer(float[] scores, int image) {
        int best = 0;
        for (int digit = 1; digit < DIGITS; digit++) {
            if (scores[image * DIGITS + digit] > scores[image * DIGITS + best]) {
                best = digit;
            }
        }
        return best;
    }

    /** The share of images whose largest score is that of the digit on them. */
    double accuracy(float[] scores) {
        int right = 0;
        for (int image = 0; image < count(); image++) {
            if (answer(scores, image) == labels[image]) {
                right++;
            }
        }
        return (double) right / count();
    }

    /** The largest difference of scores, of the first images, to PyTorch's; NaN if any of them is. */
    double largestDifference(float[] scores) {
        double largest = 0;
        for (int i = 0; i < scores.length; i++) {
            largest = Math.max(largest, Math.abs((double) scores[i] - logits[i]));
        }
        return largest;
    }
}
