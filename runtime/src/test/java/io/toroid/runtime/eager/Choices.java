package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.op.Operator;
import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.Set;

/**
 * Operators whose indices PyTorch leaves open where elements are equal: an unstable sort, the largest k, medians and modes.
 * Their indices must point at the values that were recorded, each index once.
 */
final class Choices {

    private static final Set<String> OPEN = Set.of(
            "aten.sort.default", "aten.sort.stable", "aten.topk.default", "aten.kthvalue.default", "aten.median.dim", "aten.mode.default");

    private Choices() {
    }

    static boolean isOpen(Operator operator, Conformance.Case recorded) {
        boolean isStable = operator.name().equals("aten.sort.stable") && Boolean.TRUE.equals(recorded.arguments().get(1));
        return OPEN.contains(operator.name()) && !isStable;
    }

    static void assertPointAt(Operator operator, Conformance.Case recorded, TensorData indices) {
        TensorData self = (TensorData) recorded.arguments().getFirst();
        TensorData values = recorded.results().getFirst();
        assertEquals(recorded.results().get(1).type(), indices.type(), recorded.name());
        int position = operator.schema().indexOf("dim");
        long dim = position < recorded.arguments().size() && recorded.arguments().get(position) != null
                ? (long) recorded.arguments().get(position) : -1;
        int axis = Invocation.axis(dim, Math.max(1, self.sizes().length));
        var from = Lines.of(self.sizes(), axis).positions();
        boolean isReduced = values.sizes().length < self.sizes().length;
        long[] kept = values.sizes();
        if (isReduced) {
            kept = self.sizes().clone();
            kept[axis] = 1;
        }
        var to = Lines.of(kept, axis).positions();
        int[] picked = new int[indices.count()];
        for (int line = 0; line < to.size(); line++) {
            int[] places = to.get(line);
            for (int place : places) {
                picked[place] = from.get(line)[(int) indices.longs()[place]];
            }
            assertEquals(places.length, Arrays.stream(places).mapToLong(place -> indices.longs()[place]).distinct().count(), recorded.name());
        }
        assertArrayEquals(Elements.doubles(values), Elements.doubles(Elements.pick(self, values.sizes(), picked)), recorded.name());
    }
}
