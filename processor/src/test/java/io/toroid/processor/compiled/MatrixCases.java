package io.toroid.processor.compiled;

import io.toroid.Tensor;
import io.toroid.op.MatrixOperators;
import java.util.ArrayList;
import java.util.List;

/** Matrix products with every kind of operand and epilogue. */
final class MatrixCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private MatrixCases() {
    }

    static List<GraphCase> all() {
        MatrixCases family = new MatrixCases();
        family.products();
        family.linear();
        family.batches();
        family.operands();
        family.epilogues();
        return family.cases;
    }

    private void products() {
        for (String dtype : List.of("f32", "f64", "i64", "i32")) {
            cases.add(GraphCase.of("mm_" + dtype, "%1$s[n, k], %1$s[k, m]".formatted(dtype), x -> x.get(0).matmul(x.get(1)))
                    .dim("n", 1, 5, 33).dim("k", 1, 7, 40).dim("m", 1, 17, 50).slack(4));
            cases.add(GraphCase.several("addmm_" + dtype, "%1$s[7], %1$s[n, 5], %1$s[5, 7], %1$s[n, 1], %1$s[]".formatted(dtype), x -> List.of(
                    MatrixOperators.ADDMM.call(x.get(0), x.get(1), x.get(2)),
                    MatrixOperators.ADDMM.call(x.get(3), x.get(1), x.get(2), 2, 3),
                    MatrixOperators.ADDMM.call(x.get(0), x.get(1), x.get(2), 0),
                    MatrixOperators.ADDMM.call(x.get(4), x.get(1), x.get(2), 1, 0))).dim("n", 1, 5, 33));
        }
        for (String dtype : List.of("f32", "i64")) {
            cases.add(GraphCase.several("baddbmm_" + dtype, "%1$s[n, 4, 7], %1$s[n, 4, 5], %1$s[n, 5, 7], %1$s[]".formatted(dtype), x -> List.of(
                    x.get(0).baddbmm(x.get(1), x.get(2), 1, 1), x.get(0).baddbmm(x.get(1), x.get(2), 2, 3),
                    x.get(3).baddbmm(x.get(1), x.get(2), 1, 1), x.get(0).baddbmm(x.get(1), x.get(2), 0, 1))).dim("n", 1, 5));
            cases.add(GraphCase.several("vectors_" + dtype, "%1$s[n, 5], %1$s[5], %1$s[n], %1$s[n, 1]".formatted(dtype), x -> List.of(
                    x.get(0).mv(x.get(1)), x.get(1).dot(x.get(1)), x.get(2).dot(x.get(2)), x.get(0).addr(x.get(2), x.get(1), 1, 1),
                    x.get(3).addr(x.get(2), x.get(1), 2, 3), x.get(0).addr(x.get(2), x.get(1), 0, 2))).dim("n", 1, 5, 33));
        }
        cases.add(GraphCase.several("addr_types", "bool[n, 3], bool[n], bool[3], i32[n], f64[3]", x -> List.of(
                x.get(0).addr(x.get(1), x.get(2), 1, 1), x.get(0).addr(x.get(1), x.get(2), 0, 1), x.get(0).addr(x.get(3), x.get(4), 0.5, 2)))
                .dim("n", 1, 20));
        cases.add(GraphCase.of("addmm_beta_zero_nan", "f32[7], f32[n, 5], f32[5, 7]", x ->
                MatrixOperators.ADDMM.call(x.get(0), x.get(1), x.get(2), 0)).dim("n", 3).values(0, Values.always(Double.NaN)));
        cases.add(GraphCase.of("addmm_fractions", "f32[n, 7], f32[n, 5], f32[5, 7]", x ->
                MatrixOperators.ADDMM.call(x.get(0), x.get(1), x.get(2), 0.5, -1.5)).dim("n", 3, 20));
        cases.add(GraphCase.of("mm_static", "f32[6, 16], f32[16, 32]", x -> x.get(0).matmul(x.get(1))));
        cases.add(GraphCase.of("mm_long", "f32[n, 1000], f32[1000, 20]", x -> x.get(0).matmul(x.get(1))).dim("n", 1, 3).slack(20));
        cases.add(GraphCase.of("mm_large", "f32[n, 200], f32[200, 300]", x -> x.get(0).matmul(x.get(1))).dim("n", 150).slack(10));
        cases.add(GraphCase.of("mm_nothing", "f32[n, k], f32[k, 5]", x -> x.get(0).matmul(x.get(1))).dim("n", 0, 3, 3).dim("k", 4, 0, 1));
        cases.add(GraphCase.of("mm_special", "f32[9, 5], f32[5, 20]", x -> x.get(0).matmul(x.get(1))).values(Values.of(
                random -> random.nextInt(8) > 0 ? random.nextGaussian() : Values.DELICATE[random.nextInt(8)], _ -> 0)));
        cases.add(GraphCase.of("mm_one", "f32[1, 1], f32[1, 1]", x -> x.get(0).matmul(x.get(1))));
    }

    private void linear() {
        cases.add(GraphCase.several("linear", "f32[n, 7]", x -> List.of(
                x.get(0).linear(x.weight("f32[5, 7]")), x.get(0).linear(x.weight("f32[40, 7]"), x.weight("f32[40]"))))
                .dim("n", 1, 2, 4, 9, 33));
        cases.add(GraphCase.several("linear_f64", "f64[n, 7]", x -> List.of(
                x.get(0).linear(x.weight("f64[5, 7]")), x.get(0).linear(x.weight("f64[40, 7]"), x.weight("f64[40]"))))
                .dim("n", 1, 2, 4, 9, 33));
        cases.add(GraphCase.several("linear_i32", "i32[n, 7]", x -> List.of(
                x.get(0).linear(x.weight("i32[5, 7]")), x.get(0).linear(x.weight("i32[40, 7]"), x.weight("i32[40]"))))
                .dim("n", 1, 33));
        cases.add(GraphCase.several("linear_ranks", "f32[7], f32[n, 3, 7], f32[2, n, 3, 7]", x -> {
            Tensor weight = x.weight("f32[5, 7]");
            Tensor bias = x.weight("f32[5]");
            return List.of(x.get(0).linear(weight), x.get(0).linear(weight, bias), x.get(1).linear(weight, bias), x.get(2).linear(weight));
        }).dim("n", 1, 9));
        cases.add(GraphCase.of("linear_dynamic_weight", "f32[n, 7], f32[m, 7], f32[m]", x -> x.get(0).linear(x.get(1), x.get(2)))
                .dim("n", 1, 9).dim("m", 1, 33));
        cases.add(GraphCase.several("linear_of_one_feature", "f32[n, 1], f32[6, 3], f32[1, 6], f32[6, 1]", x -> List.of(
                x.get(0).linear(x.get(1).slice(1, 1, 2)), x.get(0).linear(x.get(2).t()), x.get(0).linear(x.get(3)),
                x.get(0).matmul(x.get(1).slice(1, 1, 2).t()), x.get(3).t().matmul(x.get(1).slice(1, 1, 2)))).dim("n", 1, 5));
        cases.add(GraphCase.of("linear_wide", "f32[n, 64]", x -> x.get(0).linear(x.weight("f32[192, 64]"), x.weight("f32[192]")))
                .dim("n", 1, 12, 100).slack(4));
        cases.add(GraphCase.several("linear_twice", "f32[n, 7], f32[m, 7]", x -> {
            Tensor weight = x.shared("both", "f32[5, 7]");
            return List.of(x.get(0).linear(weight), x.get(1).linear(weight).relu());
        }).dim("n", 1, 9).dim("m", 4));
        cases.add(GraphCase.of("linear_shared", "f32[n, 7]", x -> x.get(0).linear(x.shared("both", "f32[5, 7]"))).dim("n", 1, 9));
        cases.add(GraphCase.of("linear_both_ways", "f32[n, 7]", x -> x.get(0).linear(x.shared("both", "f32[5, 7]")).matmul(x.shared("both", "f32[5, 7]")))
                .dim("n", 1, 9));
        cases.add(GraphCase.of("linear_folded", "f32[n, 7]", x -> x.get(0).linear(x.shared("both", "f32[5, 7]").mul(2), x.weight("f32[5]").exp()))
                .dim("n", 1, 9));
        cases.add(GraphCase.of("linear_single_row", "f32[7]", x -> x.get(0).linear(x.shared("both", "f32[5, 7]"))));
        cases.add(GraphCase.several("vectors", "f32[k], f32[k, m], f32[n, k], f32[k]", x -> List.of(
                x.get(0).matmul(x.get(3)), x.get(0).matmul(x.get(1)), x.get(2).matmul(x.get(0))))
                .dim("k", 1, 7, 40).dim("n", 1, 9).dim("m", 1, 33).slack(4));
    }

    private void batches() {
        for (String dtype : List.of("f32", "f64", "i64")) {
            cases.add(GraphCase.of("bmm_" + dtype, "%1$s[b, n, k], %1$s[b, k, m]".formatted(dtype), x -> MatrixOperators.BMM.call(x.get(0), x.get(1)))
                    .dim("b", 1, 3, 5).dim("n", 1, 5, 33).dim("k", 1, 7, 16).dim("m", 1, 17, 50).slack(4));
        }
        cases.add(GraphCase.of("bmm_static", "f32[4, 6, 16], f32[4, 16, 32]", x -> MatrixOperators.BMM.call(x.get(0), x.get(1))));
        cases.add(GraphCase.of("bmm_one", "f32[1, n, 5], f32[1, 5, 7]", x -> MatrixOperators.BMM.call(x.get(0), x.get(1))).dim("n", 1, 9));
        cases.add(GraphCase.several("matmul_batches", "f32[2, n, 5], f32[5, 7], f32[3, 2, n, 5], f32[2, 5, 7], f32[3, 1, 5, 7]", x -> List.of(
                x.get(0).matmul(x.get(1)), x.get(2).matmul(x.get(1)), x.get(2).matmul(x.get(3)), x.get(2).matmul(x.get(4)),
                x.get(0).matmul(x.get(4)), x.get(0).matmul(x.get(3)))).dim("n", 1, 9));
        cases.add(GraphCase.of("matmul_dynamic_batch", "f32[b, h, n, 5], f32[b, h, 5, n]", x -> x.get(0).matmul(x.get(1)))
                .dim("b", 1, 2, 3).dim("h", 1, 4, 2).dim("n", 1, 3, 20));
        cases.add(GraphCase.of("matmul_grouped", "f32[b, 4, n, 5], f32[b, 1, 5, n]", x -> x.get(0).matmul(x.get(1)))
                .dim("b", 1, 2, 3).dim("n", 1, 3, 20));
        cases.add(GraphCase.of("bmm_weight", "f32[3, n, 5]", x -> MatrixOperators.BMM.call(x.get(0), x.weight("f32[3, 5, 7]"))).dim("n", 1, 9));
        cases.add(GraphCase.of("bmm_weight_left", "f32[3, 5, n]", x -> MatrixOperators.BMM.call(x.weight("f32[3, 7, 5]"), x.get(0))).dim("n", 1, 9, 40));
    }

    /** Operands that are views. */
    private void operands() {
        cases.add(GraphCase.several("mm_transposed", "f32[n, k], f32[m, k], f32[k, n], f32[k, m]", x -> List.of(
                x.get(0).matmul(x.get(1).t()), x.get(2).t().matmul(x.get(3)), x.get(2).t().matmul(x.get(1).t())))
                .dim("n", 1, 5, 33).dim("k", 1, 7, 40).dim("m", 1, 17, 50).slack(4));
        cases.add(GraphCase.several("mm_sliced", "f32[n, 20], f32[20, 9]", x -> List.of(
                x.get(0).slice(1, 3, 10).matmul(x.get(1).slice(0, 2, 9)), x.get(0).matmul(x.get(1).slice(1, 2, 7)),
                x.get(0).slice(1, 0, 20, 2).matmul(x.get(1).slice(0, 0, 10)), x.get(0).slice(0, 0, 1).matmul(x.get(1)),
                x.get(0).slice(1, 0, 10).linear(x.get(1).slice(0, 0, 10).t().slice(0, 1, 4)))).dim("n", 1, 5, 33));
        cases.add(GraphCase.several("mm_selected", "f32[3, n, 5], f32[2, 5, 7]", x -> List.of(
                x.get(0).select(0, 1).matmul(x.get(1).select(0, 1)), x.get(0).select(1, 0).matmul(x.get(1).select(0, -1)))).dim("n", 1, 9));
        cases.add(GraphCase.several("mm_expanded", "f32[1, 5], f32[5, 1], f32[n, 5]", x -> List.of(
                x.get(0).expand(4, 5).matmul(x.get(1).expand(5, 3)), x.get(2).matmul(x.get(1).expand(5, 6)))).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_of_expression", "f32[n, 7], f32[7, 5]", x -> x.get(0).exp().matmul(x.get(1).square().add(1))).dim("n", 1, 9).slack(10));
        cases.add(GraphCase.of("mm_square", "f32[17, 17]", x -> x.get(0).matmul(x.get(0)).matmul(x.get(0).t())));
        cases.add(GraphCase.of("mm_of_cat", "f32[n, 3], f32[n, 4]", x -> Tensor.cat(1, x.get(0), x.get(1)).linear(x.weight("f32[5, 7]"))).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_of_reshape", "f32[n, 3, 8]", x -> x.get(0).flatten(1, 2).linear(x.weight("f32[5, 24]"))).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_of_permuted", "f32[n, 3, 8]", x -> x.get(0).permute(0, 2, 1).linear(x.weight("f32[5, 3]"))).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_of_permuted_rows", "f32[n, 3, 8]", x -> x.get(0).permute(1, 0, 2).linear(x.weight("f32[5, 8]"))).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_of_mean", "f32[n, 6, 8]", x -> x.get(0).mean(1).linear(x.weight("f32[5, 8]"))).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_weight_view", "f32[n, 6]", x -> x.get(0).matmul(x.weight("f32[6, 2, 4]").flatten(1, 2))).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_weight_part", "f32[n, 6]", x -> {
            Tensor qkv = x.weight("f32[12, 6]");
            return x.get(0).linear(qkv.slice(0, 0, 4)).add(x.get(0).linear(qkv.slice(0, 4, 8))).mul(x.get(0).linear(qkv.slice(0, 8)));
        }).dim("n", 1, 9));
        cases.add(GraphCase.of("mm_row_and_column", "f32[1, n], f32[n, 1]", x -> x.get(0).matmul(x.get(1)).add(x.get(1).matmul(x.get(0)))).dim("n", 1, 40).slack(4));
    }

    private void epilogues() {
        cases.add(GraphCase.several("epilogue_activations", "f32[n, 7]", x -> {
            Tensor y = x.get(0).linear(x.weight("f32[20, 7]"), x.weight("f32[20]"));
            return List.of(y.relu(), y.gelu(), y.sigmoid().mul(y), y.tanh().add(y), y);
        }).dim("n", 1, 9, 33).slack(4));
        cases.add(GraphCase.several("epilogue_broadcasts", "f32[n, 7], f32[n, 1], f32[20], f32[], f32[n, 20]", x -> {
            Tensor y = x.get(0).linear(x.weight("f32[20, 7]"));
            return List.of(y.add(x.get(1)), y.mul(x.get(2)), y.sub(x.get(3)), y.add(x.get(4)), y.mul(x.get(1)).add(x.get(2)).relu().mul(x.get(4)));
        }).dim("n", 1, 9, 33));
        cases.add(GraphCase.of("epilogue_residual", "f32[n, 16]", x ->
                x.get(0).add(x.get(0).linear(x.weight("f32[16, 16]"), x.weight("f32[16]")).relu())).dim("n", 1, 9, 33));
        cases.add(GraphCase.of("epilogue_two_products", "f32[n, 16]", x ->
                x.get(0).linear(x.weight("f32[9, 16]")).add(x.get(0).linear(x.weight("f32[9, 16]")))).dim("n", 1, 9, 33));
        cases.add(GraphCase.of("epilogue_gate", "f32[n, 16]", x ->
                x.get(0).linear(x.weight("f32[9, 16]")).silu().mul(x.get(0).linear(x.weight("f32[9, 16]")))).dim("n", 1, 9, 33));
        cases.add(GraphCase.of("epilogue_type", "f32[n, 7]", x -> x.get(0).linear(x.weight("f32[20, 7]")).gt(0)).dim("n", 1, 9, 33));
        cases.add(GraphCase.of("epilogue_f64", "f32[n, 7], f64[20]", x -> x.get(0).linear(x.weight("f32[20, 7]")).add(x.get(1))).dim("n", 1, 9, 33).slack(10));
        cases.add(GraphCase.of("epilogue_rows", "f32[2, n, 7], f32[2, n, 20], f32[n, 20]", x ->
                x.get(0).linear(x.weight("f32[20, 7]")).add(x.get(1)).mul(x.get(2))).dim("n", 1, 9, 33));
        cases.add(GraphCase.of("epilogue_transposed", "f32[n, 7], f32[20, n]", x ->
                x.get(0).linear(x.weight("f32[20, 7]")).add(x.get(1).t())).dim("n", 1, 9, 33));
        cases.add(GraphCase.of("epilogue_heads", "f32[b, n, 12]", x -> x.get(0).linear(x.weight("f32[12, 12]"), x.weight("f32[12]"))
                .unflatten(2, 3, 4).permute(0, 2, 1, 3).mul(0.5)).dim("b", 1, 2).dim("n", 1, 9));
        cases.add(GraphCase.of("epilogue_mask", "f32[b, n, 5], bool[b, 1, n]", x ->
                MatrixOperators.BMM.call(x.get(0), x.get(0).transpose(1, 2)).mul(0.3).maskedFill(x.get(1), -1e9)).dim("b", 1, 3).dim("n", 1, 9, 20));
        cases.add(GraphCase.of("epilogue_embedding", "f32[n, 5], i64[n]", x -> x.get(0).linear(x.weight("f32[5, 5]")).add(
                x.get(1).embedding(x.shared("table", "f32[10, 5]")))).dim("n", 1, 33).values(1, Values.below(10)));
        cases.add(GraphCase.of("epilogue_positions", "f32[n, 5]", x -> x.get(0).linear(x.weight("f32[6, 5]")).add(
                Tensor.arange(x.size("n")).unsqueeze(1)).mul(Tensor.arange(6))).dim("n", 1, 33));
        cases.add(GraphCase.several("epilogue_slices", "f32[n, 7]", x -> {
            Tensor y = x.get(0).linear(x.weight("f32[20, 7]"));
            return List.of(y.slice(1, 0, 10).mul(y.slice(1, 10).sigmoid()), y.select(1, 3), y.sum(1));
        }).dim("n", 1, 9, 33));
    }
}
