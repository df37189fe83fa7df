package io.toroid.examples.minilm;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code minilm padding}: the {@link PaddingReport} of a file. */
@Command(name = "padding", mixinStandardHelpOptions = true,
        description = "Print what the sentences of FILE cost as padded batches, in batches of like length, and one by one.")
final class PaddingCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "Where sentences are read.")
    private String file;

    private int rounds = 5;

    @Mixin
    private ModelOptions model;

    private final Terminal terminal;

    PaddingCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Option(names = "--rounds", paramLabel = "N", description = "How often time is taken; the least counts. 5 unless given.")
    void setRounds(int count) {
        if (count < 1) {
            throw new ParameterException(command.commandLine(), "--rounds must be at least 1, not " + count);
        }
        rounds = count;
    }

    @Override
    public Integer call() {
        List<Line> lines = LineReader.all(file, terminal.in());
        try (SentenceEmbedder embedder = model.load(); Progress progress = Progress.none(terminal)) {
            String name = LineReader.name(file);
            List<long[]> sentences = new LineEmbedder(embedder, name, lines.size(), terminal, progress).heads(lines);
            terminal.out().printf("%d threads, ", model.threads());
            terminal.out().print(PaddingReport.measure(embedder, sentences, rounds).table());
            terminal.flush();
        }
        return 0;
    }
}
