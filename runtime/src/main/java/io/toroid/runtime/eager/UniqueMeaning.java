package io.toroid.runtime.eager;

import io.toroid.op.Groups;
import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Distinct elements and slices: each slice is compared with the one before it, in order or as they come. */
final class UniqueMeaning {

    private final double[] values;
    /** For each slice the places of its elements. */
    private final int[][] slices;

    private UniqueMeaning(double[] values, int[][] slices) {
        this.values = values;
        this.slices = slices;
    }

    static List<TensorData> of(Invocation call, boolean isSorted) {
        TensorData self = call.data("self");
        int[][] slices = slices(call, self.sizes());
        UniqueMeaning unique = new UniqueMeaning(Elements.doubles(self), slices);
        List<Integer> order = isSorted ? unique.order() : IntStream.range(0, slices.length).boxed().toList();
        List<Integer> firsts = new ArrayList<>();
        long[] inverse = new long[slices.length];
        long[] counts = new long[slices.length];
        for (int i = 0; i < slices.length; i++) {
            if (i == 0 || !unique.areEqual(order.get(i - 1), order.get(i))) {
                firsts.add(order.get(i));
            }
            inverse[order.get(i)] = firsts.size() - 1;
            counts[firsts.size() - 1]++;
        }
        return List.of(Elements.pick(self, call.sizes(), places(call, slices, firsts)),
                TensorData.of(Groups.wants(call.arguments(), "return_inverse") ? inverse : new long[0], call.sizes(1)),
                TensorData.of(Groups.wants(call.arguments(), "return_counts") ? Arrays.copyOf(counts, firsts.size()) : new long[0], call.sizes(2)));
    }

    /** Of rows: their numbers. */
    static TensorData order(Invocation call) {
        TensorData self = call.data("self");
        int width = (int) self.sizes()[1];
        int[][] rows = IntStream.range(0, (int) self.sizes()[0])
                .mapToObj(row -> IntStream.range(row * width, (row + 1) * width).toArray()).toArray(int[][]::new);
        return call.result(new UniqueMeaning(Elements.doubles(self), rows).order().stream().mapToLong(Integer::longValue).toArray());
    }

    private static int[][] slices(Invocation call, long[] sizes) {
        if (!call.has("dim") || sizes.length == 0) {
            return IntStream.range(0, Positions.count(sizes)).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
        }
        int axis = call.axis("dim", sizes.length);
        long[] slice = sizes.clone();
        slice[axis] = 1;
        long[] strides = Positions.strides(sizes);
        return IntStream.range(0, (int) sizes[axis])
                .mapToObj(i -> Positions.strided(slice, strides, i * strides[axis])).toArray(int[][]::new);
    }

    /** The places of the chosen slices' elements, in the order of the result. */
    private static int[] places(Invocation call, int[][] slices, List<Integer> firsts) {
        long[] sizes = call.sizes();
        if (!call.has("dim") || call.data("self").sizes().length == 0) {
            return firsts.stream().mapToInt(first -> slices[first][0]).toArray();
        }
        int axis = call.axis("dim", sizes.length);
        long[] slice = sizes.clone();
        slice[axis] = 1;
        long[] strides = Positions.strides(sizes);
        int[] places = new int[Positions.count(sizes)];
        for (int i = 0; i < firsts.size(); i++) {
            int[] targets = Positions.strided(slice, strides, i * strides[axis]);
            for (int k = 0; k < targets.length; k++) {
                places[targets[k]] = slices[firsts.get(i)][k];
            }
        }
        return places;
    }

    private List<Integer> order() {
        return IntStream.range(0, slices.length).boxed().sorted(this::compare).toList();
    }

    /** NaN comes last, as where elements are sorted. */
    private int compare(int first, int second) {
        for (int i = 0; i < slices[first].length; i++) {
            double a = values[slices[first][i]];
            double b = values[slices[second][i]];
            if (a != b) {
                return Double.isNaN(a) || Double.isNaN(b) ? Double.compare(a, b) : a < b ? -1 : 1;
            }
        }
        return 0;
    }

    private boolean areEqual(int first, int second) {
        return IntStream.range(0, slices[first].length).allMatch(i -> values[slices[first][i]] == values[slices[second][i]]);
    }
}
