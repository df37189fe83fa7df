package io.toroid.processor.toolchain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** How a program ended, and what it wrote to both its streams. */
record ProcessResult(int exitCode, String output) {

    /** Runs a program to its end with closed input and English messages; it is killed if this thread is interrupted. */
    static ProcessResult run(List<String> command, Path directory) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ProcessResult(process.waitFor(), output);
        } finally {
            process.destroyForcibly();
        }
    }
}
