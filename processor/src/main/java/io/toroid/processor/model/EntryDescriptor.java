package io.toroid.processor.model;

import java.util.List;

/**
 * An {@code @Entry} method as its source declares it.
 *
 * @param name the method's name
 * @param inputs its parameters, in order
 * @param output what it returns
 * @param dims the dynamic dimensions that its specs may use: its own and the model's
 */
public record EntryDescriptor(
        String name, List<InputDescriptor> inputs, OutputDescriptor output, List<DimDescriptor> dims) {

    public EntryDescriptor {
        inputs = List.copyOf(inputs);
        dims = List.copyOf(dims);
    }
}
