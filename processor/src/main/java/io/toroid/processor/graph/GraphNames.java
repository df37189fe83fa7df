package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Origin;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Names of a graph's values, for people: inputs and parameters have their own, constants and calls are numbered by
 * kind, as in {@code constant_0} and {@code addmm_3}; the second result of a call is {@code var_mean_0#1}.
 */
public final class GraphNames {

    private final Map<Origin, String> names = new IdentityHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> counters = new HashMap<>();

    private GraphNames() {
    }

    static GraphNames of(Graph graph) {
        GraphNames names = new GraphNames();
        graph.inputs().forEach(input -> names.claim(input.origin(), nameOfInput(input)));
        graph.parameters().forEach((name, parameter) -> names.claim(parameter, name));
        for (Tensor leaf : graph.leaves()) {
            switch (leaf.origin()) {
                case Constant constant -> names.number(constant, "constant");
                case Parameter parameter -> names.number(parameter, "unnamed_parameter");
                case Placeholder placeholder -> names.number(placeholder, "foreign_" + placeholder.name());
                case Call _ -> { }
            }
        }
        graph.calls().forEach(call -> names.number(call, call.operator().schema().name()));
        return names;
    }

    /** {@code addmm_3}, without a sign in front. */
    public String of(Origin origin) {
        String name = names.get(origin);
        if (name == null) {
            throw new IllegalArgumentException("not a value of this graph: " + origin);
        }
        return name;
    }

    /** The name of its origin, and which result it is if there are several. */
    public String of(Tensor tensor) {
        String name = of(tensor.origin());
        return tensor.origin() instanceof Call call && call.types().size() > 1 ? name + "#" + tensor.index() : name;
    }

    private static String nameOfInput(Tensor input) {
        return input.origin() instanceof Placeholder placeholder ? placeholder.name() : "input";
    }

    private void claim(Origin origin, String wanted) {
        if (taken.add(wanted)) {
            names.put(origin, wanted);
        } else {
            number(origin, wanted);
        }
    }

    private void number(Origin origin, String kind) {
        if (names.containsKey(origin)) {
            return;
        }
        String name;
        do {
            name = kind + "_" + (counters.merge(kind, 1, Integer::sum) - 1);
        } while (!taken.add(name));
        names.put(origin, name);
    }
}
