package io.toroid.runtime.eager;

import io.toroid.TensorException.Kind;
import io.toroid.op.TensorData;

/** Reading at places that are themselves tensors. Each index is checked. */
final class IndexingMeanings {

    private IndexingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("embedding", IndexingMeanings::embedding);
        meanings.add("index_select", IndexingMeanings::indexSelect);
        meanings.add("gather", IndexingMeanings::gather);
        meanings.add("index.Tensor", IndexingMeanings::index);
        meanings.add("_unsafe_index.Tensor", IndexingMeanings::index);
        meanings.add("take", IndexingMeanings::take);
        meanings.add("searchsorted.Tensor", IndexingMeanings::searchSorted);
        meanings.add("bucketize.Tensor", call -> positions(call, call.data("boundaries"), call.data("self")));
    }

    private static TensorData embedding(Invocation call) {
        TensorData weight = call.data("weight");
        long[] indices = Elements.longs(call.data("indices"));
        long rows = weight.sizes()[0];
        int width = (int) weight.sizes()[1];
        int[] positions = new int[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= rows) {
                throw call.mistake(Kind.INDEX, "index %d (element %d of the indices) is out of range for the %d rows of the weight %s"
                        .formatted(indices[i], i, rows, weight.type()));
            }
            for (int j = 0; j < width; j++) {
                positions[i * width + j] = Math.toIntExact(indices[i] * width + j);
            }
        }
        return Elements.pick(weight, call.sizes(), positions);
    }

    private static long checked(Invocation call, long index, long size) {
        if (index < 0 || index >= size) {
            throw call.mistake(Kind.INDEX, "index %d is out of range for a dimension of size %d".formatted(index, size));
        }
        return index;
    }

    private static TensorData indexSelect(Invocation call) {
        TensorData self = call.data("self");
        long[] chosen = Elements.longs(call.data("index"));
        if (self.sizes().length == 0) {
            checked(call, chosen[0], 1);
            return self;
        }
        int axis = call.axis("dim", self.sizes().length);
        return RearrangingMeanings.pick(self, call.sizes(), index -> {
            index[axis] = checked(call, chosen[(int) index[axis]], self.sizes()[axis]);
            return index;
        });
    }

    private static TensorData index(Invocation call) {
        Selection selection = Selection.of(call);
        return Elements.pick(call.data("self"), selection.sizes(), selection.positions());
    }

    private static TensorData gather(Invocation call) {
        TensorData self = call.data("self");
        long[] chosen = Elements.longs(call.data("index"));
        long[] strides = Positions.strides(call.sizes());
        if (self.sizes().length == 0) {
            return RearrangingMeanings.pick(self, call.sizes(), _ -> {
                checked(call, chosen[0], 1);
                return new long[0];
            });
        }
        int axis = call.axis("dim", self.sizes().length);
        return RearrangingMeanings.pick(self, call.sizes(), index -> {
            long[] from = index.length == 0 ? new long[1] : index.clone();
            int at = 0;
            for (int i = 0; i < index.length; i++) {
                at += (int) (index[i] * strides[i]);
            }
            from[axis] = checked(call, chosen[at], self.sizes()[axis]);
            return from;
        });
    }

    private static TensorData take(Invocation call) {
        TensorData self = call.data("self");
        long[] chosen = Elements.longs(call.data("index"));
        int[] positions = new int[chosen.length];
        for (int i = 0; i < positions.length; i++) {
            boolean fromEnd = chosen[i] < 0 && chosen[i] >= -self.count();
            positions[i] = (int) checked(call, fromEnd ? chosen[i] + self.count() : chosen[i], self.count());
        }
        return Elements.pick(self, call.sizes(), positions);
    }

    // ---- sorted sequences

    private static TensorData searchSorted(Invocation call) {
        TensorData sequence = call.data("sorted_sequence");
        if (!call.has("sorter")) {
            return positions(call, sequence, call.data("self"));
        }
        long[] order = Elements.longs(call.data("sorter"));
        int length = length(sequence);
        int[] positions = new int[order.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i / length * length + (int) checked(call, order[i], length);
        }
        return positions(call, Elements.pick(sequence, sequence.sizes(), positions), call.data("self"));
    }

    private static int length(TensorData sequence) {
        return (int) sequence.sizes()[sequence.sizes().length - 1];
    }

    private static boolean isRight(Invocation call) {
        return call.has("side") ? call.arguments().text("side").equals("right") : call.flag("right");
    }

    /**
     * The first place whose element is not less (on the right: is greater), by halving: only so the result among NaN, which
     * compare as less, is PyTorch's.
     */
    private static TensorData positions(Invocation call, TensorData sequence, TensorData values) {
        double[] sorted = Elements.doubles(sequence);
        double[] wanted = Elements.doubles(values);
        boolean right = isRight(call);
        int length = length(sequence);
        int perRow = sequence.sizes().length == 1 ? Math.max(1, wanted.length) : (int) values.sizes()[values.sizes().length - 1];
        long[] result = new long[wanted.length];
        for (int i = 0; i < result.length; i++) {
            int row = i / perRow * length;
            int low = 0;
            int high = length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                double element = sorted[row + middle];
                if (right ? element > wanted[i] : element >= wanted[i]) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            result[i] = low;
        }
        return call.result(result);
    }
}
