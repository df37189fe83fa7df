package io.toroid.processor.model;

/** A tensor parameter of an entry: its name and what its {@code @Spec} says. */
public record InputDescriptor(String name, TensorSpec spec) {

    @Override
    public String toString() {
        return name + ": " + spec;
    }
}
