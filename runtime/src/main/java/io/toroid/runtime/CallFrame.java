package io.toroid.runtime;

import io.toroid.DType;
import io.toroid.runtime.ffi.TensorDescriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Room for the descriptors of one call, side by side as the native function wants them: inputs first, then outputs. Frames are reused,
 * so that calls allocate nothing.
 */
final class CallFrame {
    private static final long[] NO_SIZES = {};

    private final MemorySegment descriptors;
    /** Where the values of inputs that are single values lie, behind the descriptors. */
    private final long values;
    private final long address;

    private CallFrame(int tensors) {
        MemorySegment memory = Arena.ofAuto().allocate((TensorDescriptor.BYTES + Long.BYTES) * Math.max(1, tensors), 64);
        this.descriptors = memory;
        this.values = memory.byteSize() - (long) Long.BYTES * Math.max(1, tensors);
        this.address = descriptors.address();
    }

    void put(int index, NativeTensor tensor) {
        MemorySegment.copy(tensor.descriptor(), 0, descriptors, index * TensorDescriptor.BYTES, TensorDescriptor.BYTES);
    }

    /** Writes an input that is a single value, given by its bits; what is too wide for its type is cut off. */
    void putValue(int index, DType dtype, long bits) {
        long place = values + (long) Long.BYTES * index;
        descriptors.set(ValueLayout.JAVA_LONG, place, bits);
        clear(index, index + 1);
        TensorDescriptor.write(descriptor(index), address + place, dtype, NO_SIZES, NO_SIZES, 1);
    }

    /** Marks tensors without memory, for the native side to describe. */
    void clear(int from, int to) {
        descriptors.asSlice(from * TensorDescriptor.BYTES, (to - from) * TensorDescriptor.BYTES).fill((byte) 0);
    }

    MemorySegment descriptor(int index) {
        return descriptors.asSlice(index * TensorDescriptor.BYTES, TensorDescriptor.BYTES);
    }

    long address(int index) {
        return address + index * TensorDescriptor.BYTES;
    }

    /** Frames that no call uses now. A thread begins its search at a place of its own, so that threads rarely meet. */
    static final class Pool {
        private static final int SLOTS = 64;

        private final AtomicReferenceArray<CallFrame> free = new AtomicReferenceArray<>(SLOTS);
        private final int tensors;

        Pool(int tensors) {
            this.tensors = tensors;
        }

        CallFrame take() {
            int start = start();
            for (int i = 0; i < SLOTS; i++) {
                int slot = (start + i) % SLOTS;
                CallFrame frame = free.getPlain(slot) == null ? null : free.getAndSet(slot, null);
                if (frame != null) {
                    return frame;
                }
            }
            return new CallFrame(tensors);
        }

        void give(CallFrame frame) {
            int start = start();
            for (int i = 0; i < SLOTS; i++) {
                if (free.compareAndSet((start + i) % SLOTS, null, frame)) {
                    return;
                }
            }
        }

        private static int start() {
            return (int) (Thread.currentThread().threadId() % SLOTS);
        }
    }
}
