package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges two neighbouring loops into one where every access walks evenly through both: fewer loops, longer vectors.
 * A contiguous elementwise kernel of any rank becomes one loop.
 */
final class CollapseVariables {

    private CollapseVariables() {
    }

    static Kernel.Nest run(Kernel.Nest nest) {
        boolean isPointwise = nest.phases().size() == 1 && nest.phases().getFirst().statements().stream()
                .allMatch(Kernel.Statement.Assign.class::isInstance);
        Kernel.Nest collapsed = collapse(nest, /* level= */ 0);
        return isPointwise ? collapseAll(collapsed) : collapseReduced(collapsed);
    }

    /** The inner variables of a nest that reduces everything at once. */
    private static Kernel.Nest collapseReduced(Kernel.Nest nest) {
        return nest.phases().stream().skip(1).anyMatch(phase -> !phase.inner().isEmpty()) ? nest : collapse(nest, /* level= */ 1);
    }

    /** Neighbours within one of the {@link #levels}. */
    private static Kernel.Nest collapse(Kernel.Nest nest, int level) {
        Kernel.Nest current = nest;
        for (int i = levels(nest).get(level).size() - 2; i >= 0; i--) {
            List<List<Symbol>> levels = levels(current);
            List<Symbol> variables = new ArrayList<>(levels.get(level));
            Symbol first = variables.get(i);
            Symbol second = variables.get(i + 1);
            if (isEven(current, first, second)) {
                Symbol merged = Symbol.variable(first.name(), LoopNest.extent(first).times(LoopNest.extent(second)));
                variables.set(i, merged);
                variables.remove(i + 1);
                levels.set(level, variables);
                current = substitute(current, levels, split(first, second, merged));
            }
        }
        return current;
    }

    /** The outer variables, then the inner ones of each phase. */
    private static List<List<Symbol>> levels(Kernel.Nest nest) {
        List<List<Symbol>> levels = new ArrayList<>();
        levels.add(nest.outer());
        nest.phases().forEach(phase -> levels.add(phase.inner()));
        return levels;
    }

    /** A pointwise kernel's last outer variable may merge with its one inner variable. */
    private static Kernel.Nest collapseAll(Kernel.Nest nest) {
        Kernel.Nest current = nest;
        while (!current.outer().isEmpty() && current.phases().getFirst().inner().size() == 1) {
            Symbol first = current.outer().getLast();
            Symbol second = current.phases().getFirst().inner().getFirst();
            if (!isEven(current, first, second)) {
                return current;
            }
            Symbol merged = Symbol.variable(second.name(), LoopNest.extent(first).times(LoopNest.extent(second)));
            List<Symbol> outer = current.outer().subList(0, current.outer().size() - 1);
            current = substitute(current, List.of(outer, List.of(merged)), split(first, second, merged));
        }
        return current;
    }

    private static Map<Symbol, Size> split(Symbol first, Symbol second, Symbol merged) {
        return Map.of(first, merged.floorDiv(LoopNest.extent(second)), second, merged.mod(LoopNest.extent(second)));
    }

    /** Whether every offset steps along {@code first} just as far as {@code second} reaches; a loop that never runs reaches nowhere. */
    private static boolean isEven(Kernel.Nest nest, Symbol first, Symbol second) {
        Size extent = LoopNest.extent(second);
        return !extent.equals(Size.ZERO) && offsets(nest).stream().allMatch(offset -> {
            boolean usesFirst = offset.symbols().contains(first);
            boolean usesSecond = offset.symbols().contains(second);
            if (!usesFirst && !usesSecond) {
                return true;
            }
            return usesFirst && usesSecond
                    && offset.coefficientOf(first).isPresent()
                    && offset.coefficientOf(first).equals(offset.coefficientOf(second).map(step -> step.times(extent)));
        });
    }

    /** Every address that the kernel computes; what uses a variable in another way appears as itself. */
    private static Set<Size> offsets(Kernel.Nest nest) {
        Set<Size> offsets = new HashSet<>();
        for (Kernel.Phase phase : nest.phases()) {
            for (Kernel.Statement statement : phase.statements()) {
                switch (statement) {
                    case Kernel.Statement.Assign assign ->
                        offsets.add(offset(nest, assign.store().target(), assign.store().indices()));
                    case Kernel.Statement.Combine combine -> {
                        combine.targets().forEach(target -> offsets.add(offset(nest, target, combine.indices())));
                        offsets.add(combine.position());
                    }
                }
                statement.scalar().forEach(node -> {
                    switch (node) {
                        case Scalar.Load load -> offsets.add(offset(nest, load.buffer(), load.indices()));
                        case Scalar.Gather gather -> offsets.add(gather.buffer().layout().offset(gather.indices()));
                        case Scalar.Index index -> offsets.add(index.value());
                        case Scalar.Guarded guarded -> guarded.bounds().forEach(bound -> {
                            offsets.add(bound.index());
                            offsets.add(bound.limit());
                        });
                        case Scalar.Literal _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _, Scalar.Convert _ -> { }
                    }
                });
            }
        }
        return offsets;
    }

    private static Size offset(Kernel.Nest nest, Buffer buffer, List<Size> indices) {
        Layout layout = nest.scratch().getOrDefault(buffer, buffer.layout());
        return nest.values().contains(buffer) ? Size.ZERO : layout.offset(indices);
    }

    private static Kernel.Nest substitute(Kernel.Nest nest, List<List<Symbol>> levels, Map<Symbol, Size> map) {
        List<Kernel.Phase> phases = new ArrayList<>();
        for (int i = 0; i < nest.phases().size(); i++) {
            phases.add(new Kernel.Phase(levels.get(i + 1), nest.phases().get(i).statements().stream()
                    .map(statement -> substitute(statement, map)).toList()));
        }
        return new Kernel.Nest(nest.name(), levels.getFirst(), phases, nest.lanes(), nest.values(), nest.scratch(), nest.origins());
    }

    private static Kernel.Statement substitute(Kernel.Statement statement, Map<Symbol, Size> map) {
        return switch (statement) {
            case Kernel.Statement.Assign(Loop.Store store) -> new Kernel.Statement.Assign(new Loop.Store(
                    store.target(), substitute(store.indices(), map), store.value().substitute(map)));
            case Kernel.Statement.Combine combine -> new Kernel.Statement.Combine(
                    combine.operation(), combine.scalar().substitute(map), combine.position().substitute(map),
                    combine.targets(), substitute(combine.indices(), map));
        };
    }

    private static List<Size> substitute(List<Size> indices, Map<Symbol, Size> map) {
        return indices.stream().map(index -> index.substitute(map)).toList();
    }
}
