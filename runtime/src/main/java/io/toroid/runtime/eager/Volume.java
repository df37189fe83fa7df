package io.toroid.runtime.eager;

import io.toroid.op.ConvolutionGeometry;
import io.toroid.op.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Volumes {@code [depth, height, width]} under a window that moves over them; images and lines have a depth and a height of 1.
 * What convolutions and pools share.
 *
 * @param sizes of the volume
 * @param cells of the result
 * @param at for each dimension, cell and tap of the window: the index in the volume, or -1 if the tap is outside or between elements
 */
record Volume(int[] sizes, int[] cells, int[] kernel, int[][][] at) {

    /** @param geometry where the sizes of the kernel may be dynamic */
    static Volume of(ConvolutionGeometry geometry, long[] input, long[] weight, long[] result) {
        int[] kernel = last(weight, geometry.dims());
        int[] stride = three(geometry.stride(), 1);
        int[] padding = three(geometry.padding(), 0);
        int[] dilation = three(geometry.dilation(), 1);
        int[] sizes = last(input, geometry.dims());
        int[] cells = last(result, geometry.dims());
        return new Volume(sizes, cells, kernel, table(sizes, cells, kernel, (i, cell, tap) -> {
            if (!geometry.isTransposed()) {
                return cell * stride[i] - padding[i] + tap * dilation[i];
            }
            int spread = cell + padding[i] - tap * dilation[i];
            return spread % stride[i] == 0 ? spread / stride[i] : -1;
        }));
    }

    static Volume of(Window window, long[] input, long[] result) {
        int dims = window.kernel().size();
        int[] kernel = three(window.kernel(), 1);
        int[] stride = three(window.stride(), 1);
        int[] padding = three(window.padding(), 0);
        int[] dilation = three(window.dilation(), 1);
        int[] sizes = last(input, dims);
        int[] cells = last(result, dims);
        return new Volume(sizes, cells, kernel, table(sizes, cells, kernel,
                (i, cell, tap) -> cell * stride[i] - padding[i] + tap * dilation[i]));
    }

    @FunctionalInterface
    private interface Place {
        int at(int dimension, int cell, int tap);
    }

    private static int[][][] table(int[] sizes, int[] cells, int[] kernel, Place place) {
        int[][][] table = new int[3][][];
        for (int i = 0; i < 3; i++) {
            table[i] = new int[cells[i]][kernel[i]];
            for (int cell = 0; cell < cells[i]; cell++) {
                for (int tap = 0; tap < kernel[i]; tap++) {
                    int index = place.at(i, cell, tap);
                    table[i][cell][tap] = index >= 0 && index < sizes[i] ? index : -1;
                }
            }
        }
        return table;
    }

    /** The last sizes as three. */
    static int[] last(long[] sizes, int dims) {
        return three(Arrays.stream(sizes, sizes.length - dims, sizes.length).boxed().toList(), 1);
    }

    /** Filled up in front. */
    static int[] three(List<? extends Number> values, int first) {
        int[] three = {first, first, first};
        for (int i = 0; i < values.size(); i++) {
            three[3 - values.size() + i] = values.get(i).intValue();
        }
        return three;
    }

    /** Elements of one volume. */
    int size() {
        return sizes[0] * sizes[1] * sizes[2];
    }

    /** Cells of one result. */
    int cellCount() {
        return cells[0] * cells[1] * cells[2];
    }

    /** Calls {@code visit} with the place of each element under the window at a cell, and with its tap, both counted row by row. */
    void forEachTap(int cell, Visitor visit) {
        int[] depths = at[0][cell / cells[2] / cells[1]];
        int[] rows = at[1][cell / cells[2] % cells[1]];
        int[] columns = at[2][cell % cells[2]];
        for (int d = 0; d < depths.length; d++) {
            for (int h = 0; h < rows.length; h++) {
                for (int w = 0; w < columns.length; w++) {
                    if (depths[d] >= 0 && rows[h] >= 0 && columns[w] >= 0) {
                        visit.visit((depths[d] * sizes[1] + rows[h]) * sizes[2] + columns[w], (d * rows.length + h) * columns.length + w);
                    }
                }
            }
        }
    }

    /** What is done with an element under the window. */
    @FunctionalInterface
    interface Visitor {
        void visit(int place, int tap);
    }

    /** A part of a volume: from each begin up to each end, which is outside. */
    record Box(int[] begin, int[] end) {

        static Box of(IntUnaryOperator begin, IntUnaryOperator end) {
            return new Box(new int[] {begin.applyAsInt(0), begin.applyAsInt(1), begin.applyAsInt(2)},
                    new int[] {end.applyAsInt(0), end.applyAsInt(1), end.applyAsInt(2)});
        }

        /** What of it is inside. */
        Box within(int[] sizes) {
            return of(i -> Math.max(begin[i], 0), i -> Math.min(end[i], sizes[i]));
        }

        int count() {
            int count = 1;
            for (int i = 0; i < 3; i++) {
                count *= Math.max(0, end[i] - begin[i]);
            }
            return count;
        }

        /** Places of its elements in a volume of the sizes, row by row. */
        int[] places(int[] sizes) {
            int[] places = new int[count()];
            int next = 0;
            for (int d = begin[0]; d < end[0] && places.length > 0; d++) {
                for (int h = begin[1]; h < end[1]; h++) {
                    for (int w = begin[2]; w < end[2]; w++) {
                        places[next++] = (d * sizes[1] + h) * sizes[2] + w;
                    }
                }
            }
            return places;
        }
    }
}
