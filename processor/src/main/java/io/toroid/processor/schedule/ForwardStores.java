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
 * Where several loops fill a buffer part by part, or an extern function fills it, and all that happens to it is to be
 * copied, they fill the copy instead: a concatenation goes straight to where it is wanted. Inlining cannot do it, since no
 * single expression is to be put in the copy's place.
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
                    && !program.borders().contains(source)
                    && source.type().equals(target.type())
                    && readers.get(source).size() == 1
                    && writers.get(target).size() == 1
                    && target.layout().isContiguous()
                    && writers.getOrDefault(source, List.of()).stream().allMatch(ForwardStores::canStoreElsewhere)) {
                copies.put(source, target);
            }
        }
        List<Loop> loops = new ArrayList<>();
        for (Loop loop : program.loops()) {
            if (!isForwarded(loop, copies)) {
                loops.add(elsewhere(loop, copies));
            }
        }
        return program.withLoops(loops);
    }

    private static boolean canStoreElsewhere(Loop loop) {
        return switch (loop) {
            case Loop.Pointwise _, Loop.Extern _ -> true;
            case Loop.Reduction _, Loop.Template _, Loop.Branch _, Loop.Repeat _, Loop.Pack _ -> false;
        };
    }

    /** A copy that is not needed any more. */
    private static boolean isForwarded(Loop loop, Map<Buffer, Buffer> copies) {
        return loop instanceof Loop.Pointwise(_, Loop.Store(Buffer target, _, Scalar.Load(Buffer source, _)), _)
                && copies.get(source) == target;
    }

    private static Loop elsewhere(Loop loop, Map<Buffer, Buffer> copies) {
        return switch (loop) {
            case Loop.Pointwise(var variables, Loop.Store(Buffer target, var indices, Scalar value), var origins) ->
                new Loop.Pointwise(variables, new Loop.Store(end(target, copies), indices, value), origins);
            case Loop.Extern(String function, String header, List<Loop.Argument> arguments, var origins) ->
                new Loop.Extern(function, header, arguments.stream().map(argument ->
                        argument instanceof Loop.Argument.Out(Buffer target)
                                ? new Loop.Argument.Out(end(target, copies)) : argument).toList(), origins);
            case Loop.Reduction _, Loop.Template _, Loop.Branch _, Loop.Repeat _, Loop.Pack _ -> loop;
        };
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
