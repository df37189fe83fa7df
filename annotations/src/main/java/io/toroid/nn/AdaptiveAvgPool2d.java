package io.toroid.nn;

import io.toroid.Tensor;

/** Means over windows such that every image becomes {@code height x width}; {@code 1, 1} is the global mean. */
public record AdaptiveAvgPool2d(int height, int width) implements Layer {

    @Override
    public Tensor apply(Tensor input) {
        return input.adaptiveAvgPool2d(height, width);
    }
}
