package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Size;

/**
 * The bounds of an {@code aten.slice.Tensor} call, worked out: negative ones counted from the end, both clamped to the
 * dimension as in Python.
 *
 * @param axis the dimension, counted from 0
 * @param start first index, within the dimension
 * @param length number of indices
 * @param step distance of two indices, at least 1
 */
public record Slice(int axis, Size start, Size length, long step) {

    /** The bounds of a call, or the mistake in it. */
    public static Slice of(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s is a single value and has no dimension to slice".formatted(self.type()));
        }
        int axis = Rules.axis(arguments, "dim", self);
        long step = Rules.integer(arguments, "step");
        if (step < 1) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the step must be at least 1, not %d".formatted(step));
        }
        Size size = self.size(axis);
        Size start = bound(arguments, "start", Size.ZERO, size);
        Size end = bound(arguments, "end", size, size).max(start);
        return new Slice(axis, start, end.minus(start).ceilDiv(step), step);
    }

    private static Size bound(Arguments arguments, String parameter, Size absent, Size size) {
        if (!arguments.isPresent(parameter)) {
            return absent;
        }
        Size bound = arguments.size(parameter);
        if (bound.isProvablyNonNegative()) {
            return bound.isConstant() && bound.constant() == Long.MAX_VALUE ? size : bound.min(size);
        }
        if (bound.range().max() >= 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, ("the %s, %s, may be negative for some sizes and not for others, "
                    + "and a negative one counts from the end; use .max(0) on it, or raise the dimension's min").formatted(parameter, bound));
        }
        boolean beyond = bound.isConstant() && bound.constant() == Long.MIN_VALUE;
        return beyond ? Size.ZERO : size.plus(bound).max(0);
    }
}
