package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The function that a library calls for operators that are written in Java ({@code ToroidOperatorHost} of abi.h). Nothing that is thrown gets
 * into native code, which would end the process.
 */
@SuppressWarnings("restricted")
public final class OperatorUpcall implements AutoCloseable {

    /** What computes an operator. */
    @FunctionalInterface
    public interface Host {

        /** Computes and fills the results; what it throws ends the run. */
        void call(String operator, List<Value> values);
    }

    /** Keeps what an operator threw, and gives the number by which it is found again; not 0. */
    @FunctionalInterface
    public interface Failures {
        long keep(Throwable thrown);
    }

    /** The kinds of abi.h, by their numbers. */
    public enum Kind {
        NONE, TENSOR, TENSORS, INT, INTS, FLOAT, FLOATS, BOOL, BOOLS, TEXT, DTYPE, RESULT, DEVICE
    }

    /** One argument or result, in memory that is valid during the call. */
    public record Value(Kind kind, int count, MemorySegment content) {

        /** An integer, a truth value, or the code of an element type. */
        public long integer() {
            return content.get(JAVA_LONG, 0);
        }

        public double number() {
            return Double.longBitsToDouble(integer());
        }

        /** A text, or the name of a device. */
        public String text() {
            return MemorySegment.ofAddress(integer()).reinterpret(Long.MAX_VALUE).getString(0);
        }

        /** One of a list of integers or truth values. */
        public long integer(int index) {
            return target(Long.BYTES).getAtIndex(JAVA_LONG, index);
        }

        /** One of a list of floating-point numbers. */
        public double number(int index) {
            return Double.longBitsToDouble(integer(index));
        }

        /** The descriptor of a tensor. */
        public MemorySegment tensor(int index) {
            return target(TensorDescriptor.BYTES).asSlice(index * TensorDescriptor.BYTES, TensorDescriptor.BYTES);
        }

        private MemorySegment target(long bytes) {
            return MemorySegment.ofAddress(integer()).reinterpret(bytes * count);
        }
    }

    private static final int VALUE_BYTES = 16;

    private final Host host;
    private final Failures failures;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment stub;

    public OperatorUpcall(Host host, Failures failures) {
        this.host = host;
        this.failures = failures;
        try {
            MethodHandle handle = MethodHandles.lookup().findVirtual(OperatorUpcall.class, "call",
                    MethodType.methodType(long.class, long.class, long.class, int.class, long.class, long.class)).bindTo(this);
            this.stub = Linker.nativeLinker().upcallStub(
                    handle, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Address of the function. */
    public long address() {
        return stub.address();
    }

    private long call(long name, long values, int count, long message, long capacity) {
        try {
            MemorySegment all = MemorySegment.ofAddress(values).reinterpret((long) VALUE_BYTES * count);
            List<Value> arguments = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                MemorySegment one = all.asSlice((long) VALUE_BYTES * i, VALUE_BYTES);
                arguments.add(new Value(Kind.values()[one.get(JAVA_INT, 0)], one.get(JAVA_INT, Integer.BYTES), one.asSlice(Long.BYTES)));
            }
            host.call(MemorySegment.ofAddress(name).reinterpret(Long.MAX_VALUE).getString(0), arguments);
            return 0;
        } catch (Throwable thrown) {
            return keep(thrown, message, capacity);
        }
    }

    private long keep(Throwable thrown, long message, long capacity) {
        try {
            MemorySegment memory = MemorySegment.ofAddress(message).reinterpret(capacity);
            byte[] text = String.valueOf(thrown).getBytes(StandardCharsets.UTF_8);
            int length = (int) Math.min(text.length, capacity - 1);
            while (length < text.length && length > 0 && (text[length] & 0xC0) == 0x80) {
                length--;
            }
            MemorySegment.copy(text, 0, memory, JAVA_BYTE, 0, length);
            memory.set(JAVA_BYTE, length, (byte) 0);
            return failures.keep(thrown);
        } catch (Throwable worse) {
            return -1;
        }
    }

    /** No library may call it any more. */
    @Override
    public void close() {
        arena.close();
    }
}
