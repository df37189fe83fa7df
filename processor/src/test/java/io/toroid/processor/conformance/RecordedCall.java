package io.toroid.processor.conformance;

import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One call of an operator as PyTorch ran it.
 *
 * @param schema the overload as PyTorch declares it
 * @param isCore whether it belongs to the set that every backend of PyTorch must have
 * @param id its number among the calls of the overload
 * @param arguments by the names of the schema, those that were given: each a {@link RecordedTensor}, a {@link List}, a number, a
 *     boolean, a text, an element type or null
 * @param results what PyTorch gave: tensors or numbers
 */
public record RecordedCall(Schema schema, boolean isCore, long id, SequencedMap<String, Object> arguments, List<Object> results) {

    /**
     * A tensor among the arguments.
     *
     * @param strides how it lay in memory, in elements, or null if it was contiguous
     */
    public record RecordedTensor(TensorData data, long[] strides) {
    }

    /** {@code aten.add.Tensor}. */
    public String overload() {
        return schema.qualifiedName();
    }

    /** The argument that was given for a parameter, or else what stands for it. */
    public Object argument(String parameter, Object otherwise) {
        return arguments.getOrDefault(parameter, otherwise);
    }

    /** All tensors among the arguments, in order, also those in lists. */
    public List<RecordedTensor> tensors() {
        return arguments.values().stream()
                .flatMap(argument -> argument instanceof List<?> list ? list.stream() : java.util.stream.Stream.of(Map.entry(0, 0)).map(_ -> argument))
                .filter(RecordedTensor.class::isInstance).map(RecordedTensor.class::cast).toList();
    }

    @Override
    public String toString() {
        return overload() + " #" + id;
    }
}
