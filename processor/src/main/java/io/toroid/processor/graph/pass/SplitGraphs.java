package io.toroid.processor.graph.pass;

import io.toroid.op.Parameter;
import io.toroid.processor.graph.Graph;
import java.util.List;
import java.util.SequencedMap;

/**
 * The entries of a model, and beside them what is computed once.
 *
 * @param entries the graphs in order; folded tensors are leaves there, parameters with names such as {@code _folded.hidden.weight}
 * @param constants has no inputs; its outputs are the folded tensors, in the order of {@code folded}
 * @param folded the new parameters by name; entries that fold the same expression share one
 */
public record SplitGraphs(List<Graph> entries, Graph constants, SequencedMap<String, Parameter> folded) {

    public SplitGraphs {
        entries = List.copyOf(entries);
    }
}
