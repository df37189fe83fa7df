package io.toroid.processor.codegen.cpp;

import io.toroid.DType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The accumulators of one phase of a loop nest: declared before its loop, and read into values or memory after it. A largest or smallest
 * value whose place is wanted too is known where the place is, and has no accumulator of its own.
 */
final class Accumulators {

    /** How a phase reduces. */
    enum Form {
        /** Into one number: each accumulator has lanes to be combined in the end. */
        OVER_LANES,
        /** As over lanes, in parts that have accumulators of their own. */
        IN_PARTS,
        /** Each lane by itself. */
        ACROSS_LANES,
        /** Each lane by itself, with an accumulator for every vector of a block. */
        IN_BLOCKS
    }

    private final Kernel.Nest nest;
    private final int[] counter;
    private final Scope row;
    private final Symbol lane;
    private final Form form;
    private final int slots;
    private final boolean isInner;
    private final SizeWriter sizes = SizeWriter.plain();
    private final Set<Buffer> read = new HashSet<>();

    /**
     * @param counter of the names in the kernel
     * @param row the scope around the phase's loops
     * @param lane the variable that fills the lanes, or null
     * @param slots how many accumulators there are for each result, to be added to in turn
     */
    Accumulators(Kernel.Nest nest, int[] counter, Scope row, Symbol lane, Form form, int slots) {
        this.nest = nest;
        this.counter = counter;
        this.row = row;
        this.lane = lane;
        this.form = form;
        this.slots = slots;
        this.isInner = form == Form.OVER_LANES || form == Form.IN_PARTS;
        nest.phases().forEach(phase -> phase.statements().forEach(statement -> Loop.loads(statement.scalar(), read)));
    }

    int slots() {
        return slots;
    }

    boolean isInBlocks() {
        return form == Form.IN_BLOCKS;
    }

    ScalarWriter.Memory memory() {
        return new NestMemory(nest, row);
    }

    // ---- which there are

    private static List<Kernel.Statement.Combine> reductions(Kernel.Phase phase) {
        return phase.statements().stream().filter(Kernel.Statement.Combine.class::isInstance)
                .map(Kernel.Statement.Combine.class::cast).toList();
    }

    private static List<Kernel.Statement.Combine> accumulated(Kernel.Phase phase) {
        return reductions(phase).stream().filter(combine -> source(phase, combine) == combine).toList();
    }

    /** The reduction whose accumulator knows the result. */
    private static Kernel.Statement.Combine source(Kernel.Phase phase, Kernel.Statement.Combine combine) {
        return reductions(phase).stream()
                .filter(other -> other.scalar().equals(combine.scalar()) && other.operation().extreme().equals(Optional.of(combine.operation())))
                .findFirst().orElse(combine);
    }

    private static String name(Kernel.Statement.Combine combine) {
        return combine.targets().getFirst().name() + "_acc";
    }

    private static String parts(Kernel.Statement.Combine combine) {
        return combine.targets().getFirst().name() + "_parts";
    }

    private static String current(Kernel.Statement.Combine combine) {
        return combine.targets().getFirst().name() + "_column";
    }

    private static String type(Kernel.Phase phase, Kernel.Statement.Combine combine) {
        String vector = CppTypes.vector(combine.scalar().dtype());
        return switch (combine.operation()) {
            case SUM -> "Sum<%s>".formatted(vector);
            case PRODUCT -> "Product<%s>".formatted(vector);
            case MAXIMUM -> "Maximum<%s>".formatted(vector);
            case MINIMUM -> "Minimum<%s>".formatted(vector);
            case ANY -> "Any<%s>".formatted(vector);
            case ALL -> "All<%s>".formatted(vector);
            case ARGUMENT_OF_MAXIMUM -> "ArgumentOfMaximum<%s, %s>".formatted(vector, CppTypes.element(places(phase)));
            case ARGUMENT_OF_MINIMUM -> "ArgumentOfMinimum<%s, %s>".formatted(vector, CppTypes.element(places(phase)));
            case WELFORD -> "Welford<%s>".formatted(vector);
        };
    }

    /** Narrow places are half the work, if no reduction can have more. */
    private static DType places(Kernel.Phase phase) {
        Size elements = phase.inner().stream().map(variable -> variable.below().orElseThrow()).reduce(Size.ONE, Size::times);
        return elements.range().max() < Integer.MAX_VALUE ? DType.I32 : DType.I64;
    }

    // ---- before and in the loop

    void declare(Kernel.Phase phase, CppText text) {
        accumulated(phase).forEach(combine -> text.line(form == Form.IN_BLOCKS
                ? "Columns<%s, L> %s(block_end - block_begin);".formatted(type(phase, combine), name(combine))
                : "%s %s[%d];".formatted(type(phase, combine), name(combine), slots)));
    }

    static int count(Kernel.Phase phase) {
        return accumulated(phase).size();
    }

    /** Whether an accumulator must be given the elements in the order of their places. */
    static boolean isOrdered(Kernel.Phase phase) {
        return reductions(phase).stream().anyMatch(combine -> combine.operation().isArgument());
    }

    /** The accumulators as parameters of lambdas. */
    static String parameters(Kernel.Phase phase) {
        return each(phase, combine -> "auto&& " + name(combine));
    }

    static String arguments(Kernel.Phase phase) {
        return each(phase, Accumulators::name);
    }

    static String types(Kernel.Phase phase) {
        return each(phase, combine -> type(phase, combine));
    }

    static String made(Kernel.Phase phase, String columns) {
        return each(phase, combine -> "%s.make(part, %s)".formatted(parts(combine), columns));
    }

    static String merged(Kernel.Phase phase, String columns) {
        return each(phase, combine -> "%s.merged(parts, %s)".formatted(parts(combine), columns));
    }

    static void declareColumnParts(Kernel.Phase phase, CppText text) {
        accumulated(phase).forEach(combine -> text.line("ColumnParts<%s, L> %s;".formatted(type(phase, combine), parts(combine))));
    }

    /** Of as many rows as {@code lines} names. */
    static void declareLines(Kernel.Phase phase, CppText text) {
        accumulated(phase).forEach(combine -> text.line("%s %s[sizeof...(lines)][4];".formatted(type(phase, combine), name(combine))));
    }

    private static String each(Kernel.Phase phase, Function<Kernel.Statement.Combine, String> text) {
        return accumulated(phase).stream().map(text).collect(Collectors.joining(", "));
    }

    void fetch(Kernel.Phase phase, CppText text) {
        accumulated(phase).forEach(combine -> text.line("auto %s = %s[column];".formatted(current(combine), name(combine))));
    }

    void putBack(Kernel.Phase phase, CppText text) {
        accumulated(phase).forEach(combine -> text.line("%s[column] = %s;".formatted(name(combine), current(combine))));
    }

    void declareParts(Kernel.Phase phase) {
        accumulated(phase).forEach(combine -> row.text.line("%s %s[kMostParts];".formatted(type(phase, combine), parts(combine))));
    }

    void keepPart(Kernel.Phase phase) {
        accumulated(phase).forEach(combine -> row.text.line("%s[part] = merged(%s);".formatted(parts(combine), name(combine))));
    }

    void add(ScalarWriter writer, Kernel.Phase phase, Kernel.Statement.Combine combine) {
        if (source(phase, combine) != combine) {
            return;
        }
        String value = writer.vector(combine.scalar());
        String accumulator = switch (form) {
            case OVER_LANES, IN_PARTS -> name(combine) + (lane != null ? "[slot.index]" : "[0]");
            case ACROSS_LANES -> name(combine) + "[0]";
            case IN_BLOCKS -> current(combine);
        };
        String places = combine.operation().isArgument() ? places(phase, combine) + ", " : "";
        writer.scope().text.line("%s.add(%s, %s%s);".formatted(accumulator, value, places, count()));
    }

    private String places(Kernel.Phase phase, Kernel.Statement.Combine combine) {
        String type = CppTypes.element(places(phase));
        String first = "static_cast<%s>(%s)".formatted(type, sizes.print(combine.position()));
        boolean usesLane = lane != null && combine.position().symbols().contains(lane);
        return usesLane
                ? "%s::iota(%s, %s)".formatted(CppTypes.vector(places(phase)), first, sizes.print(combine.position().coefficientOf(lane).orElseThrow()))
                : "%s::broadcast(%s)".formatted(CppTypes.vector(places(phase)), first);
    }

    private String count() {
        if (!isInner) {
            return "Full<L>{}";
        }
        return lane == null ? "int64_t{1}" : "count";
    }

    // ---- after the loop

    void finish(Kernel.Phase phase) {
        accumulated(phase).forEach(combine -> row.text.line("const auto %s = %s.%s();".formatted(
                result(combine), merged(combine), isInner ? "total" : "lanes")));
        ScalarWriter writer = new ScalarWriter(memory(), sizes, isInner ? null : lane, row, counter);
        reductions(phase).forEach(combine -> finish(combine, results(phase, combine), writer));
    }

    private static String result(Kernel.Statement.Combine combine) {
        return combine.targets().getFirst().name() + "_value";
    }

    private String merged(Kernel.Statement.Combine combine) {
        return switch (form) {
            case OVER_LANES, ACROSS_LANES -> "merged(%s)".formatted(name(combine));
            case IN_PARTS -> "merged(%s, parts)".formatted(parts(combine));
            case IN_BLOCKS -> name(combine) + "[column]";
        };
    }

    private static List<String> results(Kernel.Phase phase, Kernel.Statement.Combine combine) {
        Kernel.Statement.Combine source = source(phase, combine);
        String result = result(source);
        return switch (combine.operation()) {
            case WELFORD -> List.of(result + ".mean", result + ".squares");
            case ARGUMENT_OF_MAXIMUM, ARGUMENT_OF_MINIMUM -> List.of(result + ".place");
            case MAXIMUM, MINIMUM -> List.of(source == combine ? result : result + ".value");
            case SUM, PRODUCT, ANY, ALL -> List.of(result);
        };
    }

    private void finish(Kernel.Statement.Combine combine, List<String> results, ScalarWriter writer) {
        for (int i = 0; i < results.size(); i++) {
            Buffer target = combine.targets().get(i);
            if (nest.values().contains(target) && !read.contains(target)) {
                continue;
            }
            String name = target.name() + "_result";
            row.text.line("const %s %s = %s;".formatted(
                    isInner ? CppTypes.element(target.dtype()) : "auto", name, converted(results.get(i), combine, target)));
            row.define(target, new Scope.Value(name, !isInner, row));
            if (!nest.values().contains(target)) {
                writer.store(target, combine.indices(), new Scalar.Load(target, combine.indices()));
            }
        }
    }

    private static String converted(String text, Kernel.Statement.Combine combine, Buffer target) {
        DType computed = combine.operation().isArgument() ? DType.I64 : combine.scalar().dtype();
        return computed == target.dtype() ? text : "convert<%s>(%s)".formatted(CppTypes.element(target.dtype()), text);
    }
}
