package io.toroid.processor.weights;

import io.toroid.WeightNames;
import io.toroid.WeightNames.Stored;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** The weights of a file under a model's own names, transposed where the file has them so. Closing it closes the file. */
public final class MappedWeights implements WeightSource {

    private final WeightSource file;
    private final SequencedMap<String, Stored> stored;

    /** @param stored where in the file the weight of each name stands */
    public MappedWeights(WeightSource file, SequencedMap<String, Stored> stored) {
        this.file = file;
        this.stored = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(stored));
    }

    /** As the compiler maps the weights of these parameters, to run a model eagerly; those that the file lacks are left out. */
    public static MappedWeights of(WeightSource file, WeightNames names, Collection<String> parameters) {
        SequencedMap<String, Stored> stored = new LinkedHashMap<>();
        parameters.forEach(parameter -> stored.put(parameter, names.find(parameter)));
        stored.values().removeIf(place -> !file.names().contains(place.name()));
        return new MappedWeights(file, stored);
    }

    @Override
    public Set<String> names() {
        return stored.keySet();
    }

    @Override
    public WeightTensor get(String name) {
        Stored place = stored.get(name);
        if (place == null) {
            throw new IllegalArgumentException("there is no weight '%s'".formatted(name));
        }
        WeightTensor tensor = file.get(place.name());
        return place.transposed()
                ? Transpose.of(tensor, name)
                : new WeightTensor(name, tensor.dtype(), tensor.shape(), tensor.data());
    }

    @Override
    public void close() {
        file.close();
    }
}
