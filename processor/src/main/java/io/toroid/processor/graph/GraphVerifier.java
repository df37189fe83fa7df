package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Operator;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What holds for every graph: each call has the types that its operator's rule gives, each input is one placeholder,
 * and the leaves are the graph's own inputs, its own parameters, or constants. Run after every pass in tests.
 */
public final class GraphVerifier {

    private final Graph graph;
    private final Predicate<Operator> allowed;
    private final GraphNames names;
    private final List<String> problems = new ArrayList<>();

    private GraphVerifier(Graph graph, Predicate<Operator> allowed) {
        this.graph = graph;
        this.allowed = allowed;
        this.names = graph.names();
    }

    /** @throws IllegalStateException listing everything that is wrong */
    public static void verify(Graph graph) {
        verify(graph, _ -> true);
    }

    /** As above, and each operator is of a certain set: {@code CoreOperators::contains} after {@code Decompose}. */
    public static void verify(Graph graph, Predicate<Operator> allowed) {
        List<String> problems = new GraphVerifier(graph, allowed).check();
        if (!problems.isEmpty()) {
            throw new IllegalStateException("graph %s is malformed:%n%s%n%s"
                    .formatted(graph.name(), String.join(System.lineSeparator(), problems), GraphText.summary(graph)));
        }
    }

    private List<String> check() {
        checkInputs();
        checkLeaves();
        graph.calls().forEach(this::checkCall);
        return problems;
    }

    private void checkInputs() {
        Set<Tensor> seen = new HashSet<>();
        for (Tensor input : graph.inputs()) {
            if (!(input.origin() instanceof Placeholder)) {
                problems.add("input %s is no placeholder".formatted(input.origin()));
            }
            if (!seen.add(input)) {
                problems.add("input %s stands twice".formatted(input.origin()));
            }
        }
    }

    private void checkLeaves() {
        Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(graph.parameters().values());
        Set<Tensor> inputs = Set.copyOf(new HashSet<>(graph.inputs()));
        for (Tensor leaf : graph.leaves()) {
            if (leaf.evaluator().isPresent()) {
                problems.add("%s holds values of an evaluator".formatted(names.of(leaf)));
            }
            switch (leaf.origin()) {
                case Placeholder _ when !inputs.contains(leaf) ->
                    problems.add("%s is a placeholder, but no input of this graph".formatted(names.of(leaf)));
                case Parameter parameter when !known.contains(parameter) ->
                    problems.add("%s is a parameter without a name".formatted(names.of(leaf)));
                case Placeholder _, Parameter _, Constant _, Call _ -> { }
            }
        }
    }

    private void checkCall(Call call) {
        if (!allowed.test(call.operator())) {
            problems.add("%s: %s does not belong at this level".formatted(names.of(call), call));
        }
        List<TensorType> types = call.operator().apply(call.arguments(), call.source()).stream().map(Tensor::type).toList();
        Bodies.of(call).forEach((name, body) -> new GraphVerifier(Bodies.graph(name, body), allowed).check().forEach(
                problem -> problems.add("%s, %s: %s".formatted(names.of(call), name, problem))));
        if (!types.equals(call.types())) {
            problems.add("%s: %s has the types %s, but its rule gives %s".formatted(names.of(call), call, call.types(), types));
        }
    }
}
