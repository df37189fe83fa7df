package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.op.CustomOperator;
import io.toroid.processor.graph.CustomOperators;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphText;
import io.toroid.processor.graph.GraphVerifier;
import io.toroid.processor.graph.pass.CoreOperators;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.LoopText;
import io.toroid.processor.loop.verify.LoopVerifier;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.processor.schedule.Schedule;
import io.toroid.processor.schedule.ScheduleVerifier;

/** Verifies each level of a compile, and that its text form reads back. */
public final class VerifyingObserver implements Observer {

    @Override
    public void graph(String stage, Graph graph) {
        said(stage, () -> {
            if (stage.equals("SplitConstants")) {
                GraphVerifier.verify(graph, CoreOperators::contains);
            } else {
                GraphVerifier.verify(graph);
            }
            assertEquals(graph.toString(), GraphText.parse(graph.toString(), CustomOperators.in(graph).stream().map(CustomOperator::operator).toList()).toString());
        });
    }

    @Override
    public void loops(String stage, LoopProgram program) {
        said(stage, () -> {
            if (stage.equals("InnerPrograms")) {
                LoopVerifier.verifyAllFinal(program);
            } else if (stage.equals("FuseEpilogues")) {
                LoopVerifier.verifyFinal(program);
            } else {
                LoopVerifier.verify(program);
            }
            String text = LoopText.print(program);
            assertEquals(text, LoopText.parse(text).toString());
        });
    }

    @Override
    public void schedule(LoopProgram program, Schedule schedule, MemoryPlan plan) {
        said("GroupLoops", () -> ScheduleVerifier.verify(program, schedule, plan));
    }

    private static void said(String stage, Runnable check) {
        try {
            check.run();
        } catch (RuntimeException | AssertionError problem) {
            throw new AssertionError("after " + stage + ": " + problem.getMessage(), problem);
        }
    }
}
