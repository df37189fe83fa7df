package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library's allocator, for tensors that come and go with each call. Closing a shared {@link Arena} makes all threads of the JVM
 * stop for a moment, which costs tens of microseconds; {@code free} costs tens of nanoseconds. In exchange, whoever allocates here keeps
 * anybody from using the memory after it was freed; what is handed out to strangers is {@linkplain #guarded guarded} by an arena.
 */
@SuppressWarnings("restricted")
public final class NativeMemory {
    /** Initialized after {@link NativeAccess#require}. */
    private static final class Handles {
        static final MemorySegment MALLOC = Linker.nativeLinker().defaultLookup().findOrThrow("malloc");
        static final MemorySegment FREE = Linker.nativeLinker().defaultLookup().findOrThrow("free");
        /** For both: what {@code free} seems to return is not looked at, and a second stub would cost milliseconds at start. */
        static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    }

    private static final long ALIGNMENT = 64;

    private NativeMemory() {}

    /**
     * Memory that is zeroed from its first 64-byte boundary on, alive until it is freed; at least {@code bytes} of it follow that
     * boundary. (The allocator's own aligned function is several times slower.)
     */
    public static MemorySegment allocate(long bytes) {
        NativeAccess.require();
        try {
            long address = (long) Handles.CALL.invokeExact(Handles.MALLOC, bytes + ALIGNMENT);
            if (address == 0) {
                throw new OutOfMemoryError("cannot allocate %d bytes of native memory".formatted(bytes));
            }
            MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(bytes + ALIGNMENT);
            aligned(memory).fill((byte) 0);
            return memory;
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** The memory at an address that native code has given, for as long as that says. */
    public static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** Memory that native code has allocated for us, to be freed by {@link #free}. */
    public static MemorySegment taken(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** What follows the first 64-byte boundary of allocated memory. */
    public static MemorySegment aligned(MemorySegment memory) {
        return memory.asSlice(Math.floorMod(-memory.address(), ALIGNMENT));
    }

    public static void free(MemorySegment memory) {
        try {
            long _ = (long) Handles.CALL.invokeExact(Handles.FREE, memory.address());
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** The same memory, unusable once the arena is closed. */
    public static MemorySegment guarded(MemorySegment memory, Arena guard) {
        return memory.reinterpret(guard, null);
    }

    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException("a downcall threw", e);
    }
}
