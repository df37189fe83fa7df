package io.toroid.runtime.eager;

import io.toroid.TensorException.Kind;
import io.toroid.op.TensorData;

/** Reading at places that are themselves tensors. Each index is checked. */
final class IndexingMeanings {

    private IndexingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("embedding", IndexingMeanings::embedding);
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
}
