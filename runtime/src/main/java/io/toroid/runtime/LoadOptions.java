package io.toroid.runtime;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a model is loaded. {@link #defaults()} suits a service: all processors of the JVM work on a call, and as many calls run at a time
 * as there are processors.
 *
 * @param threads threads that work on one call, the caller included; 1 keeps every call on its caller. Models with the same number
 *     share one pool
 * @param instances calls that can run at a time; more calls wait. An instance holds the scratch memory of one call. A model that
 *     keeps state between calls has one, whatever is asked for here: its calls follow one another. Who wants several
 *     independent states loads it several times; the weights are shared all the same
 * @param weights a safetensors file to take the weights from, instead of those the model was compiled with
 * @param libraryDirectory where libraries that are inside jars are extracted; otherwise the system property
 *     {@code toroid.library.dir}, otherwise the user's cache directory
 * @param isa the variant to load, such as {@code x86-64-v3}; otherwise the best one that this CPU runs
 * @param fullVerification whether every byte of the model's files is compared with what was compiled. Otherwise a
 *     {@linkplain SampledChecksum checksum of samples} is, which finds files that are cut off or of another build
 */
public record LoadOptions(
        int threads, int instances, Optional<Path> weights, Optional<Path> libraryDirectory, Optional<String> isa,
        boolean fullVerification) {

    public LoadOptions {
        requirePositive("threads", threads);
        requirePositive("instances", instances);
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(libraryDirectory, "libraryDirectory");
        Objects.requireNonNull(isa, "isa");
    }

    public static LoadOptions defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new LoadOptions(processors, processors, Optional.empty(), Optional.empty(), Optional.empty(), /* fullVerification= */ false);
    }

    public LoadOptions withThreads(int count) {
        return new LoadOptions(count, instances, weights, libraryDirectory, isa, fullVerification);
    }

    public LoadOptions withInstances(int count) {
        return new LoadOptions(threads, count, weights, libraryDirectory, isa, fullVerification);
    }

    public LoadOptions withWeights(Path safetensors) {
        return new LoadOptions(threads, instances, Optional.of(safetensors), libraryDirectory, isa, fullVerification);
    }

    public LoadOptions withLibraryDirectory(Path directory) {
        return new LoadOptions(threads, instances, weights, Optional.of(directory), isa, fullVerification);
    }

    public LoadOptions withIsa(String name) {
        return new LoadOptions(threads, instances, weights, libraryDirectory, Optional.of(name), fullVerification);
    }

    /** Reads all of the model's files and compares their SHA-256. It takes as long as reading them does. */
    public LoadOptions withFullVerification() {
        return new LoadOptions(threads, instances, weights, libraryDirectory, isa, /* fullVerification= */ true);
    }

    private static void requirePositive(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("the number of " + what + " must be at least 1, not " + count);
        }
    }
}
