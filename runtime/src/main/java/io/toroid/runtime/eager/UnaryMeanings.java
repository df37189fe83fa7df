package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** Functions of one element. A float is computed in {@code double} and rounded once. */
final class UnaryMeanings {

    private UnaryMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("exp", floating(Math::exp));
        meanings.add("expm1", floating(Math::expm1));
        meanings.add("log", floating(Math::log));
        meanings.add("log1p", floating(Math::log1p));
        meanings.add("sqrt", floating(Math::sqrt));
        meanings.add("rsqrt", floating(x -> 1 / Math.sqrt(x)));
        meanings.add("reciprocal", floating(x -> 1 / x));
        meanings.add("sin", floating(Math::sin));
        meanings.add("cos", floating(Math::cos));
        meanings.add("tan", floating(Math::tan));
        meanings.add("asin", floating(Math::asin));
        meanings.add("acos", floating(Math::acos));
        meanings.add("atan", floating(Math::atan));
        meanings.add("sinh", floating(Math::sinh));
        meanings.add("cosh", floating(Math::cosh));
        meanings.add("tanh", floating(Math::tanh));
        meanings.add("asinh", floating(SpecialFunctions::asinh));
        meanings.add("acosh", floating(SpecialFunctions::acosh));
        meanings.add("atanh", floating(SpecialFunctions::atanh));
        meanings.add("exp2", floating(x -> Math.pow(2, x)));
        meanings.add("log2", floating(x -> Math.log(x) / Math.log(2)));
        meanings.add("log10", floating(Math::log10));
        meanings.add("sigmoid", floating(UnaryMeanings::sigmoid));
        meanings.add("erf", floating(ErrorFunction::erf));
        meanings.add("erfc", floating(ErrorFunction::erfc));
        meanings.add("erfinv", floating(ErrorFunction::inverse));
        meanings.add("lgamma", floating(SpecialFunctions::logGamma));
        meanings.add("digamma", floating(SpecialFunctions::digamma));
        meanings.add("special_entr", floating(x -> x > 0 ? -x * Math.log(x) : x == 0 ? 0 : x < 0 ? Double.NEGATIVE_INFINITY : x));
        meanings.add("silu", floating(x -> x * sigmoid(x)));
        meanings.add("gelu", UnaryMeanings::gelu);

        meanings.add("neg", number(x -> -x, x -> -x));
        meanings.add("abs", number(Math::abs, Math::abs));
        meanings.add("relu", number(x -> x < 0 ? 0 : x, x -> Math.max(x, 0)));
        meanings.add("sign", number(x -> x > 0 ? 1 : x < 0 ? -1 : 0, Long::signum));
        meanings.add("floor", number(Math::floor, x -> x));
        meanings.add("ceil", number(Math::ceil, x -> x));
        meanings.add("round", number(Math::rint, x -> x));
        meanings.add("trunc", number(UnaryMeanings::truncate, x -> x));

        meanings.add("logical_not", call -> not(Elements.booleans(call.data("self")), call));
        meanings.add("bitwise_not", UnaryMeanings::bitwiseNot);
        meanings.add("isnan", test(Double::isNaN));
        meanings.add("isinf", test(Double::isInfinite));
        meanings.add("frac", floating(x -> Double.isInfinite(x) ? Double.NaN : Math.copySign(x - truncate(x), x)));
        meanings.add("nan_to_num", UnaryMeanings::finite);
        meanings.add("_to_copy", call -> Elements.convert(call.data("self"), call.dtype()));
        meanings.add("clone", call -> call.data("self"));
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double truncate(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    private static Meaning.Single floating(DoubleUnaryOperator function) {
        return call -> call.result(map(call.operand("self", call.dtype()), function));
    }

    private static Meaning.Single number(DoubleUnaryOperator onFloats, LongUnaryOperator onIntegers) {
        return call -> call.dtype().isFloating()
                ? call.result(map(call.data("self"), onFloats))
                : call.result(Arrays.stream(Elements.longs(call.data("self"))).map(onIntegers).toArray());
    }

    private static double[] map(TensorData data, DoubleUnaryOperator function) {
        return Arrays.stream(Elements.doubles(data)).map(function).toArray();
    }

    private static TensorData gelu(Invocation call) {
        DoubleUnaryOperator function = call.arguments().text("approximate").equals("tanh")
                ? UnaryMeanings::geluByTanh : UnaryMeanings::geluByErf;
        return call.result(map(call.data("self"), function));
    }

    /** {@code x * P(N < x)} for a normal N; by erfc, so that it is accurate for large negative x too. */
    private static double geluByErf(double x) {
        return 0.5 * x * ErrorFunction.erfc(-x / Math.sqrt(2));
    }

    private static double geluByTanh(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static TensorData not(boolean[] values, Invocation call) {
        boolean[] inverted = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            inverted[i] = !values[i];
        }
        return TensorData.of(inverted, call.sizes());
    }

    private static TensorData bitwiseNot(Invocation call) {
        TensorData self = call.data("self");
        return self.dtype() == DType.BOOL
                ? not(self.booleans(), call)
                : call.result(Arrays.stream(Elements.longs(self)).map(x -> ~x).toArray());
    }

    private static Meaning.Single test(DoublePredicate predicate) {
        return call -> {
            double[] values = Elements.doubles(call.data("self"));
            boolean[] result = new boolean[values.length];
            for (int i = 0; i < values.length; i++) {
                result[i] = predicate.test(values[i]);
            }
            return TensorData.of(result, call.sizes());
        };
    }

    private static TensorData finite(Invocation call) {
        if (!call.dtype().isFloating()) {
            return call.data("self");
        }
        double largest = switch (call.dtype()) {
            case F16 -> 65504;
            case BF16 -> 0x1.fep127;
            case F64 -> Double.MAX_VALUE;
            default -> Float.MAX_VALUE;
        };
        double nan = call.has("nan") ? call.arguments().number("nan") : 0;
        double positive = call.has("posinf") ? call.arguments().number("posinf") : largest;
        double negative = call.has("neginf") ? call.arguments().number("neginf") : -largest;
        return call.result(map(call.data("self"), x -> Double.isNaN(x) ? nan
                : x == Double.POSITIVE_INFINITY ? positive : x == Double.NEGATIVE_INFINITY ? negative : x));
    }
}
