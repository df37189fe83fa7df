package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several tensors into one: their blocks, one after the other, for every index before the joined dimension. */
final class JoiningMeanings {

    private JoiningMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("cat", JoiningMeanings::cat);
        meanings.add("stack", call -> join(call, call.allData("tensors"), call.axis("dim", call.sizes().length)));
    }

    private static TensorData cat(Invocation call) {
        List<TensorData> counted = new ArrayList<>(call.allData("tensors"));
        counted.removeIf(part -> part.sizes().length == 1 && part.sizes()[0] == 0);
        return join(call, counted, call.axis("dim", call.sizes().length));
    }

    private static TensorData join(Invocation call, List<TensorData> parts, int axis) {
        long[] outer = Arrays.copyOf(call.sizes(), axis);
        int blocks = Positions.count(outer);
        List<TensorData> converted = parts.stream().map(part -> Elements.convert(part, call.dtype())).toList();
        return call.dtype().isFloating() ? call.result(doubles(converted, blocks, call)) : call.result(longs(converted, blocks, call));
    }

    private static double[] doubles(List<TensorData> parts, int blocks, Invocation call) {
        double[] joined = new double[Positions.count(call.sizes())];
        List<double[]> values = parts.stream().map(Elements::doubles).toList();
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            for (double[] part : values) {
                int length = part.length / blocks;
                System.arraycopy(part, block * length, joined, at, length);
                at += length;
            }
        }
        return joined;
    }

    private static long[] longs(List<TensorData> parts, int blocks, Invocation call) {
        long[] joined = new long[Positions.count(call.sizes())];
        List<long[]> values = parts.stream().map(Elements::longs).toList();
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            for (long[] part : values) {
                int length = part.length / blocks;
                System.arraycopy(part, block * length, joined, at, length);
                at += length;
            }
        }
        return joined;
    }
}
