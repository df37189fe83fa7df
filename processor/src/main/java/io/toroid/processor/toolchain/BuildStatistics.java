package io.toroid.processor.toolchain;

/**
 * What a build did.
 *
 * @param compiled translation units that the C++ compiler was started for
 * @param reusedObjects translation units whose objects were in the cache
 * @param linked libraries that were linked
 * @param reusedLibraries libraries that were in the cache whole
 */
public record BuildStatistics(int compiled, int reusedObjects, int linked, int reusedLibraries) {
}
