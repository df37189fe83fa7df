package io.toroid.processor;

import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.schedule.AssignLayouts;
import io.toroid.processor.schedule.FuseEpilogues;
import io.toroid.processor.schedule.InlineLoops;
import io.toroid.processor.schedule.PackOperands;
import io.toroid.processor.schedule.ResolveOperands;
import java.util.List;
import java.util.function.UnaryOperator;

/** The loop level as data: its stages, in order. */
final class LoopStages {

    private LoopStages() {
    }

    /**
     * Inlining leaves only loops that compute; layouts must be final before operands can be resolved to strides, and
     * operands resolved before it is known what has to be packed. Epilogues come last: they need the templates as they
     * will be called.
     */
    static List<UnaryOperator<LoopProgram>> all(PackOperands pack) {
        return List.of(
                InlineLoops::run,
                AssignLayouts::run,
                ResolveOperands::run,
                pack::run,
                FuseEpilogues::run);
    }

    static LoopProgram run(LoopProgram program, PackOperands pack) {
        LoopProgram current = program;
        for (UnaryOperator<LoopProgram> stage : all(pack)) {
            current = stage.apply(current);
        }
        return current;
    }
}
