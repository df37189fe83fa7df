package io.toroid.processor.model;

import io.toroid.DType;
import java.util.List;

/**
 * The text of a {@code @Spec}, taken apart: the element type and one expression for each dimension.
 *
 * @param sizes as written, such as {@code batch}, {@code 2*batch} or {@code 64}
 */
public record TensorSpec(DType dtype, List<String> sizes) {

    public TensorSpec {
        sizes = List.copyOf(sizes);
    }

    public int rank() {
        return sizes.size();
    }

    /** {@code f32[batch, 64]}. */
    @Override
    public String toString() {
        return dtype.text() + "[" + String.join(", ", sizes) + "]";
    }
}
