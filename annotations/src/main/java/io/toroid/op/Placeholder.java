package io.toroid.op;

/**
 * An input of an entry while it is traced. Two placeholders are the same only if they are the same object.
 */
public final class Placeholder implements Origin {

    private final String name;
    private final TensorType type;

    public Placeholder(String name, TensorType type) {
        this.name = name;
        this.type = type;
    }

    public String name() {
        return name;
    }

    public TensorType type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
