package io.toroid.processor.model;

import io.toroid.Tensor;
import io.toroid.op.Updates;
import io.toroid.shape.ShapeEnvironment;
import java.util.List;
import java.util.SequencedMap;

/**
 * The expression graph of one entry.
 *
 * @param name the method's name
 * @param inputs placeholders, one for each parameter, in order
 * @param outputs one, or one for each component of the record that the method returns
 * @param outputNames names of the outputs: of the record's components, or {@code output}
 * @param environment owner of the symbols in all shapes, with the checks that had to be assumed
 * @param descriptor what the source declares
 */
public record TracedEntry(
        String name,
        List<Tensor> inputs,
        List<Tensor> outputs,
        List<String> outputNames,
        ShapeEnvironment environment,
        EntryDescriptor descriptor) {

    public TracedEntry {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        outputNames = List.copyOf(outputNames);
        if (outputs.size() != outputNames.size()) {
            throw new IllegalArgumentException("%d outputs with %d names".formatted(outputs.size(), outputNames.size()));
        }
    }

    /** What is written into inputs and states when a call ends: each target with its value. */
    public SequencedMap<Tensor, Tensor> updates() {
        return Updates.of(outputs);
    }

    /** Whether calls write into an input's memory. */
    public boolean isUpdated(int input) {
        return updates().containsKey(inputs.get(input));
    }
}
