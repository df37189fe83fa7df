package io.toroid.processor.toolchain;

/**
 * One C++ source file.
 *
 * @param name without the suffix, such as {@code kernels_0}; a file name and unique within its library
 * @param isHot whether it computes; what only steers is not worth all of the compiler's efforts, which take it twice the time
 */
public record TranslationUnit(String name, String source, boolean isHot) {
    public TranslationUnit {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
            throw new IllegalArgumentException("\"" + name + "\" cannot name a translation unit");
        }
    }
}
