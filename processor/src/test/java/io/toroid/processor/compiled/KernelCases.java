package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Index;
import io.toroid.Tensor;
import io.toroid.op.HistogramOperators;
import io.toroid.op.ScanOperators;
import io.toroid.op.ScatterOperators;
import io.toroid.op.SortingOperators;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Operators that are calls of functions in headers. */
final class KernelCases {

    private static final List<String> DTYPES = List.of("f32", "f64", "i64", "i32", "u8", "bool", "bf16");

    private final List<GraphCase> cases = new ArrayList<>();

    static List<GraphCase> all() {
        KernelCases kernels = new KernelCases();
        kernels.scans();
        kernels.sorting();
        kernels.scattering();
        kernels.indexing();
        kernels.counting();
        return kernels.cases;
    }

    private void scans() {
        for (String dtype : DTYPES) {
            cases.add(GraphCase.several("scan_" + dtype, dtype + "[n, 3, m]", x -> List.of(
                    x.get(0).cumsum(0), x.get(0).cumsum(-1), x.get(0).cumprod(1), x.get(0).cummax(1).values(), x.get(0).cummax(1).indices(),
                    x.get(0).cummin(2).values(), x.get(0).cummin(2).indices()))
                    .dim("n", 1, 9, 70).dim("m", 1, 33).values(Values.TIED));
        }
        for (String dtype : List.of("f32", "f64", "f16")) {
            cases.add(GraphCase.several("scan_log_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).logcumsumexp(0), x.get(0).logcumsumexp(1))).dim("n", 1, 20).dim("m", 1, 40, 300).slack(4));
        }
        cases.add(GraphCase.several("scan_special", "f32[n, m]", x -> List.of(
                x.get(0).cummax(0).values(), x.get(0).cummax(0).indices(), x.get(0).cummin(1).values(), x.get(0).cummin(1).indices()))
                .dim("n", 5, 30).dim("m", 1, 40).values(Values.SPECIAL));
        cases.add(GraphCase.several("scan_converted", "i32[n], f32[n]", x -> List.of(
                ScanOperators.CUMSUM.call(x.get(0), 0, DType.F32), ScanOperators.CUMPROD.call(x.get(1), 0, DType.F64),
                ScanOperators.CUMSUM.call(x.get(0), -1, DType.I32))).dim("n", 0, 6));
        cases.add(GraphCase.several("scan_single", "f32[], i64[0, 3]", x -> List.of(
                x.get(0).cumsum(0), x.get(0).cummax(-1).indices(), x.get(1).cumsum(0), x.get(1).cummin(1).values())));
        cases.add(GraphCase.of("scan_of_expression", "f32[n, m]", x -> x.get(0).mul(2).transpose(0, 1).cumsum(1).add(1))
                .dim("n", 1, 40).dim("m", 1, 9).slack(4));
    }

    private void sorting() {
        for (String dtype : DTYPES) {
            cases.add(GraphCase.several("sort_" + dtype, dtype + "[n, 3, m]", x -> List.of(
                    x.get(0).sort().values(), x.get(0).sort().indices(), x.get(0).sort(0, true).values(), x.get(0).argsort(0, true),
                    x.get(0).mode(1).values(), x.get(0).mode(2).indices(),
                    x.get(0).topk(Size.of(2), 1, false).values(), x.get(0).topk(Size.of(1), -1, true).indices()))
                    .dim("n", 1, 9, 300).dim("m", 1, 33).values(Values.TIED));
        }
        for (String dtype : List.of("f32", "f64", "i64", "i16", "f16")) {
            cases.add(GraphCase.several("sort_special_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).sort(1, false).values(), x.get(0).argsort(-1, true), x.get(0).median(1).values(), x.get(0).median(0).indices(),
                    x.get(0).mode(1).indices(), x.get(0).kthvalue(Size.of(3), 1).values(), x.get(0).kthvalue(Size.of(3), 1).indices(),
                    x.get(0).topk(3).values(), x.get(0).topk(3).indices()))
                    .dim("n", 1, 9).dim("m", 3, 33, 700).values(Values.SPECIAL));
        }
        cases.add(GraphCase.several("sort_dynamic_k", "f32[n, m]", x -> List.of(
                x.get(0).topk(x.size("m").floorDiv(2), 1, true).indices(), x.get(0).kthvalue(x.size("m"), 1).values()))
                .dim("n", 1, 9).dim("m", 3, 33, 700));
        cases.add(GraphCase.several("sort_stable", "f32[n]", x -> List.of(
                SortingOperators.SORT_STABLE.callAll(x.get(0), true, 0, true).get(1))).dim("n", 1, 300).values(Values.TIED));
        cases.add(GraphCase.several("sort_single", "f32[], i64[0, 3]", x -> List.of(
                x.get(0).sort().values(), x.get(0).topk(1).indices(), x.get(0).median(0).values(), x.get(0).kthvalue(Size.of(1), 0).indices(),
                x.get(0).mode(0).values(), x.get(1).sort(0, false).values(), x.get(1).topk(2).indices())));
        cases.add(GraphCase.of("topk_of_too_few", "f32[n]", x -> x.get(0).topk(3).values()).dim("n", 2)
                .refuses("topk: k is 3, which is not from 0 to n, the number of elements in dimension -1 of f32[n]"));
    }

    private void scattering() {
        for (String dtype : DTYPES) {
            cases.add(GraphCase.several("scatter_" + dtype, "%1$s[n, 5], i64[n, 3], %1$s[n, 4], i32[2, 5]".formatted(dtype), x -> List.of(
                    x.get(0).scatter(1, x.get(1), x.get(2)), x.get(0).scatter(-1, x.get(1), 1), x.get(0).scatterAdd(1, x.get(1), x.get(2)),
                    x.get(0).scatter(0, x.get(3), x.get(0)), x.get(0).scatterReduce(1, x.get(1), x.get(2), "prod", false),
                    x.get(0).scatterReduce(1, x.get(1), x.get(2), "amax", true), x.get(0).scatterReduce(1, x.get(1), x.get(2), "amin", false)))
                    .dim("n", 2, 3, 300).values(1, Values.below(5)).values(3, Values.below(2)));
        }
        for (String dtype : List.of("f32", "f64", "i32", "bf16")) {
            cases.add(GraphCase.several("scatter_mean_" + dtype, "%1$s[n, m], i64[k, m], %1$s[k, m]".formatted(dtype), x -> List.of(
                    x.get(0).scatterReduce(0, x.get(1), x.get(2), "mean", true), x.get(0).scatterReduce(0, x.get(1), x.get(2), "mean", false),
                    x.get(0).scatterReduce(0, x.get(1), x.get(2), "sum", false)))
                    .dim("n", 4).dim("k", 1, 7, 60).dim("m", 1, 33, 500).values(1, Values.below(4)).slack(4));
        }
        cases.add(GraphCase.of("scatter_deep", "f32[3, n, 4, m], i64[2, 5, 3, m], f32[3, 6, 3, m]",
                x -> x.get(0).scatterAdd(1, x.get(1), x.get(2))).dim("n", 5, 9).dim("m", 1, 6).values(1, Values.below(5)));
        cases.add(GraphCase.several("scatter_single", "f32[], i64[], f32[1], i64[1]", x -> List.of(
                x.get(0).scatter(0, x.get(1), 2.5), x.get(2).scatter(0, x.get(3), x.get(2)), x.get(2).scatter(0, x.get(1), x.get(0))))
                .values(1, Values.always(0)).values(3, Values.always(0)));
        for (int index : new int[] {5, -1}) {
            cases.add(GraphCase.of("scatter_out_of_range_" + (index < 0 ? "below" : "above"), "f32[n], i64[3]", x -> x.get(0).scatter(0, x.get(1), 1))
                    .dim("n", 5).values(1, Values.always(index))
                    .fails("scatter: index %d is out of range for an axis of 5 elements".formatted(index)));
        }
    }

    private void indexing() {
        for (String dtype : DTYPES) {
            cases.add(GraphCase.several("index_" + dtype, "%1$s[n, 5, m], i64[3], %1$s[n, 3, m], i32[3], i64[2, 1], %1$s[2, 3, m]".formatted(dtype),
                    x -> List.of(
                            x.get(0).indexAdd(1, x.get(1), x.get(2)), x.get(0).indexCopy(-2, x.get(1), x.get(2)),
                            x.get(0).indexFill(1, x.get(3), 1), x.get(0).indexPut(List.of(x.get(4), x.get(3)), x.get(5), true),
                            x.get(0).indexPut(List.of(x.get(4)), x.get(0).select(0, 0), false)))
                    .dim("n", 2, 3, 70).dim("m", 1, 33, 400).values(1, Values.below(5)).values(3, Values.of(_ -> 0, random -> random.nextInt(10) - 5))
                    .values(4, Values.of(_ -> 0, random -> random.nextInt(4) - 2)));
            cases.add(GraphCase.several("masked_" + dtype, "%1$s[n, m], bool[n, m], %1$s[n, m], bool[m], bool[n], %1$s[m]".formatted(dtype),
                    x -> List.of(
                            x.get(0).maskedScatter(x.get(1), x.get(2)), x.get(0).maskedScatter(x.get(3), x.get(2)),
                            x.get(5).maskedScatter(x.get(1), x.get(2)), x.get(0).indexPut(List.of(x.get(4)), x.get(5), false)))
                    .dim("n", 1, 9, 3000).dim("m", 1, 33));
        }
        cases.add(GraphCase.several("index_put_added", "i32[n, m], bool[n], i32[m], f32[n, m], f32[1, m]", x -> List.of(
                x.get(0).indexPut(List.of(x.get(1)), x.get(2), true), x.get(3).indexPut(List.of(x.get(1)), x.get(4), true)))
                .dim("n", 1, 9).dim("m", 1, 33));
        cases.add(GraphCase.of("index_add_scaled", "f32[n, m], i64[k], f32[k, m]",
                x -> ScatterOperators.INDEX_ADD.call(x.get(0), 0, x.get(1), x.get(2), -2)).dim("n", 4).dim("m", 1, 33).dim("k", 1, 7)
                .values(1, Values.below(4)).slack(4));
        cases.add(GraphCase.of("index_put_out_of_range", "f32[n, 2], i64[3], f32[2]", x -> x.get(0).indexPut(List.of(x.get(1)), x.get(2), false))
                .dim("n", 5).values(1, Values.always(-6)).fails("index_put: index -6 is out of range for an axis of 5 elements"));
        cases.add(GraphCase.several("index_add_of_integers", "i32[n], u8[3], bool[3], i64[k]", x -> List.of(
                ScatterOperators.INDEX_ADD.call(x.get(0), 0, x.get(3), x.get(0).index(Index.at(x.get(3))), -1.5),
                ScatterOperators.INDEX_ADD.call(x.get(1), 0, x.get(3), x.get(1).index(Index.at(x.get(3))), 2.75),
                ScatterOperators.INDEX_ADD.call(x.get(1), 0, x.get(3), x.get(1).index(Index.at(x.get(3))), -2),
                ScatterOperators.INDEX_ADD.call(x.get(2), 0, x.get(3), x.get(2).index(Index.at(x.get(3))), 0.5)))
                .dim("n", 3, 9).dim("k", 1, 20).values(3, Values.below(3)));
        cases.add(GraphCase.of("index_add_out_of_range", "f32[n, 2], i64[1], f32[1, 2]", x -> x.get(0).indexAdd(0, x.get(1), x.get(2)))
                .dim("n", 5).values(1, Values.always(-1)).fails("index_add: index -1 is out of range for an axis of 5 elements"));
        cases.add(GraphCase.of("masked_scatter_of_too_few", "f32[n], bool[n], f32[1]", x -> x.get(0).maskedScatter(x.get(1).logicalOr(x.get(1).logicalNot()), x.get(2)))
                .dim("n", 5).fails("masked_scatter: the mask holds at 5 places, but the source has only 1 elements"));
    }

    private void counting() {
        for (String dtype : List.of("f32", "f64", "bf16")) {
            cases.add(GraphCase.several("histc_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).histc(7, -1, 1.5), x.get(0).histc(100, 0, 0))).dim("n", 1, 9, 700).dim("m", 1, 33));
        }
        cases.add(GraphCase.of("histc_of_nan", "f32[n]", x -> x.get(0).histc(3, 0, 0)).dim("n", 3).values(Values.always(Double.NaN))
                .fails("histc: the range from "));
        cases.add(GraphCase.several("bincount", "i64[n], u8[n], f32[n], i32[n]", x -> List.of(
                x.get(0).bincount(9), x.get(1).bincount(x.get(2), 20), x.get(0).bincount(x.get(3), 9)))
                .dim("n", 1, 9, 700).values(0, Values.below(9)).values(1, Values.below(20)).slack(4));
        cases.add(GraphCase.of("bincount_of_larger", "i64[n]", x -> x.get(0).bincount(4)).dim("n", 0, 3).values(Values.always(6)));
        cases.add(GraphCase.of("bincount_of_negative", "i64[n]", x -> x.get(0).bincount(4)).dim("n", 3).values(Values.always(-1))
                .fails("bincount: the value -1 is not from 0 to 3, for which there are counts"));
        for (int mode = 0; mode < 3; mode++) {
            int chosen = mode;
            for (String dtype : List.of("f32", "f64", "f16")) {
                cases.add(GraphCase.several("embedding_bag_%d_%s".formatted(mode, dtype), dtype + "[9, m], i64[20], i32[k]", x -> {
                    List<Tensor> all = new ArrayList<>();
                    Tensor offsets = x.get(2).cumsum(0).sub(x.get(2));
                    all.addAll(HistogramOperators.EMBEDDING_BAG.callAll(x.get(0), x.get(1), offsets, false, chosen));
                    all.addAll(HistogramOperators.EMBEDDING_BAG.callAll(x.get(0), x.get(1), offsets, false, chosen, false, null, true, 4));
                    return all;
                }).dim("m", 1, 33).dim("k", 1, 5).values(1, Values.below(9)).values(2, Values.below(4)).slack(4));
            }
        }
        cases.add(GraphCase.several("embedding_bag_weighted", "f32[9, m], i64[20], i32[k], f32[20]", x -> HistogramOperators.EMBEDDING_BAG
                .callAll(x.get(0), x.get(1), x.get(2).cumsum(0).sub(x.get(2)), false, 0, false, x.get(3)))
                .dim("m", 1, 33).dim("k", 1, 5).values(1, Values.below(9)).values(2, Values.below(4)).slack(4));
        cases.add(GraphCase.several("embedding_bag_i32", "f32[9, m], i32[20], i32[k]", x -> Stream.of(0, 1, 2).flatMap(mode -> HistogramOperators
                .EMBEDDING_BAG.callAll(x.get(0), x.get(1), x.get(2).cumsum(0).to(DType.I32).sub(x.get(2)), false, mode).stream()).toList())
                .dim("m", 1, 33).dim("k", 1, 5).values(1, Values.below(9)).values(2, Values.below(4)).slack(4));
        cases.add(GraphCase.several("embedding_bag_training", "f32[9, m], i64[20]", x -> Stream.of(0, 1, 2).flatMap(mode -> HistogramOperators
                .EMBEDDING_BAG_TRAINING.callAll(x.get(0), x.get(1), x.get(1).slice(0, 0, 3).mul(0), false, mode, false, null, true, 4).stream()).toList())
                .dim("m", 1, 33).values(1, Values.below(9)).slack(4));
        cases.add(GraphCase.several("embedding_bag_out_of_range", "f32[9, 2], i64[20], i32[1]", x -> HistogramOperators.EMBEDDING_BAG
                .callAll(x.get(0), x.get(1), x.get(2)))
                .values(1, Values.always(9)).values(2, Values.always(0)).fails("_embedding_bag_forward_only: index 9 is out of range"));
    }
}
