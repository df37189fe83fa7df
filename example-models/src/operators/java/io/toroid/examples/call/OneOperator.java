package io.toroid.examples.call;

import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;

/** So little to compute that a call costs what calling does. */
@Model
public class OneOperator {
    /** The positive elements; zeros for the others. */
    @Entry
    public Tensor relu(@Spec("f32[16]") Tensor x) {
        return x.relu();
    }
}
