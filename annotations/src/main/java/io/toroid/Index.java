package io.toroid;

import io.toroid.shape.Size;

/**
 * What is taken along a dimension by {@link Tensor#index}, as PyTorch writes it between brackets.
 *
 * <pre>{@code
 * x.index(Index.all(), Index.at(rows))                        // x[:, rows]
 * x.index(Index.at(rows), Index.at(columns))                  // x[rows, columns]: the elements of the pairs
 * x.index(Index.rest(), Index.slice(0, 8), Index.newAxis())   // x[..., 0:8, None]
 * }</pre>
 */
public sealed interface Index {

    /** {@code :}. */
    record All() implements Index {
    }

    /** {@code ...}: all dimensions that are not named by what stands before and behind. */
    record Rest() implements Index {
    }

    /** {@code None}: a new dimension of size 1. */
    record NewAxis() implements Index {
    }

    /** One place; the dimension goes away. */
    record At(Size place) implements Index {
    }

    /**
     * {@code start:end:step}.
     *
     * @param end null for the end of the dimension
     */
    record Slice(Size start, Size end, long step) implements Index {
    }

    /** Places that a tensor names. */
    record Places(Tensor tensor) implements Index {
    }

    /** The whole dimension: {@code :}. */
    static Index all() {
        return new All();
    }

    /** All dimensions that are not named by what stands before and behind: {@code ...}. */
    static Index rest() {
        return new Rest();
    }

    /** A new dimension of size 1: {@code None}. */
    static Index newAxis() {
        return new NewAxis();
    }

    /** One place, negative if counted from the end; the dimension goes away. */
    static Index at(long place) {
        return new At(Size.of(place));
    }

    /** One place; the dimension goes away. */
    static Index at(Size place) {
        return new At(place);
    }

    /**
     * The places that a tensor of integers names, negative ones counted from the end; or those where a mask holds, in as many
     * dimensions as it has. Several such tensors broadcast; where
     * the result has their dimensions is told at {@link io.toroid.op.IndexPlan}.
     */
    static Index at(Tensor places) {
        return new Places(places);
    }

    /** {@code start:}, negative if counted from the end. */
    static Index from(long start) {
        return new Slice(Size.of(start), null, 1);
    }

    /** {@code start:end}, negative ones counted from the end. */
    static Index slice(long start, long end) {
        return slice(Size.of(start), Size.of(end), 1);
    }

    /** {@code start:end:step}, negative bounds counted from the end. */
    static Index slice(long start, long end, long step) {
        return slice(Size.of(start), Size.of(end), step);
    }

    /** {@code start:end}. */
    static Index slice(Size start, Size end) {
        return slice(start, end, 1);
    }

    /** {@code start:end:step}. */
    static Index slice(Size start, Size end, long step) {
        return new Slice(start, end, step);
    }
}
