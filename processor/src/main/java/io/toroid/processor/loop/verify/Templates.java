package io.toroid.processor.loop.verify;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What holds for the operands and epilogues of templates. */
final class Templates {

    private static final long POINTS = 100;

    private Templates() {
    }

    /** Each index is the variable at its place; where a variable has one value only, 0 will do. */
    static boolean isNatural(List<Size> indices, List<Symbol> variables) {
        return indices.size() == variables.size() && IntStream.range(0, indices.size()).allMatch(dim ->
                indices.get(dim).equals(variables.get(dim))
                        || indices.get(dim).equals(Size.ZERO) && extent(variables.get(dim)).equals(Size.ONE));
    }

    private static Size extent(Symbol variable) {
        return variable.below().orElseThrow();
    }

    // ---- what always holds

    static void check(Loop.Gemm gemm, List<Sample> samples, Consumer<String> problems) {
        List<Symbol> variables = new ArrayList<>(gemm.batch());
        variables.addAll(gemm.rows());
        variables.add(gemm.column());
        if (!variables.equals(gemm.epilogue().variables())) {
            problems.accept("the epilogue runs over %s, the product over %s".formatted(gemm.epilogue().variables(), variables));
        }
        checkAccumulator(gemm.accumulator(), gemm.epilogue(), problems);
        for (Buffer operand : List.of(gemm.left().buffer(), gemm.right().buffer())) {
            if (operand.dtype() != gemm.accumulator().dtype() || !operand.dtype().isFloating()) {
                problems.accept("the operand %s has the type %s, the sums %s"
                        .formatted(operand, operand.dtype(), gemm.accumulator().dtype()));
            }
        }
        Size rows = gemm.rows().stream().map(Templates::extent).reduce(Size.ONE, Size::times);
        checkOperand("left", gemm.left(), gemm.batch(), rows, gemm.depth(), samples, problems);
        checkOperand("right", gemm.right(), gemm.batch(), gemm.depth(), extent(gemm.column()), samples, problems);
    }

    /** Elements that it names lie within the buffer. A packed one is in panels, of which there are enough. */
    private static void checkOperand(
            String side, Loop.Operand operand, List<Symbol> batch, Size rows, Size columns, List<Sample> samples,
            Consumer<String> problems) {
        if (operand.isPacked()) {
            Size elements = operand.buffer().shape().numel();
            if (samples.stream().anyMatch(sample -> sample.value(elements) < sample.value(rows) * sample.value(columns))) {
                problems.accept("the panels %s of %s elements do not hold %s rows of %s"
                        .formatted(operand.buffer(), elements, rows, columns));
            }
            return;
        }
        Symbol row = Symbol.variable("row", rows);
        Symbol column = Symbol.variable("column", columns);
        List<Symbol> variables = new ArrayList<>(batch);
        variables.addAll(List.of(row, column));
        Size place = operand.offset().plus(row.times(operand.rowStride())).plus(column.times(operand.columnStride()));
        checkStrides(side + " operand", operand.buffer(), place, variables, problems);
        checkPlace(side + " operand " + operand.buffer(), operand.buffer(), place, variables, samples, problems);
    }

    /**
     * A buffer whose dimensions lie in another order is stepped through by the strides of that, and not as if it still were
     * row-major, which would stay within the buffer and read other elements.
     */
    private static void checkStrides(String what, Buffer buffer, Size place, List<Symbol> variables, Consumer<String> problems) {
        if (buffer.layout().isContiguous()) {
            return;
        }
        for (Symbol variable : variables) {
            Size stride = place.coefficientOf(variable).orElse(Size.ZERO);
            if (!extent(variable).equals(Size.ONE) && !stride.equals(Size.ZERO) && !buffer.layout().strides().contains(stride)) {
                problems.accept("the %s %s of layout %s is read with the stride %s of %s"
                        .formatted(what, buffer, buffer.layout(), stride, variable));
            }
        }
    }

    private static void checkPlace(
            String what, Buffer buffer, Size place, List<Symbol> variables, List<Sample> samples, Consumer<String> problems) {
        List<String> found = new ArrayList<>();
        Size elements = buffer.shape().numel();
        for (Sample sample : samples) {
            sample.forEachPoint(variables, POINTS, point -> {
                long value = point.value(place);
                if (found.isEmpty() && (value < 0 || value >= point.value(elements))) {
                    found.add("the %s is read at %d, but has %d elements%s".formatted(what, value, point.value(elements), point.where()));
                }
            });
        }
        found.forEach(problems);
    }

    static void check(Loop.Convolution convolution, List<Sample> samples, Consumer<String> problems) {
        Buffer input = convolution.input();
        Buffer sums = convolution.accumulator();
        Loop.Window window = convolution.window();
        if (input.shape().rank() != 2 + window.dims() || sums.shape().rank() != 2 + window.dims()) {
            problems.accept("the convolution of %s to %s does not have the %d dimensions of its kernel".formatted(input.shape(), sums.shape(), window.dims()));
            return;
        }
        checkAccumulator(sums, convolution.epilogue(), problems);
        for (int i = 0; i < window.dims(); i++) {
            Size fitting = window.isTransposed() ? spread(window, i, input.shape().get(2 + i)) : windows(window, i, input.shape().get(2 + i));
            long more = window.isTransposed() ? Math.max(window.stride().get(i), window.dilation().get(i)) : 1;
            Size wanted = sums.shape().get(2 + i);
            samples.stream().filter(sample -> sample.value(wanted) < sample.value(fitting) || sample.value(wanted) >= sample.value(fitting) + more)
                    .findFirst().ifPresent(sample -> problems.accept("the convolution of %s has %d windows in a row, its result is %s%s"
                            .formatted(input.shape(), sample.value(fitting), sums.shape(), sample.where())));
        }
        checkChannels(convolution, problems);
        if (!sums.shape().get(0).equals(input.shape().get(0))) {
            problems.accept("the convolution of %s gives another batch, %s".formatted(input.shape(), sums.shape()));
        }
    }

    private static Size windows(Loop.Window window, int i, Size extent) {
        return extent.plus(2 * window.padding().get(i)).minus(reach(window, i)).floorDiv(window.stride().get(i)).plus(1);
    }

    /** Of a transposed convolution, without output padding. */
    private static Size spread(Loop.Window window, int i, Size extent) {
        return extent.minus(1).times(window.stride().get(i)).minus(2 * window.padding().get(i)).plus(reach(window, i));
    }

    private static long reach(Loop.Window window, int i) {
        return (window.kernel().get(i) - 1) * window.dilation().get(i) + 1;
    }

    /** Before packing the weight is as PyTorch has it, then it has a row for each tap and channel. */
    private static void checkChannels(Loop.Convolution convolution, Consumer<String> problems) {
        Shape weight = convolution.weight().shape();
        Loop.Window window = convolution.window();
        Size in = convolution.input().shape().get(1);
        Size out = convolution.accumulator().shape().get(1);
        Size first = window.isTransposed() ? in : out;
        Size second = (window.isTransposed() ? out : in).floorDiv(convolution.groups());
        boolean fits = weight.rank() == 2 + window.dims()
                ? weight.get(0).equals(first) && weight.get(1).equals(second)
                : weight.get(0).equals(in.floorDiv(convolution.groups()).times(window.taps()));
        if (!fits) {
            problems.accept("the convolution of %s in %d groups has a weight of shape %s"
                    .formatted(convolution.input().shape(), convolution.groups(), weight));
        }
    }

    /** Batch, head, query and key. */
    static List<Symbol> scoreVariables(Loop.Attention attention) {
        List<Symbol> variables = new ArrayList<>(attention.epilogue().variables().subList(0, 3));
        variables.add(attention.position());
        return variables;
    }

    static void check(Loop.Attention attention, List<Sample> samples, Consumer<String> problems) {
        if (attention.accumulator().shape().rank() != 4) {
            problems.accept("attention to %s is not over heads".formatted(attention.accumulator().shape()));
            return;
        }
        checkAccumulator(attention.accumulator(), attention.epilogue(), problems);
        List<Symbol> variables = attention.epilogue().variables();
        checkHeads("query", attention, attention.query(), variables.get(2), attention.depth(), samples, problems);
        checkHeads("key", attention, attention.key(), attention.position(), attention.depth(), samples, problems);
        checkHeads("value", attention, attention.value(), attention.position(), extent(variables.get(3)), samples, problems);
        attention.mask().filter(mask -> mask.dtype() != attention.accumulator().dtype()).ifPresent(mask -> problems.accept(
                "the mask has the type %s, the sums %s".formatted(mask.dtype(), attention.accumulator().dtype())));
    }

    /** Elements that it names lie within the buffer. */
    private static void checkHeads(
            String what, Loop.Attention attention, Loop.Heads heads, Symbol token, Size width, List<Sample> samples,
            Consumer<String> problems) {
        if (heads.buffer().dtype() != attention.accumulator().dtype()) {
            problems.accept("the %s %s has the type %s, the sums %s"
                    .formatted(what, heads.buffer(), heads.buffer().dtype(), attention.accumulator().dtype()));
        }
        Symbol batch = attention.epilogue().variables().get(0);
        Symbol head = attention.epilogue().variables().get(1);
        Symbol column = Symbol.variable("column", width);
        Size place = heads.offset().plus(batch.times(heads.batchStride())).plus(head.times(heads.headStride()))
                .plus(token.times(heads.tokenStride())).plus(column);
        List<Symbol> variables = List.of(batch, head, token, column);
        checkStrides(what, heads.buffer(), place, variables, problems);
        checkPlace(what + " " + heads.buffer(), heads.buffer(), place, variables, samples, problems);
    }

    private static void checkAccumulator(Buffer accumulator, Loop.Epilogue epilogue, Consumer<String> problems) {
        List<Size> extents = epilogue.variables().stream().map(Templates::extent).toList();
        if (!extents.equals(accumulator.shape().sizes())) {
            problems.accept("the epilogue runs over %s, the sums have the shape %s".formatted(extents, accumulator.shape()));
        }
        if (epilogue.stores().isEmpty()) {
            problems.accept("the sums %s are not stored".formatted(accumulator));
        }
        for (Loop.Store store : epilogue.stores()) {
            for (Access read : Access.reads(store.value(), epilogue.variables())) {
                if (epilogue.outputs().contains(read.buffer())) {
                    problems.accept("the epilogue reads %s, which it stores".formatted(read));
                }
            }
        }
    }

    /** It fills something, and not what it reads. */
    static void check(Loop.Extern extern, Consumer<String> problems) {
        if (extern.outputs().isEmpty()) {
            problems.accept("%s fills nothing".formatted(extern.function()));
        }
        extern.outputs().stream().filter(extern.inputs()::contains).forEach(buffer ->
                problems.accept("%s fills %s, which it reads".formatted(extern.function(), buffer)));
    }

    static void check(Loop.Pack pack, List<Sample> samples, Consumer<String> problems) {
        if (pack.source().dtype() != pack.target().dtype()) {
            problems.accept("%s and its panels %s differ in type".formatted(pack.source(), pack.target()));
        }
        switch (pack.packing()) {
            case Loop.Packing.Panels(Size batch, Size depth, Size columns, Size offset, Size batchStride, Size rowStride,
                    Size columnStride) -> {
                Symbol matrix = Symbol.variable("matrix", batch);
                Symbol row = Symbol.variable("row", depth);
                Symbol column = Symbol.variable("column", columns);
                Size place = offset.plus(matrix.times(batchStride)).plus(row.times(rowStride)).plus(column.times(columnStride));
                List<Symbol> variables = List.of(matrix, row, column);
                checkStrides("matrix", pack.source(), place, variables, problems);
                checkPlace("matrix " + pack.source(), pack.source(), place, variables, samples, problems);
                checkRoom(pack, batch.times(depth).times(columns), samples, problems);
            }
            case Loop.Packing.Filters(Loop.Window window, long groups, long in, long out) -> {
                Size elements = Size.of(window.taps() * (in / groups) * out);
                if (!pack.source().shape().numel().equals(elements)) {
                    problems.accept("the filters %s have %s elements, not %s".formatted(pack.source(), pack.source().shape().numel(), elements));
                }
                checkRoom(pack, elements, samples, problems);
            }
        }
    }

    private static void checkRoom(Loop.Pack pack, Size needed, List<Sample> samples, Consumer<String> problems) {
        if (samples.stream().anyMatch(sample -> sample.value(pack.target().shape().numel()) < sample.value(needed))) {
            problems.accept("the panels %s are too small for %s elements".formatted(pack.target(), needed));
        }
    }

    // ---- what holds after the last stage

    static void checkFinal(Loop loop, Consumer<String> problems) {
        switch (loop) {
            case Loop.Gemm gemm -> {
                if (!gemm.left().columnStride().equals(Size.ONE) || gemm.left().isPacked()) {
                    problems.accept("the left operand %s is not dense along its rows".formatted(gemm.left()));
                }
                if (!gemm.right().isPacked()) {
                    problems.accept("the right operand %s is not packed".formatted(gemm.right()));
                }
                if (gemm.batch().size() > 1) {
                    problems.accept("the product runs over several batch variables, " + gemm.batch());
                }
            }
            case Loop.Convolution convolution -> {
                Buffer input = convolution.input();
                if (!input.layout().sameMemory(Layout.channelsLast(input.shape()))) {
                    problems.accept("the image %s of a convolution has the layout %s".formatted(input, input.layout()));
                }
                if (convolution.weight().shape().rank() != 2) {
                    problems.accept("the filters %s are not packed".formatted(convolution.weight()));
                }
            }
            case Loop.Extern extern -> {
                List<Buffer> operands = new ArrayList<>(extern.inputs());
                operands.addAll(extern.outputs());
                operands.stream().filter(buffer -> !buffer.layout().isContiguous()).forEach(buffer ->
                        problems.accept("the operand %s of %s has the layout %s".formatted(buffer, extern.function(), buffer.layout())));
            }
            case Loop.Pointwise _, Loop.Reduction _, Loop.Attention _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> { }
        }
    }
}
