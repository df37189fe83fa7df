package io.toroid;

import java.util.List;

/**
 * The result of {@code max(dim)} and {@code min(dim)}.
 *
 * @param values the extremes along the dimension
 * @param indices where along the dimension they stand, {@code i64}; the first place if there are several
 */
public record IndexedValues(Tensor values, Tensor indices) {

    static IndexedValues of(List<Tensor> results) {
        return new IndexedValues(results.getFirst(), results.getLast());
    }
}
