package io.toroid.nn;

import io.toroid.TensorException;
import io.toroid.TensorException.Kind;

/** Arguments of layers' constructors. */
final class Checks {

    private Checks() {
    }

    static long positive(String layer, String name, long value) {
        if (value < 1) {
            throw new TensorException(Kind.ARGUMENT, "%s: %s must be at least 1, not %d".formatted(layer, name, value));
        }
        return value;
    }
}
