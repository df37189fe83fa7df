package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import io.toroid.runtime.eager.Positions.Slices;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The nonlinear functions between layers, in {@code double}. */
final class ActivationMeanings {

    private ActivationMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("leaky_relu", call -> {
            double slope = number(call, "negative_slope");
            return map(call, x -> x > 0 ? x : slope * x);
        });
        meanings.add("elu", call -> elu(call, number(call, "alpha"), number(call, "scale"), number(call, "input_scale")));
        meanings.add("celu", call -> elu(call, number(call, "alpha"), 1, 1 / number(call, "alpha")));
        meanings.add("softplus", ActivationMeanings::softplus);
        meanings.add("mish", call -> map(call, x -> x * Math.tanh(softplus(x))));
        meanings.add("hardsigmoid", call -> map(call, x -> Math.clamp(x + 3, 0.0, 6.0) / 6));
        meanings.add("hardswish", call -> map(call, x -> x * Math.clamp(x + 3, 0.0, 6.0) / 6));
        meanings.add("hardshrink", call -> {
            double lambda = number(call, "lambd");
            return map(call, x -> Math.abs(x) <= lambda ? 0 : x);
        });
        meanings.add("softshrink", call -> {
            double lambda = number(call, "lambd");
            return map(call, x -> x > lambda ? x - lambda : x < -lambda ? x + lambda : x * 0);
        });
        meanings.add("hardtanh", ActivationMeanings::hardtanh);
        meanings.add("threshold", ActivationMeanings::threshold);
        meanings.addAll("log_sigmoid_forward", call -> List.of(
                map(call, x -> Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)))), map(call, x -> Math.exp(-Math.abs(x)))));
        meanings.add("_prelu_kernel", call -> BinaryMeanings.floating(call, "weight", (x, weight) -> x > 0 ? x : weight * x));
        meanings.add("glu", ActivationMeanings::glu);
    }

    /** A number as the type of the tensor has it. */
    private static double number(Invocation call, String parameter) {
        return Elements.doubles(call.operand(parameter, call.dtype()))[0];
    }

    private static TensorData map(Invocation call, DoubleUnaryOperator function) {
        return call.result(Arrays.stream(Elements.doubles(call.data("self"))).map(function).toArray());
    }

    private static TensorData elu(Invocation call, double alpha, double scale, double inputScale) {
        return map(call, x -> x < 0 ? scale * alpha * Math.expm1(inputScale * x) : scale * x);
    }

    private static TensorData softplus(Invocation call) {
        double beta = number(call, "beta");
        double threshold = number(call, "threshold");
        return map(call, x -> beta * x > threshold ? x : softplus(beta * x) / beta);
    }

    private static double softplus(double x) {
        return x > 30 ? x : Math.log1p(Math.exp(x));
    }

    private static TensorData hardtanh(Invocation call) {
        if (call.dtype().isFloating()) {
            double min = number(call, "min_val");
            double max = number(call, "max_val");
            return map(call, x -> Math.min(Math.max(x, min), max));
        }
        long min = Elements.longs(call.operand("min_val", call.dtype()))[0];
        long max = Elements.longs(call.operand("max_val", call.dtype()))[0];
        return call.result(Arrays.stream(Elements.longs(call.data("self"))).map(x -> Math.min(Math.max(x, min), max)).toArray());
    }

    private static TensorData threshold(Invocation call) {
        if (call.dtype().isFloating()) {
            double threshold = number(call, "threshold");
            double value = number(call, "value");
            return map(call, x -> x <= threshold ? value : x);
        }
        long threshold = Elements.longs(call.operand("threshold", call.dtype()))[0];
        long value = Elements.longs(call.operand("value", call.dtype()))[0];
        return call.result(Arrays.stream(Elements.longs(call.data("self"))).map(x -> x <= threshold ? value : x).toArray());
    }

    private static TensorData glu(Invocation call) {
        double[] values = Elements.doubles(call.data("self"));
        long[] sizes = call.data("self").sizes();
        Slices slices = Slices.of(sizes, List.of(call.axis("dim", sizes.length)));
        Slices halves = Slices.of(call.sizes(), List.of(call.axis("dim", sizes.length)));
        int half = halves.offsets().length;
        double[] result = new double[values.length / 2];
        for (int s = 0; s < slices.starts().length; s++) {
            for (int i = 0; i < half; i++) {
                double gate = values[slices.starts()[s] + slices.offsets()[half + i]];
                result[halves.starts()[s] + halves.offsets()[i]] =
                        values[slices.starts()[s] + slices.offsets()[i]] * UnaryMeanings.sigmoid(gate);
            }
        }
        return call.result(result);
    }
}
