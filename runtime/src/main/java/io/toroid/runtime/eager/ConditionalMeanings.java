package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.TensorData;

/** Choosing between values by a mask or by bounds. */
final class ConditionalMeanings {

    private ConditionalMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("where.self", call -> choose(call, "condition", "self", "other"));
        meanings.add("masked_fill.Scalar", call -> choose(call, "mask", "value", "self"));
        meanings.add("clamp", ConditionalMeanings::clamp);
    }

    private static TensorData choose(Invocation call, String mask, String whereTrue, String whereFalse) {
        boolean[] chosen = call.broadcast(mask, DType.BOOL).booleans();
        TensorData yes = call.broadcast(whereTrue, call.dtype());
        TensorData no = call.broadcast(whereFalse, call.dtype());
        if (call.dtype().isFloating()) {
            double[] values = Elements.doubles(no);
            double[] others = Elements.doubles(yes);
            for (int i = 0; i < chosen.length; i++) {
                values[i] = chosen[i] ? others[i] : values[i];
            }
            return call.result(values);
        }
        long[] values = Elements.longs(no);
        long[] others = Elements.longs(yes);
        for (int i = 0; i < chosen.length; i++) {
            values[i] = chosen[i] ? others[i] : values[i];
        }
        return call.result(values);
    }

    /** NaN, as a value or as a bound, stays NaN; with min above max it is max. */
    private static TensorData clamp(Invocation call) {
        TensorData self = call.operand("self", call.dtype());
        if (call.dtype().isFloating()) {
            double min = call.has("min") ? Elements.doubles(call.operand("min", call.dtype()))[0] : Double.NEGATIVE_INFINITY;
            double max = call.has("max") ? Elements.doubles(call.operand("max", call.dtype()))[0] : Double.POSITIVE_INFINITY;
            double[] values = Elements.doubles(self);
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.min(Math.max(values[i], min), max);
            }
            return call.result(values);
        }
        long min = call.has("min") ? Elements.longs(call.operand("min", call.dtype()))[0] : Long.MIN_VALUE;
        long max = call.has("max") ? Elements.longs(call.operand("max", call.dtype()))[0] : Long.MAX_VALUE;
        long[] values = Elements.longs(self);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(Math.max(values[i], min), max);
        }
        return call.result(values);
    }
}
