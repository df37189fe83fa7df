package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Window;

/** The largest element of each window of an image. */
public record MaxPool2d(Window window) implements Layer {

    /** Square windows side by side. */
    public MaxPool2d(int kernel) {
        this(Window.of(kernel));
    }

    @Override
    public Tensor apply(Tensor input) {
        return input.maxPool2d(window);
    }
}
