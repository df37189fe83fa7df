package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import io.toroid.runtime.eager.Positions.Slices;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Reductions: each result is computed from a copy of its slice, in row-major order. Sums are accumulated in {@code double}. */
final class ReductionMeanings {

    private ReductionMeanings() {
    }

    static void addTo(Meanings meanings) {
        for (String name : new String[] {"sum", "sum.dim_IntList"}) {
            meanings.add(name, call -> reduce(call, ReductionMeanings::sum, ReductionMeanings::sum));
        }
        for (String name : new String[] {"mean", "mean.dim"}) {
            meanings.add(name, call -> floating(call, slice -> sum(slice) / slice.length));
        }
        meanings.add("var.correction", ReductionMeanings::variance);
        meanings.add("var.dim", call -> variance(call, call.flag("unbiased") ? 1 : 0));
        meanings.addAll("var_mean.correction",
                call -> List.of(variance(call), floating(call, slice -> sum(slice) / slice.length)));
        meanings.add("std.correction", ReductionMeanings::deviation);
        meanings.addAll("std_mean.correction",
                call -> List.of(deviation(call), floating(call, slice -> sum(slice) / slice.length)));
        for (String name : new String[] {"prod", "prod.dim_int"}) {
            meanings.add(name, call -> reduce(call, slice -> DoubleStream.of(slice).reduce(1, (a, b) -> a * b),
                    slice -> LongStream.of(slice).reduce(1, (a, b) -> a * b)));
        }
        meanings.add("logsumexp", call -> floating(call, ReductionMeanings::logarithmOfSum));
        meanings.add("count_nonzero", ReductionMeanings::countOfTrue);
        meanings.addAll("aminmax", call -> List.of(extreme(/* largest= */ false).of(call), extreme(/* largest= */ true).of(call)));
        for (String name : new String[] {"max", "amax"}) {
            meanings.add(name, extreme(/* largest= */ true));
        }
        meanings.put("toroid.amax_of_any.default", call -> List.of(floating(call,
                slice -> slice.length == 0 ? Double.NEGATIVE_INFINITY : slice[indexOfExtreme(slice, /* largest= */ true)])));
        for (String name : new String[] {"min", "amin"}) {
            meanings.add(name, extreme(/* largest= */ false));
        }
        meanings.addAll("max.dim", call -> List.of(extreme(/* largest= */ true).of(call), index(call, /* largest= */ true)));
        meanings.addAll("min.dim", call -> List.of(extreme(/* largest= */ false).of(call), index(call, /* largest= */ false)));
        meanings.add("argmax", call -> index(call, /* largest= */ true));
        meanings.add("argmin", call -> index(call, /* largest= */ false));
        meanings.add("any.dims", call -> truth(call, (offsets, isTrue) -> offsets.anyMatch(isTrue)));
        for (String overload : new String[] {"default", "dim"}) {
            meanings.add("any." + overload, call -> truth(call, (offsets, isTrue) -> offsets.anyMatch(isTrue)));
            meanings.add("all." + overload, call -> truth(call, (offsets, isTrue) -> offsets.allMatch(isTrue)));
        }
    }

    /** The slices along the dimensions named by {@code dim}; all dimensions, if it is absent or empty. */
    static Slices slices(Invocation call) {
        long[] sizes = call.data("self").sizes();
        List<Integer> axes = call.has("dim")
                ? call.arguments().sizes("dim").stream().map(dim -> Invocation.axis(dim.constant(), sizes.length)).toList()
                : List.of();
        boolean each = call.has("dim") && axes.isEmpty() && call.arguments().schema().overload().equals("dims");
        return Slices.of(sizes, axes.isEmpty() && !each ? IntStream.range(0, sizes.length).boxed().toList() : axes);
    }

    // ---- sums

    private static TensorData reduce(Invocation call, ToDoubleFunction<double[]> onFloats, ToLongFunction<long[]> onIntegers) {
        return call.dtype().isFloating() ? floating(call, onFloats) : integral(call, onIntegers);
    }

    static TensorData floating(Invocation call, ToDoubleFunction<double[]> reduction) {
        double[] values = Elements.doubles(call.operand("self", call.dtype()));
        Slices slices = slices(call);
        double[] result = new double[slices.starts().length];
        double[] slice = new double[slices.offsets().length];
        for (int o = 0; o < result.length; o++) {
            for (int i = 0; i < slice.length; i++) {
                slice[i] = values[slices.starts()[o] + slices.offsets()[i]];
            }
            result[o] = reduction.applyAsDouble(slice);
        }
        return call.result(result);
    }

    private static TensorData integral(Invocation call, ToLongFunction<long[]> reduction) {
        long[] values = Elements.longs(call.operand("self", call.dtype()));
        Slices slices = slices(call);
        long[] result = new long[slices.starts().length];
        long[] slice = new long[slices.offsets().length];
        for (int o = 0; o < result.length; o++) {
            for (int i = 0; i < slice.length; i++) {
                slice[i] = values[slices.starts()[o] + slices.offsets()[i]];
            }
            result[o] = reduction.applyAsLong(slice);
        }
        return call.result(result);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    /** In two passes. Without enough elements it is NaN or infinite, as PyTorch's quotient by zero is. */
    private static TensorData variance(Invocation call) {
        return variance(call, call.has("correction") ? call.arguments().number("correction") : 1);
    }

    private static TensorData variance(Invocation call, double correction) {
        return floating(call, slice -> squaredDeviations(slice) / Math.max(0, slice.length - correction));
    }

    private static TensorData deviation(Invocation call) {
        double correction = call.has("correction") ? call.arguments().number("correction") : 1;
        return floating(call, slice -> Math.sqrt(squaredDeviations(slice) / Math.max(0, slice.length - correction)));
    }

    /** With the largest taken out, unless it is infinite. */
    private static double logarithmOfSum(double[] values) {
        double max = DoubleStream.of(values).reduce(Double.NEGATIVE_INFINITY, Math::max);
        double shift = Double.isInfinite(max) ? 0 : max;
        return shift + Math.log(sum(DoubleStream.of(values).map(x -> Math.exp(x - shift)).toArray()));
    }

    private static TensorData countOfTrue(Invocation call) {
        boolean[] values = Elements.booleans(call.data("self"));
        Slices slices = slices(call);
        return call.result(IntStream.of(slices.starts())
                .mapToLong(start -> IntStream.of(slices.offsets()).filter(offset -> values[start + offset]).count()).toArray());
    }

    static double squaredDeviations(double[] values) {
        double mean = sum(values) / values.length;
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum;
    }

    // ---- extremes

    private static Meaning.Single extreme(boolean largest) {
        return call -> reduce(call,
                slice -> slice[indexOfExtreme(slice, largest)], slice -> slice[indexOfExtreme(slice, largest)]);
    }

    private static TensorData index(Invocation call, boolean largest) {
        Slices slices = slices(call);
        TensorData self = call.data("self");
        long[] result = new long[slices.starts().length];
        for (int o = 0; o < result.length; o++) {
            int start = slices.starts()[o];
            int[] positions = IntStream.of(slices.offsets()).map(offset -> start + offset).toArray();
            TensorData slice = Elements.pick(self, new long[] {positions.length}, positions);
            result[o] = self.dtype().isFloating()
                    ? indexOfExtreme(Elements.doubles(slice), largest) : indexOfExtreme(Elements.longs(slice), largest);
        }
        return TensorData.of(result, call.sizes());
    }

    /** The first NaN, or else the first extreme. */
    private static int indexOfExtreme(double[] values, boolean largest) {
        int best = 0;
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                return i;
            }
            if (largest ? values[i] > values[best] : values[i] < values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int indexOfExtreme(long[] values, boolean largest) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (largest ? values[i] > values[best] : values[i] < values[best]) {
                best = i;
            }
        }
        return best;
    }

    // ---- truth

    @FunctionalInterface
    private interface Quantifier {

        boolean of(IntStream offsets, IntPredicate isTrue);
    }

    private static TensorData truth(Invocation call, Quantifier quantifier) {
        boolean[] values = Elements.booleans(call.data("self"));
        Slices slices = slices(call);
        boolean[] result = new boolean[slices.starts().length];
        for (int o = 0; o < result.length; o++) {
            int start = slices.starts()[o];
            result[o] = quantifier.of(IntStream.of(slices.offsets()), offset -> values[start + offset]);
        }
        return Elements.convert(TensorData.of(result, call.sizes()), call.dtype());
    }
}
