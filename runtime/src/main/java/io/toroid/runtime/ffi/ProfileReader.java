package io.toroid.runtime.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What a library that was built for profiles has recorded (profile_abi.h), from some moment on. It may be used by one thread at a time,
 * and not after the library is closed; several readers of a library do not disturb each other.
 */
@SuppressWarnings("restricted")
public final class ProfileReader {

    private static final int RUNS_AT_ONCE = 1024;
    private static final int LONGS_OF_RUN = 7;
    private static final int TEXTS_OF_KERNEL = 4;

    /** A place where a kernel runs. */
    public record Place(String entry, String kernel, String operators, String lines) {
    }

    /**
     * A run of a kernel, or a call as a whole.
     *
     * @param place its number; {@code -1 - e} for a call of entry {@code e}
     * @param start as {@link System#nanoTime}
     */
    public record Run(long place, long call, long thread, long start, long nanoseconds, long bytes, long operations) {
    }

    private final MethodHandle kernels;
    private final MethodHandle read;
    private long next = -1;
    private long lost;

    ProfileReader(MemorySegment kernels, MemorySegment read) {
        Linker linker = Linker.nativeLinker();
        this.kernels = linker.downcallHandle(kernels, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        this.read = linker.downcallHandle(read, FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        read();
    }

    /** All places of the model, by their numbers. */
    public List<Place> places() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment table = scratch.allocate(ADDRESS);
            MemorySegment count = scratch.allocate(JAVA_LONG);
            int _ = (int) kernels.invokeExact(table, count);
            MemorySegment texts = table.get(ADDRESS, 0).reinterpret(count.get(JAVA_LONG, 0) * TEXTS_OF_KERNEL * ADDRESS.byteSize());
            List<Place> places = new ArrayList<>();
            for (int i = 0; i < count.get(JAVA_LONG, 0); i++) {
                int first = i * TEXTS_OF_KERNEL;
                places.add(new Place(text(texts, first), text(texts, first + 1), text(texts, first + 2), text(texts, first + 3)));
            }
            return places;
        } catch (Throwable e) {
            throw ModelLibrary.unexpected(e);
        }
    }

    private static String text(MemorySegment texts, int index) {
        return texts.getAtIndex(ADDRESS, index).reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** What was recorded since the last time, in the order in which it ended. */
    public List<Run> read() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment position = scratch.allocateFrom(JAVA_LONG, next);
            MemorySegment missed = scratch.allocate(JAVA_LONG);
            MemorySegment runs = scratch.allocate(JAVA_LONG, RUNS_AT_ONCE * LONGS_OF_RUN);
            List<Run> all = new ArrayList<>();
            long count;
            do {
                count = (long) read.invokeExact(position, runs, (long) RUNS_AT_ONCE, missed);
                lost += missed.get(JAVA_LONG, 0);
                for (int i = 0; i < count; i++) {
                    all.add(run(runs, i * LONGS_OF_RUN));
                }
            } while (count == RUNS_AT_ONCE);
            next = position.get(JAVA_LONG, 0);
            return all;
        } catch (Throwable e) {
            throw ModelLibrary.unexpected(e);
        }
    }

    /** All that the library still has, whoever has read it before. */
    public List<Run> all() {
        next = 0;
        return read();
    }

    /** How many runs were overwritten before they were read. */
    public long lost() {
        return lost;
    }

    private static Run run(MemorySegment runs, int first) {
        return new Run(runs.getAtIndex(JAVA_LONG, first), runs.getAtIndex(JAVA_LONG, first + 1), runs.getAtIndex(JAVA_LONG, first + 2),
                runs.getAtIndex(JAVA_LONG, first + 3), runs.getAtIndex(JAVA_LONG, first + 4), runs.getAtIndex(JAVA_LONG, first + 5),
                runs.getAtIndex(JAVA_LONG, first + 6));
    }
}
