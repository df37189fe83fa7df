package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import io.toroid.op.Window;
import io.toroid.runtime.eager.Volume.Box;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Windows over each line, plane or volume of a tensor. */
final class PoolingMeanings {

    private PoolingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.addAll("max_pool2d_with_indices", call -> maxPool(call, 2));
        meanings.addAll("max_pool3d_with_indices", call -> maxPool(call, 3));
        meanings.add("avg_pool1d", call -> avgPool(call, 1));
        meanings.add("avg_pool2d", call -> avgPool(call, 2));
        meanings.add("avg_pool3d", call -> avgPool(call, 3));
        meanings.add("adaptive_avg_pool1d", call -> adaptiveAvgPool(call, 1));
        meanings.add("_adaptive_avg_pool2d", call -> adaptiveAvgPool(call, 2));
        meanings.add("_adaptive_avg_pool3d", call -> adaptiveAvgPool(call, 3));
        meanings.addAll("adaptive_max_pool2d", call -> adaptiveMaxPool(call, 2));
        meanings.addAll("adaptive_max_pool3d", call -> adaptiveMaxPool(call, 3));
    }

    // ---- the largest

    private static List<TensorData> maxPool(Invocation call, int dims) {
        Window window = Window.of(call.arguments(), dims);
        Volume volume = Volume.of(window, call.data("self").sizes(), call.sizes());
        return largest(call, volume.size(), volume.cellCount(), cell -> {
            IntStream.Builder places = IntStream.builder();
            volume.forEachTap(cell, (place, _) -> places.add(place));
            return places.build().toArray();
        }, cell -> firstTap(cell, window, volume));
    }

    /** The place of a window's first tap that is not before the volume; it may be behind it. */
    private static int firstTap(int cell, Window window, Volume volume) {
        int[] at = coordinates(cell, volume.cells());
        int[] stride = Volume.three(window.stride(), 1);
        int[] padding = Volume.three(window.padding(), 0);
        int[] dilation = Volume.three(window.dilation(), 1);
        int place = 0;
        for (int i = 0; i < 3; i++) {
            int begin = at[i] * stride[i] - padding[i];
            place = place * volume.sizes()[i] + (begin >= 0 ? begin : Math.floorMod(begin, dilation[i]));
        }
        return place;
    }

    private static List<TensorData> adaptiveMaxPool(Invocation call, int dims) {
        int[] sizes = Volume.last(call.data("self").sizes(), dims);
        int[] cells = Volume.last(call.sizes(), dims);
        return largest(call, sizes[0] * sizes[1] * sizes[2], cells[0] * cells[1] * cells[2], cell -> adaptive(cell, sizes, cells).places(sizes),
                _ -> 0);
    }

    /** The elements of a volume that a cell of the result looks at, in order. */
    @FunctionalInterface
    private interface Places {
        int[] of(int cell);
    }

    /**
     * The last NaN of a window wins, or else its first largest element: PyTorch's order.
     *
     * @param first the index for a window without elements; its value is the least of the type
     */
    private static List<TensorData> largest(Invocation call, int size, int cells, Places places, IntUnaryOperator first) {
        TensorData self = call.data("self");
        boolean isFloating = self.dtype().isFloating();
        double[] doubles = isFloating ? Elements.doubles(self) : new double[0];
        long[] longs = isFloating ? new long[0] : Elements.longs(self);
        long[] indices = new long[Positions.count(call.sizes())];
        double[] largestDoubles = new double[isFloating ? indices.length : 0];
        long[] largestLongs = new long[isFloating ? 0 : indices.length];
        for (int o = 0; o < indices.length; o++) {
            int start = o / cells * size;
            int best = -1;
            for (int place : places.of(o % cells)) {
                boolean wins = best < 0 || (isFloating
                        ? doubles[start + place] > doubles[start + best] || Double.isNaN(doubles[start + place])
                        : longs[start + place] > longs[start + best]);
                best = wins ? place : best;
            }
            indices[o] = best < 0 ? first.applyAsInt(o % cells) : best;
            if (isFloating) {
                largestDoubles[o] = best < 0 ? Double.NEGATIVE_INFINITY : doubles[start + best];
            } else {
                largestLongs[o] = best < 0 ? self.dtype().least() : longs[start + best];
            }
        }
        TensorData values = isFloating ? Elements.of(self.dtype(), call.sizes(), largestDoubles) : Elements.of(self.dtype(), call.sizes(), largestLongs);
        return List.of(values, TensorData.of(indices, call.sizes(1)));
    }

    // ---- means

    /** In the divisor the padding counts or not; beyond the padding (ceil mode) nothing counts. */
    private static TensorData avgPool(Invocation call, int dims) {
        Window window = Window.of(call.arguments(), dims);
        int[] sizes = Volume.last(call.data("self").sizes(), dims);
        int[] cells = Volume.last(call.sizes(), dims);
        int[] kernel = Volume.three(window.kernel(), 1);
        int[] stride = Volume.three(window.stride(), 1);
        int[] padding = Volume.three(window.padding(), 0);
        return means(call, sizes, cells, cell -> {
            int[] at = coordinates(cell, cells);
            Box padded = Box.of(i -> at[i] * stride[i] - padding[i],
                    i -> Math.min(at[i] * stride[i] - padding[i] + kernel[i], sizes[i] + padding[i]));
            Box inside = padded.within(sizes);
            long divisor = call.has("divisor_override") ? call.arguments().integer("divisor_override")
                    : (call.flag("count_include_pad") ? padded : inside).count();
            return new Cell(inside, divisor);
        });
    }

    private static TensorData adaptiveAvgPool(Invocation call, int dims) {
        int[] sizes = Volume.last(call.data("self").sizes(), dims);
        int[] cells = Volume.last(call.sizes(), dims);
        return means(call, sizes, cells, cell -> {
            Box box = adaptive(cell, sizes, cells);
            return new Cell(box, box.count());
        });
    }

    /** What is added up for a cell, and by what the sum is divided. */
    private record Cell(Box box, long divisor) {
    }

    @FunctionalInterface
    private interface Cells {
        Cell of(int cell);
    }

    private static TensorData means(Invocation call, int[] sizes, int[] cells, Cells each) {
        TensorData self = call.data("self");
        int size = sizes[0] * sizes[1] * sizes[2];
        int count = cells[0] * cells[1] * cells[2];
        int results = Positions.count(call.sizes());
        if (!self.dtype().isFloating()) {
            long[] longs = Elements.longs(self);
            long[] result = new long[results];
            for (int o = 0; o < results; o++) {
                Cell cell = each.of(o % count);
                int start = o / count * size;
                long sum = IntStream.of(cell.box.places(sizes)).mapToLong(place -> longs[start + place]).sum();
                result[o] = cell.box.count() == 0 ? 0 : sum / cell.divisor;
            }
            return call.result(result);
        }
        double[] doubles = Elements.doubles(self);
        double[] result = new double[results];
        for (int o = 0; o < results; o++) {
            Cell cell = each.of(o % count);
            double sum = 0;
            for (int place : cell.box.places(sizes)) {
                sum += doubles[o / count * size + place];
            }
            result[o] = cell.box.count() == 0 ? 0 : sum / cell.divisor;
        }
        return call.result(result);
    }

    private static int[] coordinates(int cell, int[] cells) {
        return new int[] {cell / cells[2] / cells[1], cell / cells[2] % cells[1], cell % cells[2]};
    }

    /** Cell i of n begins at {@code floor(i * size / n)} and ends at {@code ceil((i + 1) * size / n)}. */
    private static Box adaptive(int cell, int[] sizes, int[] cells) {
        int[] at = coordinates(cell, cells);
        return Box.of(i -> at[i] * sizes[i] / cells[i], i -> Math.ceilDiv((at[i] + 1) * sizes[i], cells[i]));
    }
}
