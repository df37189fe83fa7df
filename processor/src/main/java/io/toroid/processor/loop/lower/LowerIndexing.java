package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.IndexPlan;
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
            List<Size> place = List.of(Size.ZERO, at.getLast());
            return new Scalar.Gather(lowering.buffer(call.arguments().tensor("weight")), place,
                    List.of(lookup(call, "indices", 0, row, /* wraps= */ false)), "embedding");
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
        rules.put("aten.index.Tensor", (call, lowering) -> lowering.pointwise(call, 0, at -> indexed(call, lowering, at)));
    }

    private static Scalar gathered(Call call, Lowering lowering, List<Size> at, int axis, Scalar index) {
        List<Size> place = new ArrayList<>(at);
        place.set(axis, Size.ZERO);
        return new Scalar.Gather(lowering.buffer(call.arguments().tensor("self")), place,
                List.of(lookup(call, "index", axis, index, /* wraps= */ false)), call.source().operator());
    }

    private static Scalar indexed(Call call, Lowering lowering, List<Size> at) {
        IndexPlan plan = IndexPlan.of(call.arguments());
        List<Size> common = at.subList(plan.start(), plan.start() + plan.broadcast().rank());
        List<Size> place = new ArrayList<>();
        List<Scalar.Gather.Lookup> lookups = new ArrayList<>();
        for (int dim = 0; dim < plan.indices().size(); dim++) {
            place.add(plan.indices().get(dim).isPresent() ? Size.ZERO : at.get(plan.kept(dim)));
            if (plan.indices().get(dim).isPresent()) {
                Scalar index = lowering.loadBroadcast(plan.indices().get(dim).get(), common);
                lookups.add(lookup(call, "indices[%d]".formatted(dim), dim, index, /* wraps= */ true));
            }
        }
        return new Scalar.Gather(lowering.buffer(call.arguments().tensor("self")), place, lookups, call.source().operator());
    }

    /** The argument is named where the author called this operator. */
    private static Scalar.Gather.Lookup lookup(Call call, String argument, int axis, Scalar index, boolean wraps) {
        boolean isWritten = call.source().operator().equals(call.operator().schema().name());
        return new Scalar.Gather.Lookup(axis, convert(DType.I64, index), wraps, isWritten ? argument : "");
    }
}
