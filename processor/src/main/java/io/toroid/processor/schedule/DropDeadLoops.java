package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Drops loops whose results nobody reads; sizes that nobody uses are no longer in the graph. */
final class DropDeadLoops {

    private DropDeadLoops() {
    }

    static LoopProgram run(LoopProgram program) {
        Set<Buffer> wanted = new HashSet<>(program.outputs());
        List<Loop> kept = new ArrayList<>();
        for (Loop loop : program.loops().reversed()) {
            if (loop instanceof Loop.ReadSize || loop.outputs().stream().anyMatch(wanted::contains)) {
                kept.add(loop);
                wanted.addAll(loop.inputs());
            }
        }
        return program.withLoops(kept.reversed());
    }
}
