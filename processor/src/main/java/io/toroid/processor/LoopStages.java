package io.toroid.processor;

import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.schedule.AssignLayouts;
import io.toroid.processor.schedule.ForwardStores;
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
     * Inlining leaves only loops that compute, and copies of what several loops fill, which go next; layouts must be final before operands can be resolved to strides, and
     * operands resolved before it is known what has to be packed. Epilogues come last: they need the templates as they
     * will be called.
     */
    static List<Stage> all(PackOperands pack) {
        return List.of(
                new Stage("InlineLoops", InlineLoops::run),
                new Stage("ForwardStores", ForwardStores::run),
                new Stage("AssignLayouts", AssignLayouts::run),
                new Stage("ResolveOperands", ResolveOperands::run),
                new Stage("PackOperands", pack::run),
                new Stage("FuseEpilogues", FuseEpilogues::run));
    }

    /** A stage and the name of its class. */
    record Stage(String name, UnaryOperator<LoopProgram> change) {
    }

    static LoopProgram run(LoopProgram program, PackOperands pack, Observer observer) {
        observer.loops("Lower", program);
        LoopProgram current = program;
        for (Stage stage : all(pack)) {
            current = stage.change().apply(current);
            observer.loops(stage.name(), current);
        }
        if (current.loops().stream().allMatch(loop -> loop.programs().isEmpty())) {
            return current;
        }
        LoopProgram whole = current.withLoops(current.loops().stream().map(loop -> inner(loop, pack)).toList());
        observer.loops("InnerPrograms", whole);
        return whole;
    }

    /** What a branch or loop runs goes through the stages when the program around it is settled. */
    private static Loop inner(Loop loop, PackOperands pack) {
        return switch (loop) {
            case Loop.Branch branch -> new Loop.Branch(branch.predicate(), inner(branch.ifTrue(), pack),
                    inner(branch.ifFalse(), pack), branch.origins());
            case Loop.Repeat repeat -> new Loop.Repeat(repeat.start(), inner(repeat.condition(), pack),
                    inner(repeat.body(), pack), repeat.origins());
            case Loop.Pointwise _, Loop.Reduction _, Loop.Template _, Loop.Extern _, Loop.ReadSize _, Loop.Pack _ -> loop;
        };
    }

    private static LoopProgram inner(LoopProgram program, PackOperands pack) {
        return run(program, pack, Observer.NONE);
    }
}
