package io.toroid.examples.operators;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** PyTorch in a process of its own, which answers a request at a time. */
final class Torch implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter requests;
    private final String version;

    /** @param python a Python with PyTorch */
    Torch(String python, String script, int threads) throws IOException {
        process = new ProcessBuilder(python, script).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), /* autoFlush= */ true);
        version = ask("threads " + threads);
    }

    String version() {
        return version;
    }

    void prepare(Sizes sizes) {
        ask("shape %d %d".formatted(sizes.rows(), sizes.columns()));
    }

    /** Milliseconds of a call. */
    double time(String operator) {
        return Double.parseDouble(ask(operator));
    }

    private String ask(String request) {
        try {
            requests.println(request);
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("PyTorch ended at '%s'; what it printed stands above".formatted(request));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        requests.close();
        process.destroy();
    }
}
