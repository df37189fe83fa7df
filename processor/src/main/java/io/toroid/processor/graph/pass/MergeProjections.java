package io.toroid.processor.graph.pass;

import static io.toroid.op.AttentionOperators.SCALED_DOT_PRODUCT_ATTENTION;
import static io.toroid.op.MatrixOperators.LINEAR;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.processor.graph.Graph;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Makes one product of the linear layers that project one tensor to queries, keys and values: their weights stand side
 * by side in one, and attention reads its part of each row. The input is then read once, and one larger product splits
 * better among threads than three small ones.
 *
 * <p>It happens if the weights depend on no input, and if nothing but attention sees the projections, through views: what
 * else might use them could have become an epilogue. It needs views in their core form. Results stay the same bits.
 */
public final class MergeProjections implements Pass {

    @Override
    public Graph apply(Graph graph) {
        Set<Tensor> dynamic = graph.dynamicTensors();
        Set<Tensor> exposed = exposed(graph);
        SequencedMap<Source, SequencedSet<Call>> projections = new LinkedHashMap<>();
        for (Call call : graph.calls()) {
            if (call.operator() == SCALED_DOT_PRODUCT_ATTENTION) {
                for (String operand : List.of("query", "key", "value")) {
                    projection(call.arguments().tensor(operand)).filter(linear -> merges(linear, dynamic, exposed)).ifPresent(
                            linear -> projections.computeIfAbsent(Source.of(linear), _ -> new LinkedHashSet<>()).add(linear));
                }
            }
        }
        Map<Tensor, Tensor> replacements = new HashMap<>();
        projections.values().stream().filter(linears -> linears.size() > 1)
                .forEach(linears -> merge(List.copyOf(linears), replacements));
        return graph.substitute(replacements);
    }

    /** What layers must have in common. */
    private record Source(Tensor input, DType weight) {
        static Source of(Call linear) {
            return new Source(linear.arguments().tensor("input"), linear.arguments().tensor("weight").dtype());
        }
    }

    /** The linear layer of which the operand is a view. */
    private static Optional<Call> projection(Tensor operand) {
        Tensor tensor = operand;
        while (tensor.origin() instanceof Call call && CoreOperators.isView(call)) {
            tensor = call.arguments().operands().getFirst();
        }
        return tensor.origin() instanceof Call call && call.operator() == LINEAR ? Optional.of(call) : Optional.empty();
    }

    private static boolean merges(Call linear, Set<Tensor> dynamic, Set<Tensor> exposed) {
        Arguments arguments = linear.arguments();
        return arguments.operands().stream().skip(1).noneMatch(dynamic::contains)
                && arguments.tensor("weight").size(0).isConstant()
                && !exposed.contains(linear.results().getFirst());
    }

    /** What something other than attention sees, through views or not. */
    private static Set<Tensor> exposed(Graph graph) {
        Set<Tensor> exposed = new HashSet<>(graph.outputs());
        for (Call call : graph.calls().reversed()) {
            boolean hides = call.operator() == SCALED_DOT_PRODUCT_ATTENTION
                    || CoreOperators.isView(call) && !exposed.contains(call.results().getFirst());
            if (!hides) {
                exposed.addAll(call.arguments().operands());
            }
        }
        return exposed;
    }

    private static void merge(List<Call> linears, Map<Tensor, Tensor> replacements) {
        Arguments first = linears.getFirst().arguments();
        List<Tensor> weights = linears.stream().map(linear -> linear.arguments().tensor("weight")).toList();
        Tensor weight = Tensor.cat(0, weights);
        boolean hasBias = linears.stream().anyMatch(linear -> linear.arguments().optionalTensor("bias").isPresent());
        Tensor input = first.tensor("input");
        Tensor merged = hasBias ? input.linear(weight, Tensor.cat(0, biases(linears))) : input.linear(weight);
        Size from = Size.ZERO;
        for (Call linear : linears) {
            Tensor result = linear.results().getFirst();
            Size to = from.plus(result.size(-1));
            replacements.put(result, merged.slice(result.dim() - 1, from, to));
            from = to;
        }
    }

    private static List<Tensor> biases(List<Call> linears) {
        List<Tensor> biases = new ArrayList<>();
        for (Call linear : linears) {
            Tensor weight = linear.arguments().tensor("weight");
            biases.add(linear.arguments().optionalTensor("bias")
                    .orElseGet(() -> Tensor.zeros(weight.dtype(), weight.size(0).constant())));
        }
        return biases;
    }
}
