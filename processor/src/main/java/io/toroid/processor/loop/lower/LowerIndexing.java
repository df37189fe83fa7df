package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reading at places that are themselves tensors: each element gathers one, and its index is checked. */
final class LowerIndexing {

    private LowerIndexing() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.embedding.default", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            Tensor indices = call.arguments().tensor("indices");
            Scalar row = lowering.load(indices, at.subList(0, at.size() - 1));
            return gathered(lowering, call.arguments().tensor("weight"), List.of(Size.ZERO, at.getLast()), 0, row, "embedding");
        }));
        rules.put("aten.index_select.default", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            int axis = (int) call.arguments().integer("dim");
            Scalar index = lowering.load(call.arguments().tensor("index"), List.of(at.get(axis)));
            return gathered(call, lowering, at, axis, index);
        }));
        rules.put("aten.gather.default", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            int axis = (int) call.arguments().integer("dim");
            return gathered(call, lowering, at, axis, lowering.load(call.arguments().tensor("index"), at));
        }));
    }

    private static Scalar gathered(Call call, Lowering lowering, List<Size> at, int axis, Scalar index) {
        return gathered(lowering, call.arguments().tensor("self"), at, axis, index, call.source().operator());
    }

    private static Scalar gathered(Lowering lowering, Tensor from, List<Size> at, int axis, Scalar index, String operator) {
        List<Size> place = new ArrayList<>(at);
        place.set(axis, Size.ZERO);
        return new Scalar.Gather(lowering.buffer(from), place, axis, convert(DType.I64, index), operator);
    }
}
