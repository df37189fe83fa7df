package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.util.Arrays;
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
        meanings.add("tanh", floating(Math::tanh));
        meanings.add("sigmoid", floating(UnaryMeanings::sigmoid));
        meanings.add("erf", floating(ErrorFunction::erf));
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
        meanings.add("isnan", UnaryMeanings::isNan);
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

    private static TensorData isNan(Invocation call) {
        double[] values = Elements.doubles(call.data("self"));
        boolean[] result = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = Double.isNaN(values[i]);
        }
        return TensorData.of(result, call.sizes());
    }
}
