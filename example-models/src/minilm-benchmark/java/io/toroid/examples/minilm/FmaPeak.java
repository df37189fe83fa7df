package io.toroid.examples.minilm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** How many operations a second the multiply-add units do at best, by a small C++ program: what times are compared with. */
final class FmaPeak {
    private static final Path SOURCE = Path.of("src", "minilm-benchmark", "cpp", "fma_peak.cpp");

    private final Path program;

    private FmaPeak(Path program) {
        this.program = program;
    }

    static FmaPeak compile(Path workDirectory) throws IOException, InterruptedException {
        Files.createDirectories(workDirectory);
        Path program = workDirectory.resolve("fma_peak");
        String compiler = Objects.requireNonNullElse(System.getenv("CXX"), "c++");
        run(List.of(compiler, "-std=c++20", "-O3", "-march=native", "-pthread", SOURCE.toString(), "-o", program.toString()));
        return new FmaPeak(program);
    }

    double measure(int threads) throws IOException, InterruptedException {
        return Double.parseDouble(run(List.of(program.toString(), Integer.toString(threads))).strip());
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("%s ended with code %d".formatted(command, process.exitValue()));
        }
        return output;
    }
}
