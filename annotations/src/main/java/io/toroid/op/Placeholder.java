package io.toroid.op;

import io.toroid.DType;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Symbol;
import java.util.Optional;

/**
 * An input of an entry while it is traced. Two placeholders are the same only if they are the same object.
 */
public final class Placeholder implements Origin {

    private final String name;
    private final TensorType type;
    private final ShapeEnvironment environment;
    private final Optional<Symbol> symbol;

    public Placeholder(String name, TensorType type) {
        this(name, type, type.shape().environment().orElse(null));
    }

    /** @param environment of the trace, where its sizes alone do not lead to one; may be null */
    public Placeholder(String name, TensorType type, ShapeEnvironment environment) {
        this(name, type, environment, Optional.empty());
    }

    /** An input that is a number, {@code i64[]}, and gives a symbol its value. */
    public Placeholder(String name, Symbol symbol) {
        this(name, new TensorType(DType.I64, Shape.SCALAR), symbol.owner().orElse(null), Optional.of(symbol));
    }

    private Placeholder(String name, TensorType type, ShapeEnvironment environment, Optional<Symbol> symbol) {
        this.name = name;
        this.type = type;
        this.environment = environment;
        this.symbol = symbol;
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

    /** The symbol whose value this input is; empty for a tensor like any other. */
    public Optional<Symbol> symbol() {
        return symbol;
    }

    @Override
    public String toString() {
        return name;
    }
}
