package io.toroid.op;

import io.toroid.DType;
import io.toroid.shape.Shape;

/** Element type and shape of one tensor; prints as in a {@link io.toroid.Spec}. */
public record TensorType(DType dtype, Shape shape) {

    @Override
    public String toString() {
        return dtype.text() + shape;
    }
}
