package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.List;

/** Windows over each plane of an image. */
final class PoolingMeanings {

    private PoolingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.addAll("max_pool2d_with_indices", PoolingMeanings::maxPool);
        meanings.add("avg_pool2d", PoolingMeanings::avgPool);
        meanings.add("_adaptive_avg_pool2d", PoolingMeanings::adaptiveAvgPool);
    }

    /** The last NaN of a window wins, or else its first largest element: PyTorch's order. */
    private static List<TensorData> maxPool(Invocation call) {
        TensorData self = call.data("self");
        Plane plane = Plane.of(call, self.sizes(), Plane.pair(call, "kernel_size", null));
        long[] indices = new long[Positions.count(call.sizes())];
        int[] positions = new int[indices.length];
        double[] doubles = Elements.doubles(self);
        long[] longs = self.dtype().isFloating() ? new long[0] : Elements.longs(self);
        for (int o = 0; o < indices.length; o++) {
            int start = o / plane.columns() / plane.rows() * plane.size();
            int best = -1;
            for (int i = 0; i < plane.kernel()[0]; i++) {
                for (int j = 0; j < plane.kernel()[1]; j++) {
                    int y = plane.rowAt(o / plane.columns() % plane.rows(), i);
                    int x = plane.columnAt(o % plane.columns(), j);
                    int at = y * plane.width() + x;
                    if (plane.isInside(y, x) && (best < 0 || (self.dtype().isFloating()
                            ? doubles[start + at] > doubles[start + best] || Double.isNaN(doubles[start + at])
                            : longs[start + at] > longs[start + best]))) {
                        best = at;
                    }
                }
            }
            indices[o] = best;
            positions[o] = start + best;
        }
        return List.of(Elements.pick(self, call.sizes(), positions), TensorData.of(indices, call.sizes(1)));
    }

    /** In the divisor the padding counts or not; beyond the padding (ceil mode) nothing counts. */
    private static TensorData avgPool(Invocation call) {
        TensorData self = call.data("self");
        double[] image = Elements.doubles(self);
        Plane plane = Plane.of(call, self.sizes(), Plane.pair(call, "kernel_size", null));
        double[] result = new double[Positions.count(call.sizes())];
        for (int o = 0; o < result.length; o++) {
            int top = plane.rowAt(o / plane.columns() % plane.rows(), 0);
            int left = plane.columnAt(o % plane.columns(), 0);
            int bottom = Math.min(top + plane.kernel()[0], plane.height() + plane.padding()[0]);
            int right = Math.min(left + plane.kernel()[1], plane.width() + plane.padding()[1]);
            Box box = new Box(Math.max(top, 0), Math.max(left, 0), Math.min(bottom, plane.height()), Math.min(right, plane.width()));
            double divisor = call.has("divisor_override") ? call.arguments().integer("divisor_override")
                    : call.flag("count_include_pad") ? (bottom - top) * (right - left) : box.area();
            int start = o / plane.columns() / plane.rows() * plane.size();
            result[o] = box.area() == 0 ? 0 : box.sum(image, start, plane.width()) / divisor;
        }
        return call.result(result);
    }

    private static TensorData adaptiveAvgPool(Invocation call) {
        TensorData self = call.data("self");
        double[] image = Elements.doubles(self);
        int height = (int) self.sizes()[self.sizes().length - 2];
        int width = (int) self.sizes()[self.sizes().length - 1];
        int rows = (int) call.sizes()[call.sizes().length - 2];
        int columns = (int) call.sizes()[call.sizes().length - 1];
        double[] result = new double[Positions.count(call.sizes())];
        for (int o = 0; o < result.length; o++) {
            int row = o / columns % rows;
            int column = o % columns;
            Box box = new Box(row * height / rows, column * width / columns,
                    Math.ceilDiv((row + 1) * height, rows), Math.ceilDiv((column + 1) * width, columns));
            result[o] = box.sum(image, o / columns / rows * height * width, width) / box.area();
        }
        return call.result(result);
    }

    /** A part of a plane; bottom and right are outside it. */
    private record Box(int top, int left, int bottom, int right) {

        int area() {
            return Math.max(0, bottom - top) * Math.max(0, right - left);
        }

        double sum(double[] image, int start, int width) {
            double sum = 0;
            for (int y = top; y < bottom; y++) {
                for (int x = left; x < right; x++) {
                    sum += image[start + y * width + x];
                }
            }
            return sum;
        }
    }
}
