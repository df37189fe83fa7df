package io.toroid.processor.toolchain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.NativeHeaders;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("native")
class NativeBuildTest {
    private static final String EXPORTS = "{ global: seven; times; wide; local: *; };\n";
    private static final String HIDDEN = "extern \"C\" int hidden() { return 7; }\n";
    private static final String EXPORTED = """
            #include <toroid/abi.h>
            extern "C" int hidden();
            extern "C" __attribute__((visibility("default"))) int seven() { return hidden(); }
            extern "C" __attribute__((visibility("default"))) double times(double a, double b) { return a * b; }
            extern "C" const char* file() { return __FILE__; }
            #ifdef __AVX512F__
            extern "C" __attribute__((visibility("default"))) double wide() { return 512; }
            #endif
            """;

    @TempDir
    Path directory;

    private final CppCompiler compiler = find();

    private static CppCompiler find() {
        try {
            return CppCompiler.find(Optional.empty(), System.getenv());
        } catch (ToolchainException.NoCompiler missing) {
            throw new AssertionError(missing.getMessage());
        }
    }

    private static LibraryRequest request(Isa isa, String exported) {
        return new LibraryRequest("Sample", isa,
                List.of(new TranslationUnit("hidden", HIDDEN, /* isHot= */ true), new TranslationUnit("exported", exported, /* isHot= */ true)), EXPORTS);
    }

    private NativeBuild build(Path cache) {
        return new NativeBuild(compiler, ArtifactCache.at(cache), 2);
    }

    @Test
    @SuppressWarnings("restricted")
    void makesALibraryThatCanBeCalled() throws Throwable {
        Path file = Files.write(directory.resolve("sample.so"), build(directory.resolve("cache")).build(request(Isa.X86_64_V3, EXPORTED)));
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = SymbolLookup.libraryLookup(file, arena);
            MethodHandle times = Linker.nativeLinker().downcallHandle(library.findOrThrow("times"),
                    FunctionDescriptor.of(ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE));
            assertEquals(42.0, (double) times.invokeExact(6.0, 7.0));
            MethodHandle seven = Linker.nativeLinker().downcallHandle(library.findOrThrow("seven"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT));
            assertEquals(7, (int) seven.invokeExact());
            assertTrue(library.find("hidden").isEmpty());
            assertTrue(library.find("file").isEmpty());
        }
    }

    @Test
    void startsNoCompilerForWhatItHasMadeBefore() throws Exception {
        NativeBuild first = build(directory);
        List<LibraryRequest> both = List.of(request(Isa.X86_64_V3, EXPORTED), request(Isa.X86_64_V4, EXPORTED));
        List<byte[]> made = first.buildAll(both);
        assertEquals(new BuildStatistics(4, 0, 2, 0), first.statistics());
        NativeBuild second = build(directory);
        List<byte[]> again = second.buildAll(both);
        assertEquals(new BuildStatistics(0, 0, 0, 2), second.statistics());
        assertArrayEquals(made.get(0), again.get(0));
        assertArrayEquals(made.get(1), again.get(1));
        assertNotEquals(Digest.of(made.get(0)), Digest.of(made.get(1)));
    }

    @Test
    void recompilesOnlyWhatChanged() throws Exception {
        build(directory).build(request(Isa.X86_64_V3, EXPORTED));
        NativeBuild changed = build(directory);
        changed.build(request(Isa.X86_64_V3, EXPORTED.replace("a * b", "a * b * 1.5")));
        assertEquals(new BuildStatistics(1, 1, 1, 0), changed.statistics());
    }

    @Test
    void givesTheSameBytesWithoutTheCache() throws Exception {
        byte[] first = build(directory.resolve("a")).build(request(Isa.X86_64_V3, EXPORTED));
        byte[] second = build(directory.resolve("b")).build(request(Isa.X86_64_V3, EXPORTED));
        assertArrayEquals(first, second);
        String text = new String(first, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(System.getProperty("java.io.tmpdir") + "/"), "the library names the directory it was built in");
    }

    @Test
    void buildsAgainWhenACachedLibraryIsDamaged() throws Exception {
        byte[] intact = build(directory).build(request(Isa.X86_64_V3, EXPORTED));
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                Files.write(entry, Arrays.copyOf(Files.readAllBytes(entry), 200));
            }
        }
        NativeBuild again = build(directory);
        assertArrayEquals(intact, again.build(request(Isa.X86_64_V3, EXPORTED)));
        assertEquals(new BuildStatistics(2, 0, 1, 0), again.statistics());
    }

    @Test
    void showsWhatTheCompilerSaid() {
        ToolchainException.Rejected rejected = assertThrows(ToolchainException.Rejected.class,
                () -> build(directory).build(request(Isa.X86_64_V3, "int seven() { return nothing; }")));
        assertEquals("exported.cpp for x86-64-v3", rejected.file());
        String start = "the C++ compiler " + compiler.identity() + " ended with code 1 on exported.cpp for x86-64-v3:\nexported.cpp:";
        assertTrue(rejected.getMessage().startsWith(start), rejected.getMessage());
        assertTrue(rejected.output().contains("nothing"), rejected.output());
        ToolchainException.Rejected unlinked = assertThrows(ToolchainException.Rejected.class,
                () -> build(directory).build(request(Isa.X86_64_V3, EXPORTED.replace("hidden()", "missing_function()"))));
        assertEquals("the library of Sample for x86-64-v3", unlinked.file());
        assertTrue(unlinked.output().contains("missing_function"), unlinked.output());
    }

    @Test
    void aMachineThatFailsIsNoMistakeInTheCode() throws Exception {
        Path script = Files.writeString(directory.resolve("g++"), """
                #!/bin/sh
                if [ "$1" = --version ]; then echo "g++ (GCC) 13.2.1"; exit 0; fi
                echo "g++: fatal error: Killed signal terminated program cc1plus" >&2
                exit 1
                """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        NativeBuild build = new NativeBuild(CppCompiler.find(Optional.of(script.toString()), Map.of()), ArtifactCache.none(), 1);
        LibraryRequest one = new LibraryRequest("Sample", Isa.X86_64_V3, List.of(new TranslationUnit("hidden", HIDDEN, /* isHot= */ true)), EXPORTS);
        assertEquals("the C++ compiler said \"Killed\" on hidden.cpp for x86-64-v3; free memory or disk space, or let fewer compilers run at once "
                + "by -Atoroid.jobs=1", assertThrows(ToolchainException.Failed.class, () -> build.build(one)).getMessage());
    }

    @Test
    void compilesTheContainerAgainstOurHeadersAndLeavesNothingBehind() throws Exception {
        NativeBuild build = new NativeBuild(compiler, ArtifactCache.none(), 1, directory);
        LibraryRequest container = new LibraryRequest("Container", Isa.X86_64_V3,
                List.of(new TranslationUnit("container", "#include <toroid/container_exports.h>\n", /* isHot= */ false)), NativeHeaders.exports());
        ToolchainException.Rejected rejected = assertThrows(ToolchainException.Rejected.class, () -> build.build(container));
        assertEquals("the library of Container for x86-64-v3", rejected.file());
        assertTrue(rejected.output().contains("toroid_model"), rejected.output());
        assertEquals(1, build.statistics().compiled());
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
