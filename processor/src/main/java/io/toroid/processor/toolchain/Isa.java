package io.toroid.processor.toolchain;

import io.toroid.runtime.CpuFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An instruction set that a library is built for: the compiler's flags, and what the runtime asks of a CPU before it loads
 * the library.
 */
public enum Isa {
    /** AVX2 and FMA: any server since 2015. */
    X86_64_V3("x86-64-v3", "linux-x86_64"),
    /** AVX-512; compilers use the 512-bit registers only when told to. */
    X86_64_V4("x86-64-v4", "linux-x86_64"),
    /** What every 64-bit ARM has. */
    AARCH64("aarch64", "linux-aarch64"),
    /** All that the building machine has, for builds that run where they are made. */
    NATIVE("native", CpuFeatures.current().platform());

    private final String text;
    private final String platform;

    Isa(String text, String platform) {
        this.text = text;
        this.platform = platform;
    }

    /** Those that libraries are built for if nobody chooses; none if the platform is not known. */
    public static List<Isa> usual(String platform) {
        return Arrays.stream(values()).filter(isa -> isa != NATIVE && isa.platform.equals(platform)).toList();
    }

    /** By the name that the option {@code toroid.isa} uses. */
    public static Optional<Isa> of(String text) {
        return Arrays.stream(values()).filter(isa -> isa.text.equals(text)).findFirst();
    }

    /** The name in options, file names and manifests, such as {@code x86-64-v3}. */
    public String text() {
        return text;
    }

    /** The platform that has it, as {@link CpuFeatures#platform()}. */
    public String platform() {
        return platform;
    }

    public List<String> flags() {
        return switch (this) {
            case X86_64_V3 -> List.of("-march=x86-64-v3");
            case X86_64_V4 -> List.of("-march=x86-64-v4", "-mprefer-vector-width=512");
            case AARCH64 -> List.of("-march=armv8-a");
            case NATIVE -> platform.equals(AARCH64.platform) ? List.of("-mcpu=native")
                    : requiredCpuFlags().contains("avx512f") ? List.of("-march=native", "-mprefer-vector-width=512")
                    : List.of("-march=native");
        };
    }

    /** The CPU features without which the library must not be loaded, named as in {@code /proc/cpuinfo}. */
    public List<String> requiredCpuFlags() {
        return switch (this) {
            case X86_64_V3, X86_64_V4 -> CpuFeatures.ofLevel(text);
            case AARCH64 -> List.of("asimd", "fp");
            case NATIVE -> CpuFeatures.current().ofNative();
        };
    }

    /** What an object's code depends on; {@code native} means another thing on each machine. */
    public String identity() {
        return switch (this) {
            case X86_64_V3, X86_64_V4, AARCH64 -> text;
            case NATIVE -> text + " on " + CpuFeatures.current().cpu() + ": " + String.join(" ", requiredCpuFlags());
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
