package io.toroid.runtime;

import io.toroid.DType;
import io.toroid.runtime.ffi.TensorDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Arithmetic of sizes and strides, with the checks that keep it inside its memory. */
final class Layout {
    private Layout() {}

    static ValueLayout element(DType dtype) {
        return switch (dtype) {
            case F32 -> ValueLayout.JAVA_FLOAT;
            case F64 -> ValueLayout.JAVA_DOUBLE;
            case I64 -> ValueLayout.JAVA_LONG;
            case I32 -> ValueLayout.JAVA_INT;
            case I16, F16, BF16 -> ValueLayout.JAVA_SHORT;
            case I8, U8 -> ValueLayout.JAVA_BYTE;
            case BOOL -> ValueLayout.JAVA_BOOLEAN;
        };
    }

    /** The number of elements. */
    static long count(long[] sizes) {
        if (sizes.length > TensorDescriptor.MAX_RANK) {
            throw new IllegalArgumentException(
                    "a tensor has at most %d axes, not %d".formatted(TensorDescriptor.MAX_RANK, sizes.length));
        }
        try {
            long count = 1;
            for (long size : sizes) {
                if (size < 0) {
                    throw new IllegalArgumentException("a tensor cannot have the sizes " + Arrays.toString(sizes));
                }
                count = Math.multiplyExact(count, size);
            }
            return count;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a tensor of the sizes " + Arrays.toString(sizes) + " is too large", e);
        }
    }

    static long bytes(DType dtype, long[] sizes) {
        long count = count(sizes);
        if (count > Long.MAX_VALUE / 16) {
            throw new IllegalArgumentException("a tensor of the sizes " + Arrays.toString(sizes) + " is too large");
        }
        return count * dtype.bytes();
    }

    static long[] contiguous(long[] sizes) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= Math.max(sizes[i], 1);
        }
        return strides;
    }

    static boolean isContiguous(long[] sizes, long[] strides) {
        long step = 1;
        boolean dense = true;
        for (int i = sizes.length - 1; i >= 0; i--) {
            dense &= sizes[i] == 1 || strides[i] == step;
            step *= sizes[i];
        }
        return dense || step == 0;
    }

    static void requireCount(DType dtype, long[] sizes, long length) {
        long count = count(sizes);
        if (count != length) {
            throw new IllegalArgumentException(
                    "%s%s has %d elements, and the array %d".formatted(dtype.text(), Arrays.toString(sizes), count, length));
        }
    }

    /** The last element that the layout reaches lies inside the memory. */
    static void requireFits(long bytes, DType dtype, long[] sizes, long[] strides) {
        if (strides.length != sizes.length) {
            throw new IllegalArgumentException("%d sizes need as many strides, not %d".formatted(sizes.length, strides.length));
        }
        if (count(sizes) == 0) {
            return;
        }
        long reach = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (strides[i] < 0) {
                throw new IllegalArgumentException("strides must not be negative: " + Arrays.toString(strides));
            }
            reach = Math.addExact(reach, Math.multiplyExact(sizes[i] - 1, strides[i]));
        }
        long needed = Math.multiplyExact(reach, (long) dtype.bytes());
        if (needed > bytes) {
            throw new IllegalArgumentException("%s%s needs %d bytes, and the memory has %d"
                    .formatted(dtype.text(), Arrays.toString(sizes), needed, bytes));
        }
    }
}
