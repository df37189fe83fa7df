package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/**
 * Sorting along a dimension, and elements chosen by their order. NaN is larger than all numbers. Every result is that of a
 * stable sort: of equal elements the earlier one comes first, whether an author asked for it or not. Each operator gives
 * the elements and, as {@code i64}, where along the dimension they stand.
 */
public final class SortingOperators {

    public static final Operator SORT = Operator.define(
            "aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)",
            SortingOperators::sorted);

    /** {@code stable} need not be said. */
    public static final Operator SORT_STABLE = Operator.define(
            "aten::sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) "
                    + "-> (Tensor values, Tensor indices)",
            SortingOperators::sorted);

    /** The k largest or smallest; sorted, whether an author asked for it or not. */
    public static final Operator TOPK = Operator.define(
            "aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) "
                    + "-> (Tensor values, Tensor indices)",
            SortingOperators::top);

    /** The k-th smallest, counted from 1. */
    public static final Operator KTHVALUE = Operator.define(
            "aten::kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)",
            SortingOperators::kth);

    /** The middle one, of an even number the lower of the two; NaN if an element is. */
    public static final Operator MEDIAN_DIM = Operator.define(
            "aten::median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
            arguments -> {
                Rules.accept(arguments, "self", Accepts.NUMBERS);
                return chosen(arguments);
            });

    /** The most frequent one, at its last place; the smallest if there are several. No NaN is equal to another. */
    public static final Operator MODE = Operator.define(
            "aten::mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)",
            SortingOperators::chosen);

    private SortingOperators() {
    }

    private static List<TensorType> sorted(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Rules.axis(arguments, "dim", self);
        return indexed(self.dtype(), self.shape());
    }

    private static List<TensorType> top(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        int axis = Rules.axis(arguments, "dim", self);
        Size k = arguments.size("k");
        requireWithin(arguments, k, self.dim() == 0 ? 1 : 0, length(self, axis));
        return indexed(self.dtype(), self.dim() == 0 ? self.shape() : self.shape().with(axis, k));
    }

    private static List<TensorType> kth(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.NUMBERS);
        Tensor self = arguments.tensor("self");
        int axis = Rules.axis(arguments, "dim", self);
        requireWithin(arguments, arguments.size("k"), 1, length(self, axis));
        return reduced(arguments, self, axis);
    }

    private static List<TensorType> chosen(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        int axis = Rules.axis(arguments, "dim", self);
        Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, length(self, axis),
                () -> "dimension %d of %s has no elements to choose from".formatted(axis, self.type()));
        return reduced(arguments, self, axis);
    }

    private static Size length(Tensor self, int axis) {
        return self.dim() == 0 ? Size.ONE : self.size(axis);
    }

    private static void requireWithin(Arguments arguments, Size k, long least, Size length) {
        String problem = "k is %s, which is not from %d to %s, the number of elements in dimension %s of %s"
                .formatted(k, least, length, arguments.size("dim"), arguments.tensor("self").type());
        if (k.isConstant() && k.constant() < least) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, problem);
        }
        Rules.require(arguments, Size.of(least), Relation.LESS_OR_EQUAL, k, () -> problem);
        Rules.require(arguments, k, Relation.LESS_OR_EQUAL, length, () -> problem);
    }

    private static List<TensorType> reduced(Arguments arguments, Tensor self, int axis) {
        if (self.dim() == 0) {
            return indexed(self.dtype(), self.shape());
        }
        List<Size> sizes = Rules.sizes(self);
        if (arguments.flag("keepdim")) {
            sizes.set(axis, Size.ONE);
        } else {
            sizes.remove(axis);
        }
        return indexed(self.dtype(), new Shape(sizes));
    }

    private static List<TensorType> indexed(DType dtype, Shape shape) {
        return List.of(new TensorType(dtype, shape), new TensorType(DType.I64, shape));
    }
}
