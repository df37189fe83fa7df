package io.toroid.runtime;

import java.lang.reflect.Array;
import java.util.List;

/** What a caller may give to an entry of a model, and the words for what it may not. */
record EntryArguments(String model, ModelManifest.EntryInfo entry) {
    /** Those of all entries. No stream: the first lambda of a JVM takes it ten milliseconds. */
    static EntryArguments[] of(ModelManifest manifest) {
        EntryArguments[] all = new EntryArguments[manifest.entries().size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new EntryArguments(manifest.model(), manifest.entries().get(i));
        }
        return all;
    }

    List<TensorInfo> inputs() {
        return entry.inputs();
    }

    List<TensorInfo> outputs() {
        return entry.outputs();
    }

    /** Inputs and outputs together. */
    int count() {
        return inputs().size() + outputs().size();
    }

    void requireCounts(int inputs, int outputs) {
        if (inputs != inputs().size() || outputs != outputs().size()) {
            throw new IllegalArgumentException("%s has %d inputs and %d outputs, and %d and %d tensors were given"
                    .formatted(name(), inputs().size(), outputs().size(), inputs, outputs));
        }
    }

    /**
     * Refuses null, and read-only memory where the entry writes.
     *
     * @param index among the inputs, or after them among the outputs
     */
    void require(int index, NativeTensor tensor) {
        if (tensor == null) {
            throw new IllegalArgumentException("%s: the tensor of %s is null".formatted(name(), info(index)));
        }
        if (tensor.isReadOnly() && isWritten(index)) {
            throw new IllegalArgumentException("%s writes %s, and the memory of the given %s is read-only: give it a writable tensor"
                    .formatted(name(), info(index), tensor.type()));
        }
    }

    /** Refuses null where a record of tensors is needed. */
    void requireStructure(String argument, Object structure) {
        if (structure == null) {
            throw new IllegalArgumentException("%s: %s is null".formatted(name(), argument));
        }
    }

    /** Refuses null and arrays of another length; an array of values is no {@code Object[]}. */
    void requireLength(String argument, Object array, int length) {
        requireStructure(argument, array);
        if (Array.getLength(array) != length) {
            throw new IllegalArgumentException(
                    "%s: %s has %d elements instead of %d".formatted(name(), argument, Array.getLength(array), length));
        }
    }

    /** A tensor with the elements of a nested Java array, or of a boxed value for rank 0. */
    NativeTensor fromArray(int index, Object values) {
        try {
            return NestedArrays.toTensor(inputs().get(index), values);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(name(), e.getMessage()), e);
        }
    }

    private boolean isWritten(int index) {
        return index >= inputs().size() || inputs().get(index).updated();
    }

    private TensorInfo info(int index) {
        return index < inputs().size() ? inputs().get(index) : outputs().get(index - inputs().size());
    }

    private String name() {
        return model + "." + entry.name();
    }
}
