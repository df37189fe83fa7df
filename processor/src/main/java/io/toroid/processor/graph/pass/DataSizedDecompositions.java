package io.toroid.processor.graph.pass;

import static io.toroid.op.DataSizedOperators.LOCAL_SCALAR_DENSE;
import static io.toroid.op.DataSizedOperators.MASKED_SELECT;
import static io.toroid.op.DataSizedOperators.NONZERO;
import static io.toroid.op.DataSizedOperators.REPEAT_INTERLEAVE;
import static io.toroid.op.DataSizedOperators.REPEAT_INTERLEAVE_SELF;
import static io.toroid.op.DataSizedOperators.UNIQUE;
import static io.toroid.op.DataSizedOperators.UNIQUE_CONSECUTIVE;
import static io.toroid.op.DataSizedOperators.UNIQUE_DIM;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.DataSizedOperators;
import io.toroid.op.Groups;
import io.toroid.op.Operator;
import io.toroid.shape.Shape;
import java.util.List;
import java.util.Map;

/** Kernels take masks of booleans, and of the shape of what they select from. What is distinct is found among sorted neighbours. */
final class DataSizedDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            NONZERO, DataSizedDecompositions::nonzero,
            MASKED_SELECT, DataSizedDecompositions::select,
            LOCAL_SCALAR_DENSE, call -> List.of(call.arguments().tensor("self").view(Shape.SCALAR)),
            REPEAT_INTERLEAVE, DataSizedDecompositions::repeat,
            REPEAT_INTERLEAVE_SELF, DataSizedDecompositions::repeatSlices,
            UNIQUE, call -> Groups.results(call.arguments()),
            UNIQUE_CONSECUTIVE, call -> Groups.results(call.arguments()),
            UNIQUE_DIM, call -> Groups.results(call.arguments()));

    private DataSizedDecompositions() {
    }

    private static List<Tensor> nonzero(Call call) {
        Tensor self = call.arguments().tensor("self");
        Tensor mask = self.dtype() == DType.BOOL ? self : self.ne(0);
        return NONZERO.apply(call.arguments().with("self", new Argument.OfTensor(mask)));
    }

    private static List<Tensor> repeat(Call call) {
        Tensor repeats = call.arguments().tensor("repeats");
        Arguments wide = call.arguments().with("repeats", new Argument.OfTensor(repeats.to(DType.I64)));
        return List.of(REPEAT_INTERLEAVE.apply(wide).getFirst().to(repeats.dtype()));
    }

    private static List<Tensor> repeatSlices(Call call) {
        Arguments arguments = call.arguments();
        Tensor places = REPEAT_INTERLEAVE.call(DataSizedOperators.repeats(arguments).to(DType.I64), arguments.size("output_size"));
        return List.of(DataSizedOperators.repeatedTensor(arguments).indexSelect(DataSizedOperators.repeatedAxis(arguments), places));
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
