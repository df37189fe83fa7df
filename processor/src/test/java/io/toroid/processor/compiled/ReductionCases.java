package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Linalg;
import io.toroid.Tensor;
import io.toroid.nn.Functional;
import io.toroid.op.NormOperators;
import io.toroid.op.Operator;
import io.toroid.op.ReductionOperators;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reductions over inner, outer, middle, several and all dimensions, short and long, of every type. */
final class ReductionCases {

    private static final List<String> FLOATS = List.of("f32", "f64");
    private static final List<String> NUMBERS = List.of("f32", "f64", "i64", "i32");
    private static final List<String> ALL = List.of("f32", "f64", "i64", "i32", "bool");

    private final List<GraphCase> cases = new ArrayList<>();

    private ReductionCases() {
    }

    static List<GraphCase> all() {
        ReductionCases family = new ReductionCases();
        family.named();
        family.dimensions();
        family.extents();
        family.indices();
        family.variances();
        family.pairs();
        family.norms();
        family.emptyRanges();
        family.ofExpressions();
        family.acrossManyColumns();
        family.inParts();
        return family.cases;
    }

    /** Every operator over an inner, an outer and all dimensions. */
    private void named() {
        reduce("sum.dim_IntList", ALL);
        reduce("mean.dim", FLOATS);
        reduce("amax", ALL);
        reduce("amin", ALL);
        reduce("std.correction", FLOATS);
        reduce("logsumexp", ALL);
        reduceOne("prod.dim_int", ALL);
        whole(ReductionOperators.PROD, ALL);
        whole(ReductionOperators.COUNT_NONZERO, ALL);
        whole(ReductionOperators.STD, FLOATS);
        reduceOne("max.dim", ALL);
        reduceOne("min.dim", ALL);
        reduceOne("argmax", NUMBERS);
        reduceOne("argmin", NUMBERS);
        reduceOne("any.dim", ALL);
        reduceOne("all.dim", ALL);
        whole(ReductionOperators.SUM, ALL);
        whole(ReductionOperators.MEAN, FLOATS);
        whole(ReductionOperators.MAX, ALL);
        whole(ReductionOperators.MIN, ALL);
        whole(ReductionOperators.ANY, ALL);
        whole(ReductionOperators.ALL, ALL);
        whole(ReductionOperators.ARGMAX, NUMBERS);
        whole(ReductionOperators.ARGMIN, NUMBERS);
        whole(ReductionOperators.AMAX, NUMBERS);
        cases.add(GraphCase.several("sum_as_type", "i32[n, 5], f32[n, 5], bool[n, 5]", x -> List.of(
                ReductionOperators.SUM_DIM.call(x.get(0), List.of(1), false, DType.F32),
                ReductionOperators.SUM_DIM.call(x.get(1), List.of(1), false, DType.F64),
                ReductionOperators.SUM_DIM.call(x.get(1), List.of(0), false, DType.I64),
                ReductionOperators.SUM_DIM.call(x.get(2), List.of(0), true, DType.F32),
                ReductionOperators.SUM.call(x.get(0), DType.F64),
                ReductionOperators.MEAN_DIM.call(x.get(0), List.of(1), false, DType.F32))).dim("n", 1, 19, 70));
    }

    private static Operator operator(String name) {
        String full = name.contains(".") ? name : name + ".default";
        return io.toroid.op.Operators.byName("aten." + full).orElseThrow();
    }

    private void reduce(String name, List<String> dtypes) {
        for (String dtype : dtypes) {
            cases.add(GraphCase.several("reduce_" + name.replace('.', '_') + "_" + dtype, dtype + "[n, m]", x -> Stream.of(
                    List.of(1), List.of(0), List.of(0, 1)).flatMap(dims -> Stream.of(
                    operator(name).call(x.get(0), dims), operator(name).call(x.get(0), dims, true))).toList())
                    .dim("n", 1, 3, 40).dim("m", 1, 37, 70));
        }
    }

    private void reduceOne(String name, List<String> dtypes) {
        for (String dtype : dtypes) {
            cases.add(GraphCase.several("reduce_" + name.replace('.', '_') + "_" + dtype, dtype + "[n, m]", x -> Stream.of(1, 0)
                    .flatMap(dim -> Stream.of(false, true).flatMap(keep -> operator(name).callAll(x.get(0), dim, keep).stream()))
                    .toList()).dim("n", 1, 3, 40).dim("m", 1, 37, 70).values(Values.TIED));
            if (dtype.startsWith("f")) {
                cases.add(GraphCase.several("reduce_special_" + name.replace('.', '_') + "_" + dtype, dtype + "[40, 9]",
                        x -> Stream.of(1, 0).flatMap(dim -> operator(name).callAll(x.get(0), dim, false).stream()).toList())
                        .values(name.startsWith("prod") ? Values.FACTORS : Values.SPECIAL));
            }
        }
    }

    private void whole(Operator operator, List<String> dtypes) {
        String inputs = String.join(", ", dtypes.stream().map(dtype -> dtype + "[n, 3]").toList());
        cases.add(GraphCase.several("whole_" + operator.schema().name(), inputs, x -> dtypes.stream()
                .map(dtype -> operator.call(x.get(dtypes.indexOf(dtype)))).toList()).dim("n", 1, 5, 100));
        cases.add(GraphCase.several("whole_single_" + operator.schema().name(), inputs.replace("[n, 3]", "[]"),
                x -> dtypes.stream().map(dtype -> operator.call(x.get(dtypes.indexOf(dtype)))).toList()));
    }

    private void dimensions() {
        cases.add(GraphCase.several("sum_dims", "f32[3, n, 5, 2]", x -> List.of(
                x.get(0).sum(0), x.get(0).sum(1), x.get(0).sum(2), x.get(0).sum(3), x.get(0).sum(0, 2), x.get(0).sum(1, 3),
                x.get(0).sum(0, 1), x.get(0).sum(2, 3), x.get(0).sum(0, 3), x.get(0).sum(1, 2), x.get(0).sum(0, 1, 2, 3),
                x.get(0).sum(-1, -3), x.get(0).sum(2, true))).dim("n", 1, 6, 33));
        cases.add(GraphCase.several("amax_dims", "i32[3, n, 5, 2]", x -> List.of(
                x.get(0).amax(0), x.get(0).amax(1, 3), x.get(0).amax(0, 2), x.get(0).amax(1, 2, 3))).dim("n", 1, 6, 33));
        cases.add(GraphCase.several("var_dims", "f32[3, n, 5, 2]", x -> List.of(
                x.get(0).var(0), x.get(0).var(1, 3), x.get(0).var(0, 2), x.get(0).var(1, 2, 3),
                ReductionOperators.VAR_DIM.call(x.get(0), List.of(1), false, true), ReductionOperators.VAR_DIM.call(x.get(0), null))).dim("n", 2, 6, 33));
        cases.add(GraphCase.several("sum_ones", "f32[1, n, 1]", x -> List.of(
                x.get(0).sum(0), x.get(0).sum(2), x.get(0).sum(0, 2), x.get(0).sum(0, true))).dim("n", 1, 20));
        cases.add(GraphCase.several("argmax_ones", "f32[n, 1]", x -> List.of(
                x.get(0).argmax(1), x.get(0).argmax(0), x.get(0).argmax())).dim("n", 1, 20));
        cases.add(GraphCase.several("sum_transposed", "f32[n, m]", x -> List.of(
                x.get(0).transpose(0, 1).sum(0), x.get(0).transpose(0, 1).sum(1), x.get(0).t().exp().sum(0)))
                .dim("n", 1, 9, 65).dim("m", 1, 33, 17));
    }

    /** Tiny and long ones, and those at the edges of vectors. */
    private void extents() {
        for (int extent : new int[] {1, 2, 7, 8, 15, 16, 17, 63, 64, 65, 127, 1000, 1537}) {
            String name = "extent_" + extent;
            cases.add(GraphCase.several(name + "_inner", "f32[n, %d]".formatted(extent), x -> List.of(
                    x.get(0).sum(1), x.get(0).amax(1), x.get(0).argmin(1), x.get(0).var(1, 0, false), x.get(0).mean(1)))
                    .dim("n", 1, 3).slack(4));
            cases.add(GraphCase.several(name + "_outer", "f32[%d, n]".formatted(extent), x -> List.of(
                    x.get(0).sum(0), x.get(0).amin(0), x.get(0).argmax(0), x.get(0).var(0, 0, false)))
                    .dim("n", 1, 19).slack(4));
        }
        cases.add(GraphCase.several("extent_dynamic", "f64[n, m]", x -> List.of(
                x.get(0).sum(1), x.get(0).sum(0), x.get(0).sum(), x.get(0).var(1, 0, false), x.get(0).argmax(1)))
                .dim("n", 1, 300, 2).dim("m", 1, 5, 2000));
        cases.add(GraphCase.several("large", "f32[n, 300]", x -> List.of(
                x.get(0).sum(1), x.get(0).sum(0), x.get(0).exp().sum(), x.get(0).mul(x.get(0)).sum(0, true)))
                .dim("n", 500).slack(100));
        cases.add(GraphCase.several("product_of_sums", "i32[n, 300]", x -> List.of(x.get(0).sum(1), x.get(0).sum(0), x.get(0).sum()))
                .dim("n", 500).values(Values.WIDE));
    }

    private void indices() {
        cases.add(GraphCase.several("argmax_ties", "f32[n, m], i64[n, m]", x -> List.of(
                x.get(0).argmax(1), x.get(0).argmin(0), x.get(1).argmax(), x.get(1).argmin(1), x.get(0).max(0).indices()))
                .dim("n", 1, 30, 5).dim("m", 1, 5, 100).values(Values.TIED));
        cases.add(GraphCase.several("argmax_constant", "f32[n, m]", x -> List.of(
                x.get(0).argmax(1), x.get(0).argmin(0), x.get(0).argmax())).dim("n", 3).dim("m", 100)
                .values(Values.always(Double.NEGATIVE_INFINITY)));
        cases.add(GraphCase.several("argmax_nan", "f32[n, m]", x -> List.of(
                x.get(0).argmax(1), x.get(0).argmin(0), x.get(0).argmax(), x.get(0).max(1).values())).dim("n", 3).dim("m", 100)
                .values(Values.always(Double.NaN)));
        cases.add(GraphCase.several("argmax_lowest", "i64[n, m], i32[n, m]", x -> List.of(
                x.get(0).argmax(1), x.get(1).argmin(0), x.get(0).amax(1), x.get(1).amin(0))).dim("n", 3).dim("m", 50)
                .values(Values.SPECIAL));
        cases.add(GraphCase.several("few_columns_indices", "f32[n, m], i16[n, m]", x -> List.of(
                x.get(0).argmax(0), x.get(1).argmin(0), x.get(0).max(0, false).values(), x.get(1).max(0, false).indices()))
                .dim("n", 3, 4093).dim("m", 200, 67).values(Values.TIED));
        cases.add(GraphCase.several("few_columns", "f32[n, m], f64[n, 2, 33], f32[n, 3, m]", x -> List.of(
                x.get(0).sum(0), x.get(0).var(0, 0, true), x.get(0).amax(0).add(1), x.get(1).var(0, 1, false), x.get(1).gt(3).any(0, false),
                x.get(2).mean(0, 1))).dim("n", 1, 4093, 300).dim("m", 5, 67, 1030).slack(20));
        cases.add(GraphCase.of("argmax_three", "f32[2, n, 3]", x -> x.get(0).argmax()).dim("n", 1, 50));
    }

    private void variances() {
        cases.add(GraphCase.several("variance", "f32[n, m]", x -> List.of(
                x.get(0).var(1), x.get(0).var(0, 0, true), x.get(0).var(0, 1), x.get(0).std(1))).dim("n", 2, 3, 40).dim("m", 2, 37, 70));
        cases.add(GraphCase.several("variance_shifted", "f32[n, m]", x -> List.of(
                x.get(0).add(1000).var(1, 0, false), x.get(0).add(1000).var(0, 0, false))).dim("n", 5).dim("m", 333).slack(10));
        cases.add(GraphCase.several("variance_corrections", "f64[n, 5]", x -> Stream.of(0, 1, 2, 0.5)
                .flatMap(correction -> ReductionOperators.VAR_MEAN.callAll(x.get(0), List.of(1), correction, true).stream())
                .toList()).dim("n", 1, 20));
        cases.add(GraphCase.several("variance_of_one", "f32[n, 1]", x -> List.of(
                x.get(0).var(1), x.get(0).var(1, 0, false))).dim("n", 1, 20));
        cases.add(GraphCase.several("variance_too_few", "f32[n, 2]", x -> List.of(
                ReductionOperators.VAR.call(x.get(0), List.of(1), 3))).dim("n", 1, 20));
        cases.add(GraphCase.several("variance_all", "f32[n, 7]", x -> List.of(
                ReductionOperators.VAR.call(x.get(0)), ReductionOperators.VAR_MEAN.call(x.get(0)))).dim("n", 1, 20, 100));
    }

    private void pairs() {
        cases.add(GraphCase.several("std_mean", "f32[n, 5]", x -> Stream.concat(x.get(0).stdMean(1, 0, true).stream(), Stream.concat(
                x.get(0).stdMean(0, 1, false).stream(), x.get(0).varMean(1, 1, false).stream())).toList()).dim("n", 2, 20));
        cases.add(GraphCase.several("aminmax", "f32[n, 5], i64[n, 5]", x -> Stream.concat(Stream.concat(
                x.get(0).aminmax().stream(), x.get(0).aminmax(1, true).stream()), x.get(1).aminmax(0, false).stream()).toList())
                .dim("n", 1, 20).values(Values.SPECIAL));
        cases.add(GraphCase.several("counts", "f32[n, 5], i64[n, 5], bool[n, 5, 2], u8[n, 5]", x -> List.of(
                x.get(0).countNonzero(1), x.get(1).countNonzero(0), x.get(2).any(0, 2), x.get(2).any(-1, 1), x.get(1).countNonzero(),
                ReductionOperators.ANY_DIMS.call(x.get(0)), ReductionOperators.ANY_DIMS.call(x.get(0), List.of()),
                ReductionOperators.ANY_DIMS.call(x.get(0), List.of(0), true), ReductionOperators.ANY_DIMS.call(x.get(3), List.of(0), true),
                ReductionOperators.ANY_DIMS.call(x.get(3), List.of()))).dim("n", 1, 20).values(Values.TIED));
        cases.add(GraphCase.several("logsumexp_special", "f32[n, 5], f64[n]", x -> List.of(
                x.get(0).logsumexp(1), x.get(0).logsumexp(0, true), x.get(0).logsumexp(0, 1), x.get(1).logsumexp(0)))
                .dim("n", 1, 3, 20).values(Values.SPECIAL));
        cases.add(GraphCase.several("logsumexp_infinite", "f32[n, 5]", x -> List.of(x.get(0).logsumexp(1), x.get(0).logsumexp(0)))
                .dim("n", 3).values(Values.always(Double.NEGATIVE_INFINITY)));
        cases.add(GraphCase.several("products_of_truth", "i8[n, 3], bool[n, 2]", x -> List.of(
                ReductionOperators.PROD_DIM.call(x.get(0), 1, false, DType.BOOL), ReductionOperators.PROD_DIM.call(x.get(1), 0, true, DType.BOOL),
                ReductionOperators.PROD.call(x.get(1), DType.BOOL))).dim("n", 0, 1, 7));
        cases.add(GraphCase.several("empty_products", "f32[n, 3], i32[n, 3]", x -> List.of(
                x.get(0).prod(0), x.get(1).prod(), x.get(0).logsumexp(0), x.get(1).countNonzero(0))).dim("n", 0, 4));
        cases.add(GraphCase.several("of_nothing_or_more", "f32[n, 3], f64[2, n], f16[n, 2]", x -> List.of(
                x.get(0).softmax(0), x.get(1).softmax(1), x.get(0).logSoftmax(0), x.get(2).softmax(0), x.get(1).logsumexp(1),
                ReductionOperators.AMAX_OF_ANY.call(x.get(0), List.of(0)), ReductionOperators.AMAX_OF_ANY.call(x.get(1), List.of(1), true)))
                .range("n", 0, 100000, 1).dim("n", 0, 1, 4, 70).values(Values.SPECIAL));
        cases.add(GraphCase.of("sum_of_large_exponentials", "f32[n]", x -> x.get(0).logsumexp(0)).range("n", 0, 100000, 1).dim("n", 0, 9)
                .values(Values.always(300)));
    }

    private void norms() {
        for (Number p : new Number[] {2, 1, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 3, 0.5, -1.5}) {
            String name = "norm_" + p.toString().replace('.', 'p').replace('-', 'm');
            cases.add(GraphCase.several(name, "f32[n, m], f64[n, m], f32[]", x -> List.of(
                    Linalg.vectorNorm(x.get(0), p), Linalg.vectorNorm(x.get(1), p, 0), Linalg.vectorNorm(x.get(0), p, 1, true),
                    x.get(1).norm(p, -1, false), Linalg.vectorNorm(x.get(2), p),
                    NormOperators.VECTOR_NORM.call(x.get(0), p, List.of(0), false, DType.F64))).dim("n", 1, 5).dim("m", 1, 40)
                    .values(Values.NONZERO));
        }
        cases.add(GraphCase.several("norm_of_all", "f32[n, 3]", x -> List.of(x.get(0).norm(), x.get(0).norm(1),
                NormOperators.NORM.call(x.get(0), null, List.of(0)))).dim("n", 1, 20));
        for (double p : new double[] {0, 1, 2, 2.5, Double.POSITIVE_INFINITY}) {
            String name = "dist_" + Double.toString(p).replace('.', 'p');
            cases.add(GraphCase.several("c" + name, "f32[n, 5], f32[m, 5], f64[2, 1, n, 3], f64[4, m, 3]", x -> List.of(
                    x.get(0).cdist(x.get(1), p), x.get(2).cdist(x.get(3), p))).dim("n", 1, 7, 20).dim("m", 1, 3, 33));
            cases.add(GraphCase.several("p" + name, "f32[n, 5], f64[7, 2]", x -> List.of(
                    Functional.pdist(x.get(0), p), Functional.pdist(x.get(1), p))).dim("n", 1, 2, 30));
        }
    }

    private void emptyRanges() {
        cases.add(GraphCase.several("empty_sum", "f32[n, m], bool[n, m], i32[n, m]", x -> List.of(
                x.get(0).sum(1), x.get(0).sum(0), x.get(0).sum(), x.get(1).any(1), x.get(1).all(0), x.get(1).all(),
                x.get(2).sum(1), x.get(0).mean(1), x.get(0).var(1, 0, false))).dim("n", 0, 3, 0).dim("m", 4, 0, 0));
        cases.add(GraphCase.several("empty_static", "f32[0, 3], bool[2, 0]", x -> List.of(
                x.get(0).sum(0), x.get(0).sum(1), x.get(1).any(1), x.get(1).all(1))));
    }

    /** What is reduced, and what becomes of the result, is an expression. */
    private void ofExpressions() {
        cases.add(GraphCase.of("dot", "f32[n], f32[n]", x -> x.get(0).mul(x.get(1)).sum()).dim("n", 1, 15, 1000).slack(10));
        cases.add(GraphCase.of("norm", "f32[n, m]", x -> x.get(0).square().sum(1, true).sqrt()).dim("n", 1, 9).dim("m", 1, 200));
        cases.add(GraphCase.of("normalize", "f32[n, m]", x -> x.get(0).div(x.get(0).abs().sum(1, true).add(1e-3)))
                .dim("n", 1, 9).dim("m", 1, 200));
        cases.add(GraphCase.of("center_columns", "f32[n, m]", x -> x.get(0).sub(x.get(0).mean(0, true)))
                .dim("n", 1, 9, 70).dim("m", 1, 20, 33));
        cases.add(GraphCase.of("sum_of_sums", "f32[n, 4, m]", x -> x.get(0).sum(2).sum(1)).dim("n", 1, 9).dim("m", 1, 33));
        cases.add(GraphCase.of("sum_of_outer_sums", "f32[n, 4, m]", x -> x.get(0).sum(0).sum(0)).dim("n", 1, 9).dim("m", 1, 33));
        cases.add(GraphCase.several("several_of_one", "f32[n, m]", x -> List.of(x.get(0).sum(1), x.get(0).amax(1), x.get(0).amin(1),
                x.get(0).mean(1), x.get(0).argmax(1), x.get(0).var(1, 0, false))).dim("n", 1, 9).dim("m", 1, 65));
        cases.add(GraphCase.several("mixed_directions", "f32[n, m]", x -> List.of(
                x.get(0).sum(0), x.get(0).sum(1), x.get(0).sub(x.get(0).mean(1, true)).sum(0)))
                .dim("n", 1, 9, 33).dim("m", 1, 65, 17));
        cases.add(GraphCase.of("sum_broadcast", "f32[n, 1], f32[m]", x -> x.get(0).add(x.get(1)).sum(1)).dim("n", 1, 9).dim("m", 1, 33));
        cases.add(GraphCase.of("sum_expanded", "f32[n]", x -> x.get(0).unsqueeze(1).expand(-1, 6).sum(1)).dim("n", 1, 33));
        cases.add(GraphCase.of("count", "f32[n, m]", x -> x.get(0).gt(0).sum(1)).dim("n", 1, 9).dim("m", 1, 65));
        cases.add(GraphCase.of("any_of_comparison", "f32[n, m]", x -> x.get(0).gt(1).any(0)).dim("n", 1, 9).dim("m", 1, 65));
        cases.add(GraphCase.of("sum_cat", "f32[n, 3], f32[n, 2]", x -> Tensor.cat(1, x.get(0), x.get(1)).sum(1)).dim("n", 1, 33));
    }

    /** More columns than a block has, more rows than are read at a time; sums of small integers are exact in every order. */
    private void acrossManyColumns() {
        for (String dtype : NUMBERS) {
            cases.add(GraphCase.several("columns_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).sum(0), x.get(0).max(0).values(), x.get(0).max(0).indices(), x.get(0).argmin(0, false),
                    x.get(0).amin(0).add(x.get(0).any(0)))).dim("n", 1, 8, 9, 35).dim("m", 1, 15, 4096, 4095).values(Values.TIED));
        }
        cases.add(GraphCase.several("columns_of_planes", "f32[k, n, m]", x -> List.of(
                x.get(0).mean(1), x.get(0).sum(0, 1), x.get(0).var(1, 1, true), x.get(0).softmax(1)))
                .dim("k", 2).dim("n", 3, 17, 3).dim("m", 40, 7, 2100).slack(4));
        cases.add(GraphCase.several("columns_special", "f32[n, m]", x -> List.of(
                x.get(0).max(0).values(), x.get(0).max(0).indices(), x.get(0).min(0).indices()))
                .dim("n", 4, 20).dim("m", 50).values(Values.SPECIAL));
    }

    /** Enough elements for several parts, and sizes at their borders. */
    private void inParts() {
        for (String dtype : NUMBERS) {
            cases.add(GraphCase.several("parts_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).sum(), x.get(0).max(), x.get(0).argmax(), x.get(0).argmin(), x.get(0).countNonzero(), x.get(0).gt(5).any(), x.get(0).lt(5).all()))
                    .dim("n", 1, 128, 129, 400).dim("m", 1, 1024, 1025, 700).values(Values.TIED));
        }
        cases.add(GraphCase.several("parts_of_expressions", "f32[n, m], f32[m]", x -> List.of(
                x.get(0).mul(x.get(1)).sum(), x.get(0).var().exp().neg(), x.get(0).mean().mul(3).add(x.get(1)),
                x.get(0).transpose(0, 1).argmax(), x.get(0).add(1).flatten(0, 1).norm()))
                .dim("n", 3, 300).dim("m", 5, 900).values(Values.UNIT).slack(40));
        cases.add(GraphCase.several("parts_special", "f32[n, m]", x -> List.of(
                x.get(0).max(), x.get(0).argmax(), x.get(0).min(), x.get(0).argmin()))
                .dim("n", 3, 300).dim("m", 5, 900).values(Values.SPECIAL));
    }
}
