package io.toroid.processor.graph.pass;

import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Constant;
import io.toroid.op.Operator;
import io.toroid.op.TensorData;
import io.toroid.processor.graph.Graph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes equal expressions once: calls of one operator on equal arguments are one call, at the line of the first;
 * constants with equal values are one constant. Every operator is a function of its arguments, so nothing else is to
 * be looked at.
 *
 * <p>It needs any valid graph. It stands last, because the passes before it make expressions equal.
 */
public final class EliminateCommonSubexpressions implements Pass {

    private record Expression(Operator operator, List<Argument> arguments) {
    }

    @Override
    public Graph apply(Graph graph) {
        Map<Expression, List<Tensor>> known = new HashMap<>();
        return graph.substitute(equalConstants(graph)).rewrite(call ->
                Optional.ofNullable(known.putIfAbsent(new Expression(call.operator(), call.arguments().values()), call.results())));
    }

    private static Map<Tensor, Tensor> equalConstants(Graph graph) {
        Map<TensorData, Tensor> first = new HashMap<>();
        Map<Tensor, Tensor> replacements = new HashMap<>();
        for (Constant constant : graph.constants()) {
            Tensor tensor = Tensor.leaf(constant);
            Tensor same = first.putIfAbsent(constant.data(), tensor);
            if (same != null) {
                replacements.put(tensor, same);
            }
        }
        return replacements;
    }
}
