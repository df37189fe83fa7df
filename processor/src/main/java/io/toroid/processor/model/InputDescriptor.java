package io.toroid.processor.model;

import java.util.Optional;

/**
 * A tensor or a size among an entry's parameters.
 *
 * @param name of the parameter, or the path through it: {@code sample.pixels}, {@code parts.0}
 * @param spec what its {@code @Spec} says
 * @param symbol the dimension whose value it is, if it is a size
 */
public record InputDescriptor(String name, TensorSpec spec, Optional<String> symbol) {

    public InputDescriptor(String name, TensorSpec spec) {
        this(name, spec, Optional.empty());
    }

    /** What it is by itself as a parameter. */
    Structure.Member member() {
        return new Structure.Member(name, new Structure.Leaf(kind()));
    }

    /** A single value is a value of Java in the façade. */
    public Structure.Kind kind() {
        return symbol.isPresent() ? Structure.Kind.SIZE : spec.rank() == 0 ? Structure.Kind.VALUE : Structure.Kind.TENSOR;
    }

    @Override
    public String toString() {
        return name + ": " + spec;
    }
}
