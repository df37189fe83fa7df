package io.toroid.runtime.eager;

import io.toroid.op.Arguments;
import io.toroid.op.StridedOperators;
import io.toroid.op.TensorData;

/** Elements by their places in memory, which the operators' rules have checked. */
final class StridedMeanings {

    private StridedMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("as_strided", StridedMeanings::read);
        meanings.add("as_strided_copy", StridedMeanings::read);
        meanings.add("as_strided_scatter", StridedMeanings::write);
    }

    private static int[] places(Arguments arguments) {
        return Positions.strided(numbers(arguments, "size"), numbers(arguments, "stride"), StridedOperators.offset(arguments).constant());
    }

    private static long[] numbers(Arguments arguments, String parameter) {
        return arguments.sizes(parameter).stream().mapToLong(size -> size.constant()).toArray();
    }

    private static TensorData read(Invocation call) {
        return Elements.pick(call.data("self"), call.sizes(), places(call.arguments()));
    }

    private static TensorData write(Invocation call) {
        return Elements.replaced(call.data("self"), places(call.arguments()), call.data("src"));
    }
}
