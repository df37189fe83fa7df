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

/**
 * One call of {@code grid_sampler_2d}: coordinates to pixels, pixels that are gathered, and their weights. Like PyTorch's kernel it
 * rounds every step to the element type, in which also reduced types move the points; such steps are computed in {@code f32}.
 */
record GridSampling(Tensor image, Tensor grid, int mode, int padding, boolean corners) {

    static GridSampling of(Arguments arguments) {
        return new GridSampling(arguments.tensor("input"), arguments.tensor("grid"), (int) arguments.integer("interpolation_mode"),
                (int) arguments.integer("padding_mode"), arguments.flag("align_corners"));
    }

    /** The pixels of the result, of the type in which the steps are computed. */
    Tensor result() {
        Tensor x = place(0, image.size(3));
        Tensor y = place(1, image.size(2));
        Tensor values = switch (mode) {
            case 0 -> bilinear(folded(x, image.size(3)), folded(y, image.size(2)));
            case 1 -> pixel(folded(y, image.size(2)).round(), folded(x, image.size(3)).round());
            default -> bicubic(x, y);
        };
        return values.view(Shape.of(image.size(0), image.size(1), grid.size(1), grid.size(2)));
    }

    /** A step of the computation as the element type holds it. */
    private Tensor rounded(Tensor step) {
        return step.to(image.dtype()).to(step.dtype());
    }

    private Tensor number(Size size) {
        return rounded(CreationOperators.FULL.call(List.of(), size, image.dtype().computed()));
    }

    // ---- coordinates

    /** Where the points lie between the pixels of one axis. */
    private Tensor place(int coordinate, Size size) {
        Tensor points = grid.select(3, coordinate).view(Shape.of(grid.size(0), grid.size(1).times(grid.size(2)))).to(image.dtype().computed());
        Tensor scaled = rounded(rounded(points.add(1)).mul(rounded(number(corners ? size.minus(1) : size).div(2))));
        return corners ? scaled : rounded(scaled.sub(0.5));
    }

    /** A place outside of the image to where it reads, by the kind of padding; what is not a number, to the first pixel. */
    private Tensor folded(Tensor place, Size size) {
        if (padding == 0) {
            return place;
        }
        Tensor mirrored = padding == 1 ? place : mirrored(place, size);
        return Tensor.where(mirrored.ge(0), mirrored, 0).minimum(number(size.minus(1)));
    }

    /** To and fro over the span from {@code low} on; a span of nothing is 0. */
    private Tensor mirrored(Tensor place, Size size) {
        if (corners && size.equals(Size.ONE)) {
            return place.mul(0);
        }
        Tensor there = number(corners ? size.minus(1).max(1) : size);
        Tensor thereAndBack = rounded(there.mul(2));
        Tensor distance = corners ? place.abs() : rounded(place.add(0.5)).abs();
        Tensor rest = rounded(distance.sub(rounded(rounded(distance.div(thereAndBack)).trunc().mul(thereAndBack))));
        Tensor folded = rest.minimum(rounded(thereAndBack.sub(rest)));
        return corners ? folded : rounded(folded.sub(0.5));
    }

    // ---- pixels

    /** The pixels at whole rows and columns, for all channels; outside of the image 0. */
    private Tensor pixel(Tensor row, Tensor column) {
        Tensor inside = within(row, image.size(2)).logicalAnd(within(column, image.size(3)));
        Tensor place = BinaryOperators.MUL_SCALAR.call(Tensor.where(inside, row, 0).to(DType.I64), image.size(3))
                .add(Tensor.where(inside, column, 0).to(DType.I64));
        Tensor flat = image.view(Shape.of(image.size(0), image.size(1), image.size(2).times(image.size(3))));
        Tensor values = GATHER.call(flat, 2, ResamplingDecompositions.forAllChannels(place, image)).to(row.dtype());
        return Tensor.where(inside.unsqueeze(1), values, 0);
    }

    private Tensor within(Tensor index, Size size) {
        return index.ge(0).logicalAnd(index.le(number(size.minus(1))));
    }

    private Tensor weighted(Tensor row, Tensor column, Tensor weight) {
        return rounded(pixel(row, column).mul(weight.unsqueeze(1)));
    }

    private Tensor bilinear(Tensor x, Tensor y) {
        Tensor left = x.floor();
        Tensor top = y.floor();
        Tensor right = rounded(x.sub(left));
        Tensor down = rounded(y.sub(top));
        Tensor restRight = rounded(right.neg().add(1));
        Tensor restDown = rounded(down.neg().add(1));
        Tensor nextLeft = rounded(left.add(1));
        Tensor nextTop = rounded(top.add(1));
        Tensor upper = rounded(weighted(top, left, rounded(restDown.mul(restRight))).add(weighted(top, nextLeft, rounded(restDown.mul(right)))));
        Tensor three = rounded(upper.add(weighted(nextTop, left, rounded(down.mul(restRight)))));
        return rounded(three.add(weighted(nextTop, nextLeft, rounded(down.mul(right)))));
    }

    private Tensor bicubic(Tensor x, Tensor y) {
        Tensor left = x.floor();
        Tensor top = y.floor();
        List<Tensor> across = ResamplingDecompositions.cubicWeights(rounded(x.sub(left)), this::rounded);
        List<Tensor> down = ResamplingDecompositions.cubicWeights(rounded(y.sub(top)), this::rounded);
        Tensor sum = null;
        for (int i = 0; i < 4; i++) {
            Tensor row = folded(rounded(top.add(i - 1)), image.size(2)).trunc();
            Tensor line = null;
            for (int j = 0; j < 4; j++) {
                Tensor column = folded(rounded(left.add(j - 1)), image.size(3)).trunc();
                Tensor tap = weighted(row, column, across.get(j));
                line = line == null ? tap : rounded(line.add(tap));
            }
            Tensor rows = rounded(line.mul(down.get(i).unsqueeze(1)));
            sum = sum == null ? rows : rounded(sum.add(rows));
        }
        return sum;
    }
}
