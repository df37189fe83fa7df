package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Scans, one element after the other. Sums and products of floating-point numbers are accumulated in {@code double}. */
final class ScanMeanings {

    private ScanMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("cumsum", call -> accumulate(call, Double::sum, Long::sum));
        meanings.add("cumprod", call -> accumulate(call, (a, b) -> a * b, (a, b) -> a * b));
        meanings.add("logcumsumexp", call -> accumulate(call, ScanMeanings::logOfSum, Long::sum));
        meanings.addAll("cummax", call -> extreme(call, /* largest= */ true));
        meanings.addAll("cummin", call -> extreme(call, /* largest= */ false));
    }

    private static TensorData accumulate(Invocation call, DoubleBinaryOperator onFloats, LongBinaryOperator onIntegers) {
        TensorData self = call.operand("self", call.dtype());
        if (call.dtype().isFloating()) {
            double[] values = Elements.doubles(self);
            for (int[] line : Lines.of(call, self).positions()) {
                for (int i = 1; i < line.length; i++) {
                    values[line[i]] = onFloats.applyAsDouble(values[line[i - 1]], values[line[i]]);
                }
            }
            return call.result(values);
        }
        long[] values = Elements.longs(self);
        for (int[] line : Lines.of(call, self).positions()) {
            for (int i = 1; i < line.length; i++) {
                values[line[i]] = onIntegers.applyAsLong(values[line[i - 1]], values[line[i]]);
            }
        }
        return call.result(values);
    }

    private static double logOfSum(double a, double b) {
        double larger = Math.max(a, b);
        return Double.isInfinite(larger) ? larger : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
    }

    private static List<TensorData> extreme(Invocation call, boolean largest) {
        TensorData self = call.data("self");
        int[] from = new int[self.count()];
        long[] indices = new long[self.count()];
        double[] floats = self.dtype().isFloating() ? Elements.doubles(self) : null;
        long[] integers = self.dtype().isFloating() ? null : Elements.longs(self);
        for (int[] line : Lines.of(call, self).positions()) {
            int best = 0;
            for (int i = 0; i < line.length; i++) {
                boolean better = floats == null
                        ? (largest ? integers[line[i]] >= integers[line[best]] : integers[line[i]] <= integers[line[best]])
                        : isBeyond(floats[line[i]], floats[line[best]], largest);
                best = better ? i : best;
                from[line[i]] = line[best];
                indices[line[i]] = best;
            }
        }
        return List.of(Elements.pick(self, self.sizes(), from), TensorData.of(indices, self.sizes()));
    }

    private static boolean isBeyond(double value, double best, boolean largest) {
        return Double.isNaN(value) || (largest ? value >= best : value <= best);
    }
}
