package io.toroid.processor.loop;

import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text form of a loop program: its symbols and buffers, then one block for each loop.
 *
 * <pre>
 * loops classify
 * symbol batch: 1 to 1024
 * input pixels: f32[batch, 64]
 * output output: f32[batch, 128]
 * constant hidden_bias: f32[128]
 * constant hidden_weight_packed: f32[1, 64, 128]
 * accumulator product_0: f32[batch, 128]
 *
 * gemm batch (), rows d0 &lt; batch, column d1 &lt; 128, depth 64  // linear, gelu at DigitsMlp.java:17
 *   left pixels at 0, rows by 64, columns by 1
 *   right hidden_weight_packed at 0, rows by 64, columns by 1, packed
 *   sums product_0
 *   output[d0, d1] = maximum(product_0[d0, d1] + hidden_bias[d1], 0.0)
 * </pre>
 *
 * <p>Numbers without suffix are {@code f32} if they have a point and {@code i64} if not. {@link #parse} reads the form back;
 * printing that gives the same text.
 */
public final class LoopText {

    private final LoopProgram program;
    private final StringBuilder text = new StringBuilder();

    private LoopText(LoopProgram program) {
        this.program = program;
    }

    /** Everything, such that {@link #parse} can read it. */
    public static String print(LoopProgram program) {
        return new LoopText(program).print();
    }

    /** One loop, with its stores on lines of their own. */
    static String print(Loop loop) {
        LoopText printer = new LoopText(new LoopProgram("", List.of(), List.of(), List.of()));
        printer.loop(loop);
        return printer.text.toString();
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException naming the line that it does not understand
     */
    public static LoopProgram parse(String text) {
        return new LoopParser().parse(text);
    }

    private String print() {
        SequencedMap<Buffer, String> buffers = buffers();
        text.append("loops ").append(program.name()).append('\n');
        symbols(buffers.keySet(), LoopSizes.read(program)).forEach(symbol ->
                text.append("symbol ").append(symbol).append(": ").append(symbol.declared()).append('\n'));
        buffers.forEach((buffer, kind) -> buffer(kind, buffer));
        for (Loop loop : program.loops()) {
            text.append('\n');
            loop(loop);
        }
        return text.toString();
    }

    private void buffer(String kind, Buffer buffer) {
        text.append(kind).append(' ').append(buffer.name()).append(": ").append(buffer.type());
        text.append(buffer.layout().isContiguous() ? "" : " strides " + buffer.layout().strides());
        buffer.target().ifPresent(target -> text.append(" updates ").append(target.name()));
        text.append('\n');
    }

    // ---- what loops refer to

    /** All buffers with the words for them: inputs, outputs, then the others as they appear. */
    private SequencedMap<Buffer, String> buffers() {
        SequencedMap<Buffer, String> buffers = new LinkedHashMap<>();
        program.inputs().forEach(buffer -> buffers.put(buffer, "input"));
        program.outputs().forEach(buffer -> buffers.put(buffer, word(buffer)));
        for (Loop loop : program.loops()) {
            loop.inputs().forEach(buffer -> buffers.putIfAbsent(buffer, word(buffer)));
            accumulator(loop).forEach(buffer -> buffers.putIfAbsent(buffer, "accumulator"));
            loop.outputs().forEach(buffer -> buffers.putIfAbsent(buffer, word(buffer)));
        }
        return buffers;
    }

    private static String word(Buffer buffer) {
        return switch (buffer.kind()) {
            case INPUT -> "input";
            case OUTPUT -> "output";
            case CONSTANT -> "constant";
            case INTERMEDIATE -> "intermediate";
        };
    }

    private static List<Buffer> accumulator(Loop loop) {
        return switch (loop) {
            case Loop.Template template -> List.of(template.accumulator());
            case Loop.Pointwise _, Loop.Reduction _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> List.of();
        };
    }

    /** Those of the entry, whether they are used or not. */
    private static SequencedSet<Symbol> symbols(Set<Buffer> buffers, Set<Symbol> read) {
        SequencedSet<Symbol> symbols = new LinkedHashSet<>();
        read.forEach(size -> symbols.addAll(size.owner().orElseThrow().symbols()));
        buffers.forEach(buffer -> buffer.shape().environment()
                .map(ShapeEnvironment::symbols).ifPresent(symbols::addAll));
        return symbols;
    }

    // ---- loops

    private void loop(Loop loop) {
        switch (loop) {
            case Loop.Pointwise pointwise -> {
                head("for " + variables(pointwise.variables()), loop);
                store(pointwise.store());
            }
            case Loop.Reduction reduction -> reduction(reduction);
            case Loop.Gemm gemm -> gemm(gemm);
            case Loop.Convolution convolution -> convolution(convolution);
            case Loop.Attention attention -> attention(attention);
            case Loop.Extern extern -> {
                head("extern %s from %s".formatted(extern.function(), extern.header()), extern);
                extern.arguments().forEach(argument -> line(argument(argument)));
            }
            case Loop.Branch branch -> {
                head("branch on " + branch.predicate(), branch);
                inner(branch.ifTrue());
                inner(branch.ifFalse());
            }
            case Loop.Repeat repeat -> {
                head("repeat", repeat);
                repeat.programs().forEach(this::inner);
            }
            case Loop.ReadSize read -> head("size %s from %s".formatted(read.size(), read.value()), read);
            case Loop.Pack pack -> {
                head("pack %s -> %s".formatted(pack.source(), pack.target()), loop);
                line(packing(pack.packing()));
            }
        }
    }

    /** What is declared around it is named again: {@code input} what it reads, {@code result} what it is to fill. */
    private void inner(LoopProgram inner) {
        line("loops " + inner.name());
        LoopText printer = new LoopText(inner);
        Set<Buffer> reads = inner.reads();
        reads.forEach(buffer -> printer.buffer("input", buffer));
        inner.outputs().forEach(buffer -> printer.buffer("result", buffer));
        printer.buffers().forEach((buffer, kind) -> {
            if (!reads.contains(buffer) && !inner.borders().contains(buffer)) {
                printer.buffer(kind, buffer);
            }
        });
        inner.loops().forEach(printer::loop);
        printer.text.toString().lines().forEach(line -> text.append("    ").append(line).append('\n'));
    }

    private void reduction(Loop.Reduction reduction) {
        head("reduce %s over %s".formatted(variables(reduction.variables()), variables(reduction.reduced())), reduction);
        String targets = reduction.outputs().stream().map(Buffer::name).collect(Collectors.joining(", "));
        line("%s at %s = %s of %s".formatted(
                targets, reduction.indices(), reduction.operation().text(), reduction.body()));
    }

    private void gemm(Loop.Gemm gemm) {
        head("gemm batch %s, rows %s, column %s, depth %s".formatted(variables(gemm.batch()), variables(gemm.rows()),
                variables(List.of(gemm.column())), gemm.depth()), gemm);
        line("left " + operand(gemm.left()));
        line("right " + operand(gemm.right()));
        line("sums " + gemm.accumulator());
        gemm.epilogue().stores().forEach(this::store);
    }

    private void convolution(Loop.Convolution convolution) {
        head("convolution " + variables(convolution.epilogue().variables()), convolution);
        line("input " + convolution.input());
        line("weight " + convolution.weight());
        line("window " + window(convolution.window(), convolution.groups()));
        line("sums " + convolution.accumulator());
        convolution.epilogue().stores().forEach(this::store);
    }

    private void attention(Loop.Attention attention) {
        head("attention %s, position %s, depth %s, scale %s".formatted(variables(attention.epilogue().variables()),
                variables(List.of(attention.position())), attention.depth(), attention.scale()), attention);
        line("query " + heads(attention.query()));
        line("key " + heads(attention.key()));
        line("value " + heads(attention.value()));
        attention.mask().ifPresent(mask -> line("mask " + mask));
        line("sums " + attention.accumulator());
        attention.epilogue().stores().forEach(this::store);
    }

    private void head(String head, Loop loop) {
        String origins = loop.origins().toString();
        text.append(head).append(origins.isEmpty() ? "" : "  // " + origins).append('\n');
    }

    private void line(String line) {
        text.append("  ").append(line).append('\n');
    }

    private void store(Loop.Store store) {
        line(store.toString());
    }

    private static String variables(List<Symbol> variables) {
        return variables.isEmpty() ? "()" : variables.stream()
                .map(variable -> variable + " < " + variable.below().orElseThrow()).collect(Collectors.joining(", "));
    }

    private static String operand(Loop.Operand operand) {
        return "%s at %s, rows by %s, columns by %s%s".formatted(operand.buffer(), operand.offset(), operand.rowStride(),
                operand.columnStride(), operand.isPacked() ? ", packed" : "");
    }

    private static String argument(Loop.Argument argument) {
        return switch (argument) {
            case Loop.Argument.In(Buffer buffer) -> "in " + buffer;
            case Loop.Argument.Out(Buffer buffer) -> "out " + buffer;
            case Loop.Argument.Extent(Size size) -> "extent " + size;
            case Loop.Argument.Number(Scalar.Literal literal) -> "number " + literal;
            case Loop.Argument.Name(String name) -> "name " + name;
            case Loop.Argument.Nested(String function, int count) -> "nested %d of %s".formatted(count, function);
            case Loop.Argument.Run() -> "run";
        };
    }

    private static String heads(Loop.Heads heads) {
        return "%s at %s, batch by %s, heads by %s, tokens by %s".formatted(
                heads.buffer(), heads.offset(), heads.batchStride(), heads.headStride(), heads.tokenStride());
    }

    private static String window(Loop.Window window, long groups) {
        return "kernel %s stride %s padding %s dilation %s groups %d%s".formatted(each(window.kernel()), each(window.stride()),
                each(window.padding()), each(window.dilation()), groups, window.isTransposed() ? " transposed" : "");
    }

    private static String each(List<Long> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining("x"));
    }

    private static String packing(Loop.Packing packing) {
        return switch (packing) {
            case Loop.Packing.Panels(Size batch, Size depth, Size columns, Size offset, Size batchStride, Size rowStride,
                    Size columnStride) ->
                "panels of %s, depth %s, columns %s, at %s, batch by %s, rows by %s, columns by %s".formatted(
                        batch, depth, columns, offset, batchStride, rowStride, columnStride);
            case Loop.Packing.Filters(Loop.Window window, long groups, long in, long out) ->
                "filters of %s in %d out %d".formatted(window(window, groups), in, out);
        };
    }
}
