package io.toroid.op;

import io.toroid.shape.ShapeEnvironment;
import java.util.Optional;

/**
 * An input of an entry while it is traced. Two placeholders are the same only if they are the same object.
 */
public final class Placeholder implements Origin {

    private final String name;
    private final TensorType type;
    private final ShapeEnvironment environment;

    public Placeholder(String name, TensorType type) {
        this(name, type, type.shape().environment().orElse(null));
    }

    /** @param environment of the trace, where its sizes alone do not lead to one; may be null */
    public Placeholder(String name, TensorType type, ShapeEnvironment environment) {
        this.name = name;
        this.type = type;
        this.environment = environment;
    }

    /** Where sizes that depend on its values are declared. */
    public Optional<ShapeEnvironment> environment() {
        return Optional.ofNullable(environment);
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
