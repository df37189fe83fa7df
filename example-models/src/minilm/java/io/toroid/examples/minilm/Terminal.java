package io.toroid.examples.minilm;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the command reads and writes.
 *
 * @param out results and nothing else
 * @param err errors, notices, progress
 * @param seen whether somebody sees {@code err} as it is written
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean seen) {

    /** The streams of the process, in UTF-8 whatever the locale. */
    static Terminal ofProcess() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                        /* autoFlush= */ false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), /* autoFlush= */ true, StandardCharsets.UTF_8),
                isTerminal(Path.of("/proc/self/fd/2")));
    }

    /** Java knows about a console only if standard input and output are one too, and here results often go to a file. */
    private static boolean isTerminal(Path descriptor) {
        try {
            Path device = Files.readSymbolicLink(descriptor);
            return device.startsWith("/dev/pts") || device.toString().startsWith("/dev/tty") || device.equals(Path.of("/dev/console"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Brings what was printed to the reader; fails if there is none any more. */
    void flush() {
        if (out.checkError()) {
            throw new CommandError("the output cannot be written");
        }
    }
}
