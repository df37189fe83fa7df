package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToLongFunction;

/**
 * Images of bytes at another size, in PyTorch's fixed-point numbers: along rows first, then along columns. Along an axis each result is
 * a sum of pixels by weights of 16 bits, rounded to a byte. What would be read outside of the image adds to the weight of the border.
 *
 * @param first for each result the first pixel
 * @param weights for each result those of the pixels from there on, in units of {@code 1 / 2^precision}
 */
record ByteResampling(int[] first, long[][] weights, int precision) {

    static TensorData of(Invocation call, boolean cubic) {
        TensorData self = ResamplingMeanings.source(call);
        long[] from = self.sizes();
        long[] to = call.sizes();
        long[] between = {from[0], from[1], from[2], to[3]};
        long[] rows = along(call, 3, cubic, Elements.longs(self), from, between);
        return call.result(along(call, 2, cubic, rows, between, to));
    }

    private static long[] along(Invocation call, int axis, boolean cubic, long[] image, long[] from, long[] to) {
        if (from[axis] == to[axis]) {
            return image;
        }
        ByteResampling table = table(call, axis, cubic, (int) from[axis], (int) to[axis]);
        int inner = axis == 2 ? (int) to[3] : 1;
        int size = (int) from[axis];
        long[] result = new long[Positions.count(to)];
        for (int i = 0; i < result.length; i++) {
            int start = i / inner / (int) to[axis] * size * inner + i % inner;
            result[i] = table.at(i / inner % (int) to[axis], size, pixel -> image[start + pixel * inner]);
        }
        return result;
    }

    private long at(int index, int size, IntToLongFunction pixel) {
        long sum = 1L << (precision - 1);
        for (int slot = 0; slot < weights[index].length; slot++) {
            sum += weights[index][slot] * pixel.applyAsLong(Math.min(first[index] + slot, size - 1));
        }
        return Math.clamp(sum >> precision, 0, 255);
    }

    private static ByteResampling table(Invocation call, int axis, boolean cubic, int size, int results) {
        int[] first = new int[results];
        double[][] weights = new double[results][cubic ? 4 : 2];
        for (int i = 0; i < results; i++) {
            double place = ResamplingMeanings.place(call, i, axis, cubic, DoubleUnaryOperator.identity());
            int below = Math.min((int) Math.floor(place), size - 1);
            int start = cubic ? below - 1 : below;
            first[i] = Math.max(0, start);
            for (int tap = 0; tap < weights[i].length; tap++) {
                double distance = start + tap - below - Math.clamp(place - below, 0.0, 1.0);
                weights[i][Math.clamp(start + tap, 0, size - 1) - first[i]] += cubic ? ResamplingMeanings.keys(distance) : 1 - Math.abs(distance);
            }
        }
        double most = Arrays.stream(weights).flatMapToDouble(Arrays::stream).max().orElseThrow();
        int precision = 0.5 + most * (1 << 15) < 1 << 15 ? 15 : 14;
        return new ByteResampling(first, Arrays.stream(weights).map(each -> rounded(each, precision)).toArray(long[][]::new), precision);
    }

    private static long[] rounded(double[] weights, int precision) {
        return Arrays.stream(weights).map(weight -> weight * (1 << precision)).mapToLong(x -> (long) (x < 0 ? x - 0.5 : x + 0.5)).toArray();
    }
}
