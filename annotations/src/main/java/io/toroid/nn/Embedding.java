package io.toroid.nn;

import io.toroid.DType;
import io.toroid.Tensor;

/** A table of vectors, looked up by integer: {@code [...] -> [..., width]}. Parameter: {@code weight [rows, width]}. */
public final class Embedding implements Layer {

    public final Tensor weight;

    public Embedding(long rows, long width) {
        Checks.positive("Embedding", "rows", rows);
        Checks.positive("Embedding", "width", width);
        this.weight = Tensor.parameter(DType.F32, rows, width);
    }

    @Override
    public Tensor apply(Tensor indices) {
        return indices.embedding(weight);
    }
}
