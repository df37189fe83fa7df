package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.IndexPlan;
import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What several index tensors select of {@code self}, which {@code index} reads and {@code index_put} writes. A mask stands
 * for the indices of the places where it holds.
 *
 * @param sizes of what is selected
 * @param positions of its elements in {@code self}
 */
record Selection(long[] sizes, int[] positions) {

    static Selection of(Invocation call) {
        long[] self = call.data("self").sizes();
        List<Optional<TensorData>> indices = new ArrayList<>();
        for (Optional<Tensor> index : call.arguments().optionalTensors("indices")) {
            TensorData data = index.map(call.values()).orElse(null);
            if (data != null && data.dtype() == DType.BOOL) {
                places(data).forEach(places -> indices.add(Optional.of(places)));
            } else {
                indices.add(Optional.ofNullable(data));
            }
        }
        while (indices.size() < self.length) {
            indices.add(Optional.empty());
        }
        return of(call, self, indices);
    }

    private static Selection of(Invocation call, long[] self, List<Optional<TensorData>> indices) {
        long[] common = {};
        for (Optional<TensorData> index : indices) {
            common = index.isPresent() ? common(common, index.get().sizes()) : common;
        }
        int start = IndexPlan.start(indices);
        long[] strides = Positions.strides(self);
        List<Long> sizes = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        int[] looked = new int[Positions.count(common)];
        for (int dim = 0; dim < self.length; dim++) {
            if (indices.get(dim).isPresent()) {
                add(call, dim, indices.get(dim).get(), common, self[dim], strides[dim], looked);
            } else {
                sizes.add(self[dim]);
                steps.add(strides[dim]);
            }
        }
        return joined(sizes, steps, start, common, looked);
    }

    /** Adds what the indices of a dimension move their places on. */
    private static void add(Invocation call, int dim, TensorData index, long[] common, long size, long stride, int[] places) {
        long[] values = Elements.longs(index);
        int[] from = Positions.broadcast(index.sizes(), common);
        for (int i = 0; i < places.length; i++) {
            places[i] += Math.toIntExact(wrapped(call, dim, values[from[i]], size) * stride);
        }
    }

    private static Selection joined(List<Long> sizes, List<Long> steps, int start, long[] common, int[] looked) {
        List<Long> all = new ArrayList<>(sizes);
        List<Long> kept = new ArrayList<>(steps);
        List<Long> numbers = new ArrayList<>(sizes.stream().map(_ -> 0L).toList());
        long[] own = Positions.strides(common);
        for (int dim = 0; dim < common.length; dim++) {
            all.add(start + dim, common[dim]);
            kept.add(start + dim, 0L);
            numbers.add(start + dim, own[dim]);
        }
        long[] shape = array(all);
        int[] rest = Positions.strided(shape, array(kept), 0);
        int[] which = Positions.strided(shape, array(numbers), 0);
        return new Selection(shape, IntStream.range(0, rest.length).map(i -> rest[i] + looked[which[i]]).toArray());
    }

    private static long[] array(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static long wrapped(Invocation call, int dim, long index, long size) {
        if (index < -size || index >= size) {
            throw call.mistake(Kind.INDEX, ("index %d is out of range for axis %d, which has %d elements; "
                    + "indices[%d] must be at least %d and less than %d").formatted(index, dim, size, dim, -size, size));
        }
        return index < 0 ? index + size : index;
    }

    /** The indices, for each dimension, of the places where a mask holds. */
    private static List<TensorData> places(TensorData mask) {
        boolean[] holds = mask.booleans();
        int[] places = IntStream.range(0, holds.length).filter(i -> holds[i]).toArray();
        long[] strides = Positions.strides(mask.sizes());
        List<TensorData> indices = new ArrayList<>();
        for (int axis = 0; axis < strides.length; axis++) {
            long stride = strides[axis];
            long size = mask.sizes()[axis];
            indices.add(TensorData.of(IntStream.of(places).mapToLong(place -> place / stride % size).toArray(), places.length));
        }
        return indices;
    }

    private static long[] common(long[] left, long[] right) {
        long[] shape = new long[Math.max(left.length, right.length)];
        for (int back = 1; back <= shape.length; back++) {
            long a = back <= left.length ? left[left.length - back] : 1;
            long b = back <= right.length ? right[right.length - back] : 1;
            shape[shape.length - back] = a == 1 ? b : a;
        }
        return shape;
    }
}
