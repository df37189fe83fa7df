package io.toroid.processor.loop.lower;

import io.toroid.Tensor;
import io.toroid.processor.loop.Loop;
import io.toroid.shape.Size;
import java.util.List;

/**
 * A tensor as {@code [outer, length, inner]}: the lines of elements along one of its dimensions. A single value is a line
 * of one.
 */
record Lines(Size outer, Size length, Size inner) {

    static Lines of(Tensor tensor, long dim) {
        int rank = tensor.dim();
        if (rank == 0) {
            return new Lines(Size.ONE, Size.ONE, Size.ONE);
        }
        int axis = Math.toIntExact(dim < 0 ? dim + rank : dim);
        List<Size> sizes = tensor.shape().sizes();
        return new Lines(product(sizes.subList(0, axis)), sizes.get(axis), product(sizes.subList(axis + 1, rank)));
    }

    static Size product(List<Size> sizes) {
        return sizes.stream().reduce(Size.ONE, Size::times);
    }

    /** As the arguments of a function that works on lines. */
    List<Loop.Argument> arguments() {
        return List.of(new Loop.Argument.Extent(outer), new Loop.Argument.Extent(length), new Loop.Argument.Extent(inner));
    }
}
