package io.toroid.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernels of a model did during some calls. The model must have been compiled with {@code -Atoroid.instrument=profile}.
 *
 * <pre>{@code
 * Profile profile = Profile.record(model, () -> model.embed(tokens));
 * System.out.println(profile);
 * profile.writeChromeTrace(Path.of("embed.json"));
 * }</pre>
 *
 * <p>The same appears as JFR events, {@code io.toroid.Kernel} and {@code io.toroid.Call}, in any recording.
 *
 * @param model fully qualified name of the model class
 * @param places all of the model, those of kernels that did not run included
 * @param calls those that ended meanwhile, of any thread, in the order in which they ended
 * @param lost how many runs are missing, because there were more than 65,536
 */
public record Profile(String model, List<KernelPlace> places, List<Call> calls, long lost) {

    /** What stands for an entry where constants are folded: when a model is loaded, and when it gets other weights. */
    public static final String FOLDING = "constants";

    public Profile {
        places = List.copyOf(places);
        calls = List.copyOf(calls);
    }

    /**
     * A call of an entry, or a folding of constants.
     *
     * @param entry its name, or {@link #FOLDING}
     * @param number of the call, from 1 on
     * @param thread the number that the operating system gives the thread that ran it
     * @param start as {@link System#nanoTime}
     * @param nanoseconds from the first to the last of it, without the checks of the arguments
     * @param runs of kernels, in order
     */
    public record Call(String entry, long number, long thread, long start, long nanoseconds, List<Run> runs) {

        public Call {
            runs = List.copyOf(runs);
        }

        /** What its kernels took together. */
        public long kernelNanoseconds() {
            return runs.stream().mapToLong(Run::nanoseconds).sum();
        }
    }

    /**
     * A run of a kernel.
     *
     * @param start as {@link System#nanoTime}
     * @param nanoseconds that it took, on all threads that took part
     * @param bytes that it reads and bytes that it writes, each element of a tensor counted once
     * @param operations arithmetic operations and functions of floating-point numbers; a product that is added counts two
     */
    public record Run(KernelPlace place, long start, long nanoseconds, long bytes, long operations) {
    }

    /**
     * Records the calls that end while an action runs, on whatever thread.
     *
     * @throws IllegalStateException if the model was not compiled for profiles, or is closed
     */
    public static Profile record(CompiledModel model, Runnable action) {
        ProfileSource source = model.profileSource();
        ProfileSource.Recording recording = source.begin();
        action.run();
        return source.end(recording);
    }

    /**
     * What folding constants did when a model was loaded: a call of {@link #FOLDING}, or none if there was nothing left to compute. Most
     * is left with {@code -Atoroid.fold=load}, or when the model is loaded with other weights.
     *
     * @throws IllegalStateException if the model was not compiled for profiles, or is closed
     */
    public static Profile ofLoad(CompiledModel model) {
        return model.profileSource().ofLoad();
    }

    /**
     * Writes a file that {@code chrome://tracing} and Perfetto show: a row for each thread, with its calls and their kernels.
     *
     * @throws IOException if it cannot be written
     */
    public void writeChromeTrace(Path file) throws IOException {
        ChromeTrace.write(this, file);
    }

    /** A table of the places, the most expensive first, and what is in none of them. */
    @Override
    public String toString() {
        return ProfileTable.of(this);
    }

    /** All runs of kernels. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        calls.forEach(call -> runs.addAll(call.runs()));
        return runs;
    }
}
