package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.ARANGE;
import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.IndexingOperators.GATHER;
import static io.toroid.op.IndexingOperators.INDEX_SELECT;
import static io.toroid.op.LossOperators.NLL_LOSS_FORWARD;
import static io.toroid.op.ResamplingOperators.COL2IM;
import static io.toroid.op.ResamplingOperators.GRID_SAMPLER_2D;
import static io.toroid.op.ResamplingOperators.UPSAMPLE_BICUBIC2D;
import static io.toroid.op.ResamplingOperators.UPSAMPLE_BICUBIC2D_VEC;
import static io.toroid.op.ResamplingOperators.UPSAMPLE_BILINEAR2D;
import static io.toroid.op.ResamplingOperators.UPSAMPLE_BILINEAR2D_VEC;
import static io.toroid.op.ResamplingOperators.UPSAMPLE_NEAREST2D;
import static io.toroid.op.ResamplingOperators.UPSAMPLE_NEAREST2D_VEC;
import static io.toroid.op.ScatterOperators.INDEX_ADD;
import static io.toroid.processor.graph.pass.PointwiseDecompositions.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.BinaryOperators;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.ResamplingOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Images read between their pixels: each pixel that takes part is gathered from the flattened plane, and weighted. Where
 * to read is computed in the element type (at least {@code f32}), as in PyTorch.
 */
final class ResamplingDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            UPSAMPLE_NEAREST2D_VEC, call -> List.of(byScale(call, UPSAMPLE_NEAREST2D)),
            UPSAMPLE_BILINEAR2D_VEC, call -> List.of(byScale(call, UPSAMPLE_BILINEAR2D)),
            UPSAMPLE_BICUBIC2D_VEC, call -> List.of(byScale(call, UPSAMPLE_BICUBIC2D)),
            COL2IM, call -> List.of(image(call)),
            UPSAMPLE_NEAREST2D, call -> List.of(nearest(call)),
            UPSAMPLE_BILINEAR2D, call -> List.of(isOfBytes(call) ? new ByteResampling(call, /* isCubic= */ false).result() : bilinear(call)),
            UPSAMPLE_BICUBIC2D, call -> List.of(isOfBytes(call) ? new ByteResampling(call, /* isCubic= */ true).result() : bicubic(call)),
            GRID_SAMPLER_2D, call -> List.of(GridSampling.of(call.arguments()).result()),
            NLL_LOSS_FORWARD, ResamplingDecompositions::negativeLogLikelihood);

    private ResamplingDecompositions() {
    }

    // ---- another size

    private static Tensor byScale(Call call, Operator operator) {
        List<Object> values = new ArrayList<>(List.of(call.arguments().tensor("input"), call.types().getFirst().shape().sizes().subList(2, 4)));
        if (call.arguments().schema().hasParameter("align_corners")) {
            values.add(call.arguments().flag("align_corners"));
        }
        if (call.arguments().isPresent("scale_factors")) {
            values.addAll(call.arguments().numbers("scale_factors"));
        }
        return operator.call(values.toArray());
    }

    /** Row {@code rows[i]} and column {@code columns[j]} of each plane, at (i, j). */
    private static Tensor pick(Tensor image, Tensor rows, Tensor columns) {
        Tensor flat = image.view(Shape.of(image.size(0), image.size(1), image.size(2).times(image.size(3))));
        Tensor place = BinaryOperators.MUL_SCALAR.call(rows.unsqueeze(1), image.size(3)).add(columns);
        Size count = rows.size(0).times(columns.size(0));
        return INDEX_SELECT.call(flat, 2, place.view(Shape.of(count)))
                .view(Shape.of(image.size(0), image.size(1), rows.size(0), columns.size(0)));
    }

    private static Tensor number(Size size, DType dtype) {
        return FULL.call(List.of(), size, dtype);
    }

    /** Pixels of the image for one of the result. */
    private static Tensor scale(Call call, int axis, DType dtype) {
        Size size = call.arguments().tensor("self").size(axis);
        Size result = call.types().getFirst().shape().get(axis);
        return given(call, axis, dtype).orElseGet(() -> number(size, dtype).div(number(result, dtype)));
    }

    private static Optional<Tensor> given(Call call, int axis, DType dtype) {
        String parameter = axis == 2 ? "scales_h" : "scales_w";
        if (!call.arguments().isPresent(parameter) || !(call.arguments().number(parameter) > 0)) {
            return Optional.empty();
        }
        double inverse = 1 / call.arguments().number(parameter);
        return Optional.of(FULL.call(List.of(), dtype == DType.F64 ? inverse : (float) inverse, dtype));
    }

    /** The same, but that a given scale counts only where the size changes by another factor than that. */
    private static Tensor scaleUnless(int factor, Call call, int axis, Tensor scale) {
        Size size = call.arguments().tensor("self").size(axis).times(factor);
        Size result = call.types().getFirst().shape().get(axis);
        if (given(call, axis, scale.dtype()).isEmpty() || size.isConstant() && result.isConstant() && !size.equals(result)) {
            return scale;
        }
        Tensor known = FULL.call(List.of(), 1.0 / factor, scale.dtype());
        return size.equals(result) ? known : Tensor.where(number(size, DType.I64).eq(number(result, DType.I64)), known, scale);
    }

    static Tensor positions(Call call, int axis, DType dtype) {
        return ARANGE.call(0, call.types().getFirst().shape().get(axis), 1, dtype);
    }

    private static Tensor nearest(Call call) {
        return pick(call.arguments().tensor("self"), nearest(call, 2), nearest(call, 3));
    }

    private static Tensor nearest(Call call, int axis) {
        Size size = call.arguments().tensor("self").size(axis);
        if (size.equals(call.types().getFirst().shape().get(axis))) {
            return positions(call, axis, DType.I64);
        }
        Tensor scale = scaleUnless(2, call, axis, scaleUnless(1, call, axis, scale(call, axis, DType.F32)));
        Tensor place = positions(call, axis, DType.F32).mul(scale).floor().to(DType.I64);
        return place.minimum(number(size.minus(1), DType.I64));
    }

    private static DType computed(Call call) {
        return call.arguments().tensor("self").dtype() == DType.F64 ? DType.F64 : DType.F32;
    }

    private static boolean isOfBytes(Call call) {
        return call.arguments().tensor("self").dtype() == DType.U8;
    }

    private static Tensor place(Call call, int axis, boolean cubic) {
        return place(call, axis, cubic, computed(call));
    }

    /** Where each index of the result lies in the image along one axis. */
    static Tensor place(Call call, int axis, boolean cubic, DType dtype) {
        Size size = call.arguments().tensor("self").size(axis);
        Size result = call.types().getFirst().shape().get(axis);
        Tensor index = positions(call, axis, dtype);
        if (call.arguments().flag("align_corners")) {
            Tensor steps = number(result.minus(1).max(1), dtype);
            return index.mul(number(size.minus(1), dtype).div(steps));
        }
        Tensor scale = scale(call, axis, dtype);
        Tensor place = index.add(0.5).mul(cubic ? scale : scaleUnless(1, call, axis, scale)).sub(0.5);
        return cubic ? place : place.clamp(0, null);
    }

    private static Tensor within(Tensor index, Size size) {
        return within(index, size, 0);
    }

    /** From the least index to the last one of a size. */
    static Tensor within(Tensor index, Size size, long least) {
        return index.clamp(least, null).minimum(number(size.minus(1), DType.I64));
    }

    private static Tensor bilinear(Call call) {
        Tensor image = call.arguments().tensor("self");
        Tensor y = place(call, 2, /* cubic= */ false);
        Tensor x = place(call, 3, /* cubic= */ false);
        Tensor top = within(y.floor().to(DType.I64), image.size(2));
        Tensor left = within(x.floor().to(DType.I64), image.size(3));
        Tensor bottom = within(top.add(1), image.size(2));
        Tensor right = within(left.add(1), image.size(3));
        Tensor down = convert(y.sub(convert(top, y.dtype())).clamp(0, 1), image.dtype()).unsqueeze(1);
        Tensor across = convert(x.sub(convert(left, x.dtype())).clamp(0, 1), image.dtype());
        Tensor upper = between(pick(image, top, left), pick(image, top, right), across);
        Tensor lower = between(pick(image, bottom, left), pick(image, bottom, right), across);
        return between(upper, lower, down);
    }

    private static Tensor between(Tensor first, Tensor second, Tensor weight) {
        return first.mul(weight.neg().add(1)).add(second.mul(weight));
    }

    private static Tensor bicubic(Call call) {
        Tensor image = call.arguments().tensor("self");
        Tensor y = place(call, 2, /* cubic= */ true);
        Tensor x = place(call, 3, /* cubic= */ true);
        List<Tensor> down = cubicWeights(y.sub(y.floor()));
        List<Tensor> across = cubicWeights(x.sub(x.floor()));
        BiFunction<Tensor, Integer, Tensor> row = (place, tap) -> within(place.floor().to(DType.I64).add(tap - 1), image.size(2));
        BiFunction<Tensor, Integer, Tensor> column = (place, tap) -> within(place.floor().to(DType.I64).add(tap - 1), image.size(3));
        Tensor sum = null;
        for (int i = 0; i < 4; i++) {
            Tensor line = null;
            for (int j = 0; j < 4; j++) {
                Tensor tap = pick(image, row.apply(y, i), column.apply(x, j)).mul(convert(across.get(j), image.dtype()));
                line = line == null ? tap : line.add(tap);
            }
            Tensor weighted = line.mul(convert(down.get(i), image.dtype()).unsqueeze(1));
            sum = sum == null ? weighted : sum.add(weighted);
        }
        return sum;
    }

    /** Keys' kernel with a = -0.75 at the distances {@code 1 + t}, {@code t}, {@code 1 - t} and {@code 2 - t}. */
    static List<Tensor> cubicWeights(Tensor t) {
        return cubicWeights(t, UnaryOperator.identity());
    }

    /** As above, with each step rounded. */
    static List<Tensor> cubicWeights(Tensor t, UnaryOperator<Tensor> rounded) {
        UnaryOperator<Tensor> next = d -> rounded.apply(d.add(1));
        Tensor rest = next.apply(t.neg());
        return List.of(outer(next.apply(t), rounded), inner(t, rounded), inner(rest, rounded), outer(next.apply(rest), rounded));
    }

    private static Tensor inner(Tensor d, UnaryOperator<Tensor> rounded) {
        Tensor line = rounded.apply(rounded.apply(d.mul(1.25)).sub(2.25));
        Tensor square = rounded.apply(rounded.apply(line.mul(d)).mul(d));
        return rounded.apply(square.add(1));
    }

    private static Tensor outer(Tensor d, UnaryOperator<Tensor> rounded) {
        Tensor line = rounded.apply(rounded.apply(d.mul(-0.75)).add(3.75));
        Tensor parabola = rounded.apply(rounded.apply(line.mul(d)).sub(6));
        return rounded.apply(rounded.apply(parabola.mul(d)).add(3));
    }

    // ---- columns

    /** Every element of a column is added at its place in the image with its padding, which is then cut off. */
    private static Tensor image(Call call) {
        Tensor columns = call.arguments().tensor("self");
        if (columns.dtype() == DType.BOOL) {
            return COL2IM.apply(call.arguments().with("self", new Argument.OfTensor(columns.to(DType.F32)))).getFirst().ne(0);
        }
        Shape shape = call.types().getFirst().shape();
        List<Long> padding = ResamplingOperators.pair(call.arguments(), "padding", 0);
        Size height = shape.get(-2).plus(2 * padding.getFirst());
        Size width = shape.get(-1).plus(2 * padding.getLast());
        Tensor place = BinaryOperators.MUL_SCALAR.call(taps(call, 0).unsqueeze(1).unsqueeze(-1), width).add(taps(call, 1).unsqueeze(1));
        Size planes = shape.numel().floorDiv(shape.get(-2)).floorDiv(shape.get(-1));
        Tensor source = columns.view(Shape.of(planes, place.shape().numel()));
        Tensor zeros = FULL.call(List.of(planes, height.times(width)), 0, columns.dtype());
        Tensor padded = INDEX_ADD.call(zeros, 1, place.view(Shape.of(place.shape().numel())), source).view(Shape.of(planes, height, width));
        return without(without(padded, 1, padding.getFirst(), shape.get(-2)), 2, padding.getLast(), shape.get(-1)).reshape(shape);
    }

    private static Tensor without(Tensor padded, int axis, long padding, Size size) {
        return padded.slice(axis, Size.of(padding), size.plus(padding));
    }

    /** Where each element of the kernel lies along one axis (0: height) in each window. */
    private static Tensor taps(Call call, int i) {
        Arguments arguments = call.arguments();
        Tensor offsets = BinaryOperators.MUL_SCALAR.call(ARANGE.call(0, ResamplingOperators.pair(arguments, "kernel_size", 1).get(i), 1, DType.I64),
                ResamplingOperators.pair(arguments, "dilation", 1).get(i));
        Tensor starts = BinaryOperators.MUL_SCALAR.call(ARANGE.call(0, ResamplingOperators.windows(arguments, i), 1, DType.I64),
                ResamplingOperators.pair(arguments, "stride", 1).get(i));
        return offsets.unsqueeze(1).add(starts);
    }

    // ---- losses

    /** A target that does not count reads class 0, and nothing comes of it. */
    private static List<Tensor> negativeLogLikelihood(Call call) {
        Arguments arguments = call.arguments();
        Tensor x = arguments.tensor("self");
        boolean single = x.dim() == 1;
        Tensor rows = single ? x.unsqueeze(0) : x;
        Tensor target = convert(single ? arguments.tensor("target").view(1) : arguments.tensor("target"), DType.I64);
        Tensor ignored = target.eq(number(arguments.size("ignore_index"), DType.I64));
        Tensor safe = Tensor.where(ignored, 0, target);
        Tensor chosen = GATHER.call(rows, 1, safe.unsqueeze(1)).squeeze(1);
        Tensor weight = arguments.optionalTensor("weight").map(all -> INDEX_SELECT.call(all, 0, safe)).orElse(chosen.fullLike(1));
        Tensor counted = Tensor.where(ignored, 0, weight);
        Tensor losses = Tensor.where(ignored, 0, chosen.mul(weight).neg());
        Tensor total = counted.sum(0);
        return switch ((int) arguments.integer("reduction")) {
            case 0 -> single ? List.of(losses.view(Shape.SCALAR), total) : List.of(losses, Tensor.full(x.dtype(), 0));
            case 1 -> List.of(losses.sum(0).div(total), total);
            default -> List.of(losses.sum(0), total);
        };
    }

    /** The sizes of an index for all channels: {@code [batch, channels, points]}. */
    static Tensor forAllChannels(Tensor index, Tensor image) {
        List<Size> sizes = new ArrayList<>(List.of(index.size(0), image.size(1), index.size(1)));
        return index.unsqueeze(1).expand(new Shape(sizes));
    }
}
