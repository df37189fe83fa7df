package io.toroid.processor.codegen.cpp;

import io.toroid.DType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a loop nest: the outer loops, the first of them split over the thread pool, and within them each phase as a
 * loop over lanes. Every reduction over lanes has four independent accumulators where it is long enough, so that the
 * latency of an addition does not bound it.
 */
final class NestWriter {

    /** A first loop with fewer iterations is not worth splitting if there is another one within it. */
    private static final long FEW = 8;

    /** A first loop with more iterations is divided by itself. */
    private static final long MANY = 64;

    private final Kernel.Nest nest;
    private final SizeWriter sizes = SizeWriter.plain();
    private final int[] counter = {0};
    private final List<Scalar> scalars;
    private final Set<Buffer> read = new HashSet<>();
    private final CppText out = new CppText(1);

    NestWriter(Kernel.Nest nest) {
        this.nest = nest;
        this.scalars = nest.phases().stream()
                .flatMap(phase -> phase.statements().stream().map(Kernel.Statement::scalar)).toList();
        scalars.forEach(scalar -> Loop.loads(scalar, read));
    }

    KernelSource write() {
        Set<Buffer> inputs = nest.inputs();
        List<Buffer> buffers = new ArrayList<>(inputs);
        nest.phases().forEach(phase -> phase.statements().forEach(statement -> buffers.addAll(statement.targets())));
        List<Symbol> variables = new ArrayList<>(nest.outer());
        nest.phases().forEach(phase -> variables.addAll(phase.inner()));
        boolean reports = KernelWriter.reportsFailures(scalars);
        out.line("[[maybe_unused]] constexpr int L = kLanes;");
        body();
        return new KernelSource(nest.name(),
                KernelWriter.parameters(nest, inputs, reports, KernelWriter.dimensions(buffers, scalars, variables, List.of())),
                KernelWriter.includes(KernelWriter.usesMath(scalars), reports, "toroid/loops.h"),
                KernelWriter.comment(nest.origins()), out.toString());
    }

    // ---- loops

    private void body() {
        List<Symbol> joined = joinedVariables();
        Symbol split = joined.isEmpty() ? splitVariable() : joined.getFirst();
        Scope root = new Scope(null, out.depth() + (split == null ? 0 : 1), /* barrier= */ true);
        declareScratch(root);
        if (split == null || nest.outer().isEmpty()) {
            phases(root, split);
        } else if (joined.isEmpty()) {
            loops(root, 0, split);
        } else {
            joinedLoop(root, joined);
        }
        if (split == null) {
            out.line("static_cast<void>(pool);");
            out.raw(root.text.toString());
            return;
        }
        List<Symbol> divided = joined.isEmpty() ? List.of(split) : joined;
        Size extent = divided.stream().map(NestWriter::extent).reduce(Size.ONE, Size::times);
        out.open("parallel_for(pool, %s, %s, [&](int64_t begin, int64_t end) {".formatted(
                sizes.print(extent), grain(divided)));
        out.raw(root.text.toString());
        out.close("});");
    }

    /**
     * The outer variables, if they are divided among threads together: the first one alone may be too few. Within a row
     * of some length, the count from row to row costs nothing.
     */
    private List<Symbol> joinedVariables() {
        List<Symbol> joined = new ArrayList<>(nest.outer());
        if (nest.lanes() == Kernel.Lanes.OUTER && !joined.isEmpty()) {
            joined.removeLast();
        }
        boolean isMany = !joined.isEmpty() && extent(joined.getFirst()).range().min() >= MANY;
        return joined.size() > 1 && !isMany && nest.phases().stream().allMatch(NestWriter::isLong) ? joined : List.of();
    }

    /** One loop over all rows, whose variables step like the digits of a counter. */
    private void joinedLoop(Scope root, List<Symbol> joined) {
        Size inner = Size.ONE;
        for (Symbol variable : joined.reversed()) {
            boolean isFirst = variable.equals(joined.getFirst());
            String index = inner.equals(Size.ONE) ? "begin" : "begin / (%s)".formatted(sizes.print(inner));
            root.text.line("int64_t %s = %s;".formatted(
                    variable.name(), isFirst ? index : "%s %% (%s)".formatted(index, sizes.print(extent(variable)))));
            inner = inner.times(extent(variable));
        }
        Scope rows = new Scope(root, root.text.depth() + 1, /* barrier= */ false);
        joined.forEach(rows::bind);
        loops(rows, joined.size(), null);
        root.text.open("for (int64_t row = begin; row < end; ++row) {");
        root.text.raw(rows.text.toString());
        for (int i = joined.size() - 1; i > 0; i--) {
            root.text.open("if (++%s == %s) {".formatted(joined.get(i).name(), sizes.print(extent(joined.get(i)))));
            root.text.line(joined.get(i).name() + " = 0;");
        }
        root.text.line("++" + joined.getFirst().name() + ";");
        for (int i = joined.size() - 1; i > 0; i--) {
            root.text.close("}");
        }
        root.text.close("}");
    }

    /** The variable whose range is divided among threads; null if there is none. */
    private Symbol splitVariable() {
        for (Symbol variable : nest.outer()) {
            boolean isLast = variable.equals(nest.outer().getLast());
            if (isLast || extent(variable).range().max() >= FEW) {
                return variable;
            }
        }
        return isParallelPointwise() ? nest.phases().getFirst().inner().getFirst() : null;
    }

    /** Without outer loops, the lanes' own loop may be split if nothing is reduced. */
    private boolean isParallelPointwise() {
        return nest.outer().isEmpty() && nest.phases().size() == 1
                && nest.phases().getFirst().inner().size() == 1
                && nest.phases().getFirst().statements().stream().allMatch(Kernel.Statement.Assign.class::isInstance);
    }

    private void loops(Scope scope, int depth, Symbol split) {
        if (depth == nest.outer().size()) {
            phases(scope, split);
            return;
        }
        Symbol variable = nest.outer().get(depth);
        boolean isSplit = variable.equals(split);
        String begin = isSplit ? "begin" : "0";
        String end = isSplit ? "end" : sizes.print(extent(variable));
        Scope inner = new Scope(scope, scope.text.depth() + 1, /* barrier= */ false);
        inner.bind(variable);
        loops(inner, depth + 1, split);
        boolean isLane = nest.lanes() == Kernel.Lanes.OUTER && variable.equals(nest.outer().getLast());
        if (isLane) {
            scope.text.line("for_lanes<L, 1>(%s, %s, [&](int64_t %s, auto count, auto) TOROID_INLINE_LAMBDA {".formatted(
                    begin, end, variable.name()));
            scope.text.raw(inner.text.toString());
            scope.text.line("});");
        } else {
            close(scope, inner, variable, begin, end);
        }
    }

    private static void close(Scope scope, Scope inner, Symbol variable, String begin, String end) {
        scope.text.line("for (int64_t %1$s = %2$s; %1$s < %3$s; ++%1$s) {".formatted(variable.name(), begin, end));
        scope.text.raw(inner.text.toString());
        scope.text.line("}");
    }

    // ---- phases

    private void phases(Scope row, Symbol split) {
        for (Kernel.Phase phase : nest.phases()) {
            phase(row, phase, split);
        }
    }

    private void phase(Scope row, Kernel.Phase phase, Symbol split) {
        boolean isInner = nest.lanes() == Kernel.Lanes.INNER;
        Symbol lane = isInner ? (phase.inner().isEmpty() ? null : phase.inner().getLast()) : nest.outer().getLast();
        int slots = isInner && isLong(phase) && hasReduction(phase) ? 4 : 1;
        Accumulators accumulators = new Accumulators(row, lane, slots, isInner);
        accumulators.declare(phase);
        innerLoops(row, phase, 0, lane, split, accumulators);
        accumulators.finish(phase);
    }

    private void innerLoops(
            Scope scope, Kernel.Phase phase, int depth, Symbol lane, Symbol split, Accumulators accumulators) {
        if (depth == phase.inner().size()) {
            statements(scope, phase, lane, accumulators);
            return;
        }
        Symbol variable = phase.inner().get(depth);
        Scope inner = new Scope(scope, scope.text.depth() + 1, /* barrier= */ false);
        inner.bind(variable);
        innerLoops(inner, phase, depth + 1, lane, split, accumulators);
        boolean isSplit = variable.equals(split);
        String begin = isSplit ? "begin" : "0";
        String end = isSplit ? "end" : sizes.print(extent(variable));
        if (variable.equals(lane)) {
            scope.text.line("for_lanes<L, %d>(%s, %s, [&](int64_t %s, auto count, auto%s) TOROID_INLINE_LAMBDA {".formatted(
                    accumulators.slots, begin, end, variable.name(), hasReduction(phase) ? " slot" : ""));
            scope.text.raw(inner.text.toString());
            scope.text.line("});");
        } else {
            close(scope, inner, variable, begin, end);
        }
    }

    private void statements(Scope scope, Kernel.Phase phase, Symbol lane, Accumulators accumulators) {
        ScalarWriter writer = new ScalarWriter(memory(accumulators.row), sizes, lane, scope, counter);
        for (Kernel.Statement statement : phase.statements()) {
            switch (statement) {
                case Kernel.Statement.Assign assign -> {
                    Buffer target = assign.store().target();
                    Scope.Value value = writer.write(assign.scalar());
                    if (!nest.values().contains(target)) {
                        writer.store(target, assign.store().indices(), assign.scalar());
                    }
                    scope.define(target, value);
                }
                case Kernel.Statement.Combine combine -> accumulators.add(writer, combine);
            }
        }
    }

    private static boolean hasReduction(Kernel.Phase phase) {
        return phase.statements().stream().anyMatch(Kernel.Statement.Combine.class::isInstance);
    }

    /** Four vectors or more, or an unknown number. */
    private static boolean isLong(Kernel.Phase phase) {
        return !phase.inner().isEmpty() && extent(phase.inner().getLast()).range().max() >= 64;
    }

    // ---- memory

    private ScalarWriter.Memory memory(Scope row) {
        return new ScalarWriter.Memory() {
            @Override
            public Layout layout(Buffer buffer) {
                return nest.scratch().getOrDefault(buffer, buffer.layout());
            }

            @Override
            public String pointer(Buffer buffer) {
                return nest.scratch().containsKey(buffer) ? buffer.name() + "_row" : buffer.name();
            }

            @Override
            public Set<Scope> filledIn(Buffer buffer) {
                return nest.scratch().containsKey(buffer) ? Set.of(row) : Set.of();
            }
        };
    }

    private void declareScratch(Scope root) {
        Set<Buffer> targets = new LinkedHashSet<>();
        nest.phases().forEach(phase -> phase.statements().forEach(statement -> targets.addAll(statement.targets())));
        targets.retainAll(nest.scratch().keySet());
        for (Buffer buffer : targets) {
            List<Size> strides = nest.scratch().get(buffer).strides();
            Size elements = Size.ONE;
            for (int dim = 0; dim < strides.size(); dim++) {
                if (!strides.get(dim).equals(Size.ZERO)) {
                    elements = elements.times(buffer.shape().get(dim));
                }
            }
            root.text.line("alignas(64) %s %s_row[%s];".formatted(
                    CppTypes.element(buffer.dtype()), buffer.name(), sizes.print(elements)));
        }
    }

    // ---- cost

    /** An expression for how many iterations of a variable are worth a thread. */
    private String grain(List<Symbol> split) {
        Size work = Size.ZERO;
        for (Kernel.Phase phase : nest.phases()) {
            long cost = phase.statements().stream().mapToLong(statement -> cost(statement.scalar())).sum();
            Size elements = Size.of(cost);
            for (Symbol variable : phase.inner()) {
                elements = split.contains(variable) ? elements : elements.times(extent(variable));
            }
            work = work.plus(elements);
        }
        for (Symbol variable : nest.outer()) {
            work = split.contains(variable) ? work : work.times(extent(variable));
        }
        return "grain_of(" + sizes.print(work) + ")";
    }

    private static long cost(Scalar scalar) {
        long[] cost = {1};
        scalar.forEach(node -> cost[0] += switch (node) {
            case Scalar.Literal _, Scalar.Index _ -> 0;
            case Scalar.Load _, Scalar.Select _, Scalar.Convert _, Scalar.Guarded _ -> 1;
            case Scalar.Gather _ -> 4;
            case Scalar.Unary unary -> unary.operation().isExpensive() ? 12 : 1;
            case Scalar.Binary binary -> binary.operation().isExpensive() ? 20 : 1;
        });
        return cost[0];
    }

    private static Size extent(Symbol variable) {
        return variable.below().orElseThrow();
    }

    // ---- reductions

    /** The accumulators of one phase: declared before its loop, and read into values or memory after it. */
    private final class Accumulators {

        private final Scope row;
        private final Symbol lane;
        private final int slots;
        private final boolean isInner;

        Accumulators(Scope row, Symbol lane, int slots, boolean isInner) {
            this.row = row;
            this.lane = lane;
            this.slots = slots;
            this.isInner = isInner;
        }

        private String name(Kernel.Statement.Combine combine) {
            return combine.targets().getFirst().name() + "_acc";
        }

        void declare(Kernel.Phase phase) {
            for (Kernel.Statement statement : phase.statements()) {
                if (statement instanceof Kernel.Statement.Combine combine) {
                    row.text.line("%s<%s> %s[%d];".formatted(type(combine.operation()),
                            CppTypes.vector(combine.scalar().dtype()), name(combine), slots));
                }
            }
        }

        void add(ScalarWriter writer, Kernel.Statement.Combine combine) {
            String value = writer.vector(combine.scalar());
            String count = count();
            String slot = isInner && lane != null ? "slot.index" : "0";
            if (combine.operation().isArgument()) {
                String place = writer.vector(new Scalar.Index(combine.position()));
                writer.scope().text.line("%s[%s].add(%s, %s, %s);".formatted(name(combine), slot, value, place, count));
            } else {
                writer.scope().text.line("%s[%s].add(%s, %s);".formatted(name(combine), slot, value, count));
            }
        }

        private String count() {
            if (!isInner) {
                return "Full<L>{}";
            }
            return lane == null ? "int64_t{1}" : "count";
        }

        void finish(Kernel.Phase phase) {
            ScalarWriter writer = new ScalarWriter(memory(row), sizes, isInner ? null : lane, row, counter);
            for (Kernel.Statement statement : phase.statements()) {
                if (statement instanceof Kernel.Statement.Combine combine) {
                    finish(combine, writer);
                }
            }
        }

        private void finish(Kernel.Statement.Combine combine, ScalarWriter writer) {
            String result = combine.targets().getFirst().name() + "_value";
            row.text.line("const auto %s = merged(%s).%s();".formatted(
                    result, name(combine), isInner ? "total" : "lanes"));
            List<String> parts = combine.operation() == ReductionOperation.WELFORD
                    ? List.of(result + ".mean", result + ".squares") : List.of(result);
            for (int i = 0; i < parts.size(); i++) {
                Buffer target = combine.targets().get(i);
                if (nest.values().contains(target) && !read.contains(target)) {
                    continue;
                }
                String text = converted(parts.get(i), combine, target);
                String name = target.name() + "_result";
                row.text.line("const %s %s = %s;".formatted(
                        isInner ? CppTypes.element(target.dtype()) : "auto", name, text));
                Scope.Value value = new Scope.Value(name, !isInner, row);
                row.define(target, value);
                if (!nest.values().contains(target)) {
                    writer.store(target, combine.indices(), new Scalar.Load(target, combine.indices()));
                }
            }
        }

        private String converted(String text, Kernel.Statement.Combine combine, Buffer target) {
            DType computed = combine.operation().isArgument() ? DType.I64 : combine.scalar().dtype();
            return computed == target.dtype() ? text : "convert<%s>(%s)".formatted(CppTypes.element(target.dtype()), text);
        }

        private static String type(ReductionOperation operation) {
            return switch (operation) {
                case SUM -> "Sum";
                case PRODUCT -> "Product";
                case MAXIMUM -> "Maximum";
                case MINIMUM -> "Minimum";
                case ANY -> "Any";
                case ALL -> "All";
                case ARGUMENT_OF_MAXIMUM -> "ArgumentOfMaximum";
                case ARGUMENT_OF_MINIMUM -> "ArgumentOfMinimum";
                case WELFORD -> "Welford";
            };
        }
    }
}
