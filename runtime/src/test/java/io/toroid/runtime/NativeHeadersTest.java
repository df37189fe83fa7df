package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The C++ headers, tested in C++: every {@code *_test.cpp} is compiled and run, those that concern memory and threads under sanitizers
 * too. With {@code toroid.test.sanitizers}, which the profile {@code sanitizers} sets, all of them run under sanitizers and only so.
 */
@Tag("native")
class NativeHeadersTest {
    private static final Set<String> SANITIZED = Set.of(
            "constants_test", "container_test", "container_run_test", "executors_test", "instances_test", "kernel_values_test", "pool_test", "profile_test",
            "states_test", "swaps_test");
    private static final Set<String> THREADLESS = Set.of("allocation_test", "checked_size_test", "half_test", "math_test", "reduction_test", "vec_test");
    private static final boolean ALL_SANITIZED = Boolean.getBoolean("toroid.test.sanitizers");

    /** For what takes minutes under a sanitizer, and on machines that do other things too. */
    private static final int SECONDS = ALL_SANITIZED ? 3600 : 300;

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> cppTests() throws IOException {
        try (Stream<Path> files = Files.list(CppCompiler.TESTS)) {
            return files.filter(file -> file.toString().endsWith("_test.cpp")).sorted().flatMap(this::testsOf).toList().stream();
        }
    }

    private Stream<DynamicTest> testsOf(Path source) {
        String name = source.getFileName().toString().replace(".cpp", "");
        List<DynamicTest> tests = new ArrayList<>();
        if (!ALL_SANITIZED) {
            tests.add(test(source, name,
                    List.of("-O2", "-march=native", "-ffp-contract=off", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra")));
        }
        if (ALL_SANITIZED || SANITIZED.contains(name)) {
            tests.add(sanitized(source, name, "address,undefined"));
        }
        if (ALL_SANITIZED && !THREADLESS.contains(name) || SANITIZED.contains(name)) {
            tests.add(sanitized(source, name, "thread"));
        }
        return tests.stream();
    }

    private DynamicTest sanitized(Path source, String name, String sanitizers) {
        return test(source, name + " " + sanitizers, List.of("-O1", "-g", "-march=native", "-ffp-contract=off", "-fwrapv",
                "-fsanitize=" + sanitizers, "-fno-sanitize-recover=all"));
    }

    private DynamicTest test(Path source, String name, List<String> options) {
        return DynamicTest.dynamicTest(name, () -> {
            Path program = directory.resolve(name.replace(' ', '-').replace(',', '-'));
            CppCompiler.compile(source, program, options, SECONDS);
            CppCompiler.Outcome outcome = CppCompiler.run(List.of(program.toString()), SECONDS);
            assertEquals(0, outcome.code(), outcome.output());
        });
    }

    @Test
    void abiHeadersArePlainC() throws IOException {
        Path source = Files.writeString(directory.resolve("plain.c"), "#include <toroid/abi.h>\n#include <toroid/profile_abi.h>\nint main(void) { return 0; }\n");
        CppCompiler.Outcome outcome = CppCompiler.run(
                List.of(CppCompiler.find(), "-x", "c", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I" + CppCompiler.HEADERS,
                        "-fsyntax-only", source.toString()), 60);
        assertEquals(0, outcome.code(), outcome.output());
    }

    @Test
    void aLibraryExportsWhatTheHeaderDeclaresAndNeedsOnlyLibc() throws IOException {
        CppCompiler.Outcome all = CppCompiler.run(List.of("nm", "-D", TinyModel.library().toString()), 60);
        assertEquals(0, all.code(), all.output());
        Set<String> defined = new TreeSet<>();
        for (String line : all.output().lines().toList()) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length == 3) {
                defined.add(fields[2]);
            } else {
                assertTrue(
                        fields[1].contains("@GLIBC_") || fields[0].equals("w") && fields[1].matches("_ITM_.*|__gmon_start__|__cxa_finalize"),
                        "the library must not import " + line);
            }
        }
        Set<String> declared = Pattern.compile("((?:AOTInductor|toroid_)\\w+)\\(")
                .matcher(Files.readString(CppCompiler.HEADERS.resolve("toroid/abi.h"))).results()
                .map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(declared, defined);
    }
}
