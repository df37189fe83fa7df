package io.toroid.runtime.weights;

import io.toroid.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A named tensor of a weight file.
 *
 * @param shape its sizes, outermost first
 * @param data its elements, contiguous, row-major, little-endian; not necessarily aligned; lives as long as its source is open
 */
public record WeightTensor(String name, DType dtype, long[] shape, MemorySegment data) {
    /** Such as {@code f32[128, 64]}. */
    public String type() {
        return dtype.text() + Arrays.toString(shape);
    }
}
