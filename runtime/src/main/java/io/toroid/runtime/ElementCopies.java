package io.toroid.runtime;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.toroid.DType;
import io.toroid.op.ReducedFloats;
import java.lang.foreign.MemorySegment;

/**
 * Copies between Java arrays and a tensor's memory, which strides may spread: elements are numbered in row-major order. Arrays of
 * {@code f16} and {@code bf16} hold {@code float}s, which are rounded on the way in; all others have the elements' own type. Nothing is
 * allocated.
 */
final class ElementCopies {
    private final DType dtype;
    private final long[] sizes;
    private final long[] strides;
    private final boolean contiguous;
    private final MemorySegment data;

    /** The sizes and strides are not copied: they belong to the tensor. */
    ElementCopies(DType dtype, long[] sizes, long[] strides, MemorySegment data) {
        this.dtype = dtype;
        this.sizes = sizes;
        this.strides = strides;
        this.contiguous = Layout.isContiguous(sizes, strides);
        this.data = data;
    }

    boolean isContiguous() {
        return contiguous;
    }

    /** Elements [start, start + length) into {@code values} from {@code at} on. */
    void read(Object values, int at, long start, int length) {
        if (values instanceof boolean[] flags) {
            for (int i = 0; i < length; i++) {
                flags[at + i] = data.get(JAVA_BOOLEAN, place(start + i));
            }
        } else if (dtype.isReducedFloating()) {
            float[] floats = (float[]) values;
            for (int i = 0; i < length; i++) {
                floats[at + i] = ReducedFloats.value(dtype, data.get(JAVA_SHORT, place(start + i) * Short.BYTES));
            }
        } else if (contiguous) {
            MemorySegment.copy(data, Layout.element(dtype), start * dtype.bytes(), values, at, length);
        } else {
            for (int i = 0; i < length; i++) {
                MemorySegment.copy(data, Layout.element(dtype), place(start + i) * dtype.bytes(), values, at + i, 1);
            }
        }
    }

    /** The reverse of {@link #read}. */
    void write(Object values, int at, long start, int length) {
        if (values instanceof boolean[] flags) {
            for (int i = 0; i < length; i++) {
                data.set(JAVA_BOOLEAN, place(start + i), flags[at + i]);
            }
        } else if (dtype.isReducedFloating()) {
            float[] floats = (float[]) values;
            for (int i = 0; i < length; i++) {
                data.set(JAVA_SHORT, place(start + i) * Short.BYTES, ReducedFloats.bits(dtype, floats[at + i]));
            }
        } else if (contiguous) {
            MemorySegment.copy(values, at, data, Layout.element(dtype), start * dtype.bytes(), length);
        } else {
            for (int i = 0; i < length; i++) {
                MemorySegment.copy(values, at + i, data, Layout.element(dtype), place(start + i) * dtype.bytes(), 1);
            }
        }
    }

    /** The place of the element with a number, in elements from the start of the data. */
    private long place(long number) {
        if (contiguous) {
            return number;
        }
        long position = 0;
        for (int i = sizes.length - 1; i >= 0; i--) {
            position += number % sizes[i] * strides[i];
            number /= sizes[i];
        }
        return position;
    }
}
