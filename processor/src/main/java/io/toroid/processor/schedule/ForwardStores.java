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
 * Where several loops fill a buffer part by part, or an extern function, a branch or a loop fills it, and it is copied, they fill
 * the copy instead: a concatenation goes straight to where it is wanted. Inlining cannot do it, since no single expression is to
 * be put in the copy's place.
 *
 * <p>Others that read the buffer then read the copy, if that is an output: its layout is no worse.
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
                    && !copies.containsKey(source)
                    && !program.borders().contains(source)
                    && source.type().equals(target.type())
                    && (readers.get(source).size() == 1 || target.kind() == Buffer.Kind.OUTPUT && isFilledAtOnce(writers.get(source)))
                    && writers.get(target).size() == 1
                    && target.layout().isContiguous()
                    && writers.getOrDefault(source, List.of()).stream().allMatch(writer -> canStoreElsewhere(writer, target))) {
                copies.put(source, target);
            }
        }
        Map<Buffer, Buffer> ends = new IdentityHashMap<>();
        copies.keySet().forEach(source -> ends.put(source, end(source, copies)));
        RenameBuffers forward = new RenameBuffers(ends);
        return program.withLoops(program.loops().stream().filter(loop -> !isForwarded(loop, copies)).map(forward::in).toList());
    }

    /** By something that is not inlined and does not become part of a template. */
    private static boolean isFilledAtOnce(List<Loop> writers) {
        return writers.size() == 1 && switch (writers.getFirst()) {
            case Loop.Extern _, Loop.Branch _, Loop.Repeat _ -> true;
            case Loop.Pointwise _, Loop.Reduction _, Loop.Template _, Loop.ReadSize _, Loop.Pack _ -> false;
        };
    }

    /** What a branch or loop gives is no place for an update, whose memory is only known around it. */
    private static boolean canStoreElsewhere(Loop loop, Buffer target) {
        return switch (loop) {
            case Loop.Pointwise _, Loop.Extern _ -> true;
            case Loop.Branch _, Loop.Repeat _ -> target.target().isEmpty();
            case Loop.Reduction _, Loop.Template _, Loop.ReadSize _, Loop.Pack _ -> false;
        };
    }

    /** A copy that is not needed any more. */
    private static boolean isForwarded(Loop loop, Map<Buffer, Buffer> copies) {
        return loop instanceof Loop.Pointwise(_, Loop.Store(Buffer target, _, Scalar.Load(Buffer source, _)), _)
                && copies.get(source) == target;
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
