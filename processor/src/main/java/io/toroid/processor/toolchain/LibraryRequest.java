package io.toroid.processor.toolchain;

import java.util.List;

/**
 * A shared library to build.
 *
 * @param name for messages, such as the model's class
 * @param versionScript the linker's list of exported symbols
 */
public record LibraryRequest(String name, Isa isa, List<TranslationUnit> units, String versionScript, Linkage linkage) {
    public LibraryRequest {
        units = List.copyOf(units);
        if (units.isEmpty() || units.stream().map(TranslationUnit::name).distinct().count() != units.size()) {
            throw new IllegalArgumentException("the library " + name + " needs translation units with different names, not "
                    + units.stream().map(TranslationUnit::name).toList());
        }
    }

    /** A library that needs nothing but libc. */
    public LibraryRequest(String name, Isa isa, List<TranslationUnit> units, String versionScript) {
        this(name, isa, units, versionScript, Linkage.STANDALONE);
    }
}
