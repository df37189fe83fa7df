package io.toroid.op;

import io.toroid.SourcePosition;

/**
 * A weight of a layer. It carries no values: these come from a weight file, under the name that the path of fields
 * from the model to it gives. Two parameters are the same only if they are the same object.
 */
public final class Parameter implements Origin {

    /** As in PyTorch: learned, or kept beside (running statistics); a state is a buffer that calls change. */
    public enum Kind {
        PARAMETER, BUFFER, STATE
    }

    private final Kind kind;
    private final TensorType type;
    private final SourcePosition position;

    public Parameter(Kind kind, TensorType type) {
        this.kind = kind;
        this.type = type;
        this.position = SourcePosition.current();
    }

    public Kind kind() {
        return kind;
    }

    public TensorType type() {
        return type;
    }

    /** The line that made the layer which owns it. */
    public SourcePosition position() {
        return position;
    }
}
