package io.toroid.nn;

import io.toroid.Tensor;
import java.util.function.UnaryOperator;

/** The usual activations, as layers. */
public enum Activation implements Layer {
    RELU(Tensor::relu),
    /** The exact form, with erf. */
    GELU(Tensor::gelu),
    GELU_TANH(Tensor::geluTanh),
    SILU(Tensor::silu),
    SIGMOID(Tensor::sigmoid),
    TANH(Tensor::tanh);

    private final UnaryOperator<Tensor> function;

    Activation(UnaryOperator<Tensor> function) {
        this.function = function;
    }

    @Override
    public Tensor apply(Tensor input) {
        return function.apply(input);
    }
}
