package io.toroid.runtime.eager;

import java.util.List;

/**
 * Where elements stand in row-major order. All views, broadcasts and reductions are lists of such positions: simple
 * enough to be believed, which is what the interpreter is for.
 */
final class Positions {

    private Positions() {
    }

    /** Contiguous strides of the sizes. */
    static long[] strides(long[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return strides;
    }

    static int count(long[] sizes) {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        return Math.toIntExact(count);
    }

    /** The positions {@code offset + sum(index * stride)} for all indices of the sizes, in row-major order. */
    static int[] strided(long[] sizes, long[] strides, long offset) {
        int[] positions = new int[count(sizes)];
        long[] index = new long[sizes.length];
        long position = offset;
        for (int i = 0; i < positions.length; i++) {
            positions[i] = Math.toIntExact(position);
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                position += strides[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                position -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return positions;
    }

    /** For each element of the sizes {@code to}, the one of {@code from} that broadcasts to it. */
    static int[] broadcast(long[] from, long[] to) {
        long[] own = strides(from);
        long[] strides = new long[to.length];
        for (int axis = 0; axis < from.length; axis++) {
            strides[to.length - from.length + axis] = from[axis] == 1 ? 0 : own[axis];
        }
        return strided(to, strides, 0);
    }

    /**
     * What a reduction visits: element {@code i} of the slice of result {@code o} stands at
     * {@code starts[o] + offsets[i]}. Both go in row-major order.
     */
    record Slices(int[] starts, int[] offsets) {

        static Slices of(long[] sizes, List<Integer> reduced) {
            long[] kept = sizes.clone();
            long[] gone = sizes.clone();
            for (int axis = 0; axis < sizes.length; axis++) {
                (reduced.contains(axis) ? kept : gone)[axis] = 1;
            }
            long[] strides = strides(sizes);
            return new Slices(strided(kept, strides, 0), strided(gone, strides, 0));
        }
    }
}
