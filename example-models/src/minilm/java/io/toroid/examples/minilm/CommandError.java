package io.toroid.examples.minilm;

import java.io.Serial;

/** What the user of the command has to mend; the message is all they see. */
final class CommandError extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    CommandError(String message) {
        super(message);
    }
}
