package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.LoopSizes;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves a pointwise loop that reads a template's result, element for element, into the template's epilogue, where the
 * result is still in registers. It needs inlining to be done, so that a chain of operators is one such loop.
 */
public final class FuseEpilogues {

    /** A longer epilogue would not stay in registers. */
    private static final int MOST = 4 * Cost.LARGE;

    private final LoopProgram program;
    private final List<Loop> loops;

    private FuseEpilogues(LoopProgram program) {
        this.program = program;
        this.loops = new ArrayList<>(program.loops());
    }

    /** Fuses until nothing more fits. */
    public static LoopProgram run(LoopProgram program) {
        return DropDeadLoops.run(new FuseEpilogues(program).fuse());
    }

    private LoopProgram fuse() {
        for (int i = 0; i < loops.size(); i++) {
            while (fuseOne(i)) {
                continue;
            }
        }
        return program.withLoops(loops.stream().map(this::dropUnread).toList());
    }

    private boolean fuseOne(int position) {
        if (!(loops.get(position) instanceof Loop.Template template)) {
            return false;
        }
        for (Loop.Store produced : template.epilogue().stores()) {
            for (int i = position + 1; i < loops.size(); i++) {
                if (loops.get(i) instanceof Loop.Pointwise consumer && consumer.inputs().contains(produced.target())
                        && fits(position, i, consumer, produced, template.epilogue())) {
                    loops.set(position, fuse(template, consumer));
                    loops.remove(i);
                    return true;
                }
            }
        }
        return false;
    }

    /** The consumer steps through the result's own dimensions, and all else it reads is there before the template. */
    private boolean fits(
            int template, int position, Loop.Pointwise consumer, Loop.Store produced, Loop.Epilogue epilogue) {
        if (consumer.variables().size() != epilogue.variables().size()) {
            return false;
        }
        if (Cost.of(consumer.store().value()) + Cost.of(produced.value()) > MOST) {
            return false;
        }
        Map<Symbol, Size> renaming = renaming(consumer, epilogue);
        for (int dim = 0; dim < consumer.variables().size(); dim++) {
            Size extent = consumer.variables().get(dim).below().orElseThrow();
            if (!extent.equals(epilogue.variables().get(dim).below().orElseThrow())) {
                return false;
            }
        }
        Set<Buffer> own = new HashSet<>();
        boolean[] aligned = {true};
        consumer.store().value().substitute(renaming).forEach(node -> {
            switch (node) {
                case Scalar.Load load when load.buffer() == produced.target() ->
                    aligned[0] &= load.indices().equals(produced.indices());
                case Scalar.Gather gather when gather.buffer() == produced.target() -> aligned[0] = false;
                case Scalar.Load load -> own.add(load.buffer());
                case Scalar.Gather gather -> own.add(gather.buffer());
                case Scalar.Literal _, Scalar.Index _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _,
                     Scalar.Guarded _, Scalar.Convert _ -> { }
            }
        });
        return aligned[0] && knowsItsSizes(consumer, template, position) && own.stream().allMatch(buffer -> isReadyBefore(buffer, template, position, epilogue));
    }

    /** None of the sizes that the consumer mentions gets its value only after the template. */
    private boolean knowsItsSizes(Loop.Pointwise consumer, int template, int position) {
        Set<Symbol> mentioned = LoopSizes.of(consumer);
        return loops.subList(template, position).stream()
                .noneMatch(loop -> loop instanceof Loop.ReadSize read && mentioned.contains(read.size()));
    }

    private boolean isReadyBefore(Buffer buffer, int template, int position, Loop.Epilogue epilogue) {
        if (epilogue.outputs().contains(buffer)) {
            return false;
        }
        for (int i = template + 1; i < position; i++) {
            if (loops.get(i).outputs().contains(buffer)) {
                return false;
            }
        }
        return true;
    }

    private static Loop fuse(Loop.Template template, Loop.Pointwise consumer) {
        Loop.Epilogue epilogue = template.epilogue();
        Map<Symbol, Size> renaming = renaming(consumer, epilogue);
        Map<Buffer, Scalar> results = new HashMap<>();
        epilogue.stores().forEach(store -> results.put(store.target(), store.value()));
        Scalar value = consumer.store().value().substitute(renaming).map(node ->
                node instanceof Scalar.Load load && results.containsKey(load.buffer()) ? results.get(load.buffer()) : node);
        List<Size> indices = consumer.store().indices().stream().map(index -> index.substitute(renaming)).toList();
        List<Loop.Store> stores = new ArrayList<>(epilogue.stores());
        stores.add(new Loop.Store(consumer.store().target(), indices, value));
        return template.withEpilogue(
                new Loop.Epilogue(epilogue.variables(), stores), template.origins().and(consumer.origins()));
    }

    /** Stores that nobody else reads vanish. */
    private Loop dropUnread(Loop loop) {
        if (!(loop instanceof Loop.Template template)) {
            return loop;
        }
        Loop.Epilogue epilogue = template.epilogue();
        Set<Buffer> wanted = new HashSet<>(program.outputs());
        loops.forEach(other -> wanted.addAll(other.inputs()));
        List<Loop.Store> stores =
                epilogue.stores().stream().filter(store -> wanted.contains(store.target())).toList();
        return stores.isEmpty() ? loop
                : template.withEpilogue(new Loop.Epilogue(epilogue.variables(), stores), template.origins());
    }

    private static Map<Symbol, Size> renaming(Loop.Pointwise consumer, Loop.Epilogue epilogue) {
        Map<Symbol, Size> renaming = new HashMap<>();
        for (int dim = 0; dim < consumer.variables().size(); dim++) {
            renaming.put(consumer.variables().get(dim), epilogue.variables().get(dim));
        }
        return renaming;
    }
}
