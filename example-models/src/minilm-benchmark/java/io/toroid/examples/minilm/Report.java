package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Comparison;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lines of JSON for a file, tables for people. */
final class Report implements AutoCloseable {
    private final PrintWriter json;
    private final PrintStream tables;

    Report(Path json, PrintStream tables) throws IOException {
        Files.createDirectories(json.toAbsolutePath().getParent());
        this.json = new PrintWriter(Files.newBufferedWriter(json), /* autoFlush= */ true);
        this.tables = tables;
    }

    void line(Comparison comparison) {
        json.println(comparison.json());
    }

    void text(String text) {
        tables.println(text.stripTrailing());
    }

    @Override
    public void close() {
        json.close();
    }
}
