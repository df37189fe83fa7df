package io.toroid.runtime;

/**
 * A model could not be loaded or a call could not be made. The message says what is wrong, with the values expected and given; for a
 * call it is the model library's own text.
 */
public class ToroidException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ToroidException(String message) {
        super(message);
    }

    public ToroidException(String message, Throwable cause) {
        super(message, cause);
    }
}
