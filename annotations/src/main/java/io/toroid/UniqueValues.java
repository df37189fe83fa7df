package io.toroid;

/**
 * Distinct elements or slices.
 *
 * @param values each once
 * @param inverse for each element or slice of the tensor, where its like stands among the values
 * @param counts how often each value occurs
 */
public record UniqueValues(Tensor values, Tensor inverse, Tensor counts) {
}
