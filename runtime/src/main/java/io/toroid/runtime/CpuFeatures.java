package io.toroid.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What this machine's processor can run, found out without native code: a library for another CPU must be refused before it is
 * loaded, since afterwards it would end the process with an illegal instruction.
 *
 * @param platform operating system and processor family, such as {@code linux-x86_64}
 * @param cpu the processor's own name, for messages
 * @param flags its features, named as in Linux's {@code /proc/cpuinfo}
 */
public record CpuFeatures(String platform, String cpu, Set<String> flags) {

    private static final List<String> V2 = List.of("cx16", "lahf_lm", "pni", "popcnt", "sse4_1", "sse4_2", "ssse3");
    private static final List<String> V3 = List.of("abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave");
    private static final List<String> V4 = List.of("avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl");

    /** Flags besides avx512* and amx* that allow instructions which {@code -march=native} makes a compiler use. */
    private static final Set<String> INSTRUCTIONS = Set.of(
            "adx", "aes", "avx_ifma", "avx_ne_convert", "avx_vnni", "avx_vnni_int8", "gfni", "pclmulqdq", "sha_ni", "sse4a", "vaes",
            "vpclmulqdq", "fma4", "xop", "tbm", "3dnowprefetch", "rdrand", "rdseed", "fsgsbase", "clflushopt", "clwb", "movdiri", "movdir64b",
            "serialize", "waitpkg", "cldemote", "xsavec", "xsaveopt", "xsaves");

    public CpuFeatures {
        flags = Set.copyOf(flags);
    }

    /** The machine that runs this JVM. Without {@code /proc/cpuinfo} no features are known. */
    public static CpuFeatures current() {
        List<String> lines = new ArrayList<>();
        try (BufferedReader cpuinfo = Files.newBufferedReader(Path.of("/proc/cpuinfo"))) {
            for (String line = cpuinfo.readLine(); line != null && !line.isBlank(); line = cpuinfo.readLine()) {
                lines.add(line);  // of the first processor; to write down all of them takes large machines long
            }
        } catch (IOException e) {
            // Not Linux, or hidden: no features are known, and the message of a refused model shows that.
        }
        return parse(currentPlatform(), lines);
    }

    /** From the lines of a processor; on ARM the features have another name, and processors have none. */
    static CpuFeatures parse(String platform, List<String> cpuinfo) {
        String flags = value(cpuinfo, "flags", value(cpuinfo, "Features", ""));
        return new CpuFeatures(platform, value(cpuinfo, "model name", "unknown CPU"), flags.isEmpty() ? Set.of() : Set.copyOf(List.of(flags.split(" +"))));
    }

    /** The flags that every CPU of a level has; for a name that is not a level, {@link IllegalArgumentException}. */
    public static List<String> ofLevel(String isa) {
        return switch (isa) {
            case "x86-64" -> List.of();
            case "x86-64-v2" -> V2;
            case "x86-64-v3" -> concat(V2, V3);
            case "x86-64-v4" -> concat(concat(V2, V3), V4);
            default -> throw new IllegalArgumentException("'" + isa + "' is not one of x86-64, x86-64-v2, x86-64-v3, x86-64-v4");
        };
    }

    /** The flags that a library compiled for exactly this machine may need, sorted; those of an ARM are all about instructions. */
    public List<String> ofNative() {
        if (!platform.endsWith("-x86_64")) {
            return flags.stream().sorted().toList();
        }
        Set<String> levels = Set.copyOf(ofLevel("x86-64-v4"));
        return flags.stream()
                .filter(flag -> levels.contains(flag) || INSTRUCTIONS.contains(flag) || flag.startsWith("avx512") || flag.startsWith("amx"))
                .sorted()
                .toList();
    }

    /** Which of the wanted flags this CPU lacks, in their order. */
    public List<String> missing(List<String> wanted) {
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(flags);
        return missing;
    }

    /** The highest of {@code x86-64}, {@code -v2}, {@code -v3}, {@code -v4} that this CPU runs; of another family, that one's name. */
    public String level() {
        if (!platform.endsWith("-x86_64")) {
            return platform.substring(platform.indexOf('-') + 1);
        }
        for (String level : List.of("x86-64-v4", "x86-64-v3", "x86-64-v2")) {
            if (missing(ofLevel(level)).isEmpty()) {
                return level;
            }
        }
        return "x86-64";
    }

    private static String currentPlatform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ")[0];
        String processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }

    private static String value(List<String> cpuinfo, String key, String otherwise) {
        for (String line : cpuinfo) {
            int colon = line.indexOf(':');
            if (colon >= 0 && line.startsWith(key)) {
                return line.substring(colon + 1).strip();
            }
        }
        return otherwise;
    }

    private static List<String> concat(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }
}
