package io.toroid.processor.graph.pass;

import static io.toroid.op.AttentionOperators.SCALED_DOT_PRODUCT_ATTENTION;
import static io.toroid.op.ReductionOperators.AMAX;
import static io.toroid.op.ReductionOperators.SUM_DIM;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.AttentionOperators;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

/**
 * Attention as two batched products around a softmax. It needs memory for all scores, which a kernel of its own does
 * not, and works for every size.
 */
final class AttentionDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            SCALED_DOT_PRODUCT_ATTENTION, call -> List.of(attention(call)));

    private AttentionDecompositions() {
    }

    /** The division by the sums comes last, where there are fewer elements as a rule. */
    private static Tensor attention(Call call) {
        Arguments arguments = call.arguments();
        Tensor value = arguments.tensor("value");
        Shape shape = call.types().getFirst().shape();
        Tensor scores = scores(arguments);
        if (scores.size(-1).equals(Size.ZERO)) {
            return Tensor.full(value.dtype(), 0, shape);
        }
        List<Integer> keys = List.of(scores.dim() - 1);
        Tensor maximum = AMAX.call(scores, keys, /* keepdim= */ true);
        Tensor blind = maximum.eq(Double.NEGATIVE_INFINITY);
        Tensor weights = scores.sub(Tensor.where(blind, 0, maximum)).exp();
        Tensor sums = SUM_DIM.call(weights, keys, /* keepdim= */ true);
        return weights.matmul(value).div(Tensor.where(blind, 1, sums));
    }

    private static Tensor scores(Arguments arguments) {
        Tensor query = arguments.tensor("query");
        Tensor scores = query.mul(AttentionOperators.scale(arguments)).matmul(arguments.tensor("key").transpose(-2, -1));
        if (arguments.flag("is_causal")) {
            Tensor queryPositions = Tensor.arange(query.size(-2)).unsqueeze(1);
            Tensor keyPositions = Tensor.arange(scores.size(-1)).unsqueeze(0);
            return seen(scores, keyPositions.le(queryPositions));
        }
        return arguments.optionalTensor("attn_mask")
                .map(mask -> mask.dtype() == DType.BOOL ? seen(scores, mask) : scores.add(mask))
                .orElse(scores);
    }

    private static Tensor seen(Tensor scores, Tensor mask) {
        return Tensor.where(mask, scores, Double.NEGATIVE_INFINITY);
    }
}
