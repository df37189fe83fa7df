package io.toroid.nn;

import io.toroid.Tensor;

/**
 * A step from one tensor to the next. A layer keeps its weights in fields; their names in a weight file are the paths
 * of the fields (see {@link io.toroid.Name}). A method reference is a layer too: {@code Tensor::relu}.
 */
@FunctionalInterface
public interface Layer {

    Tensor apply(Tensor input);
}
