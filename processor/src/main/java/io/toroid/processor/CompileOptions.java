package io.toroid.processor;

import io.toroid.processor.codegen.wrapper.Instruments;
import io.toroid.processor.codegen.wrapper.Instruments.Instrument;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.toolchain.Isa;
import io.toroid.processor.toolchain.Linkage;
import io.toroid.runtime.CpuFeatures;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * What the user may choose, as {@code -Atoroid.<name>=<value>}.
 *
 * @param isas {@code toroid.isa}: instruction sets to build a library for, comma-separated: {@code x86-64-v3},
 *     {@code x86-64-v4}, {@code aarch64}, or {@code native} for that of the building machine; without it all of the first
 *     three that the platform of the building machine has, which may be none
 * @param compiler {@code toroid.cxx}: the C++ compiler, a command or a path; searched for if absent
 * @param cache {@code toroid.cache}: directory of compiled objects; the user's cache directory if absent
 * @param jobs {@code toroid.jobs}: how many C++ compilers run at once; the number of processors by default
 * @param weightsDirectory {@code toroid.weights.dir}: where weight files are looked for besides the resources
 * @param instruments {@code toroid.instrument}: what the library does besides, to find mistakes or where time goes, comma-separated:
 *     {@code profile}, {@code names}, {@code print}, {@code save}, {@code nan}, {@code inf}; and {@code toroid.instrument.kernels}: a regular
 *     expression, a part of the names of the kernels that are looked at
 * @param linkage {@code toroid.linkage}: {@code standalone}, or {@code libtorch} for libraries that run in PyTorch
 * @param foldsAtLoad {@code toroid.fold}: {@code build} if what depends on weights alone is computed and stored while compiling, or
 *     {@code load} if the weights themselves are stored and it is computed whenever the model is loaded
 */
public record CompileOptions(
        List<Isa> isas,
        Optional<String> compiler,
        Optional<Path> cache,
        int jobs,
        Optional<Path> weightsDirectory,
        Instruments instruments,
        Linkage linkage,
        boolean foldsAtLoad) {

    static final String ISA = "toroid.isa";
    static final String CXX = "toroid.cxx";
    static final String CACHE = "toroid.cache";
    static final String JOBS = "toroid.jobs";
    static final String WEIGHTS = "toroid.weights.dir";
    static final String INSTRUMENT = "toroid.instrument";
    static final String INSTRUMENT_KERNELS = "toroid.instrument.kernels";
    static final String LINKAGE = "toroid.linkage";
    static final String FOLD = "toroid.fold";

    /** Names of all options. */
    public static final Set<String> NAMES = Set.of(ISA, CXX, CACHE, JOBS, WEIGHTS, INSTRUMENT, INSTRUMENT_KERNELS, LINKAGE, FOLD);

    public CompileOptions {
        isas = List.copyOf(isas);
    }

    /** Nothing chosen. */
    public static CompileOptions defaults() {
        return parse(Map.of());
    }

    /**
     * Reads the processor's options; those that are not ours are ignored.
     *
     * @throws ProblemException if a value is not valid
     */
    public static CompileOptions parse(Map<String, String> options) {
        return new CompileOptions(
                isas(options),
                text(options, CXX),
                path(options, CACHE),
                jobs(options),
                path(options, WEIGHTS),
                instruments(options),
                linkage(options),
                foldsAtLoad(options));
    }

    private static boolean foldsAtLoad(Map<String, String> options) {
        String text = text(options, FOLD).orElse("build");
        return switch (text) {
            case "build" -> false;
            case "load" -> true;
            default -> throw invalid(FOLD, text, "constants are not folded then", "choose build or load");
        };
    }

    private static Linkage linkage(Map<String, String> options) {
        String text = text(options, LINKAGE).orElse(Linkage.STANDALONE.text());
        return Linkage.of(text).orElseThrow(() ->
                invalid(LINKAGE, text, "there is no linkage \"%s\"".formatted(text), "choose standalone or libtorch"));
    }

    private static List<Isa> isas(Map<String, String> options) {
        Optional<String> text = text(options, ISA);
        if (text.isEmpty()) {
            return Isa.usual(CpuFeatures.current().platform());
        }
        return Arrays.stream(text.get().split(",")).map(String::strip).distinct()
                .map(name -> Isa.of(name).orElseThrow(() ->
                        invalid(ISA, text.get(), "there is no instruction set \"%s\"".formatted(name),
                                "choose from x86-64-v3, x86-64-v4, aarch64 and native, separated by commas")))
                .toList();
    }

    private static Instruments instruments(Map<String, String> options) {
        Optional<String> kernels = text(options, INSTRUMENT_KERNELS);
        Optional<String> text = text(options, INSTRUMENT);
        if (kernels.isPresent() && text.isEmpty()) {
            throw invalid(INSTRUMENT_KERNELS, kernels.get(), "nothing is to be done with these kernels", "say what, such as -A" + INSTRUMENT + "=print");
        }
        try {
            Pattern pattern = Pattern.compile(kernels.orElse(""));
            return text.isEmpty() ? Instruments.NONE : new Instruments(
                    Arrays.stream(text.get().split(",")).map(String::strip).map(name -> Instrument.ofText(name).orElseThrow(() ->
                            invalid(INSTRUMENT, text.get(), "there is no \"%s\"".formatted(name),
                                    "choose from profile, names, print, save, nan and inf, separated by commas")))
                            .collect(Collectors.toSet()), pattern);
        } catch (PatternSyntaxException e) {
            throw invalid(INSTRUMENT_KERNELS, kernels.get(), e.getDescription(), "give a regular expression, such as linear|softmax");
        }
    }

    private static int jobs(Map<String, String> options) {
        Optional<String> text = text(options, JOBS);
        if (text.isEmpty()) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int jobs = Integer.parseInt(text.get());
            if (jobs > 0) {
                return jobs;
            }
        } catch (NumberFormatException _) {
            // reported below
        }
        throw invalid(JOBS, text.get(), "it is not a positive number", "leave it out to use all processors");
    }

    private static Optional<Path> path(Map<String, String> options, String name) {
        Optional<String> text = text(options, name);
        try {
            return text.map(Path::of);
        } catch (InvalidPathException e) {
            throw invalid(name, text.get(), e.getMessage(), "give a directory");
        }
    }

    private static Optional<String> text(Map<String, String> options, String name) {
        return Optional.ofNullable(options.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static ProblemException invalid(String name, String value, String why, String hint) {
        return new ProblemException(Diagnostic.OPTION_INVALID, name, value, why, hint);
    }
}
