package io.toroid.examples.minilm;

import com.fasterxml.jackson.core.JsonGenerator;
import io.toroid.examples.minilm.LineEmbedder.Embedded;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code minilm embed}: the embedding of each sentence, in their order. Sentences are read, embedded and written some at a time, so
 * that a file may be of any size, and one line written to a pipe is answered at once.
 */
@Command(name = "embed", mixinStandardHelpOptions = true, description = "Print the embedding of each sentence of FILE.")
final class EmbedCommand implements Callable<Integer> {

    /** So many that buckets are full, so few that results keep coming. */
    private static final int WINDOW = 1024;

    private static final int SHOWN_NUMBERS = 4;

    private static final int SHOWN_CHARACTERS = 60;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Where sentences are read; standard input unless given.")
    private String file = LineReader.STANDARD_INPUT;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "json, a line for each sentence with all numbers, or table, with the first; ${DEFAULT-VALUE} unless given.")
    private Format format = Format.JSON;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ProgressOption progressOption;

    private final Terminal terminal;

    EmbedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (LineReader reader = LineReader.open(file, terminal.in())) {
            List<Line> first = reader.first(WINDOW);
            try (SentenceEmbedder embedder = model.load(); Progress progress = progressOption.start(terminal)) {
                long total = progressOption.isShown(terminal) ? LineReader.count(file) : 0;
                LineEmbedder lines = new LineEmbedder(embedder, LineReader.name(file), total, terminal, progress);
                begin();
                for (List<Line> window = first; !window.isEmpty(); window = reader.next(WINDOW)) {
                    lines.embed(window).forEach(this::print);
                    terminal.flush();
                }
            }
        }
        return 0;
    }

    private void begin() {
        switch (format) {
            case JSON -> { }
            case TABLE -> terminal.out().printf("%6s  %6s  %-35s  %s%n", "line", "tokens", "embedding", "sentence");
        }
    }

    private void print(Embedded result) {
        switch (format) {
            case JSON -> Format.print(terminal.out(), json -> writeFields(result, json));
            case TABLE -> terminal.out().println(row(result));
        }
    }

    private static void writeFields(Embedded result, JsonGenerator json) throws IOException {
        json.writeNumberField("line", result.line().number());
        json.writeStringField("sentence", result.line().text());
        json.writeNumberField("tokens", result.tokens().count());
        json.writeBooleanField("cut", result.tokens().isTooLong());
        json.writeArrayFieldStart("embedding");
        for (float value : result.embedding()) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }

    private static String row(Embedded result) {
        StringBuilder row = new StringBuilder();
        row.append(String.format(Locale.ROOT, "%6d  %6d ", result.line().number(), result.tokens().count()));
        for (int i = 0; i < SHOWN_NUMBERS; i++) {
            row.append(String.format(Locale.ROOT, " %7.4f", result.embedding()[i]));
        }
        return row.append(" …  ").append(result.line().clipped(SHOWN_CHARACTERS)).toString();
    }
}
