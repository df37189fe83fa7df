package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;

import io.toroid.DType;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Window;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.loop.UnaryOperation;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Pools: reductions over windows that move over the last dimensions. */
final class LowerPooling {

    private LowerPooling() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        for (int dims = 2; dims <= 3; dims++) {
            int count = dims;
            rules.put("aten.max_pool%dd_with_indices.default".formatted(dims), (call, lowering) -> maxPool(call, lowering, fixed(call, count)));
            rules.put("aten.adaptive_max_pool%dd.default".formatted(dims), (call, lowering) -> maxPool(call, lowering, adaptive(call, count)));
            rules.put("aten.avg_pool%dd.default".formatted(dims), (call, lowering) -> averagePool(call, lowering, fixed(call, count)));
            rules.put("aten._adaptive_avg_pool%dd.default".formatted(dims),
                    (call, lowering) -> adaptiveAveragePool(call, lowering, adaptive(call, count)));
        }
    }

    private static PoolWindow.Fixed fixed(Call call, int dims) {
        return PoolWindow.Fixed.of(Window.of(call.arguments(), dims), call.arguments().tensor("self").shape(), call.types().getFirst().shape());
    }

    private static PoolWindow.Adaptive adaptive(Call call, int dims) {
        return PoolWindow.Adaptive.of(dims, call.arguments().tensor("self").shape(), call.types().getFirst().shape());
    }

    // ---- the largest

    /** The largest value of each window, and its place within the plane or volume; padding never wins. */
    private static void maxPool(Call call, Lowering lowering, PoolWindow window) {
        Buffer input = lowering.buffer(call.arguments().tensor("self"));
        Scalar.Literal lowest = input.dtype().isFloating()
                ? Scalar.literal(input.dtype(), Double.NEGATIVE_INFINITY)
                : Scalar.literal(input.dtype(), least(input.dtype()));
        reduce(call, lowering, window, lowering.result(call, 0), ReductionOperation.MAXIMUM, lowest, (value, _) -> value);
        Buffer places = lowering.temporary("window", call.types().get(1));
        reduce(call, lowering, window, places, ReductionOperation.ARGUMENT_OF_MAXIMUM, lowest, (value, _) -> value);
        if (!input.dtype().isFloating()) {
            lowering.pointwise(call, 1, at -> place(window, new Scalar.Load(places, at), at, input));
            return;
        }
        Buffer last = lowering.temporary("window", call.types().get(1));
        Scalar.Literal none = Scalar.literal(DType.I64, -1L);
        reduce(call, lowering, window, last, ReductionOperation.MAXIMUM, none, (value, tap) -> new Scalar.Select(
                Scalar.unary(UnaryOperation.IS_NAN, value), new Scalar.Index(tap), none));
        lowering.pointwise(call, 1, at -> {
            Scalar tap = new Scalar.Load(last, at);
            Scalar found = binary(BinaryOperation.GREATER_EQUAL, tap, Scalar.literal(DType.I64, 0L));
            return place(window, new Scalar.Select(found, tap, new Scalar.Load(places, at)), at, input);
        });
    }

    private static long least(DType integers) {
        return integers == DType.U8 ? 0 : -1L << 8 * integers.bytes() - 1;
    }

    /** The index within the plane or volume of the tap that won; where it is NaN, of the last such tap, which wins in PyTorch. */
    private static Scalar place(PoolWindow window, Scalar tap, List<Size> at, Buffer input) {
        List<Size> cell = at.subList(at.size() - window.dims(), at.size());
        List<Size> extents = PoolWindow.last(input.shape(), window.dims());
        Scalar place = null;
        Size inner = Size.ONE;
        for (int i = window.dims() - 1; i >= 0; i--) {
            Scalar own = inner.equals(Size.ONE) ? tap : binary(BinaryOperation.FLOOR_DIVIDE, tap, index(inner));
            Scalar position = position(window, i, i == 0 ? own : binary(BinaryOperation.REMAINDER, own, index(window.taps(i))), cell.get(i));
            Size stride = extents.subList(i + 1, extents.size()).stream().reduce(Size.ONE, Size::times);
            place = place == null ? position
                    : binary(BinaryOperation.ADD, binary(BinaryOperation.MULTIPLY, position, index(stride)), place);
            inner = inner.times(window.taps(i));
        }
        return place;
    }

    /** Where nothing is larger than the padding, the first tap has won, and means the first one that is inside. */
    private static Scalar position(PoolWindow window, int i, Scalar tap, Size at) {
        Size first = window.firstInside(i, at);
        Scalar valid = first.equals(Size.ZERO) ? tap : binary(BinaryOperation.MAXIMUM, tap, new Scalar.Index(first));
        return binary(BinaryOperation.ADD,
                binary(BinaryOperation.MULTIPLY, valid, Scalar.literal(DType.I64, window.dilation(i))), new Scalar.Index(window.start(i, at)));
    }

    private static Scalar index(Size size) {
        return size.isConstant() ? Scalar.literal(DType.I64, size.constant()) : new Scalar.Index(size);
    }

    // ---- means

    private static void averagePool(Call call, Lowering lowering, PoolWindow.Fixed window) {
        Arguments arguments = call.arguments();
        DType dtype = call.types().getFirst().dtype();
        boolean overridden = arguments.schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("divisor_override"))
                && arguments.isPresent("divisor_override");
        Buffer sum = sum(call, lowering, window);
        lowering.pointwise(call, 0, at -> mean(new Scalar.Load(sum, at), overridden
                ? Lowering.scalar(arguments.get("divisor_override"), dtype)
                : count(dtype, window.count(at.subList(at.size() - window.dims(), at.size()), arguments.flag("count_include_pad")))));
    }

    private static void adaptiveAveragePool(Call call, Lowering lowering, PoolWindow.Adaptive window) {
        DType dtype = call.types().getFirst().dtype();
        Buffer sum = sum(call, lowering, window);
        lowering.pointwise(call, 0, at -> mean(
                new Scalar.Load(sum, at), count(dtype, window.count(at.subList(at.size() - window.dims(), at.size())))));
    }

    private static Buffer sum(Call call, Lowering lowering, PoolWindow window) {
        DType dtype = call.types().getFirst().dtype();
        Buffer sum = lowering.temporary("sum", call.types().getFirst());
        Scalar.Literal zero = dtype.isFloating() ? Scalar.literal(dtype, 0.0) : Scalar.literal(dtype, 0L);
        reduce(call, lowering, window, sum, ReductionOperation.SUM, zero, (value, _) -> value);
        return sum;
    }

    /** Of integers truncated towards zero. */
    private static Scalar mean(Scalar sum, Scalar count) {
        return binary(sum.dtype().isFloating() ? BinaryOperation.DIVIDE : BinaryOperation.TRUNC_DIVIDE, sum, count);
    }

    private static Scalar count(DType dtype, Size count) {
        return count.isConstant() ? Scalar.literal(dtype, count.constant()) : Scalar.convert(dtype, new Scalar.Index(count));
    }

    // ---- windows

    /** @param body of an element and its place in the window, counted row by row */
    private static void reduce(Call call, Lowering lowering, PoolWindow window, Buffer target, ReductionOperation operation,
            Scalar.Literal outside, BiFunction<Scalar, Size, Scalar> body) {
        Buffer input = lowering.buffer(call.arguments().tensor("self"));
        int first = input.shape().rank() - window.dims();
        List<Symbol> variables = Lowering.variables("d", target.shape());
        List<Size> indices = Lowering.indices(variables);
        List<Symbol> reduced = new ArrayList<>();
        List<Size> from = new ArrayList<>(indices.subList(0, first));
        List<Scalar.Guarded.Bound> bounds = new ArrayList<>();
        Size flat = Size.ZERO;
        for (int i = 0; i < window.dims(); i++) {
            Symbol variable = Symbol.variable("r" + (first + i), window.taps(i));
            Size tap = window.taps(i).equals(Size.ONE) ? Size.ZERO : variable;
            reduced.add(variable);
            from.add(window.position(i, indices.get(first + i), tap));
            window.bound(i, indices.get(first + i), tap).ifPresent(bounds::add);
            flat = flat.times(window.taps(i)).plus(tap);
        }
        Scalar inside = body.apply(new Scalar.Load(input, from), flat);
        lowering.add(new Loop.Reduction(variables, reduced, operation, Scalar.guarded(bounds, inside, outside),
                List.of(target), indices, Loop.Origins.of(call)));
    }
}
