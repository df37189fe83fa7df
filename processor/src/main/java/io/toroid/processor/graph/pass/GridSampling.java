package io.toroid.processor.graph.pass;

import static io.toroid.op.IndexingOperators.GATHER;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.BinaryOperators;
import io.toroid.op.CreationOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/** One call of {@code grid_sampler_2d}: coordinates to pixels, pixels that are gathered, and their weights. */
record GridSampling(Tensor image, Shape shape, Tensor x, Tensor y, int mode, int padding, boolean corners) {

    static GridSampling of(Arguments arguments) {
        Tensor image = arguments.tensor("input");
        Tensor grid = arguments.tensor("grid");
        boolean corners = arguments.flag("align_corners");
        Shape points = Shape.of(grid.size(0), grid.size(1).times(grid.size(2)));
        return new GridSampling(image, Shape.of(image.size(0), image.size(1), grid.size(1), grid.size(2)),
                unnormalized(grid.select(3, 0).view(points), image.size(3), corners),
                unnormalized(grid.select(3, 1).view(points), image.size(2), corners),
                (int) arguments.integer("interpolation_mode"), (int) arguments.integer("padding_mode"), corners);
    }

    Tensor result() {
        Tensor values = switch (mode) {
            case 0 -> bilinear(folded(x, image.size(3)), folded(y, image.size(2)));
            case 1 -> pixel(folded(y, image.size(2)).round(), folded(x, image.size(3)).round());
            default -> bicubic();
        };
        return values.view(shape);
    }

    // ---- coordinates

    private static Tensor number(Size size, DType dtype) {
        return CreationOperators.FULL.call(List.of(), size, dtype);
    }

    private static Tensor unnormalized(Tensor coordinate, Size size, boolean corners) {
        Tensor raised = coordinate.add(1);
        return corners ? raised.div(2).mul(number(size.minus(1), coordinate.dtype()))
                : BinaryOperators.MUL_SCALAR.call(raised, size).sub(1).div(2);
    }

    /** A place outside of the image to where it reads, by the kind of padding. */
    private Tensor folded(Tensor place, Size size) {
        Tensor last = number(size.minus(1), place.dtype());
        return switch (padding) {
            case 0 -> place;
            case 1 -> place.clamp(0, null).minimum(last);
            default -> mirrored(place, size).clamp(0, null).minimum(last);
        };
    }

    /** To and fro over the span from {@code low} on; a span of nothing is 0. */
    private Tensor mirrored(Tensor place, Size size) {
        if (corners && size.equals(Size.ONE)) {
            return place.mul(0);
        }
        double low = corners ? 0 : -0.5;
        Tensor span = number(corners ? size.minus(1).max(1) : size, place.dtype());
        Tensor distance = place.sub(low).abs();
        Tensor rest = distance.fmod(span);
        Tensor even = distance.div(span).floor().fmod(2).eq(0);
        return Tensor.where(even, rest, span.sub(rest)).add(low);
    }

    // ---- pixels

    /** The pixels at whole rows and columns, for all channels; outside of the image 0. */
    private Tensor pixel(Tensor row, Tensor column) {
        Tensor inside = within(row, image.size(2)).logicalAnd(within(column, image.size(3)));
        Tensor place = BinaryOperators.MUL_SCALAR.call(Tensor.where(inside, row, 0).to(DType.I64), image.size(3))
                .add(Tensor.where(inside, column, 0).to(DType.I64));
        Tensor flat = image.view(Shape.of(image.size(0), image.size(1), image.size(2).times(image.size(3))));
        Tensor values = GATHER.call(flat, 2, ResamplingDecompositions.forAllChannels(place, image));
        return Tensor.where(inside.unsqueeze(1), values, 0);
    }

    private static Tensor within(Tensor index, Size size) {
        return index.ge(0).logicalAnd(index.le(number(size.minus(1), index.dtype())));
    }

    private Tensor weighted(Tensor row, Tensor column, Tensor weight) {
        return pixel(row, column).mul(weight.unsqueeze(1));
    }

    private Tensor bilinear(Tensor x, Tensor y) {
        Tensor left = x.floor();
        Tensor top = y.floor();
        Tensor right = x.sub(left);
        Tensor down = y.sub(top);
        Tensor restRight = right.neg().add(1);
        Tensor restDown = down.neg().add(1);
        return weighted(top, left, restDown.mul(restRight)).add(weighted(top, left.add(1), restDown.mul(right)))
                .add(weighted(top.add(1), left, down.mul(restRight))).add(weighted(top.add(1), left.add(1), down.mul(right)));
    }

    private Tensor bicubic() {
        Tensor left = x.floor();
        Tensor top = y.floor();
        List<Tensor> across = ResamplingDecompositions.cubicWeights(x.sub(left));
        List<Tensor> down = ResamplingDecompositions.cubicWeights(y.sub(top));
        Tensor sum = null;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                Tensor row = folded(top.add(i - 1), image.size(2)).trunc();
                Tensor column = folded(left.add(j - 1), image.size(3)).trunc();
                Tensor tap = weighted(row, column, down.get(i).mul(across.get(j)));
                sum = sum == null ? tap : sum.add(tap);
            }
        }
        return sum;
    }
}
