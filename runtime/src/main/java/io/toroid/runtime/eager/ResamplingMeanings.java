package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.util.function.DoubleUnaryOperator;

/**
 * Images read between their pixels. Where to read is computed in the element type, as in PyTorch: a place that is rounded
 * to the other side of a pixel reads another one.
 */
final class ResamplingMeanings {

    /** A pixel of one plane; outside of it what the padding says. */
    @FunctionalInterface
    private interface Pixel {

        double at(long row, long column);
    }

    private ResamplingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("upsample_nearest2d", ResamplingMeanings::nearest);
        meanings.add("upsample_nearest2d.vec", ResamplingMeanings::nearest);
        meanings.add("upsample_bilinear2d.vec", call -> resized(call, /* cubic= */ false));
        meanings.add("upsample_bicubic2d.vec", call -> resized(call, /* cubic= */ true));
        meanings.add("col2im", ResamplingMeanings::image);
        meanings.add("upsample_bilinear2d", call -> resized(call, /* cubic= */ false));
        meanings.add("upsample_bicubic2d", call -> resized(call, /* cubic= */ true));
        meanings.add("grid_sampler_2d", GridMeaning::sampled);
        meanings.add("im2col", ResamplingMeanings::columns);
    }

    private static DoubleUnaryOperator rounding(DType dtype) {
        return dtype == DType.F64 ? x -> x : x -> (float) x;
    }

    /** A scale, which counts only where the size changes, or 0. */
    private static double given(Invocation call, int axis) {
        if (isByScale(call)) {
            return call.has("scale_factors") ? call.arguments().numbers("scale_factors").get(axis - 2) : 0;
        }
        String parameter = axis == 2 ? "scales_h" : "scales_w";
        return call.has(parameter) ? call.arguments().number(parameter) : 0;
    }

    private static boolean isByScale(Invocation call) {
        return call.arguments().schema().overload().equals("vec");
    }

    /** The image that gets another size. */
    static TensorData source(Invocation call) {
        return call.data(isByScale(call) ? "input" : "self");
    }

    // ---- another size

    private static TensorData nearest(Invocation call) {
        long[] from = source(call).sizes();
        return RearrangingMeanings.pick(source(call), call.sizes(), index -> {
            for (int axis = 2; axis < 4; axis++) {
                long to = call.sizes()[axis];
                double given = to == from[axis] || to == 2 * from[axis] ? 0 : given(call, axis);
                float scale = given > 0 ? (float) (1 / given) : (float) from[axis] / to;
                index[axis] = Math.min((long) Math.floor(index[axis] * scale), from[axis] - 1);
            }
            return index;
        });
    }

    /** Where the result's index lies in the image along one axis. */
    private static double place(Invocation call, long index, int axis, boolean cubic) {
        return place(call, index, axis, cubic, rounding(call.dtype()));
    }

    /** As above, with each step rounded. */
    static double place(Invocation call, long index, int axis, boolean cubic, DoubleUnaryOperator rounded) {
        double size = source(call).sizes()[axis];
        double result = call.sizes()[axis];
        if (call.arguments().flag("align_corners")) {
            double scale = result > 1 ? rounded.applyAsDouble((size - 1) / (result - 1)) : 0;
            return rounded.applyAsDouble(scale * index);
        }
        double given = size == result && !cubic ? 0 : given(call, axis);
        double scale = rounded.applyAsDouble(given > 0 ? 1 / given : size / result);
        double place = rounded.applyAsDouble(rounded.applyAsDouble(scale * (index + 0.5)) - 0.5);
        return cubic ? place : Math.max(place, 0);
    }

    private static TensorData resized(Invocation call, boolean cubic) {
        if (call.dtype() == DType.U8) {
            return ByteResampling.of(call, cubic);
        }
        double[] values = Elements.doubles(source(call));
        long[] from = source(call).sizes();
        int height = (int) from[2];
        int width = (int) from[3];
        double[] result = new double[Positions.count(call.sizes())];
        int plane = (int) (call.sizes()[2] * call.sizes()[3]);
        for (int i = 0; i < result.length; i++) {
            int start = i / plane * height * width;
            Pixel pixel = (row, column) -> values[start + (int) Math.clamp(row, 0, height - 1) * width + (int) Math.clamp(column, 0, width - 1)];
            double y = place(call, i % plane / call.sizes()[3], 2, cubic);
            double x = place(call, i % call.sizes()[3], 3, cubic);
            result[i] = cubic ? cubic(pixel, y, x) : linear(pixel, y, x);
        }
        return call.result(result);
    }

    private static double linear(Pixel pixel, double y, double x) {
        long row = (long) Math.floor(y);
        long column = (long) Math.floor(x);
        double down = y - row;
        double right = x - column;
        return (1 - down) * ((1 - right) * pixel.at(row, column) + right * pixel.at(row, column + 1))
                + down * ((1 - right) * pixel.at(row + 1, column) + right * pixel.at(row + 1, column + 1));
    }

    private static double cubic(Pixel pixel, double y, double x) {
        long row = (long) Math.floor(y);
        long column = (long) Math.floor(x);
        double sum = 0;
        for (int i = -1; i <= 2; i++) {
            for (int j = -1; j <= 2; j++) {
                sum += keys(y - row - i) * keys(x - column - j) * pixel.at(row + i, column + j);
            }
        }
        return sum;
    }

    /** Keys' kernel with a = -0.75 at that distance. */
    static double keys(double distance) {
        double d = Math.abs(distance);
        double a = -0.75;
        return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }

    // ---- windows

    private static TensorData columns(Invocation call) {
        long[] sizes = call.data("self").sizes();
        int rank = sizes.length;
        long[] kernel = pair(call, "kernel_size");
        long[] stride = pair(call, "stride");
        long[] padding = pair(call, "padding");
        long[] dilation = pair(call, "dilation");
        long perRow = (sizes[rank - 1] + 2 * padding[1] - dilation[1] * (kernel[1] - 1) - 1) / stride[1] + 1;
        return RearrangingMeanings.pick(call.data("self"), call.sizes(), index -> {
            long tap = index[rank - 3];
            long window = index[rank - 2];
            long row = window / perRow * stride[0] - padding[0] + tap / kernel[1] % kernel[0] * dilation[0];
            long column = window % perRow * stride[1] - padding[1] + tap % kernel[1] * dilation[1];
            long channel = tap / kernel[1] / kernel[0];
            boolean outside = row < 0 || row >= sizes[rank - 2] || column < 0 || column >= sizes[rank - 1];
            return outside ? null : rank == 3 ? new long[] {channel, row, column} : new long[] {index[0], channel, row, column};
        }, Elements.of(call.dtype(), new long[0], new long[] {0}));
    }

    /** What {@code im2col} would read for an element of a column is where that is added. */
    private static TensorData image(Invocation call) {
        double[] columns = Elements.doubles(Elements.convert(call.data("self"), call.dtype() == DType.BOOL ? DType.F64 : call.dtype()));
        long[] kernel = pair(call, "kernel_size");
        long[] stride = pair(call, "stride");
        long[] padding = pair(call, "padding");
        long[] dilation = pair(call, "dilation");
        int rank = call.sizes().length;
        long height = call.sizes()[rank - 2];
        long width = call.sizes()[rank - 1];
        long perRow = (width + 2 * padding[1] - dilation[1] * (kernel[1] - 1) - 1) / stride[1] + 1;
        long windows = call.data("self").sizes()[rank - 2];
        double[] result = new double[Positions.count(call.sizes())];
        for (int i = 0; i < columns.length; i++) {
            long window = i % windows;
            long tap = i / windows % (kernel[0] * kernel[1]);
            long plane = i / windows / (kernel[0] * kernel[1]);
            long row = window / perRow * stride[0] - padding[0] + tap / kernel[1] * dilation[0];
            long column = window % perRow * stride[1] - padding[1] + tap % kernel[1] * dilation[1];
            if (row >= 0 && row < height && column >= 0 && column < width) {
                result[(int) ((plane * height + row) * width + column)] += columns[i];
            }
        }
        return call.result(result);
    }

    private static long[] pair(Invocation call, String parameter) {
        int[] values = call.arguments().integers(parameter);
        return new long[] {values[0], values[values.length - 1]};
    }
}
