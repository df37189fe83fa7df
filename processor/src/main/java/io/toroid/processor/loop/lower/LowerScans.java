package io.toroid.processor.loop.lower;

import io.toroid.op.Call;
import java.util.Map;

/** Scans along a dimension; the operand has the type of the result. */
final class LowerScans {

    private LowerScans() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.cumsum.default", (call, lowering) -> scan(call, lowering, "cumulative_sum"));
        rules.put("aten.cumprod.default", (call, lowering) -> scan(call, lowering, "cumulative_product"));
        rules.put("aten.cummax.default", (call, lowering) -> scan(call, lowering, "cumulative_maximum"));
        rules.put("aten.cummin.default", (call, lowering) -> scan(call, lowering, "cumulative_minimum"));
        rules.put("aten.logcumsumexp.default", (call, lowering) -> scan(call, lowering, "cumulative_log_sum_exp"));
    }

    private static void scan(Call call, Lowering lowering, String function) {
        new ExternCall(call, lowering)
                .in("self")
                .outs()
                .lines(Lines.of(call.arguments().tensor("self"), call.arguments().integer("dim")))
                .to(function, "toroid/scan.h");
    }
}
