package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts a pointwise loop's expression where its result is read, and drops loops that nobody reads any more. Views
 * always vanish so; a computation does if it is read once, or if it is cheap, and needs no memory for another reader.
 * It comes first, because all that follows looks at what is left.
 *
 * <p>Never inlined: what a template reads as an operand (it wants memory), what several loops fill together, and what
 * would be computed again for every element of an inner dimension it does not depend on the reader to step through.
 */
public final class InlineLoops {

    private final LoopProgram program;
    private final Map<Buffer, List<Loop>> writers;
    private final Map<Buffer, List<Loop>> readers;
    private final Map<Buffer, Loop.Pointwise> inlined = new HashMap<>();

    private InlineLoops(LoopProgram program) {
        this.program = program;
        this.writers = program.writers();
        this.readers = program.readers();
    }

    /** Inlines in one forward pass. */
    public static LoopProgram run(LoopProgram program) {
        return DropDeadLoops.run(new InlineLoops(program).inline());
    }

    private LoopProgram inline() {
        List<Loop> kept = new ArrayList<>();
        for (Loop loop : program.loops()) {
            Loop changed = inlineInto(loop);
            if (changed instanceof Loop.Pointwise pointwise && isInlineable(pointwise)) {
                inlined.put(pointwise.store().target(), pointwise);
            }
            kept.add(changed);
        }
        return program.withLoops(kept);
    }

    private Loop inlineInto(Loop loop) {
        Loop.Origins origins = loop.origins();
        Set<Buffer> used = new LinkedHashSet<>();
        LoopRewriter.scalars(loop).forEach(scalar -> Loop.loads(scalar, used));
        used.removeIf(buffer -> !inlined.containsKey(buffer));
        for (Buffer buffer : used) {
            origins = inlined.get(buffer).origins().and(origins);
        }
        return used.isEmpty() ? loop : LoopRewriter.rewrite(loop, scalar -> scalar.map(this::replace), origins);
    }

    private Scalar replace(Scalar node) {
        if (!(node instanceof Scalar.Load(Buffer buffer, List<Size> indices)) || !inlined.containsKey(buffer)) {
            return node;
        }
        Loop.Pointwise definition = inlined.get(buffer);
        Map<Symbol, Size> at = new HashMap<>();
        for (int dim = 0; dim < indices.size(); dim++) {
            at.put(definition.variables().get(dim), indices.get(dim));
        }
        return definition.store().value().substitute(at);
    }

    private boolean isInlineable(Loop.Pointwise loop) {
        Buffer target = loop.store().target();
        if (target.kind() != Buffer.Kind.INTERMEDIATE || program.outputs().contains(target) || writers.get(target).size() > 1 || !fillsAll(loop)) {
            return false;
        }
        List<Loop> users = readers.getOrDefault(target, List.of());
        Scalar value = loop.store().value();
        if (Cost.isMove(value)) {
            return true;
        }
        if (users.stream().anyMatch(user -> operands(user).contains(target) || masks(user, target))) {
            return false;
        }
        if (isEpilogue(loop, users)) {
            return false;
        }
        int cost = Cost.of(value);
        if (cost <= Cost.CHEAP) {
            return true;
        }
        long reads = users.stream().mapToLong(user -> reads(user, target)).sum();
        return cost <= Cost.LARGE && reads == 1 && users.stream().allMatch(user -> isComputedOnce(user, loop, target));
    }

    /**
     * It finishes a template's result, element for element, for a reduction or for several readers: as the template's
     * epilogue it is computed once, and saves them reading more.
     */
    private boolean isEpilogue(Loop.Pointwise loop, List<Loop> users) {
        if (users.size() < 2 && users.stream().noneMatch(Loop.Reduction.class::isInstance)) {
            return false;
        }
        boolean[] found = {false};
        loop.store().value().forEach(node -> found[0] |= node instanceof Scalar.Load load
                && load.indices().equals(loop.store().indices())
                && load.buffer().shape().equals(loop.store().target().shape())
                && writers.getOrDefault(load.buffer(), List.of()).stream().anyMatch(Loop.Template.class::isInstance));
        return found[0];
    }

    /** What a template reads as memory: it is there then for everybody. */
    private static Collection<Buffer> operands(Loop user) {
        return switch (user) {
            case Loop.Template template -> template.operands();
            case Loop.Pointwise _, Loop.Reduction _ -> List.of();
            case Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> user.inputs();
        };
    }

    /** Attention reads its mask for every head and query, so what there is to compute is computed before. */
    private static boolean masks(Loop user, Buffer buffer) {
        Set<Buffer> read = new LinkedHashSet<>();
        if (user instanceof Loop.Attention attention) {
            attention.mask().ifPresent(mask -> Loop.loads(mask, read));
        }
        return read.contains(buffer);
    }

    /** The store covers the whole buffer in its natural order. */
    private static boolean fillsAll(Loop.Pointwise loop) {
        List<Symbol> variables = loop.variables();
        List<Size> indices = loop.store().indices();
        for (int dim = 0; dim < indices.size(); dim++) {
            Size extent = loop.store().target().shape().get(dim);
            boolean natural = indices.get(dim).equals(variables.get(dim)) || extent.equals(Size.ONE);
            if (!natural || !variables.get(dim).below().orElseThrow().equals(extent)) {
                return false;
            }
        }
        return true;
    }

    private static long reads(Loop user, Buffer buffer) {
        long[] count = {0};
        LoopRewriter.scalars(user).forEach(scalar -> scalar.forEach(node -> {
            if (node instanceof Scalar.Load load && load.buffer() == buffer) {
                count[0]++;
            }
        }));
        return count[0];
    }

    /** The reader visits each element once, or the value stays the same along the reader's innermost dimension. */
    private static boolean isComputedOnce(Loop user, Loop.Pointwise definition, Buffer buffer) {
        Size elements = extent(definition.variables());
        List<Symbol> visited = Loop.variables(user);
        if (extent(visited).equals(elements)) {
            return true;
        }
        Symbol innermost = visited.isEmpty() ? null : visited.getLast();
        boolean[] hoisted = {true};
        LoopRewriter.scalars(user).forEach(scalar -> scalar.forEach(node -> {
            if (node instanceof Scalar.Load load && load.buffer() == buffer) {
                hoisted[0] &= load.indices().stream().noneMatch(index -> index.symbols().contains(innermost));
            }
        }));
        return hoisted[0];
    }

    private static Size extent(List<Symbol> variables) {
        Size extent = Size.ONE;
        for (Symbol variable : variables) {
            extent = extent.times(variable.below().orElseThrow());
        }
        return extent;
    }
}
