package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sorting, and elements chosen by order: all by a stable sort of the places along the dimension. NaN is the largest. */
final class SortingMeanings {

    private SortingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.addAll("sort", call -> sort(call, call.flag("descending")));
        meanings.addAll("sort.stable", call -> sort(call, call.flag("descending")));
        meanings.addAll("topk", call -> sort(call, call.flag("largest")));
        meanings.addAll("kthvalue", call -> choose(call, Ordered::kth));
        meanings.addAll("median.dim", call -> choose(call, Ordered::median));
        meanings.addAll("mode", call -> choose(call, Ordered::mode));
    }

    /** The values of a tensor, compared by their positions. */
    private record Ordered(Invocation call, TensorData data, double[] floats, long[] integers) {

        static Ordered of(Invocation call, TensorData data) {
            return data.dtype().isFloating()
                    ? new Ordered(call, data, Elements.doubles(data), null) : new Ordered(call, data, null, Elements.longs(data));
        }

        /** Zeros of both signs are equal. */
        int compare(int left, int right) {
            return floats == null
                    ? Long.compare(integers[left], integers[right]) : Double.compare(floats[left] + 0.0, floats[right] + 0.0);
        }

        boolean isNaN(int position) {
            return floats != null && Double.isNaN(floats[position]);
        }

        /** Indices into the line, in the order of the elements. */
        int[] sorted(int[] line, boolean descending) {
            Comparator<Integer> ascending = (left, right) -> compare(line[left], line[right]);
            return IntStream.range(0, line.length).boxed()
                    .sorted(descending ? ascending.reversed() : ascending)
                    .mapToInt(Integer::intValue).toArray();
        }

        int kth(int[] line) {
            return sorted(line, /* descending= */ false)[Math.toIntExact(call.arguments().integer("k") - 1)];
        }

        int median(int[] line) {
            return IntStream.range(0, line.length).filter(index -> isNaN(line[index])).findFirst()
                    .orElseGet(() -> sorted(line, /* descending= */ false)[(line.length - 1) / 2]);
        }

        int mode(int[] line) {
            int[] order = sorted(line, /* descending= */ false);
            int best = order[0];
            int most = 0;
            for (int i = 0; i < order.length; i++) {
                int end = i + 1;
                while (end < order.length && !isNaN(line[order[i]]) && compare(line[order[i]], line[order[end]]) == 0) {
                    end++;
                }
                if (end - i > most) {
                    most = end - i;
                    best = order[end - 1];
                }
                i = end - 1;
            }
            return best;
        }
    }

    /** All of each line, or as many as the result has room for. */
    private static List<TensorData> sort(Invocation call, boolean descending) {
        TensorData self = call.data("self");
        Ordered ordered = Ordered.of(call, self);
        List<int[]> from = Lines.of(call, self).positions();
        List<int[]> to = Lines.of(call.sizes(), call.axis("dim", Math.max(1, call.sizes().length))).positions();
        int[] picked = new int[Positions.count(call.sizes())];
        long[] indices = new long[picked.length];
        for (int line = 0; line < to.size(); line++) {
            int[] order = ordered.sorted(from.get(line), descending);
            for (int i = 0; i < to.get(line).length; i++) {
                picked[to.get(line)[i]] = from.get(line)[order[i]];
                indices[to.get(line)[i]] = order[i];
            }
        }
        return List.of(Elements.pick(self, call.sizes(), picked), TensorData.of(indices, call.sizes()));
    }

    @FunctionalInterface
    private interface Choice {

        int of(Ordered ordered, int[] line);
    }

    private static List<TensorData> choose(Invocation call, Choice choice) {
        TensorData self = call.data("self");
        Ordered ordered = Ordered.of(call, self);
        List<int[]> lines = Lines.of(call, self).positions();
        int[] indices = lines.stream().mapToInt(line -> choice.of(ordered, line)).toArray();
        int[] picked = IntStream.range(0, indices.length).map(line -> lines.get(line)[indices[line]]).toArray();
        return List.of(Elements.pick(self, call.sizes(), picked),
                TensorData.of(Arrays.stream(indices).asLongStream().toArray(), call.sizes()));
    }
}
