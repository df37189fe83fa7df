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
 * too.
 */
@Tag("native")
class NativeHeadersTest {
    private static final Set<String> SANITIZED = Set.of("container_test", "container_run_test", "executors_test", "instances_test", "pool_test");

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
        tests.add(test(source, name, List.of("-O2", "-march=native", "-ffp-contract=off", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra")));
        if (SANITIZED.contains(name)) {
            for (String sanitizer : List.of("address,undefined", "thread")) {
                tests.add(test(source, name + " " + sanitizer, List.of("-O1", "-g", "-fsanitize=" + sanitizer, "-fno-sanitize-recover=all")));
            }
        }
        return tests.stream();
    }

    private DynamicTest test(Path source, String name, List<String> options) {
        return DynamicTest.dynamicTest(name, () -> {
            Path program = directory.resolve(name.replace(' ', '-').replace(',', '-'));
            CppCompiler.compile(source, program, options);
            CppCompiler.Outcome outcome = CppCompiler.run(List.of(program.toString()), 300);
            assertEquals(0, outcome.code(), outcome.output());
        });
    }

    @Test
    void abiHeaderIsPlainC() throws IOException {
        Path source = Files.writeString(directory.resolve("plain.c"), "#include <toroid/abi.h>\nint main(void) { return 0; }\n");
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
