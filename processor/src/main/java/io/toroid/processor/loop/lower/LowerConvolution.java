package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;

import io.toroid.DType;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.loop.UnaryOperation;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Convolution and pooling: what slides a window over the two innermost dimensions. */
final class LowerConvolution {

    private LowerConvolution() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.convolution.default", LowerConvolution::convolution);
        rules.put("aten.max_pool2d_with_indices.default", LowerConvolution::maxPool);
        rules.put("aten.avg_pool2d.default", LowerConvolution::averagePool);
        rules.put("aten._adaptive_avg_pool2d.default", LowerConvolution::adaptiveAveragePool);
    }

    private static void convolution(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        Buffer result = lowering.result(call, 0);
        Buffer weight = lowering.buffer(arguments.tensor("weight"));
        Loop.Window window = new Loop.Window(
                List.of(weight.shape().get(2).constant(), weight.shape().get(3).constant()),
                pair(arguments, "stride"), pair(arguments, "padding"), pair(arguments, "dilation"));
        List<Symbol> variables = Lowering.variables("d", result.shape());
        List<Size> indices = Lowering.indices(variables);
        Buffer accumulator = lowering.temporary("convolution", new TensorType(result.dtype(), result.shape()));
        Scalar sum = new Scalar.Load(accumulator, indices);
        Scalar value = arguments.optionalTensor("bias")
                .map(bias -> binary(BinaryOperation.ADD, sum, lowering.load(bias, List.of(indices.get(1)))))
                .orElse(sum);
        lowering.add(new Loop.Convolution(
                lowering.buffer(arguments.tensor("input")), weight, window, arguments.integer("groups"), accumulator,
                new Loop.Epilogue(variables, List.of(new Loop.Store(result, indices, value))), Loop.Origins.of(call)));
    }

    /** The largest value of each window, and its place within the plane; padding never wins. */
    private static void maxPool(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        Buffer input = lowering.buffer(arguments.tensor("self"));
        Window window = Window.of(arguments, input);
        Scalar.Literal lowest = input.dtype().isFloating()
                ? Scalar.literal(input.dtype(), Double.NEGATIVE_INFINITY)
                : Scalar.literal(input.dtype(), least(input.dtype()));
        Buffer values = lowering.result(call, 0);
        window.reduce(call, lowering, input, values, ReductionOperation.MAXIMUM, lowest);
        Buffer places = lowering.temporary("window", call.types().get(1));
        window.reduce(call, lowering, input, places, ReductionOperation.ARGUMENT_OF_MAXIMUM, lowest);
        if (!input.dtype().isFloating()) {
            lowering.pointwise(call, 1, at -> window.placeInPlane(new Scalar.Load(places, at), at, input));
            return;
        }
        Buffer last = lowering.temporary("window", call.types().get(1));
        window.reduceTaps(call, lowering, input, last);
        lowering.pointwise(call, 1, at -> {
            Scalar tap = new Scalar.Load(last, at);
            Scalar found = binary(BinaryOperation.GREATER_EQUAL, tap, Scalar.literal(DType.I64, 0L));
            return window.placeInPlane(new Scalar.Select(found, tap, new Scalar.Load(places, at)), at, input);
        });
    }

    private static long least(DType integers) {
        return integers == DType.U8 ? 0 : -1L << 8 * integers.bytes() - 1;
    }

    private static void averagePool(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        Buffer input = lowering.buffer(arguments.tensor("self"));
        Window window = Window.of(arguments, input);
        Buffer result = lowering.result(call, 0);
        Buffer sum = lowering.temporary("sum", call.types().getFirst());
        window.reduce(call, lowering, input, sum, ReductionOperation.SUM, Scalar.literal(input.dtype(), 0.0));
        lowering.pointwise(call, result, at -> binary(
                BinaryOperation.DIVIDE, new Scalar.Load(sum, at), window.divisor(arguments, at, input)));
    }

    /** Cell {@code i} of {@code n} averages the input from {@code floor(i*size/n)} to {@code ceil((i+1)*size/n)}. */
    private static void adaptiveAveragePool(Call call, Lowering lowering) {
        Buffer input = lowering.buffer(call.arguments().tensor("self"));
        Buffer result = lowering.result(call, 0);
        int rank = input.shape().rank();
        List<Symbol> variables = Lowering.variables("d", result.shape());
        List<Size> indices = Lowering.indices(variables);
        List<Symbol> reduced = new ArrayList<>();
        List<Scalar.Guarded.Bound> bounds = new ArrayList<>();
        List<Size> from = new ArrayList<>(indices.subList(0, rank - 2));
        Size count = Size.ONE;
        for (int dim = rank - 2; dim < rank; dim++) {
            Size size = input.shape().get(dim);
            Size cells = result.shape().get(dim).max(Size.ONE);  // of no cells none is computed
            Size start = indices.get(dim).times(size).floorDiv(cells);
            Size extent = indices.get(dim).plus(1).times(size).ceilDiv(cells).minus(start);
            Size longest = size.isMultipleOf(cells) ? size.floorDiv(cells) : size.ceilDiv(cells).plus(1);
            Symbol variable = Symbol.variable("r" + dim, longest);
            reduced.add(variable);
            bounds.add(new Scalar.Guarded.Bound(variable, extent));
            from.add(start.plus(variable));
            count = count.times(extent);
        }
        Buffer sum = lowering.temporary("sum", call.types().getFirst());
        Scalar.Literal zero = Scalar.literal(input.dtype(), 0.0);
        Scalar body = Scalar.guarded(bounds, new Scalar.Load(input, from), zero);
        lowering.add(new Loop.Reduction(
                variables, reduced, ReductionOperation.SUM, body, List.of(sum), indices, Loop.Origins.of(call)));
        Size elements = count;
        lowering.pointwise(call, result, at -> binary(BinaryOperation.DIVIDE, new Scalar.Load(sum, at),
                Scalar.convert(result.dtype(), new Scalar.Index(elements.substitute(
                        Map.of(variables.get(rank - 2), at.get(rank - 2), variables.get(rank - 1), at.get(rank - 1)))))));
    }

    private static List<Long> pair(Arguments arguments, String name) {
        int[] values = arguments.integers(name);
        return values.length == 1
                ? List.of((long) values[0], (long) values[0])
                : Arrays.stream(values).mapToObj(value -> (long) value).toList();
    }

    /** A pooling window over the last two dimensions of an input of rank 3 or 4. */
    private record Window(List<Long> kernel, List<Long> stride, List<Long> padding, List<Long> dilation) {

        static Window of(Arguments arguments, Buffer input) {
            List<Long> kernel = pair(arguments, "kernel_size");
            boolean dilates = arguments.schema().parameters().stream().anyMatch(p -> p.name().equals("dilation"));
            return new Window(kernel,
                    arguments.sizes("stride").isEmpty() ? kernel : pair(arguments, "stride"),
                    pair(arguments, "padding"), dilates ? pair(arguments, "dilation") : List.of(1L, 1L));
        }

        /** Position along dimension {@code i} (0 height, 1 width) of tap {@code tap} of the window at {@code at}. */
        Size position(int i, Size at, Size tap) {
            return at.times(stride.get(i)).plus(tap.times(dilation.get(i))).minus(padding.get(i));
        }

        /** The last tap that is not a number, which wins in PyTorch; -1 if all are numbers. */
        void reduceTaps(Call call, Lowering lowering, Buffer input, Buffer target) {
            Scalar.Literal none = Scalar.literal(DType.I64, -1L);
            reduce(call, lowering, input, target, ReductionOperation.MAXIMUM, none, (value, tap) -> new Scalar.Select(
                    Scalar.unary(UnaryOperation.IS_NAN, value), new Scalar.Index(tap), none));
        }

        void reduce(Call call, Lowering lowering, Buffer input, Buffer target, ReductionOperation operation,
                Scalar.Literal outside) {
            reduce(call, lowering, input, target, operation, outside, (value, _) -> value);
        }

        /** @param body of an element and its place in the window, counted row by row */
        private void reduce(Call call, Lowering lowering, Buffer input, Buffer target, ReductionOperation operation,
                Scalar.Literal outside, BiFunction<Scalar, Size, Scalar> body) {
            int rank = input.shape().rank();
            List<Symbol> variables = Lowering.variables("d", target.shape());
            List<Size> indices = Lowering.indices(variables);
            List<Symbol> reduced = new ArrayList<>();
            List<Size> taps = new ArrayList<>();
            List<Size> from = new ArrayList<>(indices.subList(0, rank - 2));
            List<Scalar.Guarded.Bound> bounds = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int dim = rank - 2 + i;
                Symbol tap = Symbol.variable("r" + dim, Size.of(kernel.get(i)));
                taps.add(kernel.get(i) == 1 ? Size.ZERO : tap);
                Size position = position(i, indices.get(dim), taps.getLast());
                reduced.add(tap);
                from.add(position);
                if (padding.get(i) > 0 || !staysInside(i, input.shape().get(dim), target.shape().get(dim))) {
                    bounds.add(new Scalar.Guarded.Bound(position, input.shape().get(dim)));
                }
            }
            Size tap = taps.getFirst().times(kernel.get(1)).plus(taps.getLast());
            Scalar inside = body.apply(new Scalar.Load(input, from), tap);
            lowering.add(new Loop.Reduction(variables, reduced, operation, Scalar.guarded(bounds, inside, outside),
                    List.of(target), indices, Loop.Origins.of(call)));
        }

        /** Whether the last window ends within the input: not so with ceil mode. */
        private boolean staysInside(int i, Size extent, Size cells) {
            Size end = cells.minus(1).times(stride.get(i)).plus((kernel.get(i) - 1) * dilation.get(i) + 1).minus(padding.get(i));
            return extent.minus(end).isProvablyNonNegative();
        }

        /** The index within the plane of the tap that won. */
        Scalar placeInPlane(Scalar tap, List<Size> at, Buffer input) {
            int rank = input.shape().rank();
            Scalar width = Scalar.literal(DType.I64, kernel.get(1));
            Scalar row = axis(0, binary(BinaryOperation.FLOOR_DIVIDE, tap, width), at.get(rank - 2));
            Scalar column = axis(1, binary(BinaryOperation.REMAINDER, tap, width), at.get(rank - 1));
            return binary(BinaryOperation.ADD,
                    binary(BinaryOperation.MULTIPLY, row, new Scalar.Index(input.shape().get(rank - 1))), column);
        }

        /** Where nothing is larger than the padding, the first tap has won, and means the first one that is inside. */
        private Scalar axis(int i, Scalar tap, Size at) {
            Size start = at.times(stride.get(i)).minus(padding.get(i));
            Size first = start.negate().ceilDiv(dilation.get(i)).max(0);
            Scalar valid = padding.get(i) == 0 ? tap : binary(BinaryOperation.MAXIMUM, tap, new Scalar.Index(first));
            return binary(BinaryOperation.ADD,
                    binary(BinaryOperation.MULTIPLY, valid, Scalar.literal(DType.I64, dilation.get(i))),
                    new Scalar.Index(start));
        }

        /** By how much a sum is divided: the window's taps, with or without those in the padding. */
        Scalar divisor(Arguments arguments, List<Size> at, Buffer input) {
            DType dtype = input.dtype();
            if (arguments.isPresent("divisor_override")) {
                return Lowering.scalar(arguments.get("divisor_override"), dtype);
            }
            boolean countPadding = arguments.flag("count_include_pad");
            int rank = input.shape().rank();
            Size count = Size.ONE;
            for (int i = 0; i < 2; i++) {
                Size extent = input.shape().get(rank - 2 + i);
                Size start = at.get(rank - 2 + i).times(stride.get(i)).minus(padding.get(i));
                Size end = start.plus(kernel.get(i)).min(extent.plus(padding.get(i)));
                count = count.times(countPadding ? end.minus(start) : end.min(extent).minus(start.max(Size.ZERO)).max(1));
            }
            return count.isConstant() ? Scalar.literal(dtype, count.constant()) : Scalar.convert(dtype, new Scalar.Index(count));
        }
    }
}
