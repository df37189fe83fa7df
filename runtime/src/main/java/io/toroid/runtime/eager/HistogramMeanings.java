package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.op.HistogramOperators;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counting elements by their values, and combining rows of a table by bags. */
final class HistogramMeanings {

    private HistogramMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("bincount", HistogramMeanings::bincount);
        meanings.add("histc", HistogramMeanings::histc);
        meanings.addAll("_embedding_bag", HistogramMeanings::embeddingBag);
        meanings.addAll("_embedding_bag_forward_only", HistogramMeanings::embeddingBag);
    }

    private static TensorData bincount(Invocation call) {
        long[] values = Elements.longs(call.data("self"));
        int bins = Math.toIntExact(call.sizes()[0]);
        double[] weights = call.has("weights") ? Elements.doubles(call.data("weights")) : null;
        double[] sums = new double[bins];
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= bins) {
                throw call.mistake(Kind.VALUE, "the value %d is not from 0 to %d, for which there are counts"
                        .formatted(values[i], bins - 1));
            }
            sums[(int) values[i]] += weights == null ? 1 : weights[i];
        }
        return call.result(sums);
    }

    /** The bin of an element is found in its own type: in a wider one an element at the border could fall into another. */
    private static TensorData histc(Invocation call) {
        boolean isWide = call.dtype() == DType.F64;
        double[] values = Elements.doubles(call.data("self"));
        int bins = Math.toIntExact(call.sizes()[0]);
        double low = Elements.doubles(call.operand("min", call.dtype().computed()))[0];
        double high = Elements.doubles(call.operand("max", call.dtype().computed()))[0];
        if (low == high && values.length > 0) {
            low = Arrays.stream(values).reduce(Math::min).getAsDouble();
            high = Arrays.stream(values).reduce(Math::max).getAsDouble();
            if (!Double.isFinite(isWide ? high - low : (float) high - (float) low)) {
                throw call.mistake(Kind.VALUE, "the range from %s to %s is not finite".formatted(low, high));
            }
        }
        if (low == high) {
            low = isWide ? low - 1 : (float) low - 1f;
            high = isWide ? high + 1 : (float) high + 1f;
        }
        double[] counts = new double[bins];
        for (double x : values) {
            if (x >= low && x <= high) {
                long bin = isWide ? (long) ((x - low) * bins / (high - low))
                        : (long) (((float) x - (float) low) * bins / ((float) high - (float) low));
                counts[Math.clamp(bin, 0, bins - 1)]++;
            }
        }
        return call.result(counts);
    }

    // ---- bags

    private static List<TensorData> embeddingBag(Invocation call) {
        TensorData weight = call.data("weight");
        double[] table = Elements.doubles(weight);
        long[] indices = Elements.longs(call.data("indices"));
        int bags = (int) call.sizes()[0];
        int width = (int) call.sizes()[1];
        long mode = call.arguments().integer("mode");
        long[] offsets = offsets(call, indices.length);
        double[] factors = call.has("per_sample_weights") ? Elements.doubles(call.data("per_sample_weights")) : null;
        double[] out = new double[bags * width];
        long[] bagOf = new long[indices.length];
        long[] lengths = new long[Positions.count(call.sizes(2))];
        long[] rows = new long[Positions.count(call.sizes(3))];
        for (int bag = 0; bag < bags; bag++) {
            List<Integer> used = used(call, indices, offsets[bag], offsets[bag + 1], weight.sizes()[0]);
            Arrays.fill(bagOf, (int) offsets[bag], (int) offsets[bag + 1], bag);
            for (int column = 0; column < width; column++) {
                int at = bag * width + column;
                int best = 0;
                for (int i : used) {
                    double x = table[(int) indices[i] * width + column];
                    if (mode != 2) {
                        out[at] += factors == null ? x : factors[i] * x;
                    } else if (i == used.getFirst() || x > out[at]) {
                        out[at] = x;
                        best = (int) indices[i];
                    }
                }
                out[at] = mode == 1 ? out[at] / Math.max(1, used.size()) : out[at];
                if (mode == 2) {
                    rows[at] = best;
                }
            }
            if (mode != 0) {
                lengths[bag] = used.size();
            }
            if (mode == 1) {
                rows[bag] = used.size();
            }
        }
        TensorType named = call.results().get(1);
        return List.of(call.result(out),
                Elements.of(named.dtype(), named.shape().toArray(), HistogramOperators.namesBags(call.arguments()) ? bagOf : new long[0]),
                Elements.of(named.dtype(), call.sizes(2), lengths), Elements.of(named.dtype(), call.sizes(3), rows));
    }

    /** Where each bag begins, and where the last one ends. */
    private static long[] offsets(Invocation call, int count) {
        long[] given = Elements.longs(call.data("offsets"));
        if (given.length > 0 && given[0] != 0) {
            throw call.mistake(Kind.VALUE, "the first offset must be 0, not " + given[0]);
        }
        long[] offsets = call.flag("include_last_offset") ? given : Arrays.copyOf(given, given.length + 1);
        if (offsets != given) {
            offsets[given.length] = count;
        }
        for (int i = 1; i < offsets.length; i++) {
            if (offsets[i] < offsets[i - 1] || offsets[i] > count) {
                throw call.mistake(Kind.VALUE, "the offset %d is followed by %d; they must not decrease, up to the %d indices"
                        .formatted(offsets[i - 1], offsets[i], count));
            }
        }
        return offsets;
    }

    private static List<Integer> used(Invocation call, long[] indices, long from, long to, long rows) {
        List<Integer> used = new ArrayList<>();
        for (int i = (int) from; i < to; i++) {
            if (indices[i] < 0 || indices[i] >= rows) {
                throw call.mistake(Kind.INDEX, "index %d is out of range for an axis of %d elements".formatted(indices[i], rows));
            }
            if (indices[i] != call.arguments().integer("padding_idx")) {
                used.add(i);
            }
        }
        return used;
    }
}
