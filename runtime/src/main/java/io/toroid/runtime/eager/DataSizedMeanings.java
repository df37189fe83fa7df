package io.toroid.runtime.eager;

import io.toroid.TensorException.Kind;
import io.toroid.op.TensorData;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Elements chosen by their values; how many there are was counted when the call was made. */
final class DataSizedMeanings {

    private DataSizedMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("nonzero", DataSizedMeanings::nonzero);
        meanings.add("masked_select", DataSizedMeanings::select);
        meanings.add("_local_scalar_dense", call -> Elements.pick(call.data("self"), call.sizes(), new int[] {0}));
        meanings.add("repeat_interleave.Tensor", call -> call.result(repeated(call, Elements.longs(call.data("repeats")), call.sizes()[0])));
        meanings.add("repeat_interleave.self_Tensor", DataSizedMeanings::repeatSlices);
        meanings.addAll("_unique2", call -> UniqueMeaning.of(call, /* isSorted= */ true));
        meanings.addAll("unique_dim", call -> UniqueMeaning.of(call, /* isSorted= */ true));
        meanings.addAll("unique_consecutive", call -> UniqueMeaning.of(call, /* isSorted= */ false));
        meanings.put("toroid.order_rows.default", call -> List.of(UniqueMeaning.order(call)));
    }

    private static TensorData nonzero(Invocation call) {
        TensorData self = call.data("self");
        double[] values = Elements.doubles(self);
        long[] sizes = self.sizes();
        double[] places = new double[Positions.count(call.sizes())];
        int next = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                long rest = i;
                for (int dim = sizes.length - 1; dim >= 0; dim--) {
                    places[next + dim] = rest % sizes[dim];
                    rest /= sizes[dim];
                }
                next += sizes.length;
            }
        }
        return call.result(places);
    }

    /** The number i as often as the repeats say. */
    private static long[] repeated(Invocation call, long[] repeats, long total) {
        for (long repeat : repeats) {
            if (repeat < 0) {
                throw call.mistake(Kind.VALUE, "the repeats must not be negative, as %d".formatted(repeat));
            }
        }
        if (LongStream.of(repeats).sum() != total) {
            throw call.mistake(Kind.VALUE, "the repeats have the sum %d, not %d".formatted(LongStream.of(repeats).sum(), total));
        }
        return IntStream.range(0, repeats.length).boxed()
                .flatMapToLong(i -> LongStream.generate(() -> i).limit(repeats[i])).toArray();
    }

    private static TensorData repeatSlices(Invocation call) {
        TensorData self = call.data("self");
        boolean isFlat = !call.has("dim") || self.sizes().length == 0;
        long[] sizes = isFlat ? new long[] {self.count()} : self.sizes();
        int axis = isFlat ? 0 : call.axis("dim", sizes.length);
        long[] repeats = Elements.longs(call.data("repeats"));
        long[] each = repeats.length == 1 ? LongStream.generate(() -> repeats[0]).limit(sizes[axis]).toArray() : repeats;
        long[] places = repeated(call, each, call.sizes()[axis]);
        long[] strides = Positions.strides(sizes);
        long[] source = sizes.clone();
        source[axis] = 1;
        int[] chosen = new int[Positions.count(call.sizes())];
        long[] result = Positions.strides(call.sizes());
        int[] starts = Positions.strided(source, strides, 0);
        int[] targets = Positions.strided(source, result, 0);
        for (int place = 0; place < places.length; place++) {
            for (int i = 0; i < starts.length; i++) {
                chosen[(int) (targets[i] + place * result[axis])] = (int) (starts[i] + places[place] * strides[axis]);
            }
        }
        return Elements.pick(self, call.sizes(), chosen);
    }

    private static TensorData select(Invocation call) {
        TensorData self = call.data("self");
        TensorData mask = call.data("mask");
        long[] shape = new long[Math.max(self.sizes().length, mask.sizes().length)];
        for (int fromEnd = 1; fromEnd <= shape.length; fromEnd++) {
            shape[shape.length - fromEnd] = size(self.sizes(), fromEnd) == 1 ? size(mask.sizes(), fromEnd) : size(self.sizes(), fromEnd);
        }
        int[] elements = Positions.broadcast(self.sizes(), shape);
        int[] flags = Positions.broadcast(mask.sizes(), shape);
        int[] chosen = IntStream.range(0, elements.length).filter(i -> mask.booleans()[flags[i]]).map(i -> elements[i]).toArray();
        return Elements.pick(self, call.sizes(), chosen);
    }

    private static long size(long[] sizes, int fromEnd) {
        return fromEnd > sizes.length ? 1 : sizes[sizes.length - fromEnd];
    }
}
