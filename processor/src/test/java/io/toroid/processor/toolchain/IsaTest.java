package io.toroid.processor.toolchain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.CpuFeatures;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class IsaTest {
    @Test
    void isFoundByTheNameThatOptionsUse() {
        assertEquals(Optional.of(Isa.X86_64_V3), Isa.of("x86-64-v3"));
        assertEquals(Optional.of(Isa.X86_64_V4), Isa.of("x86-64-v4"));
        assertEquals(Optional.of(Isa.AARCH64), Isa.of("aarch64"));
        assertEquals(Optional.of(Isa.NATIVE), Isa.of("native"));
        assertEquals(Optional.empty(), Isa.of("avx2"));
    }

    @Test
    void namesFlagsAndWhatTheCpuMustHave() {
        assertEquals(List.of("-march=x86-64-v3"), Isa.X86_64_V3.flags());
        assertEquals(List.of("-march=x86-64-v4", "-mprefer-vector-width=512"), Isa.X86_64_V4.flags());
        assertEquals(List.of("-march=armv8-a"), Isa.AARCH64.flags());
        assertTrue(List.of("-march=native", "-mcpu=native").contains(Isa.NATIVE.flags().getFirst()));
        assertTrue(Isa.X86_64_V3.requiredCpuFlags().containsAll(List.of("avx2", "fma")));
        assertFalse(Isa.X86_64_V3.requiredCpuFlags().contains("avx512f"));
        assertTrue(Isa.X86_64_V4.requiredCpuFlags().contains("avx512f"));
        assertEquals(List.of("asimd", "fp"), Isa.AARCH64.requiredCpuFlags());
    }

    @Test
    void aPlatformHasUsualOnesOrNone() {
        assertEquals(List.of(Isa.X86_64_V3, Isa.X86_64_V4), Isa.usual("linux-x86_64"));
        assertEquals(List.of(Isa.AARCH64), Isa.usual("linux-aarch64"));
        assertEquals(List.of(), Isa.usual("mac-aarch64"));
        assertEquals(CpuFeatures.current().platform(), Isa.NATIVE.platform());
    }
}
