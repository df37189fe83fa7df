package io.toroid.examples.minilm;

import io.toroid.runtime.LoadOptions;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of all commands that say how the model runs. */
final class ModelOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private LoadOptions options = LoadOptions.defaults();

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute; all processors unless given.")
    void setThreads(int threads) {
        if (threads < 1) {
            throw new ParameterException(command.commandLine(), "--threads must be at least 1, not " + threads);
        }
        options = options.withThreads(threads);
    }

    int threads() {
        return options.threads();
    }

    SentenceEmbedder load() {
        try {
            return SentenceEmbedder.load(options);
        } catch (IOException e) {
            throw new CommandError("the tokenizer cannot be loaded: " + e.getMessage());
        }
    }
}
