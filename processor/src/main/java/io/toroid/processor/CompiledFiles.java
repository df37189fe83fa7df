package io.toroid.processor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a model was compiled to.
 *
 * @param resources files of the class output, by path: libraries, constants, manifest
 * @param sources the generated C++, by path in the source output: to be read, not to be shipped
 */
public record CompiledFiles(SequencedMap<String, byte[]> resources, SequencedMap<String, String> sources) {

    public CompiledFiles {
        resources = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(resources));
        sources = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sources));
    }

    /** From maps in any order; paths are sorted. */
    public static CompiledFiles of(Map<String, byte[]> resources, Map<String, String> sources) {
        return new CompiledFiles(new LinkedHashMap<>(new java.util.TreeMap<>(resources)),
                new LinkedHashMap<>(new java.util.TreeMap<>(sources)));
    }
}
