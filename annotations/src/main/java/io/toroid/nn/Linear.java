package io.toroid.nn;

import io.toroid.DType;
import io.toroid.Tensor;

/**
 * {@code input x weight^T + bias}: {@code [..., inputs] -> [..., outputs]}. Parameters: {@code weight [outputs, inputs]},
 * {@code bias [outputs]}.
 */
public final class Linear implements Layer {

    public final Tensor weight;

    /** Null if the layer has none. */
    public final Tensor bias;

    public Linear(long inputs, long outputs) {
        this(inputs, outputs, /* biased= */ true);
    }

    private Linear(long inputs, long outputs, boolean biased) {
        Checks.positive("Linear", "inputs", inputs);
        Checks.positive("Linear", "outputs", outputs);
        this.weight = Tensor.parameter(DType.F32, outputs, inputs);
        this.bias = biased ? Tensor.parameter(DType.F32, outputs) : null;
    }

    /** {@code input x weight^T}. */
    public static Linear withoutBias(long inputs, long outputs) {
        return new Linear(inputs, outputs, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return input.linear(weight, bias);
    }
}
