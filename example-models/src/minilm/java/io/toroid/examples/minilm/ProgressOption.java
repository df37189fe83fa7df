package io.toroid.examples.minilm;

import picocli.CommandLine.Option;

/** Whether progress is shown. */
final class ProgressOption {

    @Option(names = "--progress", negatable = true,
            description = "Show progress on standard error, or do not; it is shown if that is a terminal unless this is given.")
    private Boolean wanted;

    Progress start(Terminal terminal) {
        return new Progress(terminal.err(), isShown(terminal), System::nanoTime);
    }

    boolean isShown(Terminal terminal) {
        return wanted == null ? terminal.seen() : wanted;
    }
}
