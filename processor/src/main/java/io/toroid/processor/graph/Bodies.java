package io.toroid.processor.graph;

import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Body;
import io.toroid.op.Call;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The graphs within a graph: what its branches and loops run. */
public final class Bodies {

    private Bodies() {
    }

    /** The bodies of a call, by their parameters. */
    public static SequencedMap<String, Body> of(Call call) {
        SequencedMap<String, Body> bodies = new LinkedHashMap<>();
        Arguments arguments = call.arguments();
        for (int i = 0; i < arguments.values().size(); i++) {
            if (arguments.values().get(i) instanceof Argument.OfBody(Body body)) {
                bodies.put(arguments.schema().parameters().get(i).name(), body);
            }
        }
        return bodies;
    }

    /** A body as a graph of its own. */
    public static Graph graph(String name, Body body) {
        return new Graph(name, body.inputs(), body.outputs(), body.sizes(), new LinkedHashMap<>());
    }

    /** The graph itself, and the bodies of its calls at any depth. */
    public static List<Graph> all(Graph graph) {
        List<Graph> all = new ArrayList<>(List.of(graph));
        for (Call call : graph.calls()) {
            of(call).forEach((name, body) -> all.addAll(all(graph(name, body))));
        }
        return all;
    }

    /** The graph with all bodies of its calls changed, at any depth; the change keeps inputs and types. */
    public static Graph map(Graph graph, UnaryOperator<Graph> change) {
        if (graph.calls().stream().allMatch(call -> of(call).isEmpty())) {
            return graph;
        }
        Set<Body> changed = Collections.newSetFromMap(new IdentityHashMap<>());
        return graph.rewrite(call -> {
            SequencedMap<String, Body> bodies = of(call);
            if (bodies.isEmpty() || bodies.values().stream().allMatch(changed::contains)) {
                return Optional.empty();
            }
            List<Argument> values = new ArrayList<>();
            for (Argument value : call.arguments().values()) {
                if (value instanceof Argument.OfBody(Body body)) {
                    Body made = map(body, change);
                    changed.add(made);
                    values.add(new Argument.OfBody(made));
                } else {
                    values.add(value);
                }
            }
            return Optional.of(call.operator().apply(new Arguments(call.arguments().schema(), values), call.source()));
        });
    }

    private static Body map(Body body, UnaryOperator<Graph> change) {
        Graph changed = change.apply(map(graph("body", body), change));
        return new Body(changed.inputs(), changed.outputs(), changed.sizes());
    }
}
