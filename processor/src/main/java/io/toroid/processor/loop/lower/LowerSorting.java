package io.toroid.processor.loop.lower;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.shape.Size;
import java.util.Map;

/** Sorting along a dimension, and elements chosen by their order. */
final class LowerSorting {

    private static final String HEADER = "toroid/sort.h";

    private LowerSorting() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.sort.default", LowerSorting::sort);
        rules.put("aten.sort.stable", LowerSorting::sort);
        rules.put("aten.topk.default", LowerSorting::top);
        rules.put("aten.kthvalue.default", LowerSorting::kth);
        rules.put("aten.median.dim", LowerSorting::median);
        rules.put("aten.mode.default", (call, lowering) -> begin(call, lowering).to("mode_of_lines", HEADER));
    }

    private static void sort(Call call, Lowering lowering) {
        begin(call, lowering).flag(call.arguments().flag("descending")).to("sort_lines", HEADER);
    }

    private static void top(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        begin(call, lowering).size(arguments.size("k")).flag(arguments.flag("largest")).to("top_of_lines", HEADER);
    }

    private static void kth(Call call, Lowering lowering) {
        begin(call, lowering).size(call.arguments().size("k").minus(1)).flag(/* value= */ false).to("kth_of_lines", HEADER);
    }

    private static void median(Call call, Lowering lowering) {
        Size middle = lines(call).length().minus(1).floorDiv(2);
        begin(call, lowering).size(middle).flag(/* value= */ true).to("kth_of_lines", HEADER);
    }

    private static Lines lines(Call call) {
        return Lines.of(call.arguments().tensor("self"), call.arguments().integer("dim"));
    }

    /** The scratch memory holds two entries for each element, of 8 or of 16 bytes. */
    private static ExternCall begin(Call call, Lowering lowering) {
        Tensor self = call.arguments().tensor("self");
        Size entries = self.shape().numel().times(self.dtype().bytes() > 4 ? 4 : 2);
        return new ExternCall(call, lowering).in(self).outs().scratch(entries).lines(lines(call));
    }
}
