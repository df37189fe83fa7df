package io.toroid.processor;

import io.toroid.processor.graph.Graph;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.processor.schedule.Schedule;

/**
 * Sees each level of a compile as soon as it is made: tests verify it, documentation shows it. Buffers may get other
 * layouts later, so what is to be kept is kept as text.
 */
public interface Observer {

    /** Looks at nothing. */
    Observer NONE = new Observer() {
    };

    /** A graph as it was traced ({@code Trace}), or as a pass of that name made it. */
    default void graph(String stage, Graph graph) {
    }

    /** Loops as they were lowered ({@code Lower}), or as a stage of that name made them. */
    default void loops(String stage, LoopProgram program) {
    }

    /** The kernels of a program, and where its intermediates lie. */
    default void schedule(LoopProgram program, Schedule schedule, MemoryPlan plan) {
    }
}
