package io.toroid.processor.model;

import java.util.Iterator;
import java.util.List;

/**
 * An {@code @Entry} method as its source declares it.
 *
 * @param name the method's name
 * @param parameters its parameters, in order
 * @param inputs the tensors and sizes in them, in order
 * @param output what it returns; once it has been traced, with the length of each array and list
 * @param dims the dynamic dimensions that its specs may use: its own and the model's
 */
public record EntryDescriptor(
        String name, List<Structure.Member> parameters, List<InputDescriptor> inputs, Structure output, List<DimDescriptor> dims) {

    public EntryDescriptor {
        parameters = List.copyOf(parameters);
        inputs = List.copyOf(inputs);
        dims = List.copyOf(dims);
    }

    /** An entry whose parameters are tensors. */
    public EntryDescriptor(String name, List<InputDescriptor> inputs, Structure output, List<DimDescriptor> dims) {
        this(name, inputs.stream().map(InputDescriptor::member).toList(), inputs, output, dims);
    }

    /**
     * The same with what is known after tracing.
     *
     * @param output with the lengths of arrays and lists
     * @param updated for each input, whether calls write into it: then it is memory even if it is a single value
     */
    public EntryDescriptor traced(Structure output, List<Boolean> updated) {
        Iterator<Boolean> leaves = updated.iterator();
        List<Structure.Member> known = parameters.stream()
                .map(parameter -> new Structure.Member(parameter.name(), parameter.value().withMemory(leaves))).toList();
        return new EntryDescriptor(name, known, inputs, output, dims);
    }
}
