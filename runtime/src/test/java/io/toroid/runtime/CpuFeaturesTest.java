package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class CpuFeaturesTest {
    private static CpuFeatures withFlags(List<String> flags) {
        return CpuFeatures.parse("linux-x86_64", List.of(
                "processor\t: 0", "model name\t: Test CPU @ 2.0GHz", "flags\t\t: fpu vme " + String.join(" ", flags), "", "processor\t: 1"));
    }

    @Test
    void levels() {
        for (String level : List.of("x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4")) {
            assertEquals(level, withFlags(CpuFeatures.ofLevel(level)).level());
        }
        List<String> almost = new ArrayList<>(CpuFeatures.ofLevel("x86-64-v4"));
        almost.remove("avx512vl");
        assertEquals("x86-64-v3", withFlags(almost).level());
        assertEquals(List.of("avx512vl"), withFlags(almost).missing(CpuFeatures.ofLevel("x86-64-v4")));
        assertEquals(
                "'x86-64-v5' is not one of x86-64, x86-64-v2, x86-64-v3, x86-64-v4",
                assertThrows(IllegalArgumentException.class, () -> CpuFeatures.ofLevel("x86-64-v5")).getMessage());
    }

    @Test
    void aNativeLibraryNeedsWhatTheCompilerMayUse() {
        CpuFeatures cpu = withFlags(List.of("avx", "sse4_2", "avx512_vnni", "amx_tile", "hypervisor", "nx", "aes"));
        assertEquals(List.of("aes", "amx_tile", "avx", "avx512_vnni", "sse4_2"), cpu.ofNative());
        assertEquals("Test CPU @ 2.0GHz", cpu.cpu());
    }

    @Test
    void withoutCpuinfoNothingIsKnown() {
        CpuFeatures cpu = CpuFeatures.parse("mac-aarch64", List.of());
        assertEquals("aarch64", cpu.level());
        assertEquals("unknown CPU", cpu.cpu());
        assertEquals(Set.of(), cpu.flags());
    }

    /** As emulators list them. */
    @Test
    void aFlagMayStandTwice() {
        assertEquals(Set.of("fpu", "vme", "avx"), withFlags(List.of("avx", "", "avx")).flags());
    }

    @Test
    void anArmProcessor() {
        CpuFeatures cpu = CpuFeatures.parse("linux-aarch64", List.of("processor\t: 0", "BogoMIPS\t: 243.75", "Features\t: fp asimd aes"));
        assertEquals(Set.of("fp", "asimd", "aes"), cpu.flags());
        assertEquals("aarch64", cpu.level());
        assertEquals(List.of("aes", "asimd", "fp"), cpu.ofNative());
        assertEquals(List.of("sve"), cpu.missing(List.of("fp", "sve")));
    }

    @Test
    void thisMachine() {
        assertTrue(CpuFeatures.current().platform().matches("[a-z]+-[a-z0-9_]+"), CpuFeatures.current().platform());
    }
}
