package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.AttentionOperators;
import io.toroid.op.TensorData;

/** Attention, one query after another, all in {@code double}. */
final class AttentionMeanings {

    private AttentionMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("scaled_dot_product_attention", AttentionMeanings::attention);
    }

    /** One value for each pair of a query and a key of each batch: what is added to its score. */
    private static double[] mask(Invocation call, long[] scores) {
        double[] added = new double[Positions.count(scores)];
        if (call.has("attn_mask")) {
            TensorData mask = call.data("attn_mask");
            TensorData all = Elements.pick(mask, scores, Positions.broadcast(mask.sizes(), scores));
            if (mask.dtype() != DType.BOOL) {
                return Elements.doubles(all);
            }
            for (int i = 0; i < added.length; i++) {
                added[i] = all.booleans()[i] ? 0 : Double.NEGATIVE_INFINITY;
            }
        }
        if (call.flag("is_causal")) {
            int keys = (int) scores[scores.length - 1];
            int queries = (int) scores[scores.length - 2];
            for (int i = 0; i < added.length; i++) {
                added[i] = i % keys <= i / keys % queries ? 0 : Double.NEGATIVE_INFINITY;
            }
        }
        return added;
    }

    private static TensorData attention(Invocation call) {
        double[] query = Elements.doubles(call.data("query"));
        double[] key = Elements.doubles(call.data("key"));
        double[] value = Elements.doubles(call.data("value"));
        long[] sizes = call.sizes();
        int rank = sizes.length;
        int queries = (int) sizes[rank - 2];
        int keys = (int) call.data("key").sizes()[rank - 2];
        int inner = (int) call.data("key").sizes()[rank - 1];
        int outer = (int) sizes[rank - 1];
        long[] scoreSizes = sizes.clone();
        scoreSizes[rank - 1] = keys;
        double[] mask = mask(call, scoreSizes);
        double scale = AttentionOperators.scale(call.arguments());
        double[] result = new double[Positions.count(sizes)];
        double[] scores = new double[keys];
        for (int row = 0; row < result.length / Math.max(1, outer); row++) {
            int firstKey = row / queries * keys;
            for (int k = 0; k < keys; k++) {
                double sum = 0;
                for (int i = 0; i < inner; i++) {
                    sum += query[row * inner + i] * key[(firstKey + k) * inner + i];
                }
                scores[k] = sum * scale + mask[row * keys + k];
            }
            weigh(scores);
            for (int k = 0; k < keys; k++) {
                for (int i = 0; i < outer; i++) {
                    result[row * outer + i] += scores[k] * value[(firstKey + k) * outer + i];
                }
            }
        }
        return call.result(result);
    }

    /** Softmax; of nothing but negative infinities zeros, as in PyTorch's attention. */
    private static void weigh(double[] scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (int k = 0; k < scores.length; k++) {
            scores[k] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(scores[k] - max);
            sum += scores[k];
        }
        for (int k = 0; k < scores.length && sum != 0; k++) {
            scores[k] /= sum;
        }
    }
}
