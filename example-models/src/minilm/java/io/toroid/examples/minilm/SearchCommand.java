package io.toroid.examples.minilm;

import io.toroid.examples.minilm.LineEmbedder.Embedded;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code minilm search}: the sentences of a file that mean most nearly what is asked, whatever words they use. */
@Command(name = "search", mixinStandardHelpOptions = true,
        description = "Print the sentences of FILE that are nearest in meaning to QUERY, with the cosine of the angle between them.")
final class SearchCommand implements Callable<Integer> {

    private record Hit(float score, Line line) {

        static Hit of(Embedded line, float[] query) {
            return new Hit(dot(line.embedding(), query), line.line());
        }

        /** The cosine of the angle, since embeddings have length 1. */
        private static float dot(float[] a, float[] b) {
            float sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "FILE", description = "Where sentences are read.")
    private String file;

    @Parameters(index = "1", paramLabel = "QUERY", description = "What to look for, in quotes.")
    private String query;

    private int top = 5;

    @Option(names = "--format", paramLabel = "FORMAT", description = "json or table; ${DEFAULT-VALUE} unless given.")
    private Format format = Format.TABLE;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ProgressOption progressOption;

    private final Terminal terminal;

    SearchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Option(names = "--top", paramLabel = "N", description = "How many to print; 5 unless given.")
    void setTop(int count) {
        if (count < 1) {
            throw new ParameterException(command.commandLine(), "--top must be at least 1, not " + count);
        }
        top = count;
    }

    @Override
    public Integer call() {
        if (query.isBlank()) {
            throw new ParameterException(command.commandLine(), "QUERY is blank");
        }
        List<Line> lines = LineReader.all(file, terminal.in());
        try (SentenceEmbedder embedder = model.load(); Progress progress = progressOption.start(terminal)) {
            String name = LineReader.name(file);
            List<Embedded> embedded = new LineEmbedder(embedder, name, lines.size(), terminal, progress).embed(lines);
            float[] wanted = embedder.embed(query);
            embedded.stream().map(line -> Hit.of(line, wanted))
                    .sorted(Comparator.comparingDouble(Hit::score).reversed().thenComparing(hit -> hit.line().number()))
                    .limit(top).forEach(this::print);
            terminal.flush();
        }
        return 0;
    }

    private void print(Hit hit) {
        switch (format) {
            case JSON -> Format.print(terminal.out(), json -> {
                json.writeNumberField("score", hit.score());
                json.writeNumberField("line", hit.line().number());
                json.writeStringField("sentence", hit.line().text());
            });
            case TABLE -> terminal.out().println(
                    String.format(Locale.ROOT, "%6.3f  %5d: %s", hit.score(), hit.line().number(), hit.line().text()));
        }
    }
}
