package io.toroid.processor.loop.lower;

import static io.toroid.op.ScatterOperators.SCATTER_VALUE;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

/** Writing at places that are themselves tensors. */
final class LowerScatter {

    private static final String HEADER = "toroid/scatter.h";

    private LowerScatter() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.scatter.src", (call, lowering) ->
                grid(begin(call, lowering).in("self").in("index").in("src").out(0), call, "scatter_elements"));
        rules.put("aten.scatter.value", (call, lowering) ->
                grid(begin(call, lowering).in("self").in("index").number(value(call)).out(0), call, "scatter_value"));
        rules.put("aten.scatter_reduce.two", LowerScatter::reduce);
        rules.put("aten.index_add.default", (call, lowering) ->
                rows(begin(call, lowering).in("self").in("index").in("source").out(0), call, "index_add_rows"));
        rules.put("aten.index_copy.default", (call, lowering) ->
                rows(begin(call, lowering).in("self").in("index").in("source").out(0), call, "index_copy_rows"));
        rules.put("aten.index_fill.int_Scalar", (call, lowering) ->
                rows(begin(call, lowering).in("self").in("index").number(value(call)).out(0), call, "index_fill_rows"));
        rules.put("aten.index_put.default", LowerScatter::put);
        rules.put("aten.masked_scatter.default", LowerScatter::masked);
    }

    /** Messages speak of what the author called. */
    private static ExternCall begin(Call call, Lowering lowering) {
        return new ExternCall(call, lowering).reporting(call.source().operator());
    }

    private static Scalar value(Call call) {
        return Lowering.scalar(call.arguments().get("value"), call.arguments().tensor("self").dtype());
    }

    private static int axis(Call call) {
        int rank = Math.max(1, call.arguments().tensor("self").dim());
        long dim = call.arguments().integer("dim");
        return Math.toIntExact(dim < 0 ? dim + rank : dim);
    }

    /** Ends with the axis, the sizes of the tensor, the index and the source; a single value is a line of one. */
    private static void grid(ExternCall begun, Call call, String function) {
        begun.size(Size.of(axis(call)));
        for (String parameter : List.of("self", "index", call.operator() == SCATTER_VALUE ? "index" : "src")) {
            Tensor tensor = call.arguments().tensor(parameter);
            if (tensor.dim() == 0) {
                begun.size(Size.ONE);
            } else {
                begun.sizes(tensor.shape());
            }
        }
        begun.to(function, HEADER);
    }

    private static void reduce(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        ExternCall begun = begin(call, lowering).in("self").in("index").in("src").out(0);
        String reduction = arguments.text("reduce");
        if (reduction.equals("mean")) {
            begun.scratch(arguments.tensor("self").shape().numel());
        }
        grid(begun.flag(arguments.flag("include_self")), call, "scatter_" + switch (reduction) {
            case "sum", "mean" -> reduction;
            case "prod" -> "product";
            case "amax" -> "largest";
            case "amin" -> "smallest";
            default -> throw new IllegalArgumentException(reduction);
        });
    }

    private static void rows(ExternCall begun, Call call, String function) {
        Tensor self = call.arguments().tensor("self");
        begun.lines(Lines.of(self, axis(call))).size(call.arguments().tensor("index").shape().numel()).to(function, HEADER);
    }

    private static void put(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        Tensor self = arguments.tensor("self");
        List<Tensor> indices = arguments.tensors("indices");
        ExternCall begun = begin(call, lowering).in(self).in("values").out(0).flag(arguments.flag("accumulate"))
                .size(self.shape().numel())
                .size(indices.getFirst().size(0))
                .size(Lines.product(self.shape().sizes().subList(indices.size(), self.dim())));
        for (int dim = 0; dim < indices.size(); dim++) {
            begun.in(indices.get(dim)).size(self.size(dim));
        }
        begun.to("index_put_rows", HEADER);
    }

    private static void masked(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        begin(call, lowering).in("self").in("mask").in("source").out(0)
                .size(arguments.tensor("self").shape().numel())
                .size(arguments.tensor("source").shape().numel())
                .to("masked_rows", HEADER);
    }
}
