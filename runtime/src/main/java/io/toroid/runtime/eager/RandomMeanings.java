package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.RandomOperators;
import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Random numbers, each from the bits of its own place. */
final class RandomMeanings {

    private static final double TO_24_BITS = 0x1p-24;
    private static final double TO_53_BITS = 0x1p-53;

    private RandomMeanings() {
    }

    static void addTo(Meanings meanings) {
        put(meanings, "philox", call -> {
            long[] keys = Elements.longs(call.broadcast("key", DType.I64));
            long[] counters = Elements.longs(call.broadcast("counter", DType.I64));
            return integers(call, i -> Philox.bits(keys[i], counters[i]));
        });
        put(meanings, "rand", call -> floats(call, i -> uniform(key(call), i, call.dtype())));
        put(meanings, "randn", call -> floats(call, i -> normal(key(call), i, call.dtype())));
        put(meanings, "randint", call -> {
            long low = call.arguments().integer("low");
            long count = call.arguments().integer("high") - low;
            return integers(call, i -> low + (Philox.bits(key(call), i) & Long.MAX_VALUE) % count);
        });
        put(meanings, "randperm", call -> {
            long key = key(call);
            long[] order = IntStream.range(0, Positions.count(call.sizes())).boxed()
                    .sorted(Comparator.comparingLong(i -> Philox.bits(key, i))).mapToLong(Integer::longValue).toArray();
            return integers(call, i -> order[i]);
        });
        put(meanings, "bernoulli", call -> {
            double[] probabilities = Elements.doubles(call.data("self"));
            return floats(call, i -> uniform(key(call), i, call.dtype()) < probabilities[i] ? 1 : 0);
        });
        put(meanings, "multinomial", RandomMeanings::drawn);
        meanings.put("toroid.native_dropout.default", RandomMeanings::dropout);
        meanings.addAll("native_dropout", RandomMeanings::dropoutWithoutKey);
    }

    private static void put(Meanings meanings, String name, Meaning.Single meaning) {
        meanings.put("toroid.%s.default".formatted(name), call -> List.of(meaning.of(call)));
    }

    private static long key(Invocation call) {
        return Elements.longs(call.data("key"))[0];
    }

    private static TensorData floats(Invocation call, IntToDoubleFunction element) {
        return call.result(IntStream.range(0, Positions.count(call.sizes())).mapToDouble(element).toArray());
    }

    private static TensorData integers(Invocation call, IntToLongFunction element) {
        return call.result(IntStream.range(0, Positions.count(call.sizes())).mapToLong(element).toArray());
    }

    /** From 0 to 1, without 1. */
    private static double uniform(long key, long place, DType dtype) {
        long bits = Philox.bits(key, place);
        return dtype == DType.F64 ? (bits & (1L << 53) - 1) * TO_53_BITS : (bits & (1L << 24) - 1) * TO_24_BITS;
    }

    private static double normal(long key, long place, DType dtype) {
        long bits = Philox.bits(key, place);
        double u = dtype == DType.F64 ? uniform(key, 2 * place, dtype) + TO_53_BITS : (bits & (1L << 24) - 1) * TO_24_BITS + TO_24_BITS;
        double v = dtype == DType.F64 ? uniform(key, 2 * place + 1, dtype) : (bits >>> 32 & (1L << 24) - 1) * TO_24_BITS;
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
    }

    private static TensorData drawn(Invocation call) {
        TensorData weights = call.data("self");
        double[] values = Elements.doubles(weights);
        int width = (int) weights.sizes()[weights.sizes().length - 1];
        int samples = (int) call.sizes()[call.sizes().length - 1];
        boolean isReplaced = call.flag("replacement");
        long[] result = new long[Positions.count(call.sizes())];
        for (int row = 0; row * samples < result.length; row++) {
            int start = row * width;
            int[] order = isReplaced ? new int[0] : ordered(key(call), values, start, width, weights.dtype());
            for (int j = 0; j < samples; j++) {
                int place = row * samples + j;
                result[place] = isReplaced
                        ? reached(values, start, width, uniform(key(call), place, weights.dtype())) : order[j];
            }
        }
        return call.result(result);
    }

    /** The first index whose running sum exceeds a part of the whole. */
    private static int reached(double[] weights, int start, int width, double part) {
        double total = IntStream.range(0, width).mapToDouble(i -> weights[start + i]).sum();
        double sum = 0;
        int i = 0;
        while (i < width - 1 && (sum += weights[start + i]) <= part * total) {
            i++;
        }
        return i;
    }

    /** By {@code weight / -log(1 - u)}, largest first; for a u of zero, by that of half a step. */
    private static int[] ordered(long key, double[] weights, int start, int width, DType dtype) {
        double least = (dtype == DType.F64 ? TO_53_BITS : TO_24_BITS) / 2;
        double[] reach = IntStream.range(0, width)
                .mapToDouble(i -> weights[start + i] / Math.max(least, -Math.log(1 - uniform(key, start + i, dtype)))).toArray();
        return IntStream.range(0, width).boxed().sorted(Comparator.comparingDouble(i -> -reach[i])).mapToInt(i -> i).toArray();
    }

    private static List<TensorData> dropoutWithoutKey(Invocation call) {
        double[] input = Elements.doubles(call.data("input"));
        boolean keepsAll = RandomOperators.keepsAll(call.arguments());
        boolean[] kept = new boolean[input.length];
        Arrays.fill(kept, keepsAll);
        return List.of(floats(call, i -> keepsAll ? input[i] : input[i] * 0), TensorData.of(kept, call.sizes()));
    }

    private static List<TensorData> dropout(Invocation call) {
        double p = call.arguments().number("p");
        double[] input = Elements.doubles(call.data("input"));
        boolean[] kept = new boolean[input.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = uniform(key(call), i, DType.F32) >= p;
        }
        double factor = p == 1 ? 0 : 1 / (1 - p);
        return List.of(floats(call, i -> input[i] * (kept[i] ? factor : 0)), TensorData.of(kept, call.sizes()));
    }
}
