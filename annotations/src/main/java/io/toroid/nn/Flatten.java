package io.toroid.nn;

import io.toroid.Tensor;

/** The dimensions from {@code start} to {@code end}, both included, into one; by default all but the batch. */
public record Flatten(int start, int end) implements Layer {

    public Flatten() {
        this(1, -1);
    }

    @Override
    public Tensor apply(Tensor input) {
        return input.flatten(start, end);
    }
}
