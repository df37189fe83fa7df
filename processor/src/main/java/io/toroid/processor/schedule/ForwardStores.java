package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.Scalar;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where several loops fill a buffer part by part, and all that happens to it is to be copied, they fill the copy instead:
 * a concatenation goes straight to where it is wanted. Inlining cannot do it, since no single loop is to be put in the
 * copy's place.
 */
public final class ForwardStores {

    private ForwardStores() {
    }

    /** Forwards all stores that can be. */
    public static LoopProgram run(LoopProgram program) {
        Map<Buffer, List<Loop>> writers = program.writers();
        Map<Buffer, List<Loop>> readers = program.readers();
        Map<Buffer, Buffer> copies = new IdentityHashMap<>();
        for (Loop loop : program.loops()) {
            if (loop instanceof Loop.Pointwise(_, Loop.Store(Buffer target, var indices, Scalar.Load(Buffer source, var read)), _)
                    && indices.equals(read)
                    && source.kind() == Buffer.Kind.INTERMEDIATE
                    && source.type().equals(target.type())
                    && readers.get(source).size() == 1
                    && writers.get(target).size() == 1
                    && writers.getOrDefault(source, List.of()).stream().allMatch(Loop.Pointwise.class::isInstance)) {
                copies.put(source, target);
            }
        }
        List<Loop> loops = new ArrayList<>();
        for (Loop loop : program.loops()) {
            if (loop instanceof Loop.Pointwise(var variables, Loop.Store(Buffer target, var indices, Scalar value), var origins)) {
                if (copies.containsKey(target)) {
                    loops.add(new Loop.Pointwise(variables, new Loop.Store(end(target, copies), indices, value), origins));
                } else if (!(value instanceof Scalar.Load load) || copies.get(load.buffer()) != target) {
                    loops.add(loop);
                }
            } else {
                loops.add(loop);
            }
        }
        return program.withLoops(loops);
    }

    /** A copy may be copied again. */
    private static Buffer end(Buffer source, Map<Buffer, Buffer> copies) {
        Buffer end = source;
        while (copies.containsKey(end)) {
            end = copies.get(end);
        }
        return end;
    }
}
