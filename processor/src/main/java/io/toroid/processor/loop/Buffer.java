package io.toroid.processor.loop;

import io.toroid.DType;
import io.toroid.op.TensorType;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;

/**
 * A named block of memory that loops read and write. Buffers are compared by identity.
 */
public final class Buffer {

    /** Who owns the memory. */
    public enum Kind {
        /** The caller's; only read. */
        INPUT,
        /** The caller's; written once. */
        OUTPUT,
        /** The model's weights and folded constants; only read. */
        CONSTANT,
        /** The arena's, for a part of a call. */
        INTERMEDIATE
    }

    private final String name;
    private final Kind kind;
    private final TensorType type;
    private Layout layout;

    public Buffer(String name, Kind kind, TensorType type) {
        this.name = name;
        this.kind = kind;
        this.type = type;
        this.layout = Layout.contiguous(type.shape());
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public TensorType type() {
        return type;
    }

    public DType dtype() {
        return type.dtype();
    }

    public Shape shape() {
        return type.shape();
    }

    public Layout layout() {
        return layout;
    }

    /** Chooses another layout; only for intermediates, by {@code AssignLayouts}. */
    public void choose(Layout chosen) {
        if (kind != Kind.INTERMEDIATE) {
            throw new IllegalStateException(name + " is not ours to lay out");
        }
        layout = chosen;
    }

    /** Bytes of its elements. */
    public Size bytes() {
        return shape().numel().times(dtype().bytes());
    }

    @Override
    public String toString() {
        return name;
    }
}
