package io.toroid.op;

import io.toroid.Tensor;
import java.util.List;

/**
 * A graph that a call runs: a branch, or what a loop repeats. It is closed: its calls reach nothing but its own inputs and
 * single numbers. Weights are operands of the call, as is all else that it uses.
 *
 * @param inputs placeholders
 */
public record Body(List<Tensor> inputs, List<Tensor> outputs) {
    public Body {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** Types of the outputs. */
    public List<TensorType> types() {
        return outputs.stream().map(Tensor::type).toList();
    }
}
