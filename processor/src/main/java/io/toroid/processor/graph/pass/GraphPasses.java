package io.toroid.processor.graph.pass;

import io.toroid.processor.graph.Bodies;
import io.toroid.processor.graph.Graph;
import java.util.List;
import java.util.function.BiConsumer;

/** The graph level as data: its passes, in order. {@link SplitConstants} follows, over all entries at once. */
public final class GraphPasses {

    /**
     * What is computed in f32 says so before anything else looks at it. Batch norm is folded while it still is one node; decomposing makes constants to fold and views to merge; projections
     * are merged while they still stand before views that clean-ups would change;
     * clean-ups make equal expressions equal, so common ones are shared last.
     */
    public static final List<Pass> ALL = List.of(
            new ComputeInFloat(),
            new FoldBatchNorm(),
            new Decompose(),
            new MergeProjections(),
            new FoldConstants(),
            new SimplifyGraph(),
            new EliminateCommonSubexpressions());

    private GraphPasses() {
    }

    /** Runs all passes. */
    public static Graph run(Graph graph) {
        return run(graph, (_, _) -> { });
    }

    /** Runs all passes; {@code seen} gets what each has made. */
    public static Graph run(Graph graph, BiConsumer<Pass, Graph> seen) {
        Graph current = graph;
        for (Pass pass : ALL) {
            current = pass.apply(Bodies.map(current, pass::apply));
            seen.accept(pass, current);
        }
        return current;
    }
}
