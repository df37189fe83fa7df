package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.FULL;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.TensorType;
import io.toroid.processor.graph.Graph;
import io.toroid.shape.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Removes what does nothing, merges what follows itself, and computes nothing where there are no elements. Every rule is exact, to the bit and for NaN, infinities and
 * signed zeros: {@code x + 0} stays, because {@code -0 + 0} is {@code 0}.
 *
 * <p>It needs core operators in their canonical forms, and stands behind {@link FoldConstants}, whose single values become
 * plain numbers here.
 */
public final class SimplifyGraph implements Pass {

    /** A simpler tensor for the only result of a call, or nothing. */
    interface Rule extends Function<Call, Optional<Tensor>> {
    }

    private static final Map<Operator, Rule> RULES = rules();

    private static Map<Operator, Rule> rules() {
        Map<Operator, Rule> rules = new HashMap<>();
        rules.putAll(ViewSimplifications.RULES);
        rules.putAll(PointwiseSimplifications.RULES);
        return Map.copyOf(rules);
    }

    @Override
    public Graph apply(Graph graph) {
        return graph.rewrite(SimplifyGraph::simplify);
    }

    private static Optional<List<Tensor>> simplify(Call call) {
        if (call.operator() != FULL && call.types().stream().allMatch(type -> type.shape().numel().equals(Size.ZERO))) {
            return Optional.of(call.types().stream().map(SimplifyGraph::empty).toList());
        }
        return Optional.ofNullable(RULES.get(call.operator()))
                .flatMap(rule -> rule.apply(call))
                .filter(simpler -> simpler.type().equals(call.types().getFirst()))
                .map(List::of);
    }

    /** Without elements any value will do. Indices into them would be divided by their sizes. */
    private static Tensor empty(TensorType type) {
        return FULL.call(type.shape().sizes(), 0, type.dtype());
    }
}
