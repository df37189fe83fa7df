package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/**
 * Operators whose results have sizes that depend on values. How many elements there will be is counted first, by other
 * operators; the count is one more argument, a symbol that gets its value in mid-call.
 */
public final class DataSizedOperators {

    /** The places of the elements that are not zero, row-major. */
    public static final Operator NONZERO = Operator.define(
            "aten::nonzero(Tensor self, *, SymInt? count=None) -> Tensor", DataSizedOperators::countNonzero,
            arguments -> Rules.result(DType.I64, List.of(arguments.size("count"), Size.of(arguments.tensor("self").dim()))));

    /** The elements where a mask is true; the two are broadcast. */
    public static final Operator MASKED_SELECT = Operator.define(
            "aten::masked_select(Tensor self, Tensor mask, *, SymInt? count=None) -> Tensor", DataSizedOperators::countMasked,
            arguments -> Rules.result(arguments.tensor("self").dtype(), List.of(arguments.size("count"))));

    private DataSizedOperators() {
    }

    private static Arguments countNonzero(Arguments arguments) {
        return counted(arguments, arguments.tensor("self"));
    }

    private static Arguments countMasked(Arguments arguments) {
        Rules.accept(arguments, "mask", Accepts.BOOLEANS);
        Tensor mask = arguments.tensor("mask");
        Shape shape = Rules.broadcast(arguments, List.of(arguments.tensor("self"), mask));
        return counted(arguments, mask.shape().equals(shape) ? mask : mask.expand(shape));
    }

    private static Arguments counted(Arguments arguments, Tensor tensor) {
        if (arguments.isPresent("count")) {
            return arguments;
        }
        Size all = tensor.shape().numel();
        Range range = Range.of(0, Math.max(0, all.range().max()));
        return arguments.with("count", new Argument.OfInt(DataSizes.of(tensor.countNonzero(), range, all)));
    }
}
