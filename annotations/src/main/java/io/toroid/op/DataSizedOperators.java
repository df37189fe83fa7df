package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
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

    /** The value of a tensor of one element, as a tensor without dimensions; {@link Tensor#toSize} gives it as a size. */
    public static final Operator LOCAL_SCALAR_DENSE = Operator.define(
            "aten::_local_scalar_dense(Tensor self) -> Tensor", DataSizedOperators::single);

    /** The number i as often as element i says. */
    public static final Operator REPEAT_INTERLEAVE = Operator.define(
            "aten::repeat_interleave.Tensor(Tensor repeats, *, SymInt? output_size=None) -> Tensor",
            arguments -> summed(arguments, arguments.tensor("repeats")), DataSizedOperators::repeated);

    /** Slice i of a dimension as often as element i says; a single number counts for all. Without a dimension, of all elements. */
    public static final Operator REPEAT_INTERLEAVE_SELF = Operator.define(
            "aten::repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor",
            arguments -> summed(arguments, repeats(arguments)), DataSizedOperators::repeatedSlices);

    /**
     * The distinct elements in ascending order; where each element's like stands among them; how often each occurs. What is not
     * asked for is empty. NaN is like nothing.
     */
    public static final Operator UNIQUE = Operator.define(
            "aten::_unique2(Tensor self, bool sorted=True, bool return_inverse=False, bool return_counts=False, *, SymInt? count=None) "
                    + "-> (Tensor, Tensor, Tensor)", Groups::count, Groups::types);

    /** As {@link #UNIQUE}, of runs of equal elements as they come, or of equal slices of a dimension. */
    public static final Operator UNIQUE_CONSECUTIVE = Operator.define(
            "aten::unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, int? dim=None, *, SymInt? count=None) "
                    + "-> (Tensor, Tensor, Tensor)", Groups::count, Groups::types);

    /** As {@link #UNIQUE}, of slices of a dimension, which are ordered by their elements in turn; all three results are filled. */
    public static final Operator UNIQUE_DIM = Operator.define(
            "aten::unique_dim(Tensor self, int dim, bool sorted=True, bool return_inverse=False, bool return_counts=False, *, SymInt? count=None) "
                    + "-> (Tensor, Tensor, Tensor)", Groups::count, Groups::types);

    /** The rows of a matrix in the order of their elements in turn, equal ones as they come: their numbers. */
    public static final Operator ORDER_ROWS = Operator.define(
            "toroid::order_rows(Tensor self) -> Tensor", arguments -> {
                Rules.requireRank(arguments, "self", 2, "[rows, width]");
                return Rules.result(DType.I64, List.of(arguments.tensor("self").size(0)));
            });

    private DataSizedOperators() {
    }

    private static List<TensorType> single(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Rules.requireEqual(arguments, self.shape().numel(), Size.ONE, () -> "takes a tensor of one element, not %s".formatted(self.type()));
        return Rules.result(self.dtype(), Shape.SCALAR);
    }

    private static Arguments summed(Arguments arguments, Tensor repeats) {
        Rules.accept(arguments, "repeats", Accepts.INTEGERS);
        return arguments.isPresent("output_size") ? arguments : arguments.with("output_size",
                new Argument.OfInt(DataSizes.of(repeats.to(DType.I64).sum(), Range.atLeast(0), null)));
    }

    private static List<TensorType> repeated(Arguments arguments) {
        Rules.requireRank(arguments, "repeats", 1, "[n]");
        return Rules.result(arguments.tensor("repeats").dtype(), List.of(arguments.size("output_size")));
    }

    private static List<TensorType> repeatedSlices(Arguments arguments) {
        Tensor self = repeatedTensor(arguments);
        repeats(arguments);
        return Rules.result(self.dtype(), self.shape().with(repeatedAxis(arguments), arguments.size("output_size")));
    }

    /** For the compiler: what is repeated, as a line if no dimension is named. */
    public static Tensor repeatedTensor(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        return arguments.isPresent("dim") && self.dim() > 0 ? self : self.flatten();
    }

    /** For the compiler: the dimension along which slices are repeated, counted from 0. */
    public static int repeatedAxis(Arguments arguments) {
        return arguments.isPresent("dim") ? Rules.axis(arguments, "dim", repeatedTensor(arguments)) : 0;
    }

    /** For the compiler: how often each slice is repeated. */
    public static Tensor repeats(Arguments arguments) {
        Tensor repeats = arguments.tensor("repeats");
        Size slices = repeatedTensor(arguments).size(repeatedAxis(arguments));
        if (repeats.dim() > 1) {
            throw Rules.mistake(Kind.SHAPE, arguments, "repeats must be a single number or one for each slice, not %s".formatted(repeats.type()));
        }
        if (repeats.dim() == 0 || repeats.size(0).equals(Size.ONE)) {
            return repeats.expand(Shape.of(slices));
        }
        Rules.requireEqual(arguments, repeats.size(0), slices,
                () -> "there are %s repeats for %s slices of %s".formatted(repeats.size(0), slices, arguments.tensor("self").type()));
        return repeats;
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
