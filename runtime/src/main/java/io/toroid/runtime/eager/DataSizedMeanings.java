package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.stream.IntStream;

/** Elements chosen by their values; how many there are was counted when the call was made. */
final class DataSizedMeanings {

    private DataSizedMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("nonzero", DataSizedMeanings::nonzero);
        meanings.add("masked_select", DataSizedMeanings::select);
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
