package io.toroid.examples.minilm;

import io.toroid.runtime.ToroidException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line of the example; its exit code is 0, 1 if the input or the machine is at fault, or 2 if the arguments are. */
@Command(
        name = "minilm",
        mixinStandardHelpOptions = true,
        version = "minilm 0.1.0, all-MiniLM-L6-v2 compiled by Toroid",
        description = "Sentence embeddings with all-MiniLM-L6-v2.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "FILE is UTF-8 text, a sentence on each line; - is standard input."})
public final class MiniLmCommand {

    private MiniLmCommand() {
    }

    public static void main(String[] arguments) {
        // The tokenizer's library would otherwise look for a cloud to report its use to, before anything is embedded.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    static int run(Terminal terminal, String... arguments) {
        int code = new CommandLine(new MiniLmCommand())
                .addSubcommand(new EmbedCommand(terminal))
                .addSubcommand(new SearchCommand(terminal))
                .addSubcommand(new PaddingCommand(terminal))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(terminal.out(), /* autoFlush= */ true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), /* autoFlush= */ true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((exception, parsed) -> refuse(exception, terminal))
                .setExecutionExceptionHandler((exception, command, parsed) -> fail(exception, terminal))
                .execute(arguments);
        terminal.out().flush();
        return code;
    }

    private static int refuse(ParameterException exception, Terminal terminal) {
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        terminal.err().printf("%s: %s%nTry '%s --help'.%n", command, exception.getMessage(), command);
        return CommandLine.ExitCode.USAGE;
    }

    private static int fail(Exception exception, Terminal terminal) throws Exception {
        if (exception instanceof CommandError || exception instanceof ToroidException) {
            terminal.err().println("minilm: " + exception.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw exception;
    }
}
