package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pointwise loop or reduction with its variables in memory order, outermost first, and without those of extent 1:
 * the form in which loops are compared for fusion.
 *
 * @param reduced empty for a pointwise loop
 * @param position of an element among the reduced ones
 */
record LoopNest(Loop loop, List<Symbol> variables, List<Symbol> reduced, Size position) {

    static Optional<LoopNest> of(Loop loop) {
        return switch (loop) {
            case Loop.Pointwise pointwise -> Optional.of(new LoopNest(loop,
                    ordered(pointwise.variables(), pointwise.store().target(), pointwise.store().indices()), List.of(), Size.ZERO));
            case Loop.Reduction reduction -> Optional.of(new LoopNest(loop,
                    ordered(reduction.variables(), reduction.outputs().getFirst(), reduction.indices()),
                    reduction.reduced().stream().filter(LoopNest::repeats).toList(), position(reduction.reduced())));
            case Loop.Template _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> Optional.empty();
        };
    }

    boolean isReduction() {
        return loop instanceof Loop.Reduction;
    }

    Scalar scalar() {
        return LoopRewriter.scalars(loop).getFirst();
    }

    List<Size> indices() {
        return switch (loop) {
            case Loop.Pointwise pointwise -> pointwise.store().indices();
            case Loop.Reduction reduction -> reduction.indices();
            case Loop.Template _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> throw new IllegalStateException("a template");
        };
    }

    Set<Buffer> inputs() {
        return loop.inputs();
    }

    List<Buffer> outputs() {
        return loop.outputs();
    }

    /** The variables of a loop that take one value only, 0. */
    static List<Symbol> single(Loop loop) {
        List<Symbol> all = switch (loop) {
            case Loop.Pointwise pointwise -> pointwise.variables();
            case Loop.Reduction reduction -> Stream.concat(reduction.variables().stream(), reduction.reduced().stream()).toList();
            case Loop.Template _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> List.<Symbol>of();
        };
        return all.stream().filter(variable -> !repeats(variable)).toList();
    }

    private static boolean repeats(Symbol variable) {
        return !extent(variable).equals(Size.ONE);
    }

    static Size extent(Symbol variable) {
        return variable.below().orElseThrow();
    }

    static List<Size> extents(List<Symbol> variables) {
        return variables.stream().map(LoopNest::extent).toList();
    }

    private static List<Symbol> ordered(List<Symbol> variables, Buffer target, List<Size> indices) {
        Size offset = target.layout().offset(indices);
        List<Symbol> ordered = new ArrayList<>(variables.stream().filter(LoopNest::repeats).toList());
        ordered.sort(Comparator.comparing((Symbol variable) -> step(offset, variable)).reversed());
        return ordered;
    }

    private static long step(Size offset, Symbol variable) {
        return offset.coefficientOf(variable).map(step -> step.range().max()).orElse(0L);
    }

    private static Size position(List<Symbol> reduced) {
        Size position = Size.ZERO;
        for (Symbol variable : reduced) {
            position = position.times(extent(variable)).plus(repeats(variable) ? variable : Size.ZERO);
        }
        return position;
    }
}
