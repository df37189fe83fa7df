package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a loop nest: the outer loops, the first of them split over the thread pool, and within them each phase as a
 * loop over lanes.
 *
 * <p>Reductions take one of three forms. Over lanes, four independent accumulators hide the latency of an addition. Across lanes, as in
 * sums of columns, a block of columns has its accumulators side by side, so that memory is read row by row; if columns are few,
 * the rows are divided among threads. And where nothing is left to divide among threads, the reduction itself is. The parts depend on the
 * sizes alone: the result is the same for any number of threads.
 */
final class NestWriter {

    /** A first loop with fewer iterations is not worth splitting if there is another one within it. */
    private static final long FEW = 8;

    /** Of fewer columns or rows, one vector of columns is reduced at a time. */
    private static final long LEAST_COLUMNS = 128;
    private static final long LEAST_ROWS = 16;

    /** {@code kStreamedBytes} of loops.h. */
    private static final long LEAST_STREAMED = 32 << 20;

    /** Fewer elements are not reduced in parts. */
    private static final long LEAST_PARTED = 1 << 16;

    /** More columns are divided among threads as they are, by {@code ColumnParts} of loops.h. */
    private static final long MOST_PARTED_COLUMNS = 64 * 16;

    /** Rows of fewer elements stay in caches, and what costs more than reading is not read faster. */
    private static final long LEAST_QUARTERED = 1 << 20;
    private static final long CHEAP = 8;

    /** Accumulators of column parts, each of which takes 64 KiB of the stack. */
    private static final int MOST_COLUMN_PARTS = 3;

    /** A first loop with more iterations is divided by itself. */
    private static final long MANY = 64;

    private final Kernel.Nest nest;
    private final SizeWriter sizes = SizeWriter.plain();
    private final int[] counter = {0};
    private final List<Scalar> scalars;
    private final CppText out = new CppText(1);

    NestWriter(Kernel.Nest nest) {
        this.nest = nest;
        this.scalars = nest.phases().stream()
                .flatMap(phase -> phase.statements().stream().map(Kernel.Statement::scalar)).toList();
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
        if (isInColumnParts()) {
            columnParts();
            return;
        }
        Symbol split = joined.isEmpty() ? splitVariable() : joined.getFirst();
        Scope root = new Scope(null, out.depth() + (split == null ? 0 : 1), /* barrier= */ true);
        declareScratch(root);
        declareStreaming(root);
        if (split == null || nest.outer().isEmpty()) {
            phases(root, split);
        } else if (joined.isEmpty()) {
            loops(root, 0, split);
        } else {
            joinedLoop(root, joined);
        }
        if (split == null) {
            if (!isInParts()) {
                out.line("static_cast<void>(pool);");
            }
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
        boolean isLane = nest.lanes() == Kernel.Lanes.OUTER && variable.equals(nest.outer().getLast());
        if (isLane && isReducedAtOnce() && isWide(variable)) {
            blocks(scope, variable, begin, end);
            return;
        }
        if (isSplit && isReducedByRows(variable)) {
            quarters(scope, variable, begin, end);
            return;
        }
        Scope inner = new Scope(scope, scope.text.depth() + 1, /* barrier= */ false);
        inner.bind(variable);
        loops(inner, depth + 1, split);
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
        boolean isParted = isInParts() && hasReduction(phase);
        Accumulators.Form form = !isInner ? Accumulators.Form.ACROSS_LANES
                : isParted ? Accumulators.Form.IN_PARTS : Accumulators.Form.OVER_LANES;
        Accumulators accumulators = new Accumulators(nest, counter, row, lane, form, slots);
        if (isParted) {
            parts(row, phase, lane, accumulators);
        } else {
            accumulators.declare(phase, row.text);
            innerLoops(row, phase, 0, lane, split, accumulators);
        }
        accumulators.finish(phase);
    }

    // ---- a reduction in parts

    /** Whether the reduction itself is divided among threads: there is nothing else, and it is long. */
    private boolean isInParts() {
        return nest.outer().isEmpty() && nest.lanes() == Kernel.Lanes.INNER && isReducedAtOnce()
                && elements(nest.phases().getFirst().inner()).range().max() >= LEAST_PARTED;
    }

    private static Size elements(List<Symbol> variables) {
        return variables.stream().map(NestWriter::extent).reduce(Size.ONE, Size::times);
    }

    private void parts(Scope row, Kernel.Phase phase, Symbol lane, Accumulators accumulators) {
        Symbol first = phase.inner().getFirst();
        Size rest = elements(phase.inner().stream().skip(1).toList());
        accumulators.declareParts(phase);
        row.text.open("const int64_t parts = for_parts(pool, %s, %s, [&](int64_t part, int64_t begin, int64_t end) {".formatted(
                sizes.print(extent(first)), sizes.print(rest)));
        Scope part = new Scope(row, row.text.depth(), /* barrier= */ true);
        accumulators.declare(phase, part.text);
        innerLoops(part, phase, 0, lane, /* split= */ first, accumulators);
        row.text.raw(part.text.toString());
        accumulators.keepPart(phase);
        row.text.close("});");
    }

    // ---- a reduction of rows

    /** Whether rows are only reduced, and may be so many that memory gives them faster by several streams. */
    private boolean isReducedByRows(Symbol row) {
        Kernel.Phase phase = nest.phases().getFirst();
        boolean isPlain = nest.lanes() == Kernel.Lanes.INNER && row.equals(nest.outer().getLast()) && isReducedAtOnce() && phase.inner().size() == 1;
        return isPlain && isLong(phase) && Accumulators.count(phase) == 1 && nest.scratch().isEmpty()
                && phase.statements().stream().mapToLong(statement -> cost(statement.scalar())).sum() <= CHEAP
                && elements(phase.inner()).times(extent(row)).range().max() >= LEAST_QUARTERED;
    }

    /** Rows of all quarters of the range at once. */
    private void quarters(Scope scope, Symbol row, String begin, String end) {
        Kernel.Phase phase = nest.phases().getFirst();
        Symbol lane = phase.inner().getFirst();
        Scope reduced = new Scope(scope, scope.text.depth() + 1, /* barrier= */ true);
        reduced.bind(row);
        reduced.bind(lane);
        Accumulators accumulators = new Accumulators(nest, counter, reduced, lane, Accumulators.Form.OVER_LANES, 4);
        statements(reduced, phase, lane, accumulators);
        lambda(scope.text, "reduce", "int64_t %s, int64_t %s, auto count, auto slot".formatted(row.name(), lane.name()), phase, reduced);
        Scope finished = new Scope(scope, scope.text.depth() + 1, /* barrier= */ true);
        finished.bind(row);
        new Accumulators(nest, counter, finished, lane, Accumulators.Form.OVER_LANES, 4).finish(phase);
        nest.phases().stream().skip(1).forEach(next -> phase(finished, next, /* split= */ null));
        lambda(scope.text, "finish", "int64_t " + row.name(), phase, finished);

        String length = sizes.print(extent(lane));
        scope.text.open("for_quarters(%s, %s, %s, [&](auto... lines) TOROID_INLINE_LAMBDA {".formatted(begin, end, length));
        Accumulators.declareLines(phase, scope.text);
        scope.text.open("for_lanes<L, 4>(0, %s, [&](int64_t %s, auto count, auto slot) TOROID_INLINE_LAMBDA {".formatted(length, lane.name()));
        scope.text.line("int line = 0;");
        scope.text.line("(..., reduce(lines, %s, count, slot, %s[line++]));".formatted(lane.name(), Accumulators.arguments(phase)));
        scope.text.close("});");
        scope.text.line("int line = 0;");
        scope.text.line("(..., finish(lines, %s[line++]));".formatted(Accumulators.arguments(phase)));
        scope.text.close("});");
    }

    // ---- a reduction across lanes

    /** Whether one phase reduces, and what follows needs nothing but its results. */
    private boolean isReducedAtOnce() {
        Kernel.Phase first = nest.phases().getFirst();
        List<Kernel.Phase> rest = nest.phases().subList(1, nest.phases().size());
        return !first.inner().isEmpty() && hasReduction(first) && rest.stream().allMatch(phase -> phase.inner().isEmpty() && !hasReduction(phase));
    }

    /** Whether rows are longer than some vectors, and enough for an accumulator to be kept for later ones. */
    private boolean isWide(Symbol lane) {
        return extent(lane).range().max() >= LEAST_COLUMNS && elements(nest.phases().getFirst().inner()).range().max() >= LEAST_ROWS;
    }

    private void blocks(Scope scope, Symbol lane, String begin, String end) {
        Kernel.Phase phase = nest.phases().getFirst();
        Scope block = new Scope(scope, scope.text.depth() + 1, /* barrier= */ false);
        block.bind(lane);
        Accumulators accumulators = new Accumulators(nest, counter, block, lane, Accumulators.Form.IN_BLOCKS, 1);
        accumulators.declare(phase, block.text);
        innerLoops(block, phase, 0, lane, /* split= */ null, accumulators);
        finishBlock(block, phase, lane);
        scope.text.open("for_blocks<L>(%s, %s, [&](int64_t block_begin, int64_t block_end) TOROID_INLINE_LAMBDA {".formatted(begin, end));
        scope.text.raw(block.text.toString());
        scope.text.close("});");
    }

    private void finishBlock(Scope block, Kernel.Phase phase, Symbol lane) {
        Scope results = new Scope(block, block.text.depth() + 1, /* barrier= */ true);
        Accumulators finished = new Accumulators(nest, counter, results, lane, Accumulators.Form.IN_BLOCKS, 1);
        finished.finish(phase);
        for (Kernel.Phase next : nest.phases().subList(1, nest.phases().size())) {
            statements(results, next, lane, finished);
        }
        columns(block.text, lane, results);
    }

    /** Whether columns that may be few are all that is left, so that their rows are divided instead. */
    private boolean isInColumnParts() {
        if (nest.outer().size() != 1 || nest.lanes() != Kernel.Lanes.OUTER || !isReducedAtOnce() || !isWide(nest.outer().getFirst())) {
            return false;
        }
        Size columns = extent(nest.outer().getFirst());
        Size elements = elements(nest.phases().getFirst().inner()).times(columns);
        return Accumulators.count(nest.phases().getFirst()) <= MOST_COLUMN_PARTS && columns.range().min() <= MOST_PARTED_COLUMNS && elements.range().max() >= LEAST_PARTED;
    }

    private void columnParts() {
        Kernel.Phase phase = nest.phases().getFirst();
        Symbol lane = nest.outer().getFirst();
        Symbol first = phase.inner().getFirst();
        String columns = sizes.print(extent(lane));
        String rows = sizes.print(extent(first));
        Scope root = new Scope(null, out.depth(), /* barrier= */ true);
        declareScratch(root);
        Scope block = new Scope(root, root.text.depth() + 1, /* barrier= */ false);
        block.bind(lane);
        innerLoops(block, phase, 0, lane, first, new Accumulators(nest, counter, block, lane, Accumulators.Form.IN_BLOCKS, 1));
        lambda(root.text, "reduce", "int64_t block_begin, int64_t block_end, int64_t begin, int64_t end", phase, block);
        Scope end = new Scope(root, root.text.depth() + 1, /* barrier= */ false);
        end.bind(lane);
        finishBlock(end, phase, lane);
        lambda(root.text, "finish", "int64_t block_begin, int64_t block_end", phase, end);
        out.raw(root.text.toString());

        out.line("const int64_t parts = column_parts<L, %s>(%s, %s, %s);".formatted(
                Accumulators.types(phase), rows, sizes.print(elements(phase.inner()).times(extent(lane))), columns));
        out.open("if (parts > 1) {");
        Accumulators.declareColumnParts(phase, out);
        out.open("run_parts(pool, %s, parts, [&](int64_t part, int64_t begin, int64_t end) {".formatted(rows));
        out.line("reduce(0, %s, begin, end, %s);".formatted(columns, Accumulators.made(phase, columns)));
        out.close("});");
        out.line("finish(0, %s, %s);".formatted(columns, Accumulators.merged(phase, columns)));
        out.line("return;");
        out.close("}");
        out.open("parallel_for(pool, %s, %s, [&](int64_t columns_begin, int64_t columns_end) {".formatted(columns, grain(List.of(lane))));
        out.open("for_blocks<L>(columns_begin, columns_end, [&](int64_t block_begin, int64_t block_end) TOROID_INLINE_LAMBDA {");
        new Accumulators(nest, counter, root, lane, Accumulators.Form.IN_BLOCKS, 1).declare(phase, out);
        out.line("reduce(block_begin, block_end, 0, %s, %s);".formatted(rows, Accumulators.arguments(phase)));
        out.line("finish(block_begin, block_end, %s);".formatted(Accumulators.arguments(phase)));
        out.close("});");
        out.close("});");
    }

    private static void lambda(CppText text, String name, String parameters, Kernel.Phase phase, Scope body) {
        text.open("const auto %s = [&](%s, %s) TOROID_INLINE_LAMBDA {".formatted(name, parameters, Accumulators.parameters(phase)));
        text.raw(body.text.toString());
        text.close("};");
    }

    /** Some rows at a time, so that an accumulator is fetched and stored once for all of them. */
    private void rows(Scope scope, Kernel.Phase phase, Symbol lane, Symbol split, Accumulators accumulators) {
        Symbol variable = phase.inner().getLast();
        Scope column = new Scope(scope, scope.text.depth() + 2, /* barrier= */ false);
        column.bind(lane);
        accumulators.fetch(phase, column.text);
        Scope row = new Scope(column, column.text.depth() + 1, /* barrier= */ false);
        row.bind(variable);
        statements(row, phase, lane, accumulators);
        column.text.line("for (int64_t %1$s = rows_begin; %1$s < rows_end; %1$s += rows_step) {".formatted(variable.name()));
        column.text.raw(row.text.toString());
        column.text.line("}");
        accumulators.putBack(phase, column.text);
        String range = variable.equals(split) ? "begin, end" : "0, " + sizes.print(extent(variable));
        scope.text.open("for_rows<L, %b>(%s, %s, [&](int64_t rows_begin, int64_t rows_end, int64_t rows_step) TOROID_INLINE_LAMBDA {".formatted(
                Accumulators.isOrdered(phase), range, sizes.print(extent(lane))));
        columns(scope.text, lane, column);
        scope.text.close("});");
    }

    private static void columns(CppText text, Symbol lane, Scope body) {
        text.open("for_columns<L>(block_begin, block_end, [&](int64_t %s, auto count, int64_t column) TOROID_INLINE_LAMBDA {".formatted(lane.name()));
        text.raw(body.text.toString());
        text.close("});");
    }

    private void innerLoops(
            Scope scope, Kernel.Phase phase, int depth, Symbol lane, Symbol split, Accumulators accumulators) {
        if (depth == phase.inner().size() - 1 && accumulators.isInBlocks()) {
            rows(scope, phase, lane, split, accumulators);
            return;
        }
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
            String lambda = "[&](int64_t %s, auto count, auto%s) TOROID_INLINE_LAMBDA {".formatted(
                    variable.name(), hasReduction(phase) ? " slot" : "");
            scope.text.line(mayStream(phase)
                    ? "for_streams<L>(%s, %s, %s, %s".formatted(begin, end, streamed(phase), lambda)
                    : "for_lanes<L, %d>(%s, %s, %s".formatted(accumulators.slots(), begin, end, lambda));
            scope.text.raw(inner.text.toString());
            scope.text.line("});");
        } else {
            close(scope, inner, variable, begin, end);
        }
    }

    /**
     * Whether the phase writes outputs in order that may be larger than caches are. What other phases read stays in the caches, and so does
     * what the phase itself may write over.
     */
    private boolean mayStream(Kernel.Phase phase) {
        boolean isRow = nest.lanes() == Kernel.Lanes.INNER && !phase.inner().isEmpty() && !hasReduction(phase);
        if (!isRow || nest.outer().isEmpty() && !isParallelPointwise()) {
            return false;
        }
        List<Loop.Store> stores = phase.statements().stream().flatMap(this::stored).toList();
        List<Buffer> targets = stores.stream().map(Loop.Store::target).toList();
        return !stores.isEmpty() && stores.stream().allMatch(store -> isLargeRow(store, phase.inner().getLast(), targets.getFirst()))
                && nest.phases().stream().filter(other -> other != phase).noneMatch(other ->
                        loads(other).stream().anyMatch(targets::contains)
                                || other.statements().stream().flatMap(this::stored).map(Loop.Store::target).anyMatch(loads(phase)::contains));
    }

    private static boolean isLargeRow(Loop.Store store, Symbol lane, Buffer first) {
        Buffer target = store.target();
        return target.kind() == Buffer.Kind.OUTPUT && target.bytes().range().max() >= LEAST_STREAMED
                && target.shape().numel().equals(first.shape().numel())
                && target.layout().offset(store.indices()).coefficientOf(lane).filter(Size.ONE::equals).isPresent();
    }

    private static Set<Buffer> loads(Kernel.Phase phase) {
        Set<Buffer> loads = new HashSet<>();
        phase.statements().forEach(statement -> Loop.loads(statement.scalar(), loads));
        return loads;
    }

    private Stream<Loop.Store> stored(Kernel.Statement statement) {
        return statement instanceof Kernel.Statement.Assign assign && !isPrivate(assign.store().target())
                ? Stream.of(assign.store()) : Stream.empty();
    }

    private boolean isPrivate(Buffer buffer) {
        return nest.values().contains(buffer) || nest.scratch().containsKey(buffer);
    }

    private void declareStreaming(Scope root) {
        List<Buffer> targets = nest.phases().stream().filter(this::mayStream)
                .flatMap(phase -> phase.statements().stream().flatMap(this::stored)).map(Loop.Store::target).toList();
        if (!targets.isEmpty()) {
            root.text.line("const Streaming streaming(%s, %s);".formatted(sizes.print(targets.getFirst().shape().numel()),
                    targets.stream().map(Buffer::name).collect(Collectors.joining(", "))));
        }
    }

    /** Whether a row of the phase is streamed. */
    private String streamed(Kernel.Phase phase) {
        if (nest.outer().isEmpty()) {
            return "streaming";
        }
        Symbol lane = phase.inner().getLast();
        return phase.statements().stream().flatMap(this::stored)
                .map(store -> store.target().layout().offset(store.indices()).substitute(Map.of(lane, Size.ZERO))).distinct()
                .map(first -> "streaming.row<L>(%s, %s)".formatted(sizes.print(first), sizes.print(extent(lane))))
                .collect(Collectors.joining(" && "));
    }

    private void statements(Scope scope, Kernel.Phase phase, Symbol lane, Accumulators accumulators) {
        ScalarWriter writer = new ScalarWriter(accumulators.memory(), sizes, lane, scope, counter);
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
                case Kernel.Statement.Combine combine -> accumulators.add(writer, phase, combine);
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
}
