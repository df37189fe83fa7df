package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Parameter;
import io.toroid.op.UpdateOperators;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An entry as a function without effects: the states that it reads or writes are further inputs, and what its updates write are
 * further outputs. So no level after this one knows of states; only the wrapper and the memory plan know that such an output
 * goes where an input came from.
 *
 * @param states names of the model's states that are the last inputs
 * @param targets of the last outputs: the input whose memory each goes into
 */
public record EntryGraph(Graph graph, List<String> states, List<Integer> targets) {

    public EntryGraph {
        states = List.copyOf(states);
        targets = List.copyOf(targets);
    }

    /** The graph of a traced entry. */
    public static EntryGraph of(TracedEntry entry, TracedModel model) {
        SequencedMap<Tensor, Tensor> updates = entry.updates();
        List<Tensor> roots = new ArrayList<>(entry.outputs());
        roots.addAll(updates.values());
        List<Tensor> all = new ArrayList<>(roots);
        all.addAll(updates.keySet());
        List<Tensor> inputs = new ArrayList<>(entry.inputs());
        Map<Tensor, Tensor> placeholders = new HashMap<>();
        List<String> states = new ArrayList<>();
        List<Tensor> leaves = new Graph(entry.name(), inputs, all, new LinkedHashMap<>()).leaves();
        model.states().forEach((name, state) -> {
            Tensor leaf = Tensor.leaf(state);
            if (leaves.contains(leaf)) {
                placeholders.put(leaf, Tensor.placeholder(name, state.type()));
                inputs.add(placeholders.get(leaf));
                states.add(name);
            }
        });
        SequencedMap<String, Parameter> constants = new LinkedHashMap<>(model.parameters());
        constants.values().removeIf(parameter -> parameter.kind() == Parameter.Kind.STATE);
        Graph graph = new Graph(entry.name(), inputs, roots, constants).substitute(placeholders).rewrite(EntryGraph::withoutUpdate);
        List<Integer> targets = updates.keySet().stream()
                .map(target -> inputs.indexOf(placeholders.getOrDefault(target, target))).toList();
        return new EntryGraph(graph, states, targets);
    }

    private static Optional<List<Tensor>> withoutUpdate(Call call) {
        return call.operator() == UpdateOperators.UPDATING ? Optional.of(List.of(call.arguments().tensor("self"))) : Optional.empty();
    }
}
