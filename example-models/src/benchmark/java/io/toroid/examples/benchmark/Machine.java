package io.toroid.examples.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What times depend on, in a line to print above them. */
public final class Machine {
    private Machine() {
    }

    public static String description() throws IOException {
        return "%d processors of %s, %s, Linux %s, %s %s".formatted(
                Runtime.getRuntime().availableProcessors(), processor(), distribution(), System.getProperty("os.version"),
                System.getProperty("java.vendor.version"), System.getProperty("java.vm.name"));
    }

    private static String processor() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            String name = lines.filter(line -> line.startsWith("model name")).findFirst().orElse("model name : an unknown processor");
            return name.substring(name.indexOf(':') + 1).strip();
        }
    }

    private static String distribution() throws IOException {
        Path file = Path.of("/etc/os-release");
        if (!Files.exists(file)) {
            return "an unknown distribution";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("PRETTY_NAME=")).findFirst().orElse("PRETTY_NAME=Linux")
                    .substring("PRETTY_NAME=".length()).replace("\"", "");
        }
    }
}
