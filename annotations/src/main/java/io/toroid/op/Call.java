package io.toroid.op;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One application of an operator. Its results are tensors that refer to it by index; it is never changed.
 */
public final class Call implements Origin {

    private final Operator operator;
    private final Arguments arguments;
    private final List<TensorType> types;
    private final SourcePosition position;

    Call(Operator operator, Arguments arguments, List<TensorType> types, SourcePosition position) {
        this.operator = operator;
        this.arguments = arguments;
        this.types = List.copyOf(types);
        this.position = position;
    }

    public Operator operator() {
        return operator;
    }

    public Arguments arguments() {
        return arguments;
    }

    /** Types of the results. */
    public List<TensorType> types() {
        return types;
    }

    public SourcePosition position() {
        return position;
    }

    /** The results as tensors. */
    public List<Tensor> results() {
        return IntStream.range(0, types.size()).mapToObj(index -> Tensor.result(this, index)).toList();
    }

    @Override
    public String toString() {
        return operator.name() + " at " + position;
    }
}
