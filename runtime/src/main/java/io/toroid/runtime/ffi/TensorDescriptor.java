package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.toroid.DType;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** The struct {@code AOTInductorArrayRefTensor}: a tensor at the native boundary. */
public final class TensorDescriptor {
    /** The highest rank that it has room for. */
    public static final int MAX_RANK = 8;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ADDRESS.withName("data"),
            JAVA_LONG.withName("numel"),
            MemoryLayout.sequenceLayout(MAX_RANK, JAVA_LONG).withName("sizes"),
            MemoryLayout.sequenceLayout(MAX_RANK, JAVA_LONG).withName("strides"),
            JAVA_INT.withName("ndim"),
            JAVA_INT.withName("dtype"),
            JAVA_INT.withName("device_type"),
            JAVA_INT.withName("device_idx"),
            MemoryLayout.sequenceLayout(4, JAVA_LONG).withName("reserved"));

    public static final long BYTES = LAYOUT.byteSize();

    private static final long DATA = offset("data");
    private static final long NUMEL = offset("numel");
    private static final long SIZES = offset("sizes");
    private static final long STRIDES = offset("strides");
    private static final long NDIM = offset("ndim");
    private static final long DTYPE = offset("dtype");
    private static final long DEVICE_INDEX = offset("device_idx");

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

    public static long[] sizes(MemorySegment descriptor) {
        long[] sizes = new long[descriptor.get(JAVA_INT, NDIM)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = descriptor.get(JAVA_LONG, SIZES + 8L * i);
        }
        return sizes;
    }

    public static DType dtype(MemorySegment descriptor) {
        int code = descriptor.get(JAVA_INT, DTYPE);
        return DType.ofCode(code).orElseThrow(() -> new NativeException("element type " + code + " has no counterpart in Java"));
    }

    private static long offset(String field) {
        return LAYOUT.byteOffset(PathElement.groupElement(field));
    }
}
