package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import java.util.List;

/** Reading at places that are themselves tensors. */
public final class IndexingOperators {

    /** Row {@code indices[...]} of the weight: {@code [n, d], i64[...] -> [..., d]}; an index outside 0 to n-1 is an error. */
    public static final Operator EMBEDDING = Operator.define(
            "aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, "
                    + "bool sparse=False) -> Tensor",
            IndexingOperators::embedding);

    /** The indices of a dimension that a vector names, or a single number; one outside the dimension is an error. */
    public static final Operator INDEX_SELECT = Operator.define(
            "aten::index_select(Tensor self, int dim, Tensor index) -> Tensor", IndexingOperators::indexSelect);

    /** {@code result[i][j] = self[index[i][j]][j]} for dimension 0, and so on: sizes of the index, which are at most those of self. */
    public static final Operator GATHER = Operator.define(
            "aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor", IndexingOperators::gather);

    /**
     * {@code result[j, ...] = self[indices[0][j], indices[1][j], ...]}: the indices broadcast to one shape, whose dimensions
     * stand in the result where the indexed ones stood if these are neighbours, and else come first. A dimension without an
     * index is kept whole. Negative indices count from the end; one out of range is an error. A mask stands for the places where
     * it holds, in as many dimensions as it has; how many these are depends on data.
     */
    public static final Operator INDEX = Operator.define(
            "aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor", Masks::asPlaces, IndexingOperators::index);

    /** As {@link #INDEX}; the compiler checks the indices all the same. */
    public static final Operator UNSAFE_INDEX = Operator.define(
            "aten::_unsafe_index.Tensor(Tensor self, Tensor?[] indices) -> Tensor", Masks::asPlaces, IndexingOperators::index);

    /** Elements of the flattened tensor; negative indices count from the end. */
    public static final Operator TAKE = Operator.define("aten::take(Tensor self, Tensor index) -> Tensor", arguments -> {
        Rules.accept(arguments, "index", Accepts.INTEGERS);
        return Rules.result(arguments.tensor("self").dtype(), arguments.tensor("index").shape());
    });

    /**
     * Where each value would be inserted into a sorted sequence: before what equals it, or ({@code right}) after. The
     * sequence is a vector, or {@code [..., n]} with the leading sizes of the values {@code [..., m]}.
     */
    public static final Operator SEARCHSORTED = Operator.define(
            "aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, "
                    + "str? side=None, Tensor? sorter=None) -> Tensor", IndexingOperators::searchsorted);

    /** Into which bucket each value falls, as {@link #SEARCHSORTED} into a vector of boundaries. */
    public static final Operator BUCKETIZE = Operator.define(
            "aten::bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor",
            arguments -> {
                Rules.requireRank(arguments, "boundaries", 1, "[n]");
                return Rules.result(indexType(arguments), arguments.tensor("self").shape());
            });

    private IndexingOperators() {
    }

    private static List<TensorType> index(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        return Rules.result(self.dtype(), IndexPlan.of(arguments).result());
    }

    private static List<TensorType> indexSelect(Arguments arguments) {
        Rules.accept(arguments, "index", Accepts.INTEGERS);
        Tensor self = arguments.tensor("self");
        Tensor index = arguments.tensor("index");
        int axis = Rules.axis(arguments, "dim", self);
        if (index.dim() > 1) {
            throw Rules.mistake(Kind.SHAPE, arguments, "index must be a vector, not %s".formatted(index.type()));
        }
        if (self.dim() == 0) {
            Rules.requireEqual(arguments, index.shape().numel(), Size.ONE, () -> "%s is a single value, so index must hold one, not %s"
                    .formatted(self.type(), index.type()));
            return List.of(self.type());
        }
        return Rules.result(self.dtype(), self.shape().with(axis, index.shape().numel()));
    }

    private static List<TensorType> gather(Arguments arguments) {
        Rules.accept(arguments, "index", Accepts.INTEGERS);
        Tensor self = arguments.tensor("self");
        Tensor index = arguments.tensor("index");
        int axis = Rules.axis(arguments, "dim", self);
        boolean empty = index.shape().sizes().contains(Size.ZERO);
        if (!empty && Math.max(1, self.dim()) != Math.max(1, index.dim())) {
            throw Rules.mistake(Kind.SHAPE, arguments, "index must have as many dimensions as self, not %s for %s"
                    .formatted(index.type(), self.type()));
        }
        for (int i = 0; i < index.dim() && i < self.dim() && !empty; i++) {
            int shown = i;
            if (i != axis) {
                Rules.require(arguments, index.size(i), Relation.LESS_OR_EQUAL, self.size(i), () ->
                        "dimension %d of the index %s must not be larger than that of %s".formatted(shown, index.type(), self.type()));
            }
        }
        return Rules.result(self.dtype(), index.shape());
    }

    private static DType indexType(Arguments arguments) {
        return arguments.flag("out_int32") ? DType.I32 : DType.I64;
    }

    private static List<TensorType> searchsorted(Arguments arguments) {
        Tensor sequence = arguments.tensor("sorted_sequence");
        Tensor values = arguments.tensor("self");
        isRight(arguments);
        if (sequence.dim() == 0 || sequence.dim() > 1 && sequence.dim() != values.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "the sorted sequence must be a vector, or have the dimensions of the values %s, not be %s"
                    .formatted(values.type(), sequence.type()));
        }
        for (int i = 0; i < sequence.dim() - 1; i++) {
            Rules.requireEqual(arguments, sequence.size(i), values.size(i), () -> "the leading sizes of %s and %s must be equal"
                    .formatted(sequence.type(), values.type()));
        }
        if (arguments.isPresent("sorter")) {
            Rules.accept(arguments, "sorter", Accepts.INTEGERS);
        }
        arguments.optionalTensor("sorter").ifPresent(sorter -> Rules.requireSizes(arguments, sorter, sequence.shape().sizes(),
                () -> "the sorter %s must have the sizes of the sequence %s".formatted(sorter.type(), sequence.type())));
        return Rules.result(indexType(arguments), values.shape());
    }

    /** For the compiler: whether values go after what equals them, by either of two arguments. */
    public static boolean isRight(Arguments arguments) {
        boolean named = arguments.schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("side"))
                && arguments.isPresent("side");
        if (!named) {
            return arguments.flag("right");
        }
        String side = arguments.text("side");
        if (!side.equals("left") && !side.equals("right") || side.equals("left") && arguments.flag("right")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "side must be \"left\" or \"right\" and agree with right, not be \"%s\"".formatted(side));
        }
        return side.equals("right");
    }

    private static List<TensorType> embedding(Arguments arguments) {
        Rules.requireRank(arguments, "weight", 2, "[rows, width]");
        Rules.accept(arguments, "indices", Accepts.INTEGERS);
        Tensor weight = arguments.tensor("weight");
        List<Size> sizes = Rules.sizes(arguments.tensor("indices"));
        sizes.add(weight.size(1));
        return Rules.result(weight.dtype(), sizes);
    }
}
