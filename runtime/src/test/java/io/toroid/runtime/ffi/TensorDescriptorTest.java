package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The numbers are those of the struct in abi.h. */
@Tag("unit")
class TensorDescriptorTest {
    private static final StructLayout STRUCT = MemoryLayout.structLayout(
            ADDRESS.withName("data"),
            JAVA_LONG.withName("numel"),
            MemoryLayout.sequenceLayout(TensorDescriptor.MAX_RANK, JAVA_LONG).withName("sizes"),
            MemoryLayout.sequenceLayout(TensorDescriptor.MAX_RANK, JAVA_LONG).withName("strides"),
            JAVA_INT.withName("ndim"),
            JAVA_INT.withName("dtype"),
            JAVA_INT.withName("device_type"),
            JAVA_INT.withName("device_idx"),
            MemoryLayout.sequenceLayout(4, JAVA_LONG).withName("reserved"));

    @Test
    void offsets() {
        assertEquals(STRUCT.byteSize(), TensorDescriptor.BYTES);
        assertEquals(offset("data"), TensorDescriptor.DATA);
        assertEquals(offset("numel"), TensorDescriptor.NUMEL);
        assertEquals(offset("sizes"), TensorDescriptor.SIZES);
        assertEquals(offset("strides"), TensorDescriptor.STRIDES);
        assertEquals(offset("ndim"), TensorDescriptor.NDIM);
        assertEquals(offset("dtype"), TensorDescriptor.DTYPE);
        assertEquals(offset("device_idx"), TensorDescriptor.DEVICE_INDEX);
    }

    private static long offset(String field) {
        return STRUCT.byteOffset(PathElement.groupElement(field));
    }
}
