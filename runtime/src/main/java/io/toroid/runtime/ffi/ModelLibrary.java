package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A loaded model library: its exported functions (abi.h) as methods. Containers, pools and tensor descriptors are plain addresses, so
 * that a call costs nothing but the call; whoever holds one keeps it and this library alive.
 *
 * <p>The library is opened in an arena and not by {@code System.load}, so several class loaders can have it, and it leaves the process
 * when the last of them closes it. The handles take the function's address as their first argument: one static handle serves all
 * libraries, and the JIT compiler sees a constant.
 */
@SuppressWarnings("restricted")
public final class ModelLibrary implements AutoCloseable {
    public static final int SUCCESS = 0;
    /** {@link #run}: outputs without memory are described now, and nothing was run. */
    public static final int SIZES_FILLED = 2;

    /** Initialized after {@link NativeAccess#require}, since a refusal there would leave a broken class. */
    private static final class Handles {
        static final MethodHandle NUMBER = handle(FunctionDescriptor.of(JAVA_INT));
        static final MethodHandle TEXT = handle(FunctionDescriptor.of(ADDRESS));
        static final MethodHandle CREATE = handle(FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
        static final MethodHandle CREATE_POOL = handle(FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle DELETE = handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        static final MethodHandle CONSTANTS = handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG));
        static final MethodHandle RUN =
                handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

        private static MethodHandle handle(FunctionDescriptor descriptor) {
            return Linker.nativeLinker().downcallHandle(descriptor);
        }
    }

    private final Path file;
    private final Arena arena;
    private final SymbolLookup symbols;
    private final MemorySegment run;
    private final MemorySegment lastError;

    private ModelLibrary(Path file, Arena arena, SymbolLookup symbols) {
        this.file = file;
        this.arena = arena;
        this.symbols = symbols;
        this.run = symbol("toroid_container_run");
        this.lastError = symbol("toroid_last_error");
    }

    /**
     * Loads a library.
     *
     * @throws NativeException if the JVM does not allow it, the file cannot be loaded here, or it is not a model library
     */
    public static ModelLibrary open(Path file) {
        NativeAccess.require();
        Arena arena = Arena.ofShared();
        try {
            return new ModelLibrary(file, arena, lookup(file, arena));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static SymbolLookup lookup(Path file, Arena arena) {
        try {
            return SymbolLookup.libraryLookup(file, arena);
        } catch (IllegalArgumentException e) {
            throw new NativeException(LoadFailure.explain(file), e);
        }
    }

    public Path file() {
        return file;
    }

    public int abiVersion() {
        return number("toroid_abi_version");
    }

    public String modelName() {
        return text(symbol("toroid_model_name"));
    }

    public String isa() {
        return text(symbol("toroid_model_isa"));
    }

    public String description() {
        return text(symbol("toroid_model_description"));
    }

    /** The text of this thread's last failure. */
    public String lastError() {
        return text(lastError);
    }

    /** A container of so many instances on a pool (0: none). */
    public long createContainer(int instances, long pool) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment result = scratch.allocate(ADDRESS);
            check((int) Handles.CREATE.invokeExact(symbol("toroid_container_create"), instances, pool, result));
            return result.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    public void deleteContainer(long container) {
        delete("AOTInductorModelContainerDelete", container);
    }

    /** Lends the container a block that holds every constant at its offset. */
    public void loadBlob(long container, MemorySegment blob) {
        try {
            check((int) Handles.CONSTANTS.invokeExact(symbol("toroid_container_load_blob"), container, blob, blob.byteSize()));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** Lends the container the data of every constant that is not folded, in table order; null stands for what the library has itself. */
    public void setConstants(long container, MemorySegment[] data) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment addresses = scratch.allocate(ADDRESS, data.length);
            for (int i = 0; i < data.length; i++) {
                addresses.setAtIndex(ADDRESS, i, data[i] == null ? MemorySegment.NULL : data[i]);
            }
            check((int) Handles.CONSTANTS.invokeExact(
                    symbol("toroid_container_set_constants"), container, addresses, (long) data.length));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /**
     * Runs an entry on arrays of descriptors, given by address.
     *
     * @return {@link #SUCCESS}, {@link #SIZES_FILLED}, or another code: then {@link #lastError} has the message
     */
    public int run(long container, int entry, long inputs, long inputCount, long outputs, long outputCount) {
        try {
            return (int) Handles.RUN.invokeExact(run, container, entry, inputs, inputCount, outputs, outputCount);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    public long createPool(int threads) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment result = scratch.allocate(ADDRESS);
            check((int) Handles.CREATE_POOL.invokeExact(symbol("toroid_pool_create"), threads, result));
            return result.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    public void deletePool(long pool) {
        delete("toroid_pool_delete", pool);
    }

    /** Unloads the library. Nothing of it may be in use. */
    @Override
    public void close() {
        arena.close();
    }

    /** The address without the arena's scope: the owner's own bookkeeping keeps the library, not an atomic operation in each call. */
    private MemorySegment symbol(String name) {
        MemorySegment found = symbols.find(name).orElseThrow(
                () -> new NativeException("%s is not a library of this version of Toroid: it has no function %s".formatted(file, name)));
        return MemorySegment.ofAddress(found.address());
    }

    private void delete(String function, long object) {
        try {
            check((int) Handles.DELETE.invokeExact(symbol(function), object));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private int number(String function) {
        try {
            return (int) Handles.NUMBER.invokeExact(symbol(function));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private String text(MemorySegment function) {
        try {
            MemorySegment text = (MemorySegment) Handles.TEXT.invokeExact(function);
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private void check(int status) {
        if (status != SUCCESS) {
            throw new NativeException(lastError());
        }
    }

    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException("a downcall threw", e);
    }
}
