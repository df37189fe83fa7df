package io.toroid.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Some of a model's weights, by name: the base of the class {@code Weights} in a façade, which has one method for each. */
public abstract class WeightUpdate {
    private final Map<String, NativeTensor> tensors = new LinkedHashMap<>();

    protected WeightUpdate() {}

    /** Gives a weight; the last one of a name counts. */
    protected final void put(String name, NativeTensor tensor) {
        tensors.put(name, Objects.requireNonNull(tensor, name));
    }

    /** Those that were given, which stay the caller's. */
    public final Map<String, NativeTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }
}
