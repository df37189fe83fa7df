package io.toroid.processor.loop;

import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the elements of a shape lie in memory: element {@code (i0, i1, ...)} is at offset {@code i0*s0 + i1*s1 + ...}
 * of its buffer, counted in elements.
 */
public record Layout(Shape shape, List<Size> strides) {

    public Layout {
        strides = List.copyOf(strides);
        if (strides.size() != shape.rank()) {
            throw new IllegalArgumentException("%d strides for the shape %s".formatted(strides.size(), shape));
        }
    }

    /** Row-major. */
    public static Layout contiguous(Shape shape) {
        return ordered(shape, IntStream.range(0, shape.rank()).boxed().toList());
    }

    /** {@code [batch, channels, height, width]} stored with the channels innermost, as convolutions want it. */
    public static Layout channelsLast(Shape shape) {
        List<Integer> order = new ArrayList<>();
        order.add(0);
        IntStream.range(2, shape.rank()).forEach(order::add);
        order.add(1);
        return ordered(shape, order);
    }

    /** Dense, with the dimensions stored in the given order, outermost first. */
    public static Layout ordered(Shape shape, List<Integer> order) {
        List<Size> strides = new ArrayList<>(Collections.nCopies(shape.rank(), Size.ONE));
        Size stride = Size.ONE;
        for (int dim : order.reversed()) {
            strides.set(dim, stride);
            stride = stride.times(shape.get(dim));
        }
        return new Layout(shape, strides);
    }

    public boolean isContiguous() {
        return sameMemory(contiguous(shape));
    }

    /** Both place every element alike: strides of dimensions of size 1 do not count. */
    public boolean sameMemory(Layout other) {
        return shape.equals(other.shape) && IntStream.range(0, shape.rank())
                .allMatch(dim -> shape.get(dim).equals(Size.ONE) || strides.get(dim).equals(other.strides.get(dim)));
    }

    /** Offset of an element. */
    public Size offset(List<Size> indices) {
        if (indices.size() != strides.size()) {
            throw new IllegalArgumentException("%s indices for the layout %s".formatted(indices, this));
        }
        Size offset = Size.ZERO;
        for (int dim = 0; dim < strides.size(); dim++) {
            offset = offset.plus(indices.get(dim).times(strides.get(dim)));
        }
        return offset;
    }

    /**
     * The dimensions, outermost first: those that step widest stand first, which is the order to visit them in.
     * Only static strides and multiples of one another compare; all layouts made here are such.
     */
    public List<Integer> order() {
        List<Integer> order = new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
        order.sort(Comparator.comparing((Integer dim) -> strides.get(dim).range().max()).reversed()
                .thenComparing(dim -> dim));
        return order;
    }

    @Override
    public String toString() {
        return isContiguous() ? shape.toString() : shape + " strides " + strides;
    }
}
