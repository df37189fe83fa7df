package io.toroid.processor.graph.pass;

import io.toroid.processor.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;

/** Leaves the graph as it is until its rules stand. */
public final class SplitConstants {

    public SplitGraphs apply(List<Graph> entries) {
        Graph first = entries.getFirst();
        Graph constants = new Graph("constants", List.of(), List.of(), first.parameters());
        return new SplitGraphs(entries, constants, new LinkedHashMap<>());
    }
}
