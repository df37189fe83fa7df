package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Window;

/** The mean of each window of an image, padding counted as zeros. */
public record AvgPool2d(Window window) implements Layer {

    /** Square windows side by side. */
    public AvgPool2d(int kernel) {
        this(Window.of(kernel));
    }

    @Override
    public Tensor apply(Tensor input) {
        return input.avgPool2d(window);
    }
}
