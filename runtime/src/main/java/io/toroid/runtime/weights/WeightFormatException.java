package io.toroid.runtime.weights;

/** A weight file is not what it should be; the message names the file and the byte or field that is wrong. */
public class WeightFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WeightFormatException(String message) {
        super(message);
    }

    public WeightFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
