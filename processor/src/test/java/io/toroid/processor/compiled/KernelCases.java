package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.op.ScanOperators;
import io.toroid.op.SortingOperators;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Operators that are calls of functions in headers. */
final class KernelCases {

    private static final List<String> DTYPES = List.of("f32", "f64", "i64", "i32", "u8", "bool", "bf16");

    private final List<GraphCase> cases = new ArrayList<>();

    static List<GraphCase> all() {
        KernelCases kernels = new KernelCases();
        kernels.scans();
        kernels.sorting();
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
}
