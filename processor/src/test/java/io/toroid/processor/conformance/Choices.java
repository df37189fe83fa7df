package io.toroid.processor.conformance;

import io.toroid.op.TensorData;
import io.toroid.processor.conformance.RecordedCall.RecordedTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Operators whose indices PyTorch leaves open where elements are equal: an unstable sort, the largest k, the k-th, medians and
 * modes; and the order of the largest k if it is not to be sorted. The values must be the recorded ones, and the indices must point at
 * them, each index once.
 */
final class Choices {

    private static final Set<String> OPEN = Set.of("aten.sort.default", "aten.sort.stable", "aten.topk.default",
            "aten.kthvalue.default", "aten.median.dim", "aten.nanmedian.dim", "aten.mode.default");

    private Choices() {
    }

    static boolean areOpen(RecordedCall call) {
        return OPEN.contains(call.overload()) && !Boolean.TRUE.equals(call.argument("stable", false));
    }

    static Optional<String> difference(RecordedCall call, List<TensorData> actual) {
        TensorData self = ((RecordedTensor) call.argument("self", null)).data();
        TensorData values = (TensorData) call.results().getFirst();
        TensorData indices = actual.get(1);
        TensorData expectedIndices = (TensorData) call.results().get(1);
        if (!indices.type().equals(expectedIndices.type())) {
            return Optional.of("the indices should be %s, not %s".formatted(expectedIndices.type(), indices.type()));
        }
        Axis from = Axis.of(self.sizes(), (long) call.argument("dim", -1L));
        boolean isReduced = values.sizes().length < self.sizes().length;
        Axis to = isReduced ? from.withLength(1) : Axis.of(values.sizes(), from.axis());
        boolean isOrdered = (boolean) call.argument("sorted", true);
        return Agreement.difference(call.overload(), isOrdered ? values : to.sorted(values), isOrdered ? actual.getFirst() : to.sorted(actual.getFirst()))
                .or(() -> pointing(self, from, to, actual.getFirst(), indices));
    }

    private static Optional<String> pointing(TensorData self, Axis from, Axis to, TensorData values, TensorData indices) {
        for (int line = 0; line < to.lines(); line++) {
            int each = line;
            long[] picked = java.util.stream.IntStream.range(0, to.length()).mapToLong(i -> indices.longs()[to.position(each, i)]).toArray();
            if (Arrays.stream(picked).distinct().count() != picked.length || Arrays.stream(picked).anyMatch(i -> i < 0 || i >= from.length())) {
                return Optional.of("the indices %s are not different ones below %d".formatted(Arrays.toString(picked), from.length()));
            }
            for (int i = 0; i < picked.length; i++) {
                double found = Agreement.value(self, from.position(line, (int) picked[i]));
                if (Double.compare(found, Agreement.value(values, to.position(line, i))) != 0) {
                    return Optional.of("index %d points at %s instead of %s".formatted(picked[i], found, Agreement.value(values, to.position(line, i))));
                }
            }
        }
        return Optional.empty();
    }
}
