package io.toroid.runtime.weights;

import java.util.Set;

/** Weights by name, whatever file they come from. Closing it ends the life of the data that it gave. */
public interface WeightSource extends AutoCloseable {
    /** All names, in the order of the file. */
    Set<String> names();

    /**
     * The tensor of a name.
     *
     * @throws IllegalArgumentException if there is none of this name
     * @throws WeightFormatException if its element type is not one of Toroid's
     */
    WeightTensor get(String name);

    @Override
    void close();
}
