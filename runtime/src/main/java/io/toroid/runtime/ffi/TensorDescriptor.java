package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.toroid.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The struct {@code AOTInductorArrayRefTensor}: a tensor at the native boundary. Its layout stands here as numbers: a {@code StructLayout}
 * says them better, and takes several milliseconds of a JVM's start to do so. A test compares the two.
 */
public final class TensorDescriptor {
    /** The highest rank that it has room for. */
    public static final int MAX_RANK = 8;

    static final long DATA = 0;
    static final long NUMEL = 8;
    static final long SIZES = 16;
    static final long STRIDES = SIZES + 8 * MAX_RANK;
    static final long NDIM = STRIDES + 8 * MAX_RANK;
    static final long DTYPE = NDIM + 4;
    static final long DEVICE_INDEX = NDIM + 12;
    private static final long RESERVED = NDIM + 16;

    public static final long BYTES = RESERVED + 4 * 8;

    private TensorDescriptor() {}

    /** Writes a descriptor into zeroed memory. Strides count elements. */
    public static void write(MemorySegment descriptor, long data, DType dtype, long[] sizes, long[] strides, long count) {
        descriptor.set(JAVA_LONG, DATA, data);
        descriptor.set(JAVA_LONG, NUMEL, count);
        for (int i = 0; i < sizes.length; i++) {
            descriptor.set(JAVA_LONG, SIZES + 8L * i, sizes[i]);
            descriptor.set(JAVA_LONG, STRIDES + 8L * i, strides[i]);
        }
        descriptor.set(JAVA_INT, NDIM, sizes.length);
        descriptor.set(JAVA_INT, DTYPE, dtype.code());
        descriptor.set(JAVA_INT, DEVICE_INDEX, -1);
    }

    /** False for one that stands for a tensor left out of a list. */
    public static boolean isPresent(MemorySegment descriptor) {
        return descriptor.get(JAVA_INT, NDIM) >= 0;
    }

    public static long[] sizes(MemorySegment descriptor) {
        long[] sizes = new long[descriptor.get(JAVA_INT, NDIM)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = descriptor.get(JAVA_LONG, SIZES + 8L * i);
        }
        return sizes;
    }

    /** The address of the elements; 0 if it has no memory. */
    public static long data(MemorySegment descriptor) {
        return descriptor.get(JAVA_LONG, DATA);
    }

    /** Whether sizes depend on data that are not computed yet. */
    public static boolean sizesComeLater(MemorySegment descriptor) {
        return descriptor.get(JAVA_LONG, NUMEL) < 0;
    }

    public static DType dtype(MemorySegment descriptor) {
        int code = descriptor.get(JAVA_INT, DTYPE);
        Optional<DType> dtype = DType.ofCode(code);
        if (dtype.isEmpty()) {
            throw new NativeException("element type " + code + " has no counterpart in Java");
        }
        return dtype.get();
    }
}
