package io.toroid.processor.toolchain;

import io.toroid.runtime.NativeHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who has the functions behind tensor handles, and what else a library may call. */
public enum Linkage {
    /** The library has them itself, and needs nothing but libc. */
    STANDALONE,
    /** PyTorch has them: the library needs {@code libtorch_cpu.so}, and runs in PyTorch's own container runners. */
    LIBTORCH;

    private static final String SHIM = "toroid/shim_libtorch.h";
    private static final Pattern FUNCTION = Pattern.compile("\\b((?:aoti_)?torch_\\w+)\\(");

    /** By its name in options. */
    public static Optional<Linkage> of(String text) {
        return Stream.of(values()).filter(linkage -> linkage.text().equals(text)).findFirst();
    }

    /** As in options, such as {@code libtorch}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the translation unit of the container begins with. */
    public String definition() {
        return switch (this) {
            case STANDALONE -> "";
            case LIBTORCH -> "#define TOROID_LIBTORCH 1\n";
        };
    }

    /** The library that stands for PyTorch's while a model is linked, by its name; its functions do nothing. */
    Optional<Stub> stub() {
        return switch (this) {
            case STANDALONE -> Optional.empty();
            case LIBTORCH -> Optional.of(new Stub("libtorch_cpu.so", FUNCTION.matcher(NativeHeaders.text(SHIM)).results()
                    .map(match -> "void " + match.group(1) + "() {}\n").distinct().collect(Collectors.joining("", "extern \"C\" {\n", "}\n"))));
        };
    }

    /**
     * A library of functions that a model's library takes from elsewhere.
     *
     * @param file its file, which the dynamic linker looks for at run time
     */
    record Stub(String file, String source) {

        List<String> compile(String sourceFile) {
            return List.of("-shared", "-fPIC", "-nostdlib", "-Wl,-soname," + file, "-o", file, sourceFile);
        }

        List<String> link() {
            return List.of("-Wl,--no-as-needed", file, "-Wl,--as-needed");
        }
    }
}
