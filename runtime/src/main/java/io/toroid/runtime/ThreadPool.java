package io.toroid.runtime;

import io.toroid.runtime.ffi.ModelLibrary;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The threads that work on calls: one native pool for each number of threads, shared by all models of this class loader, so that several
 * models do not fight for the same cores.
 *
 * <p>The pool's code is part of each model library. The first model that wants a pool makes it with its own library, which then stays
 * loaded as long as the pool; the pool ends when the last model that uses it is closed.
 */
final class ThreadPool implements AutoCloseable {
    /** The one thing that models of a process share; guarded by itself. */
    private static final Map<Integer, ThreadPool> SHARED = new HashMap<>();

    private final int threads;
    private final ModelLibrary library;
    private final long address;
    private int users;

    private ThreadPool(int threads, ModelLibrary library, long address) {
        this.threads = threads;
        this.library = library;
        this.address = address;
    }

    /**
     * The pool of a number of threads, to be closed when the model no longer needs it. One thread needs no pool: its address is 0.
     *
     * @param library a library to make the pool with if there is none yet
     */
    static ThreadPool acquire(int threads, Path library) {
        if (threads == 1) {
            return new ThreadPool(threads, null, 0);
        }
        synchronized (SHARED) {
            ThreadPool pool = SHARED.get(threads);
            if (pool == null) {
                pool = create(threads, library);
                SHARED.put(threads, pool);
            }
            pool.users++;
            return pool;
        }
    }

    private static ThreadPool create(int threads, Path file) {
        ModelLibrary library = ModelLibrary.open(file);
        try {
            return new ThreadPool(threads, library, library.createPool(threads));
        } catch (RuntimeException | Error e) {
            library.close();
            throw e;
        }
    }

    /** The native {@code ToroidPool}. */
    long address() {
        return address;
    }

    /** How many pools exist now. */
    static int count() {
        synchronized (SHARED) {
            return SHARED.size();
        }
    }

    @Override
    public void close() {
        if (address == 0) {
            return;
        }
        synchronized (SHARED) {
            if (--users > 0) {
                return;
            }
            SHARED.remove(threads);
            library.deletePool(address);
            library.close();
        }
    }
}
