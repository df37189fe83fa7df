package io.toroid;

import java.util.Objects;

/**
 * Says where the parameters of a model stand in a weight file that calls them otherwise, such as one that an exporter
 * wrote. A model names its class by {@link Model#names()}; the compiler makes an instance with the constructor without
 * parameters and asks it once for each parameter. Weights that are exchanged at run time have the model's own names.
 *
 * <pre>{@code
 * final class ExportedNames implements WeightNames {
 *     public Stored find(String parameter) {
 *         return parameter.endsWith(".weight")
 *                 ? Stored.transposed("net." + parameter)
 *                 : Stored.as("net." + parameter);
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface WeightNames {

    /** Where the values of a parameter stand; it is called by the path of fields that leads to it (see {@link Name}). */
    Stored find(String parameter);

    /** Whether a tensor of the file that no parameter takes may be left there; otherwise it is an error. */
    default boolean isSpare(String stored) {
        return false;
    }

    /**
     * A tensor of the file.
     *
     * @param name its name there
     * @param transposed whether it is a matrix whose rows are the parameter's columns
     */
    record Stored(String name, boolean transposed) {

        public Stored {
            Objects.requireNonNull(name, "name");
        }

        /** The tensor of that name as it is. */
        public static Stored as(String name) {
            return new Stored(name, false);
        }

        /** The transpose of the matrix of that name. */
        public static Stored transposed(String name) {
            return new Stored(name, true);
        }
    }

    /** The file has the model's own names. */
    record Same() implements WeightNames {

        @Override
        public Stored find(String parameter) {
            return Stored.as(parameter);
        }
    }
}
