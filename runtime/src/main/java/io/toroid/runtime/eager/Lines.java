package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.List;

/** The lines of elements along one dimension: the positions of each, in order. A single value is a line of one. */
record Lines(List<int[]> positions) {

    static Lines of(long[] sizes, int axis) {
        long length = sizes.length == 0 ? 1 : sizes[axis];
        long[] strides = Positions.strides(sizes);
        long stride = sizes.length == 0 ? 1 : strides[axis];
        long[] starts = sizes.clone();
        if (sizes.length > 0) {
            starts[axis] = 1;
        }
        List<int[]> lines = new ArrayList<>();
        for (int start : Positions.strided(starts, strides, 0)) {
            int[] line = new int[Math.toIntExact(length)];
            for (int i = 0; i < line.length; i++) {
                line[i] = Math.toIntExact(start + i * stride);
            }
            lines.add(line);
        }
        return new Lines(lines);
    }

    /** Along the dimension {@code dim} of a call's tensor. */
    static Lines of(Invocation call, TensorData data) {
        return of(data.sizes(), call.axis("dim", Math.max(1, data.sizes().length)));
    }
}
