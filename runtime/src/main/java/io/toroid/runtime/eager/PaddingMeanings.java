package io.toroid.runtime.eager;

import io.toroid.op.TensorData;

/** Elements added around a tensor: for each index of the result, where its element comes from. */
final class PaddingMeanings {

    private PaddingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("constant_pad_nd", PaddingMeanings::constant);
        for (int dims = 1; dims <= 3; dims++) {
            meanings.add("reflection_pad%dd".formatted(dims), call -> mapped(call, PaddingMeanings::mirrored));
            meanings.add("replication_pad%dd".formatted(dims), call -> mapped(call, (at, size) -> Math.clamp(at, 0, size - 1)));
        }
    }

    /** An index outside of a dimension to one inside. */
    @FunctionalInterface
    private interface Fold {

        long of(long at, long size);
    }

    private static long mirrored(long at, long size) {
        long positive = Math.abs(at);
        return positive < size ? positive : 2 * (size - 1) - positive;
    }

    private static long before(int[] pads, int axis, int rank) {
        int at = 2 * (rank - 1 - axis);
        return at < pads.length ? pads[at] : 0;
    }

    private static TensorData mapped(Invocation call, Fold fold) {
        int[] pads = call.arguments().integers("padding");
        long[] sizes = call.data("self").sizes();
        return RearrangingMeanings.pick(call.data("self"), call.sizes(), index -> {
            for (int axis = 0; axis < index.length; axis++) {
                index[axis] = fold.of(index[axis] - before(pads, axis, index.length), sizes[axis]);
            }
            return index;
        });
    }

    private static TensorData constant(Invocation call) {
        int[] pads = call.arguments().integers("pad");
        long[] sizes = call.data("self").sizes();
        return RearrangingMeanings.pick(call.data("self"), call.sizes(), index -> {
            for (int axis = 0; axis < index.length; axis++) {
                index[axis] -= before(pads, axis, index.length);
                if (index[axis] < 0 || index[axis] >= sizes[axis]) {
                    return null;
                }
            }
            return index;
        }, call.operand("value", call.dtype()));
    }
}
