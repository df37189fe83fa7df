package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.ReducedFloats;
import io.toroid.op.TensorData;
import java.util.function.DoubleUnaryOperator;

/**
 * Images read at the points of a grid. Each step is rounded to the element type, as in PyTorch, also where that moves the points.
 *
 * @param size of the axis along which one coordinate runs
 * @param padding 0 for zeros, 1 for the border, 2 for the mirrored image
 */
record GridMeaning(double size, long padding, boolean corners, DoubleUnaryOperator rounded) {

    /** One image and one channel of it. */
    private record Plane(double[] values, int start, int height, int width) {

        double at(double row, double column) {
            return row >= 0 && row < height && column >= 0 && column < width ? values[start + (int) row * width + (int) column] : 0;
        }
    }

    static TensorData sampled(Invocation call) {
        double[] values = Elements.doubles(call.data("input"));
        double[] grid = Elements.doubles(call.data("grid"));
        int height = (int) call.data("input").sizes()[2];
        int width = (int) call.data("input").sizes()[3];
        int channels = (int) call.sizes()[1];
        int plane = (int) (call.sizes()[2] * call.sizes()[3]);
        GridMeaning x = of(call, width);
        GridMeaning y = of(call, height);
        double[] result = new double[Positions.count(call.sizes())];
        for (int i = 0; i < result.length; i++) {
            int point = i / plane / channels * plane + i % plane;
            Plane image = new Plane(values, i / plane * height * width, height, width);
            double column = x.place(grid[2 * point]);
            double row = y.place(grid[2 * point + 1]);
            result[i] = switch ((int) call.arguments().integer("interpolation_mode")) {
                case 0 -> linear(image, y, y.folded(row), x, x.folded(column));
                case 1 -> image.at(Math.rint(y.folded(row)), Math.rint(x.folded(column)));
                default -> cubic(image, y, row, x, column);
            };
        }
        return call.result(result);
    }

    private static GridMeaning of(Invocation call, int size) {
        DType dtype = call.dtype();
        DoubleUnaryOperator rounded = dtype == DType.F64 ? step -> step
                : dtype == DType.F32 ? step -> (float) step : step -> ReducedFloats.round(dtype, (float) step);
        return new GridMeaning(size, call.arguments().integer("padding_mode"), call.arguments().flag("align_corners"), rounded);
    }

    private double round(double step) {
        return rounded.applyAsDouble(step);
    }

    // ---- coordinates

    private double place(double coordinate) {
        double half = round(round(corners ? size - 1 : size) / 2);
        double scaled = round(round(coordinate + 1) * half);
        return corners ? scaled : round(scaled - 0.5);
    }

    /** A place outside of the image to where it reads; NaN to the first pixel. */
    private double folded(double place) {
        if (padding == 0) {
            return place;
        }
        double folded = padding == 1 ? place : mirrored(place);
        return folded >= 0 ? Math.min(folded, round(size - 1)) : 0;
    }

    private double mirrored(double place) {
        double low = corners ? 0 : -0.5;
        double period = round(2 * round(corners ? size - 1 : size));
        if (period == 0) {
            return 0;
        }
        double distance = Math.abs(round(place - low));
        double whole = truncated(round(distance / period));
        double rest = round(distance - round(whole * period));
        return round(Math.min(rest, round(period - rest)) + low);
    }

    // ---- pixels

    private static double linear(Plane image, GridMeaning y, double row, GridMeaning x, double column) {
        double top = Math.floor(row);
        double left = Math.floor(column);
        double[] down = y.hats(row - top);
        double[] right = x.hats(column - left);
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            double weight = x.round(down[i / 2] * right[i % 2]);
            sum = x.round(sum + x.round(image.at(y.round(top + i / 2), x.round(left + i % 2)) * weight));
        }
        return sum;
    }

    private double[] hats(double distance) {
        double rounded = round(distance);
        return new double[] {round(1 - rounded), rounded};
    }

    private static double cubic(Plane image, GridMeaning y, double row, GridMeaning x, double column) {
        double top = Math.floor(row);
        double left = Math.floor(column);
        double[] down = y.keys(y.round(row - top));
        double[] across = x.keys(x.round(column - left));
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            double line = 0;
            for (int j = 0; j < 4; j++) {
                double value = image.at(truncated(y.folded(y.round(top + i - 1))), truncated(x.folded(x.round(left + j - 1))));
                line = x.round(line + x.round(value * across[j]));
            }
            sum = x.round(sum + x.round(line * down[i]));
        }
        return sum;
    }

    private static double truncated(double place) {
        return place < 0 ? Math.ceil(place) : Math.floor(place);
    }

    /** Keys' weights of four pixels, from the one before the place on. */
    private double[] keys(double t) {
        double rest = round(1 - t);
        return new double[] {outer(round(t + 1)), inner(t), inner(rest), outer(round(rest + 1))};
    }

    private double inner(double d) {
        return round(round(round(round(round(d * 1.25) - 2.25) * d) * d) + 1);
    }

    private double outer(double d) {
        return round(round(round(round(round(round(d * -0.75) + 3.75) * d) - 6) * d) + 3);
    }
}
