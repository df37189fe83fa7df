package io.toroid.runtime.eager;

import io.toroid.op.TensorData;

/** Arithmetic of three operands, converted to the type of the result first. */
final class TernaryMeanings {

    private TernaryMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("addcmul", TernaryMeanings::addcmul);
        meanings.add("addcdiv", call -> {
            double value = Elements.doubles(call.operand("value", call.dtype().computed()))[0];
            return floating(call, "tensor1", "tensor2", (x, a, b) -> x + value * a / b);
        });
        meanings.add("lerp.Scalar", call -> floating(call, "end", "weight", TernaryMeanings::between));
        meanings.add("lerp.Tensor", call -> floating(call, "end", "weight", TernaryMeanings::between));
    }

    @FunctionalInterface
    private interface Formula {

        double of(double self, double second, double third);
    }

    private static TensorData floating(Invocation call, String second, String third, Formula formula) {
        double[] x = Elements.doubles(call.broadcast("self", call.dtype()));
        double[] a = Elements.doubles(call.broadcast(second, call.dtype()));
        double[] b = Elements.doubles(call.broadcast(third, call.dtype().computed()));
        double[] result = new double[x.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = formula.of(x[i], a[i], b[i]);
        }
        return call.result(result);
    }

    private static TensorData addcmul(Invocation call) {
        if (call.dtype().isFloating()) {
            double value = Elements.doubles(call.operand("value", call.dtype().computed()))[0];
            return floating(call, "tensor1", "tensor2", (x, a, b) -> x + value * a * b);
        }
        long value = Elements.longs(call.operand("value", call.dtype()))[0];
        long[] x = Elements.longs(call.broadcast("self", call.dtype()));
        long[] a = Elements.longs(call.broadcast("tensor1", call.dtype()));
        long[] b = Elements.longs(call.broadcast("tensor2", call.dtype()));
        long[] result = new long[x.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = x[i] + value * a[i] * b[i];
        }
        return call.result(result);
    }

    /** From the nearer end, so that weights of 0 and 1 give the ends themselves. */
    private static double between(double start, double end, double weight) {
        return Math.abs(weight) < 0.5 ? start + weight * (end - start) : end - (end - start) * (1 - weight);
    }
}
