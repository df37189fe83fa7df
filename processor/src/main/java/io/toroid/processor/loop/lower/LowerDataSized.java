package io.toroid.processor.loop.lower;

import io.toroid.Tensor;
import io.toroid.op.Call;
import java.util.Map;

/** Filling what has as many elements as were counted before. */
final class LowerDataSized {

    private static final String CHOSEN = "toroid/nonzero.h";

    private LowerDataSized() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.nonzero.default", LowerDataSized::nonzero);
        rules.put("aten.masked_select.default", LowerDataSized::select);
        rules.put("aten.repeat_interleave.Tensor", LowerDataSized::repeat);
        rules.put("toroid.order_rows.default", LowerDataSized::orderRows);
    }

    private static void nonzero(Call call, Lowering lowering) {
        new ExternCall(call, lowering).in("self").out(0).size(call.arguments().size("count"))
                .sizes(call.arguments().tensor("self").shape()).to("write_places", CHOSEN);
    }

    private static void repeat(Call call, Lowering lowering) {
        new ExternCall(call, lowering).reporting(call.source().operator()).in("repeats").out(0)
                .size(call.arguments().tensor("repeats").size(0)).size(call.arguments().size("output_size")).to("repeat_places", CHOSEN);
    }

    private static void orderRows(Call call, Lowering lowering) {
        Tensor self = call.arguments().tensor("self");
        new ExternCall(call, lowering).in("self").out(0).scratch(self.size(0)).sizes(self.shape()).to("order_rows", "toroid/rows.h");
    }

    private static void select(Call call, Lowering lowering) {
        new ExternCall(call, lowering).in("self").in("mask").out(0).size(call.arguments().tensor("self").shape().numel())
                .size(call.arguments().size("count")).to("select_masked", CHOSEN);
    }
}
