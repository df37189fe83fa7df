package io.toroid.runtime;

import io.toroid.runtime.ffi.TensorDescriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Room for the descriptors of one call, side by side as the native function wants them: inputs first, then outputs. Frames are reused,
 * so that calls allocate nothing.
 */
final class CallFrame {
    private final MemorySegment descriptors;
    private final long address;

    private CallFrame(int tensors) {
        this.descriptors = Arena.ofAuto().allocate(TensorDescriptor.BYTES * Math.max(1, tensors), 64);
        this.address = descriptors.address();
    }

    void put(int index, NativeTensor tensor) {
        MemorySegment.copy(tensor.descriptor(), 0, descriptors, index * TensorDescriptor.BYTES, TensorDescriptor.BYTES);
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
