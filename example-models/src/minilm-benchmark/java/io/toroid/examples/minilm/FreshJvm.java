package io.toroid.examples.minilm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own, with this one's class path or another. */
final class FreshJvm {
    private final List<String> options;
    private final String classPath;

    FreshJvm(List<String> options, String classPath) {
        this.options = options;
        this.classPath = classPath;
    }

    /** Its lines. The first argument is the time at which it was started, as {@link System#nanoTime()} counts in all processes of a machine. */
    List<String> run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-classpath", classPath, main.getName(), Long.toString(System.nanoTime())));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        if (process.waitFor() != 0 || lines.isEmpty()) {
            throw new IOException("%s ended with code %d".formatted(command, process.exitValue()));
        }
        return lines;
    }
}
