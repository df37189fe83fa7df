package io.toroid.runtime.ffi;

/** A native call is not possible or has failed; the message is complete. The runtime hands it on as its own exception. */
public class NativeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NativeException(String message) {
        super(message);
    }

    public NativeException(String message, Throwable cause) {
        super(message, cause);
    }
}
