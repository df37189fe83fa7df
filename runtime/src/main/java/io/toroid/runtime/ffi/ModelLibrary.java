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
import java.util.List;
import java.util.Optional;

/**
 * A loaded model library: its exported functions (abi.h) as methods. Containers, pools and tensor descriptors are plain addresses, so
 * that a call costs nothing but the call; whoever holds one keeps it and this library alive.
 *
 * <p>The library is opened in an arena and not by {@code System.load}, so several class loaders can have it, and it leaves the process
 * when the last of them closes it. The handle takes the function's address as its first argument: one static handle serves all
 * libraries, and the JIT compiler sees a constant. It is the only one: the JVM makes a stub for each type of function out of classes that
 * it writes at that moment, which takes some ten milliseconds at its start.
 */
@SuppressWarnings("restricted")
public final class ModelLibrary implements AutoCloseable {
    public static final int SUCCESS = 0;
    /** {@link #run}: outputs without memory are described now, and nothing was run. */
    public static final int SIZES_FILLED = 2;

    /** What {@code toroid_host_call} does: the numbers of abi.h. */
    private enum Function {
        ABI_VERSION, MODEL_NAME, MODEL_ISA, MODEL_DESCRIPTION, LAST_ERROR, CONTAINER_CREATE, CONTAINER_DELETE, LOAD_FILE,
        SET_CONSTANTS, POOL_CREATE, POOL_DELETE, RESET_STATES, SET_OPERATORS, LAST_REASON, UPDATE_CONSTANTS, READ_CONSTANT,
        SWAP_CONSTANTS, FREE_INACTIVE, FOLD_CONSTANTS, INSTANCES
    }

    /** Initialized after {@link NativeAccess#require}, since a refusal there would leave a broken class. */
    private static final class Handles {
        /** For {@code toroid_container_run} and {@code toroid_host_call}, by which all others are called. */
        static final MethodHandle CALL = Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    private final Path file;
    private final Arena arena;
    private final SymbolLookup symbols;
    private final MemorySegment run;
    private final MemorySegment host;

    private ModelLibrary(Path file, Arena arena, SymbolLookup symbols) {
        this.file = file;
        this.arena = arena;
        this.symbols = symbols;
        this.run = symbol("toroid_container_run");
        this.host = symbol("toroid_host_call");
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
        return call(0, Function.ABI_VERSION, 0, 0);
    }

    public String modelName() {
        return text(Function.MODEL_NAME);
    }

    public String isa() {
        return text(Function.MODEL_ISA);
    }

    public String description() {
        return text(Function.MODEL_DESCRIPTION);
    }

    /** The text of this thread's last failure. */
    public String lastError() {
        return text(Function.LAST_ERROR);
    }

    /** A container of so many instances on a pool (0: none). */
    public long createContainer(int instances, long pool) {
        return create(pool, Function.CONTAINER_CREATE, instances);
    }

    public void deleteContainer(long container) {
        check(call(container, Function.CONTAINER_DELETE, 0, 0));
    }

    /** Has the container map the file of constants that the compiler wrote. */
    public void loadFile(long container, Path blob) {
        try (Arena scratch = Arena.ofConfined()) {
            check(call(container, Function.LOAD_FILE, scratch.allocateFrom(blob.toString()).address(), 0));
        }
    }

    /** Lends the container the data of every constant that is not folded, in table order; null stands for what the library has itself. */
    public void setConstants(long container, MemorySegment[] data) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment addresses = scratch.allocate(ADDRESS, data.length);
            for (int i = 0; i < data.length; i++) {
                addresses.setAtIndex(ADDRESS, i, data[i] == null ? MemorySegment.NULL : data[i]);
            }
            check(call(container, Function.SET_CONSTANTS, addresses.address(), data.length));
        }
    }

    /**
     * Has the container copy tensors into constants, by name; the others stay as they are.
     *
     * @param tensors their descriptors
     */
    public void updateConstants(long container, List<String> names, List<MemorySegment> tensors) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment texts = scratch.allocate(ADDRESS, Math.max(1, names.size()));
            MemorySegment descriptors = scratch.allocate(TensorDescriptor.BYTES * Math.max(1, names.size()), Long.BYTES);
            for (int i = 0; i < names.size(); i++) {
                texts.setAtIndex(ADDRESS, i, scratch.allocateFrom(names.get(i)));
                MemorySegment.copy(tensors.get(i), 0, descriptors, i * TensorDescriptor.BYTES, TensorDescriptor.BYTES);
            }
            check(invoke(host, container, Function.UPDATE_CONSTANTS.ordinal(), texts.address(), descriptors.address(), names.size(), 0));
        }
    }

    /** Copies a constant, by its place in the table, to memory of exactly its size. */
    public void readConstant(long container, int constant, MemorySegment target) {
        check(invoke(host, container, Function.READ_CONSTANT.ordinal(), constant, target.address(), target.byteSize(), 0));
    }

    /** How many runs of a container can be under way at a time. */
    public int instances(long container) {
        return call(container, Function.INSTANCES, 0, 0);
    }

    /**
     * Runs an entry on arrays of descriptors, given by address.
     *
     * @return {@link #SUCCESS}, {@link #SIZES_FILLED}, or another code: then {@link #lastError} has the message
     */
    public int run(long container, int entry, long inputs, long inputCount, long outputs, long outputCount) {
        return invoke(run, container, entry, inputs, inputCount, outputs, outputCount);
    }

    /** Gives the states of the model their first values. */
    public void resetStates(long container) {
        check(call(container, Function.RESET_STATES, 0, 0));
    }

    /** Lets a container call operators that are written in Java, before its first run. */
    public void setOperators(long container, long function) {
        check(call(container, Function.SET_OPERATORS, function, 0));
    }

    /** The number that an operator written in Java gave when it ended this thread's last run, or 0. */
    public long lastReason() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment result = scratch.allocate(JAVA_LONG);
            check(call(0, Function.LAST_REASON, 0, result.address()));
            return result.get(JAVA_LONG, 0);
        }
    }

    public long createPool(int threads) {
        return create(0, Function.POOL_CREATE, threads);
    }

    public void deletePool(long pool) {
        check(call(pool, Function.POOL_DELETE, 0, 0));
    }

    /** Whether the library was built for profiles. */
    public boolean isProfiled() {
        return symbols.find("toroid_profile_read").isPresent();
    }

    /** A reader of what a library that was built for profiles will record. */
    public ProfileReader profileReader() {
        return new ProfileReader(symbol("toroid_profile_kernels"), symbol("toroid_profile_read"));
    }

    /** Unloads the library. Nothing of it may be in use. */
    @Override
    public void close() {
        arena.close();
    }

    /** The address without the arena's scope: the owner's own bookkeeping keeps the library, not an atomic operation in each call. */
    private MemorySegment symbol(String name) {
        Optional<MemorySegment> found = symbols.find(name);
        if (found.isEmpty()) {
            throw new NativeException("%s is not a library of this version of Toroid: it has no function %s".formatted(file, name));
        }
        return MemorySegment.ofAddress(found.get().address());
    }

    private int call(long object, Function function, long a, long b) {
        return invoke(host, object, function.ordinal(), a, b, 0, 0);
    }

    /** An object that the library makes. */
    private long create(long of, Function function, int count) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment result = scratch.allocate(ADDRESS);
            check(call(of, function, count, result.address()));
            return result.get(JAVA_LONG, 0);
        }
    }

    private String text(Function function) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment result = scratch.allocate(ADDRESS);
            if (call(0, function, 0, result.address()) != SUCCESS) {
                throw new NativeException("%s does not know %s: its runtime is another version's".formatted(file, function));
            }
            return result.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
        }
    }

    private static int invoke(MemorySegment function, long object, int number, long a, long b, long c, long d) {
        try {
            return (int) Handles.CALL.invokeExact(function, object, number, a, b, c, d);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** What a method handle may throw. */
    static RuntimeException unexpected(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException("a downcall threw", thrown);
        };
    }

    private void check(int status) {
        if (status != SUCCESS) {
            throw new NativeException(lastError());
        }
    }
}
