package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Size;
import java.util.List;

/** Reading at places that are themselves tensors. */
public final class IndexingOperators {

    /** Row {@code indices[...]} of the weight: {@code [n, d], i64[...] -> [..., d]}; an index outside 0 to n-1 is an error. */
    public static final Operator EMBEDDING = Operator.define(
            "aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, "
                    + "bool sparse=False) -> Tensor",
            IndexingOperators::embedding);

    private IndexingOperators() {
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
