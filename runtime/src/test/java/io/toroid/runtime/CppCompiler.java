package io.toroid.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The C++ compiler of this machine, for tests of the headers and of a model library. */
final class CppCompiler {
    static final Path HEADERS = Path.of("src/main/resources/META-INF/toroid/include");
    static final Path EXPORTS = Path.of("src/main/resources/META-INF/toroid/exports.map");
    static final Path TESTS = Path.of("src/test/cpp");

    /** The end of a process: what it printed, and its exit code. */
    record Outcome(int code, String output) {}

    private CppCompiler() {}

    /** The variable CXX, else the first of c++, g++ and clang++ that is on the path. */
    static String find() {
        return Optional.ofNullable(System.getenv("CXX"))
                .or(() -> Stream.of("c++", "g++", "clang++").filter(CppCompiler::onPath).findFirst())
                .orElseThrow(() -> new IllegalStateException("these tests need a C++ compiler: install g++ or clang++, or set CXX"));
    }

    /** Compiles one source with the headers, in five minutes; fails with the compiler's output. */
    static void compile(Path source, Path target, List<String> options) {
        compile(source, target, options, 300);
    }

    /** Compiles one source with the headers, in so many seconds; fails with the compiler's output. */
    static void compile(Path source, Path target, List<String> options, int seconds) {
        List<String> command = new ArrayList<>(List.of(find(), "-std=c++20", "-I" + HEADERS, "-I" + TESTS, "-pthread"));
        command.addAll(options);
        command.addAll(List.of("-o", target.toString(), source.toString()));
        Outcome outcome = run(command, seconds);
        if (outcome.code() != 0) {
            throw new AssertionError(String.join(" ", command) + "\n" + outcome.output());
        }
    }

    /** Compiles a source into a library with the flags of a model library. */
    static void library(Path source, Path target, List<String> options) {
        List<String> all = new ArrayList<>(List.of(
                "-O2", "-fPIC", "-shared", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-Wl,-Bsymbolic",
                "-Wl,--version-script=" + EXPORTS));
        all.addAll(options);
        compile(source, target, all);
    }

    /** Runs a command with its output and errors in one text. */
    static Outcome run(List<String> command, int seconds) {
        try {
            Path output = Files.createTempFile("toroid-test-", ".txt");
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    return new Outcome(-1, Files.readString(output) + "\nended after " + seconds + " seconds");
                }
                return new Outcome(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return new Outcome(-1, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(-1, e.toString());
        }
    }

    private static boolean onPath(String name) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }
}
