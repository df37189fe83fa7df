package io.toroid.processor.loop.lower;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.HistogramOperators;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

/** Counting elements by their values, and combining rows of a table by bags. */
final class LowerHistograms {

    private static final String COUNTS = "toroid/histogram.h";
    private static final String BAGS = "toroid/embedding_bag.h";
    private static final List<String> MODES = List.of("BagMode::kSum", "BagMode::kMean", "BagMode::kMax");

    private LowerHistograms() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.bincount.default", LowerHistograms::bincount);
        rules.put("aten.histc.default", LowerHistograms::histc);
        rules.put("aten._embedding_bag_forward_only.default", LowerHistograms::embeddingBag);
    }

    private static ExternCall begin(Call call, Lowering lowering) {
        return new ExternCall(call, lowering).reporting(call.source().operator());
    }

    private static void bincount(Call call, Lowering lowering) {
        boolean isWeighted = call.arguments().isPresent("weights");
        ExternCall begun = begin(call, lowering).in("self");
        (isWeighted ? begun.in("weights") : begun).out(0)
                .size(call.arguments().tensor("self").size(0))
                .size(call.types().getFirst().shape().get(0))
                .to(isWeighted ? "sum_by_value" : "count_values", COUNTS);
    }

    private static void histc(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        Tensor self = arguments.tensor("self");
        DType dtype = self.dtype();
        Size bins = arguments.size("bins");
        begin(call, lowering).in(self).out(0).scratch(bins.times(16)).size(self.shape().numel()).size(bins)
                .number(Lowering.scalar(arguments.get("min"), dtype)).number(Lowering.scalar(arguments.get("max"), dtype))
                .to("count_in_bins", COUNTS);
    }

    private static void embeddingBag(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        boolean isWeighted = arguments.isPresent("per_sample_weights");
        ExternCall begun = begin(call, lowering).in("weight").in("indices").in("offsets");
        if (isWeighted) {
            begun.in("per_sample_weights").outs();
        } else {
            begun.outs().name(MODES.get(Math.toIntExact(arguments.integer("mode"))));
        }
        begun.flag(HistogramOperators.namesBags(arguments))
                .sizes(arguments.tensor("weight").shape())
                .size(arguments.tensor("indices").size(0))
                .size(call.types().getFirst().shape().get(0))
                .size(arguments.tensor("offsets").size(0))
                .size(arguments.size("padding_idx"))
                .to(isWeighted ? "weighted_embedding_bag" : "embedding_bag", BAGS);
    }
}
