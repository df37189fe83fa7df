package io.toroid.runtime.eager;

import io.toroid.op.Argument;
import io.toroid.op.TensorData;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tensors from nothing but sizes and numbers. */
final class CreationMeanings {

    private CreationMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("full", call -> call.broadcast("fill_value", call.dtype()));
        meanings.add("full_like", call -> call.broadcast("fill_value", call.dtype()));
        meanings.add("fill.Scalar", call -> call.broadcast("value", call.dtype()));
        meanings.add("scalar_tensor", call -> call.broadcast("s", call.dtype()));
        meanings.add("arange.start_step", CreationMeanings::arange);
    }

    /**
     * Computed as {@code start + i * step}: in {@code double} if a floating type is asked for or the numbers have fractions, of which
     * a range of integers keeps none.
     */
    private static TensorData arange(Invocation call) {
        int count = Positions.count(call.sizes());
        boolean whole = Stream.of("start", "end", "step").allMatch(name -> call.arguments().get(name) instanceof Argument.OfInt);
        if (whole || !call.dtype().isFloating()) {
            long start = whole ? call.arguments().integer("start") : (long) call.arguments().number("start");
            long step = whole ? call.arguments().integer("step") : (long) call.arguments().number("step");
            return call.result(IntStream.range(0, count).mapToLong(i -> start + i * step).toArray());
        }
        double start = call.arguments().number("start");
        double step = call.arguments().number("step");
        return call.result(IntStream.range(0, count).mapToDouble(i -> start + i * step).toArray());
    }
}
