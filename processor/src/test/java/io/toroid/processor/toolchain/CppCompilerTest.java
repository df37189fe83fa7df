package io.toroid.processor.toolchain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a compiler is looked for, with small scripts in its place. */
@Tag("unit")
class CppCompilerTest {
    private static final String INSTALL = "; install one (Debian, Ubuntu: apt-get install g++; Fedora, RHEL: dnf install gcc-c++) "
            + "or name one by -Atoroid.cxx=/path/to/g++";

    @TempDir
    Path bin;

    private Path script(String name, String firstLine, int exitCode) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\necho '" + firstLine + "'\necho 'Copyright'\nexit " + exitCode + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private String failure(Optional<String> option, Map<String, String> environment) {
        return assertThrows(ToolchainException.NoCompiler.class, () -> CppCompiler.find(option, environment)).getMessage();
    }

    @Test
    void takesTheOptionThenTheEnvironmentThenThePath() throws Exception {
        Path gcc = script("g++", "g++ (Debian 12.2.0-14+deb12u1) 12.2.0", 0);
        Path option = script("option", "g++ (GCC) 14.1.0", 0);
        Path clang = script("mine", "Debian clang version 16.0.6 (15~deb12u1)", 0);
        Map<String, String> environment = Map.of("PATH", "/nowhere:" + bin, "TOROID_CXX", "mine", "CXX", option.toString());
        assertEquals(new CppCompiler(List.of(option.toString()), "g++ (GCC) 14.1.0"),
                CppCompiler.find(Optional.of(option.toString()), environment));
        assertEquals(new CppCompiler(List.of(clang.toString()), "Debian clang version 16.0.6 (15~deb12u1)"),
                CppCompiler.find(Optional.empty(), environment));
        assertEquals(List.of(option.toString()),
                CppCompiler.find(Optional.empty(), Map.of("PATH", bin.toString(), "CXX", option.toString())).command());
        assertEquals(List.of(gcc.toString()), CppCompiler.find(Optional.empty(), Map.of("PATH", bin.toString(), "CXX", " ")).command());
        assertEquals(List.of(gcc.toString(), "-fno-lto"),
                CppCompiler.find(Optional.of("g++ -fno-lto"), Map.of("PATH", bin.toString())).command());
    }

    @Test
    void skipsAnUnusableCompilerThatNobodyNamed() throws Exception {
        script("c++", "c++ (GCC) 8.5.0", 0);
        Path gcc = script("g++", "g++ (GCC) 13.2.1 20231205", 0);
        assertEquals(List.of(gcc.toString()), CppCompiler.find(Optional.empty(), Map.of("PATH", bin.toString())).command());
    }

    @Test
    void saysWhatItLookedForAndWhatToInstall() {
        assertEquals("no C++ compiler was found: neither the option -Atoroid.cxx nor the environment variables TOROID_CXX and CXX name one, "
                + "and the PATH has no c++, g++ or clang++" + INSTALL, failure(Optional.empty(), Map.of("PATH", bin.toString())));
        assertEquals("the C++ compiler \"/nowhere/g++\" (option -Atoroid.cxx) cannot be started: there is no such program" + INSTALL,
                failure(Optional.of("/nowhere/g++"), Map.of()));
        assertEquals("the C++ compiler \"g++-99\" (environment variable CXX) cannot be started: there is no such program" + INSTALL,
                failure(Optional.empty(), Map.of("PATH", bin.toString(), "CXX", "g++-99")));
    }

    /** The scripts answer everything with their one line. */
    @Test
    void anotherPlatformNeedsACrossCompiler() throws Exception {
        String cross = script("cross", "aarch64-linux-gnu 13.2", 0).toString();
        CppCompiler compiler = CppCompiler.find(Optional.of(cross), Map.of());
        compiler.requireTarget(Isa.AARCH64, "linux-x86_64");
        compiler.requireTarget(Isa.X86_64_V3, "linux-x86_64");
        assertEquals("the C++ compiler " + cross + " makes code for aarch64-linux-gnu 13.2, so it cannot build libraries for x86-64-v4; choose what they "
                + "are for by -Atoroid.isa, or name a compiler for x86_64 by -Atoroid.cxx",
                assertThrows(ToolchainException.NoCompiler.class, () -> compiler.requireTarget(Isa.X86_64_V4, "linux-aarch64")).getMessage());
    }

    @Test
    void refusesWhatIsOldOrNoCompiler() throws Exception {
        String old = script("old", "g++ (Ubuntu 9.4.0-1ubuntu1~20.04.2) 9.4.0", 0).toString();
        assertEquals("the C++ compiler \"" + old + "\" (option -Atoroid.cxx), g++ (Ubuntu 9.4.0-1ubuntu1~20.04.2) 9.4.0, is too old: "
                + "GCC 12 or Clang 14 is needed" + INSTALL, failure(Optional.of(old), Map.of()));
        String oldClang = script("oldclang", "Ubuntu clang version 11.0.0-2~ubuntu20.04.1", 0).toString();
        assertEquals("the C++ compiler \"" + oldClang + "\" (environment variable TOROID_CXX), "
                + "Ubuntu clang version 11.0.0-2~ubuntu20.04.1, is too old: GCC 12 or Clang 14 is needed" + INSTALL, failure(Optional.empty(), Map.of("TOROID_CXX", oldClang)));
        String broken = script("broken", "usage: broken FILE", 2).toString();
        assertEquals("\"" + broken + " --version\" (option -Atoroid.cxx) ended with code 2, so it is not a C++ compiler that can be used"
                + INSTALL, failure(Optional.of(broken), Map.of()));
        Path plain = Files.writeString(bin.resolve("plain"), "no program");
        assertEquals("the C++ compiler \"" + plain + "\" (option -Atoroid.cxx) cannot be started: it is not executable" + INSTALL,
                failure(Optional.of(plain.toString()), Map.of()));
    }
}
