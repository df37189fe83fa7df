package io.toroid;

/**
 * A model author's mistake in an operator: its message says what is wrong with which values and how to mend it; its
 * {@link #position()} is the line. The processor reports it as a compile error there.
 */
public final class TensorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What sort of mistake it is; the processor gives each a stable code. */
    public enum Kind {
        /** Sizes that do not fit each other, or a dimension that does not exist. */
        SHAPE,
        /** An element type that the operator does not take. */
        DTYPE,
        /** Any other bad argument. */
        ARGUMENT,
        /** A Java value asked of a tensor that has none yet. */
        VALUE,
        /** An index, found out of range while running eagerly. */
        INDEX
    }

    private final Kind kind;
    private final transient SourcePosition position;

    public TensorException(Kind kind, String message) {
        this(kind, message, SourcePosition.current());
    }

    public TensorException(Kind kind, String message, SourcePosition position) {
        super(message);
        this.kind = kind;
        this.position = position;
    }

    public Kind kind() {
        return kind;
    }

    public SourcePosition position() {
        return position == null ? SourcePosition.UNKNOWN : position;
    }
}
