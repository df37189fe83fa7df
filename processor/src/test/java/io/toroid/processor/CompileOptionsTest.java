package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.processor.codegen.wrapper.Instruments;
import io.toroid.processor.codegen.wrapper.Instruments.Instrument;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.toolchain.Isa;
import io.toroid.processor.toolchain.Linkage;
import io.toroid.runtime.CpuFeatures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class CompileOptionsTest {

    @Test
    void nothingChosenMeansThePlatformsInstructionSetsAndAllProcessors() {
        assertEquals(new CompileOptions(Isa.usual(CpuFeatures.current().platform()), Optional.empty(), Optional.empty(),
                Runtime.getRuntime().availableProcessors(), Optional.empty(), Instruments.NONE, Linkage.STANDALONE, /* foldsAtLoad= */ false), CompileOptions.defaults());
    }

    @Test
    void optionsAreRead() {
        assertEquals(
                new CompileOptions(List.of(Isa.X86_64_V4, Isa.NATIVE), Optional.of("clang++"), Optional.of(Path.of("/cache")), 2,
                        Optional.of(Path.of("weights")), new Instruments(Set.of(Instrument.PROFILE, Instrument.NAN), Pattern.compile("gelu|_2$")), Linkage.LIBTORCH, /* foldsAtLoad= */ true),
                CompileOptions.parse(Map.of("toroid.isa", "x86-64-v4, native,x86-64-v4", "toroid.cxx", "clang++", "toroid.cache", "/cache",
                        "toroid.jobs", "2", "toroid.weights.dir", "weights", "toroid.linkage", "libtorch", "toroid.fold", "load", "mapstruct.verbose", "true",
                        "toroid.instrument", "nan, profile", "toroid.instrument.kernels", "gelu|_2$")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            toroid.isa  | avx2          | [TOROID-501] the option -Atoroid.isa=avx2 is not valid: there is no instruction set "avx2"; choose from x86-64-v3, x86-64-v4, aarch64 and native, separated by commas
            toroid.isa  | native,,avx2  | [TOROID-501] the option -Atoroid.isa=native,,avx2 is not valid: there is no instruction set ""; choose from x86-64-v3, x86-64-v4, aarch64 and native, separated by commas
            toroid.jobs | 0             | [TOROID-501] the option -Atoroid.jobs=0 is not valid: it is not a positive number; leave it out to use all processors
            toroid.jobs | many          | [TOROID-501] the option -Atoroid.jobs=many is not valid: it is not a positive number; leave it out to use all processors
            toroid.instrument | profile,times | [TOROID-501] the option -Atoroid.instrument=profile,times is not valid: there is no "times"; choose from profile, names, print, save, nan and inf, separated by commas
            toroid.instrument.kernels | linear( | [TOROID-501] the option -Atoroid.instrument.kernels=linear( is not valid: nothing is to be done with these kernels; say what, such as -Atoroid.instrument=print
            toroid.linkage | torch      | [TOROID-501] the option -Atoroid.linkage=torch is not valid: there is no linkage "torch"; choose standalone or libtorch
            """)
    void badValuesAreExplained(String name, String value, String message) {
        ProblemException e = assertThrows(ProblemException.class, () -> CompileOptions.parse(Map.of(name, value)));
        assertEquals(message, e.problems().getFirst().message());
    }
}
