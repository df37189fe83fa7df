package io.toroid.op;

import io.toroid.Tensor;
import java.util.List;

/**
 * Runs operators on values as soon as they are called. Tensors made by an evaluator carry it, and so do all tensors
 * computed from them: that is how the same model class runs eagerly.
 */
public interface Evaluator {

    /** The values of the call's results. Tensors among the arguments that have none yet are evaluated first. */
    List<TensorData> evaluate(Operator operator, Arguments arguments, List<TensorType> results);

    /** The values of a tensor that depends on constants and bound parameters only. */
    TensorData force(Tensor tensor);
}
