package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.Optional;

/** Choosing between values by a mask or by bounds. */
final class ConditionalMeanings {

    private ConditionalMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("where.self", call -> choose(call, "condition", "self", "other"));
        meanings.add("masked_fill.Scalar", call -> choose(call, "mask", "value", "self"));
        meanings.add("masked_fill.Tensor", call -> choose(call, "mask", "value", "self"));
        for (String name : new String[] {"clamp", "clamp.Tensor", "clamp_min"}) {
            meanings.add(name, ConditionalMeanings::clamp);
        }
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
        TensorData self = call.broadcast("self", call.dtype());
        if (call.dtype().isFloating()) {
            double[] values = Elements.doubles(self);
            bound(call, "min").map(Elements::doubles).ifPresent(min -> Arrays.setAll(values, i -> Math.max(values[i], min[i])));
            bound(call, "max").map(Elements::doubles).ifPresent(max -> Arrays.setAll(values, i -> Math.min(values[i], max[i])));
            return call.result(values);
        }
        long[] values = Elements.longs(self);
        bound(call, "min").map(Elements::longs).ifPresent(min -> Arrays.setAll(values, i -> Math.max(values[i], min[i])));
        bound(call, "max").map(Elements::longs).ifPresent(max -> Arrays.setAll(values, i -> Math.min(values[i], max[i])));
        return call.result(values);
    }

    private static Optional<TensorData> bound(Invocation call, String parameter) {
        return call.has(parameter) ? Optional.of(call.broadcast(parameter, call.dtype())) : Optional.empty();
    }
}
