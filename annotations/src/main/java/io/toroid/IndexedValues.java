package io.toroid;

import java.util.List;

/**
 * Elements that an operator chose along a dimension, such as {@code max(dim)}, and where they stand.
 *
 * @param values the elements
 * @param indices where along the dimension they stand, {@code i64}; which of several equal ones, the operator says
 */
public record IndexedValues(Tensor values, Tensor indices) {

    static IndexedValues of(List<Tensor> results) {
        return new IndexedValues(results.getFirst(), results.getLast());
    }
}
