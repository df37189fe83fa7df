package io.toroid.processor.graph.pass;

import static io.toroid.op.AttentionOperators.SCALED_DOT_PRODUCT_ATTENTION;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Attention;
import io.toroid.op.AttentionOperators;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings attention into the one form that has a kernel: operands {@code [batch, heads, tokens, width]}, a mask of as
 * many dimensions that is added to the scores, and a scale that is given.
 */
final class AttentionDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            SCALED_DOT_PRODUCT_ATTENTION, call -> isCanonical(call.arguments()) ? call.results() : List.of(attention(call)));

    private static final int RANK = 4;

    private AttentionDecompositions() {
    }

    private static boolean isCanonical(Arguments arguments) {
        return arguments.tensor("query").dim() == RANK
                && arguments.isPresent("scale")
                && arguments.optionalTensor("attn_mask").filter(mask -> mask.dim() != RANK || mask.dtype() == DType.BOOL).isEmpty();
    }

    private static Tensor attention(Call call) {
        Arguments arguments = call.arguments();
        Shape result = call.types().getFirst().shape();
        Attention options = options(arguments);
        Tensor attended = AttentionOperators.attention(
                heads(arguments.tensor("query")), heads(arguments.tensor("key")), heads(arguments.tensor("value")), options);
        return result.rank() == RANK ? attended : attended.view(result);
    }

    private static Attention options(Arguments arguments) {
        Attention options = Attention.DEFAULT.scale(AttentionOperators.scale(arguments));
        if (arguments.flag("is_causal")) {
            return options.causal(true);
        }
        Optional<Tensor> mask = arguments.optionalTensor("attn_mask");
        return mask.isEmpty() ? options : options.mask(added(mask.get(), arguments.tensor("query")));
    }

    /** {@code [..., tokens, width]} with two outer dimensions. */
    private static Tensor heads(Tensor operand) {
        return operand.dim() == RANK ? operand : operand.view(outer(operand.shape()));
    }

    /** Outer dimensions beyond two become one; missing ones are 1. */
    private static Shape outer(Shape shape) {
        List<Size> sizes = new ArrayList<>(shape.sizes());
        while (sizes.size() > RANK) {
            sizes.set(1, sizes.get(0).times(sizes.get(1)));
            sizes.removeFirst();
        }
        sizes.addAll(0, Collections.nCopies(RANK - sizes.size(), Size.ONE));
        return new Shape(sizes);
    }

    private static Tensor added(Tensor mask, Tensor query) {
        Tensor seen = Tensor.full(query.dtype(), 0, Shape.SCALAR);
        Tensor scores = mask.dtype() == DType.BOOL ? Tensor.where(mask, seen, Double.NEGATIVE_INFINITY) : mask;
        if (query.dim() <= RANK) {
            return heads(scores);
        }
        List<Size> sizes = new ArrayList<>(query.shape().sizes().subList(0, query.dim() - 2));
        sizes.add(scores.dim() < 2 ? Size.ONE : scores.size(-2));
        sizes.add(scores.dim() < 1 ? Size.ONE : scores.size(-1));
        return heads(scores.expand(new Shape(sizes)));
    }
}
