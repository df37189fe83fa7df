package io.toroid.processor.graph.pass;

import io.toroid.processor.graph.Graph;

/** One named rewrite of a graph. It changes no tensor; what it does not touch stays the same objects. */
public interface Pass {

    Graph apply(Graph graph);

    /** For reports and verifiers. */
    default String name() {
        return getClass().getSimpleName();
    }
}
