package io.toroid.processor.loop.lower;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.Map;

/** Sorting along a dimension, elements chosen by their order, and searches in what is sorted. */
final class LowerSorting {

    private static final String HEADER = "toroid/sort.h";

    /** {@code kParts} of the header. */
    private static final int MOST_PARTS = 32;

    private LowerSorting() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.sort.default", LowerSorting::sort);
        rules.put("aten.sort.stable", LowerSorting::sort);
        rules.put("aten.topk.default", LowerSorting::top);
        rules.put("aten.kthvalue.default", LowerSorting::kth);
        rules.put("aten.median.dim", LowerSorting::median);
        rules.put("aten.searchsorted.Tensor", LowerSorting::search);
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

    /** A vector serves all values, a sequence of more dimensions those of its line. */
    private static void search(Call call, Lowering lowering) {
        Shape sequence = call.arguments().tensor("sorted_sequence").shape();
        Shape values = call.arguments().tensor("self").shape();
        boolean isShared = sequence.rank() == 1;
        new ExternCall(call, lowering).in("sorted_sequence").in("self").out(0)
                .size(isShared ? Size.ONE : Lines.product(values.sizes().subList(0, values.rank() - 1)))
                .size(sequence.get(-1))
                .size(isShared ? values.numel() : values.get(-1))
                .flag(call.arguments().flag("right")).to("search_sorted", "toroid/search.h");
    }

    private static Lines lines(Call call) {
        return Lines.of(call.arguments().tensor("self"), call.arguments().integer("dim"));
    }

    /** The scratch memory holds two entries for each element of as many lines as are sorted at a time, of 8 or of 16 bytes. */
    private static ExternCall begin(Call call, Lowering lowering) {
        Tensor self = call.arguments().tensor("self");
        Lines lines = lines(call);
        Size atATime = lines.outer().times(lines.inner()).min(MOST_PARTS);
        Size entries = atATime.times(lines.length()).times(self.dtype().bytes() > 4 ? 4 : 2);
        return new ExternCall(call, lowering).in(self).outs().scratch(entries).lines(lines);
    }
}
