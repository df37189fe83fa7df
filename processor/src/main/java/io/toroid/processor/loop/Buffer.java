package io.toroid.processor.loop;

import io.toroid.DType;
import io.toroid.op.TensorType;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.Optional;

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
    private Buffer target;
    private Buffer base;

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

    /** Of an output: the input whose memory holds it when the call ends. */
    public Optional<Buffer> target() {
        return Optional.ofNullable(target);
    }

    /** Says where an output goes that is none to the caller. */
    public void goesTo(Buffer input) {
        if (kind != Kind.OUTPUT || input.kind != Kind.INPUT || !type.equals(input.type)) {
            throw new IllegalStateException("%s cannot go into the memory of %s".formatted(name, input.name));
        }
        target = input;
    }

    /** The buffer in whose memory it lies, which nobody reads any more when it is written. */
    public Optional<Buffer> base() {
        return Optional.ofNullable(base);
    }

    /** Takes over the memory of another buffer; only by {@code ReuseInPlace}, which knows that this can be. */
    public void liesOn(Buffer other) {
        if (!type.equals(other.type)) {
            throw new IllegalStateException("%s does not fit into the memory of %s".formatted(name, other.name));
        }
        base = other;
    }

    /** Takes back {@link #liesOn}, before anybody has relied on it. */
    public void liesAlone() {
        base = null;
    }

    /** The buffer whose memory it is: itself, or at the end of the chain of {@link #base}. */
    public Buffer root() {
        Buffer root = this;
        while (root.base != null) {
            root = root.base;
        }
        return root;
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
