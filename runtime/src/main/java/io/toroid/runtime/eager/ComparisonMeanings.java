package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.util.function.IntPredicate;

/** Comparisons in the common type of both operands, and logic. */
final class ComparisonMeanings {

    /** What a comparison says of two values by the sign of their difference. */
    @FunctionalInterface
    private interface Verdict {

        boolean holds(int sign);
    }

    private ComparisonMeanings() {
    }

    static void addTo(Meanings meanings) {
        for (String overload : new String[] {"Tensor", "Scalar"}) {
            meanings.add("eq." + overload, comparison(sign -> sign == 0, /* ofUnordered= */ false));
            meanings.add("ne." + overload, comparison(sign -> sign != 0, /* ofUnordered= */ true));
            meanings.add("lt." + overload, comparison(sign -> sign < 0, /* ofUnordered= */ false));
            meanings.add("le." + overload, comparison(sign -> sign <= 0, /* ofUnordered= */ false));
            meanings.add("gt." + overload, comparison(sign -> sign > 0, /* ofUnordered= */ false));
            meanings.add("ge." + overload, comparison(sign -> sign >= 0, /* ofUnordered= */ false));
        }
        meanings.add("logical_and", call -> logic(call, (a, b) -> a && b));
        meanings.add("logical_or", call -> logic(call, (a, b) -> a || b));
        meanings.add("logical_xor", call -> logic(call, (a, b) -> a != b));
    }

    private static Meaning.Single comparison(Verdict verdict, boolean ofUnordered) {
        return call -> {
            DType common = CommonType.of(call, "self", "other");
            TensorData left = call.broadcast("self", common);
            TensorData right = call.broadcast("other", common);
            if (common.isFloating()) {
                double[] a = Elements.doubles(left);
                double[] b = Elements.doubles(right);
                return fill(call, i -> Double.isNaN(a[i]) || Double.isNaN(b[i])
                        ? ofUnordered : verdict.holds(a[i] < b[i] ? -1 : a[i] > b[i] ? 1 : 0));
            }
            long[] a = Elements.longs(left);
            long[] b = Elements.longs(right);
            return fill(call, i -> verdict.holds(Long.compare(a[i], b[i])));
        };
    }

    @FunctionalInterface
    private interface Connective {

        boolean of(boolean left, boolean right);
    }

    private static TensorData logic(Invocation call, Connective connective) {
        boolean[] left = call.broadcast("self", DType.BOOL).booleans();
        boolean[] right = call.broadcast("other", DType.BOOL).booleans();
        return fill(call, i -> connective.of(left[i], right[i]));
    }

    private static TensorData fill(Invocation call, IntPredicate value) {
        boolean[] result = new boolean[Positions.count(call.sizes())];
        for (int i = 0; i < result.length; i++) {
            result[i] = value.test(i);
        }
        return TensorData.of(result, call.sizes());
    }
}
