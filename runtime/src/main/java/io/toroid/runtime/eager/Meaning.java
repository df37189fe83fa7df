package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.List;

/** What an operator computes: the values of its results. */
@FunctionalInterface
interface Meaning {

    List<TensorData> of(Invocation call);

    /** A meaning with one result. */
    @FunctionalInterface
    interface Single {

        TensorData of(Invocation call);
    }
}
