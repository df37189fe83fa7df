package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which elements several index tensors name: PyTorch's rule for {@code x[:, rows, columns]}, with masks already replaced by places. The indices broadcast to one
 * shape. Its dimensions take the place of the indexed ones if these are neighbours; else they come first, and what is kept
 * whole follows.
 *
 * @param indices for each dimension of the tensor the index, if it has one
 * @param broadcast the indices' common shape
 * @param start the result's first dimension of these
 * @param result the shape of what is selected
 */
public record IndexPlan(List<Optional<Tensor>> indices, Shape broadcast, int start, Shape result) {

    public IndexPlan {
        indices = List.copyOf(indices);
    }

    /** Of a call with {@code self} and {@code indices}. */
    public static IndexPlan of(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Optional<Tensor>> indices = new ArrayList<>(arguments.optionalTensors("indices"));
        if (indices.size() > self.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "there are indices for %d dimensions, but %s has %d"
                    .formatted(indices.size(), self.type(), self.dim()));
        }
        while (indices.size() < self.dim()) {
            indices.add(Optional.empty());
        }
        List<Tensor> given = indices.stream().flatMap(Optional::stream).toList();
        given.forEach(index -> requireIntegers(arguments, index));
        Shape broadcast = given.isEmpty() ? Shape.SCALAR : Rules.broadcast(arguments, given);
        int start = start(indices);
        return new IndexPlan(indices, broadcast, start, new Shape(sizes(self, indices, broadcast, start)));
    }

    private static void requireIntegers(Arguments arguments, Tensor index) {
        if (!index.dtype().isIntegral()) {
            throw Rules.mistake(Kind.DTYPE, arguments, "indices must be integers, not %s; convert them with .to(DType.I64)".formatted(index.type()));
        }
    }

    /** Of the first index if there is nothing between the indices, else 0. */
    public static int start(List<? extends Optional<?>> indices) {
        int first = 0;
        while (first < indices.size() && indices.get(first).isEmpty()) {
            first++;
        }
        int end = first;
        while (end < indices.size() && indices.get(end).isPresent()) {
            end++;
        }
        boolean isAlone = indices.subList(end, indices.size()).stream().allMatch(Optional::isEmpty);
        return isAlone && end > first ? first : 0;
    }

    private static List<Size> sizes(Tensor self, List<Optional<Tensor>> indices, Shape broadcast, int start) {
        List<Size> sizes = new ArrayList<>();
        for (int dim = 0; dim < indices.size(); dim++) {
            if (indices.get(dim).isEmpty()) {
                sizes.add(self.size(dim));
            }
        }
        sizes.addAll(start, broadcast.sizes());
        return sizes;
    }

    /** The result's dimension of a dimension that is kept whole. */
    public int kept(int dim) {
        int before = (int) indices.subList(0, dim).stream().filter(Optional::isEmpty).count();
        return before < start ? before : before + broadcast.rank();
    }
}
