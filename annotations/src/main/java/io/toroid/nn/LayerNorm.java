package io.toroid.nn;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.shape.Shape;

/**
 * {@code (x - mean) / sqrt(var + eps) * weight + bias} over the last dimension, or over several last ones. Parameters of
 * the normalized sizes: {@code weight}, {@code bias}.
 */
public final class LayerNorm implements Layer {

    public final Tensor weight;
    public final Tensor bias;

    private final double eps;

    /** Over a last dimension of that size, with PyTorch's {@code eps} of 1e-5. */
    public LayerNorm(long size) {
        this(size, 1e-5);
    }

    /** Over a last dimension of that size. */
    public LayerNorm(long size, double eps) {
        this(Shape.of(size), eps);
    }

    /** Over the last dimensions, which have these sizes. */
    public LayerNorm(Shape normalized, double eps) {
        long[] sizes = normalized.toArray();
        for (long size : sizes) {
            Checks.positive("LayerNorm", "a size", size);
        }
        this.weight = Tensor.parameter(DType.F32, sizes);
        this.bias = Tensor.parameter(DType.F32, sizes);
        this.eps = eps;
    }

    @Override
    public Tensor apply(Tensor input) {
        return input.layerNorm(weight.shape().sizes(), weight, bias, eps);
    }
}
