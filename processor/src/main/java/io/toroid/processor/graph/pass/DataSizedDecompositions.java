package io.toroid.processor.graph.pass;

import static io.toroid.op.DataSizedOperators.MASKED_SELECT;
import static io.toroid.op.DataSizedOperators.NONZERO;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.shape.Shape;
import java.util.List;
import java.util.Map;

/** Kernels take masks of booleans, and of the shape of what they select from. */
final class DataSizedDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            NONZERO, DataSizedDecompositions::nonzero,
            MASKED_SELECT, DataSizedDecompositions::select);

    private DataSizedDecompositions() {
    }

    private static List<Tensor> nonzero(Call call) {
        Tensor self = call.arguments().tensor("self");
        Tensor mask = self.dtype() == DType.BOOL ? self : self.ne(0);
        return NONZERO.apply(call.arguments().with("self", new Argument.OfTensor(mask)));
    }

    private static List<Tensor> select(Call call) {
        Tensor self = call.arguments().tensor("self");
        Tensor mask = call.arguments().tensor("mask");
        Shape shape = Shape.broadcast(self.shape(), mask.shape());
        return MASKED_SELECT.apply(call.arguments().with("self", new Argument.OfTensor(expanded(self, shape)))
                .with("mask", new Argument.OfTensor(expanded(mask, shape))));
    }

    private static Tensor expanded(Tensor tensor, Shape shape) {
        return tensor.shape().equals(shape) ? tensor : tensor.expand(shape);
    }
}
