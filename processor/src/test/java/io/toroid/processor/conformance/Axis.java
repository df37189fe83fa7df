package io.toroid.processor.conformance;

import io.toroid.op.TensorData;
import java.util.Arrays;

/**
 * The lines of a contiguous tensor along one axis; a single value is a line of one.
 *
 * @param outer how many there are before it
 * @param inner how many elements lie between its elements
 */
record Axis(int axis, int outer, int length, int inner) {

    static Axis of(long[] sizes, long dim) {
        if (sizes.length == 0) {
            return new Axis(0, 1, 1, 1);
        }
        int axis = (int) (dim < 0 ? dim + sizes.length : dim);
        return new Axis(axis, product(sizes, 0, axis), (int) sizes[axis], product(sizes, axis + 1, sizes.length));
    }

    private static int product(long[] sizes, int from, int to) {
        return (int) Arrays.stream(sizes, from, to).reduce(1, Math::multiplyExact);
    }

    Axis withLength(int other) {
        return new Axis(axis, outer, other, inner);
    }

    int lines() {
        return outer * inner;
    }

    int position(int line, int i) {
        return (line / inner * length + i) * inner + line % inner;
    }

    /** The elements of each line in ascending order. */
    TensorData sorted(TensorData data) {
        Object sorted = java.lang.reflect.Array.newInstance(data.array().getClass().componentType(), data.count());
        for (int line = 0; line < lines(); line++) {
            int each = line;
            int[] order = java.util.stream.IntStream.range(0, length).mapToObj(i -> position(each, i))
                    .sorted(java.util.Comparator.comparingDouble(i -> Agreement.value(data, i))).mapToInt(i -> i).toArray();
            for (int i = 0; i < length; i++) {
                java.lang.reflect.Array.set(sorted, position(line, i), java.lang.reflect.Array.get(data.array(), order[i]));
            }
        }
        return new TensorData(data.dtype(), data.sizes(), sorted);
    }
}
