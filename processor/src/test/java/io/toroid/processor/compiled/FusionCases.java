package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Attention;
import io.toroid.op.Convolution;
import io.toroid.op.NormalizationOperators;
import io.toroid.op.Operators;
import io.toroid.op.ViewOperators;
import io.toroid.op.Window;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Chains that share kernels, layers as models have them, and what happens at the borders of an entry. */
final class FusionCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private FusionCases() {
    }

    static List<GraphCase> all() {
        FusionCases family = new FusionCases();
        family.softmax();
        family.norms();
        family.layers();
        family.sharing();
        family.borders();
        family.large();
        family.checks();
        family.empty();
        family.names();
        return family.cases;
    }

    private void softmax() {
        for (String dtype : List.of("f32", "f64")) {
            cases.add(GraphCase.several("softmax_" + dtype, dtype + "[n, 4, m]", x -> List.of(
                    x.get(0).softmax(-1), x.get(0).softmax(1), x.get(0).softmax(0), x.get(0).logSoftmax(-1), x.get(0).logSoftmax(1),
                    x.get(0).logSoftmax(0))).dim("n", 1, 5, 20).dim("m", 1, 37, 16));
        }
        cases.add(GraphCase.several("softmax_static", "f32[n, 33], f32[n, 300]", x -> List.of(x.get(0).softmax(1), x.get(1).softmax(1), x.get(1).logSoftmax(1)))
                .dim("n", 1, 5));
        cases.add(GraphCase.several("softmax_long", "f32[n, 5000]", x -> List.of(x.get(0).softmax(1), x.get(0).logSoftmax(1))).dim("n", 1, 3));
        cases.add(GraphCase.several("softmax_special", "f32[n, 7]", x -> List.of(x.get(0).softmax(1), x.get(0).logSoftmax(0))).dim("n", 40).values(Values.SPECIAL));
        cases.add(GraphCase.of("softmax_repeated", "f64[n, 4096]", x -> {
            Tensor y = x.get(0);
            for (int i = 0; i < 6; i++) {
                y = y.add(x.get(0)).softmax(1).mul(3);
            }
            return y;
        }).dim("n", 1, 3).slack(20));
        cases.add(GraphCase.of("softmax_masked", "f32[n, m], bool[n, m]", x -> x.get(0).mul(0.5).maskedFill(x.get(1), Double.NEGATIVE_INFINITY).softmax(-1))
                .dim("n", 1, 9).dim("m", 1, 37));
        cases.add(GraphCase.several("softmax_single", "f32[], f32[1]", x -> List.of(x.get(0).softmax(0), x.get(1).softmax(0), x.get(0).logSoftmax(-1))));
        cases.add(GraphCase.of("softmax_of_product", "f32[n, 6]", x -> x.get(0).linear(x.weight("f32[20, 6]")).softmax(-1)).dim("n", 1, 9));
        cases.add(GraphCase.of("product_of_a_row_that_may_be", "f32[n, 6]", x -> productOfThirdRow(x.get(0))).dim("n", 1, 2, 3, 5));
        cases.add(GraphCase.of("product_of_an_element_that_may_be", "f32[n, 1]", x -> productOfThirdRow(x.get(0))).dim("n", 1, 2, 3, 5));
        cases.add(GraphCase.of("softmax_then_sum", "f32[n, m]", x -> x.get(0).softmax(1).mul(x.get(0)).sum(1)).dim("n", 1, 9).dim("m", 1, 37));
    }

    /** The sizes of the product's operands are least ones, {@code min(n, 3) - min(n, 2)}. */
    private static Tensor productOfThirdRow(Tensor x) {
        Tensor row = Operators.byName("aten.slice.Tensor").orElseThrow().call(x, 0, 2, 3, 1);
        Tensor scaled = Tensor.where(row.gt(0), row, row.mul(2));
        return scaled.matmul(scaled.t());
    }

    private void norms() {
        cases.add(GraphCase.several("layer_norm", "f32[n, 33], f64[n, 3, 5], f32[n, 1000]", x -> List.of(
                x.get(0).layerNorm(sizes(33), x.weight("f32[33]"), x.weight("f32[33]"), 1e-5), x.get(0).layerNorm(sizes(33), null, null, 1e-5),
                x.get(1).layerNorm(sizes(3, 5), x.weight("f64[3, 5]"), null, 1e-5), x.get(1).layerNorm(sizes(5), null, null, 1e-3),
                x.get(2).layerNorm(sizes(1000), x.weight("f32[1000]"), x.weight("f32[1000]"), 1e-12))).dim("n", 1, 4, 17).slack(4));
        cases.add(GraphCase.several("layer_norm_results", "f32[n, 33]", x -> NormalizationOperators.NATIVE_LAYER_NORM.callAll(
                x.get(0), sizes(33), x.weight("f32[33]"), null, 1e-5)).dim("n", 1, 4, 17));
        cases.add(GraphCase.of("layer_norm_dynamic", "f32[n, m]", x -> x.get(0).layerNorm(List.of(x.size("m")), null, null, 1e-5))
                .dim("n", 1, 4).dim("m", 1, 37, 500).slack(4));
        cases.add(GraphCase.of("residual_norm", "f32[n, 24], f32[n, 24]", x -> x.get(0).add(x.get(1))
                .layerNorm(sizes(24), x.weight("f32[24]"), x.weight("f32[24]"), 1e-5)).dim("n", 1, 4, 17).slack(4));
        cases.add(GraphCase.several("residual_norm_both", "f32[n, 24], f32[n, 24]", x -> {
            Tensor sum = x.get(0).add(x.get(1));
            return List.of(sum, sum.layerNorm(sizes(24), x.weight("f32[24]"), x.weight("f32[24]"), 1e-5));
        }).dim("n", 1, 4, 17).slack(4));
        cases.add(GraphCase.of("rms_norm", "f32[n, 24]", x -> x.get(0).mul(x.get(0).square().mean(-1, true).add(1e-6).rsqrt()).mul(x.weight("f32[24]")))
                .dim("n", 1, 4, 17).slack(4));
        cases.add(GraphCase.of("norm_of_norm", "f32[n, 24]", x -> x.get(0).layerNorm(sizes(24), null, null, 1e-2).gelu().layerNorm(sizes(24), null, null, 1e-2))
                .dim("n", 1, 4, 17).slack(10));
        cases.add(GraphCase.of("group_norm", "f32[n, 6, 5]", x -> {
            Tensor groups = x.get(0).unflatten(1, 2, 3).flatten(2, 3);
            Tensor centered = groups.sub(groups.mean(-1, true));
            return centered.mul(centered.square().mean(-1, true).add(1e-5).rsqrt()).view(x.get(0).shape())
                    .mul(x.weight("f32[6]").view(6, 1)).add(x.weight("f32[6]").view(6, 1));
        }).dim("n", 1, 4, 17).slack(4));
    }

    private static List<Size> sizes(long... sizes) {
        return java.util.Arrays.stream(sizes).mapToObj(Size::of).toList();
    }

    private void layers() {
        cases.add(GraphCase.of("mlp", "f32[n, 8]", x -> x.get(0).linear(x.weight("f32[32, 8]"), x.weight("f32[32]")).gelu()
                .linear(x.weight("f32[10, 32]"), x.weight("f32[10]"))).dim("n", 1, 3, 17).slack(20));
        cases.add(GraphCase.of("mlp_norm", "f32[n, 8]", x -> x.get(0).linear(x.weight("f32[32, 8]"), x.weight("f32[32]"))
                .layerNorm(sizes(32), x.weight("f32[32]"), x.weight("f32[32]"), 1e-5).gelu().linear(x.weight("f32[10, 32]"), x.weight("f32[10]"))
                .softmax(-1)).dim("n", 1, 3, 17).slack(20));
        cases.add(GraphCase.of("attention", "f32[b, n, 12]", x -> {
            Tensor q = heads(x.get(0).linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
            Tensor k = heads(x.get(0).linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
            Tensor v = heads(x.get(0).linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
            Tensor scores = q.matmul(k.transpose(-2, -1)).mul(0.5).softmax(-1);
            return scores.matmul(v).permute(0, 2, 1, 3).flatten(2, 3).linear(x.weight("f32[12, 12]"));
        }).dim("b", 1, 2).dim("n", 1, 9, 20).slack(50));
        cases.add(GraphCase.several("attention_operator", "f32[b, 3, n, 4], f32[b, 3, m, 4], f32[b, 3, m, 7], bool[n, m], f32[b, 1, 1, m]", x -> List.of(
                x.get(0).scaledDotProductAttention(x.get(1), x.get(2)),
                x.get(0).scaledDotProductAttention(x.get(1), x.get(2), Attention.DEFAULT.causal(true)),
                x.get(0).scaledDotProductAttention(x.get(1), x.get(2), Attention.DEFAULT.mask(x.get(3)).scale(0.3)),
                x.get(0).scaledDotProductAttention(x.get(1), x.get(2), Attention.DEFAULT.mask(x.get(4)))))
                .dim("b", 1, 2, 3).dim("n", 1, 9, 20).dim("m", 1, 17, 6).slack(20));
        cases.add(GraphCase.of("attention_operator_f64", "f64[n, 4], f64[m, 4], f64[m, 7]", x ->
                x.get(0).scaledDotProductAttention(x.get(1), x.get(2))).dim("n", 1, 9).dim("m", 1, 17));
        cases.add(GraphCase.several("attention_heads_of_projections", "f32[b, n, 12], f32[b, m, 12], i64[b, m]", x -> {
            Tensor q = heads(x.get(0).linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
            Tensor k = heads(x.get(1).linear(x.weight("f32[12, 12]")));
            Tensor v = heads(x.get(1).linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
            Attention seen = Attention.DEFAULT.mask(x.get(2).gt(0).unsqueeze(1).unsqueeze(1));
            Tensor attended = q.scaledDotProductAttention(k, v, seen);
            Tensor self = heads(x.get(0).linear(x.weight("f32[12, 12]")));
            return List.of(attended.permute(0, 2, 1, 3).flatten(2, 3).linear(x.weight("f32[12, 12]")).add(x.get(0)),
                    attended.mul(2), self.scaledDotProductAttention(self, self).sigmoid().transpose(1, 2).flatten(2));
        }).dim("b", 1, 2).dim("n", 1, 9, 20).dim("m", 3, 1, 40).slack(50));
        cases.add(GraphCase.several("attention_views", "f32[b, 6, n, 8], f32[n, 3, 8], f32[n, n]", x -> {
            Tensor odd = x.get(0).slice(1, Size.of(1), Size.of(4));
            Tensor shared = x.get(1).transpose(0, 1);
            Tensor across = x.get(0).transpose(-1, -2);
            return List.of(odd.scaledDotProductAttention(odd, odd, Attention.DEFAULT.mask(x.get(2))),
                    shared.scaledDotProductAttention(shared, shared, Attention.DEFAULT.mask(x.get(2)).scale(0.1)),
                    across.scaledDotProductAttention(across, across, Attention.DEFAULT.scale(0.2)));
        }).dim("b", 1, 2).dim("n", 1, 9, 20).slack(50));
        cases.add(GraphCase.several("attention_then_linear", "f32[b, 3, n, 8], f32[]", x -> List.of(
                x.get(0).scaledDotProductAttention(x.get(0), x.get(0)).linear(x.weight("f32[4, 8]")),
                x.get(0).unsqueeze(0).scaledDotProductAttention(x.get(0).unsqueeze(0), x.get(0).unsqueeze(0), Attention.DEFAULT.mask(x.get(1)))))
                .dim("b", 1, 2).dim("n", 1, 5, 20).slack(20));
        cases.add(GraphCase.of("named_like_functions", "f32[n]", x -> x.get(0).tan().add(x.get(0).cosh())).dim("n", 1, 20));
        cases.add(GraphCase.of("attention_blind", "f32[2, 3, n, 4], f32[n, n]", x -> x.get(0).scaledDotProductAttention(
                x.get(0), x.get(0), Attention.DEFAULT.mask(x.get(1)))).dim("n", 1, 9, 20).values(1, Values.always(Double.NEGATIVE_INFINITY)));
        cases.add(GraphCase.of("attention_masked", "f32[b, n, 12], bool[b, n]", x -> {
            Tensor q = heads(x.get(0));
            Tensor mask = x.get(1).logicalNot().unsqueeze(1).unsqueeze(1);
            return q.matmul(q.transpose(-2, -1)).mul(0.5).maskedFill(mask, -1e9).softmax(-1).matmul(q).permute(0, 2, 1, 3).flatten(2, 3);
        }).dim("b", 1, 2).dim("n", 1, 9, 20).slack(20));
        cases.add(GraphCase.of("transformer", "i64[b, n]", x -> {
            Tensor h = x.get(0).embedding(x.weight("f32[30, 12]")).add(x.weight("f32[50, 12]").slice(0, Size.ZERO, x.size("n")))
                    .layerNorm(sizes(12), x.weight("f32[12]"), x.weight("f32[12]"), 1e-5);
            for (int layer = 0; layer < 2; layer++) {
                Tensor q = heads(h.linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
                Tensor k = heads(h.linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
                Tensor v = heads(h.linear(x.weight("f32[12, 12]"), x.weight("f32[12]")));
                Tensor attended = q.matmul(k.transpose(-2, -1)).div(2).softmax(-1).matmul(v).permute(0, 2, 1, 3).flatten(2, 3);
                h = h.add(attended.linear(x.weight("f32[12, 12]"), x.weight("f32[12]")))
                        .layerNorm(sizes(12), x.weight("f32[12]"), x.weight("f32[12]"), 1e-5);
                h = h.add(h.linear(x.weight("f32[24, 12]"), x.weight("f32[24]")).gelu().linear(x.weight("f32[12, 24]"), x.weight("f32[12]")))
                        .layerNorm(sizes(12), x.weight("f32[12]"), x.weight("f32[12]"), 1e-5);
            }
            return h.mean(1).div(h.mean(1).square().sum(1, true).sqrt().clampMin(1e-12));
        }).dim("b", 1, 2).dim("n", 1, 9, 20).range("n", 1, 50, 1).values(Values.below(30)).slack(200));
        cases.add(GraphCase.of("kernel_model", "f32[n, 5]", x -> {
            Tensor difference = x.get(0).unsqueeze(1).sub(x.weight("f32[7, 5]"));
            return difference.square().sum(-1).mul(-0.5).exp().matmul(x.weight("f32[7]"));
        }).dim("n", 1, 33).slack(4));
        cases.add(GraphCase.of("standardize", "f64[n, 5]", x -> x.get(0).sub(x.get(0).mean(0, true)).div(x.get(0).std(0).add(1e-3))).dim("n", 2, 33));
    }

    private static Tensor heads(Tensor x) {
        return x.unflatten(2, 3, 4).permute(0, 2, 1, 3);
    }

    private void sharing() {
        cases.add(GraphCase.several("diamond", "f32[n, 5]", x -> {
            Tensor e = x.get(0).exp();
            return List.of(e.add(e.sqrt()), e.mul(e.log()), e.sum(1));
        }).dim("n", 1, 9, 40));
        cases.add(GraphCase.several("different_shapes", "f32[n, 5], f32[m]", x -> List.of(
                x.get(0).exp(), x.get(1).exp(), x.get(0).sum(), x.get(1).sum().add(x.get(0).sum()))).dim("n", 1, 9).dim("m", 1, 40));
        cases.add(GraphCase.several("same_extents", "f32[n, 5], f32[n, 5]", x -> List.of(
                x.get(0).exp(), x.get(1).exp(), x.get(0).mul(x.get(1)), x.get(1).t().add(1))).dim("n", 1, 9, 40));
        cases.add(GraphCase.of("expensive_broadcast", "f32[n, 1], f32[1, m]", x -> x.get(0).exp().mul(x.get(1).exp()).add(x.get(0).exp()))
                .dim("n", 1, 9, 40).dim("m", 1, 33));
        cases.add(GraphCase.of("rows_and_columns", "f32[n, m]", x -> {
            Tensor e = x.get(0).exp();
            return e.div(e.sum(1, true)).add(e.div(e.sum(0, true)));
        }).dim("n", 1, 9, 40).dim("m", 1, 33));
        cases.add(GraphCase.of("long_chain", "f32[n, 7]", x -> {
            Tensor y = x.get(0);
            for (int i = 0; i < 30; i++) {
                y = i % 3 == 0 ? y.tanh() : i % 3 == 1 ? y.mul(1.01).add(0.1) : y.sigmoid().add(y.abs().mul(0.3));
            }
            return y;
        }).dim("n", 1, 40).slack(10));
        cases.add(GraphCase.of("wide_fan", "f32[n, 7]", x -> {
            Tensor y = x.get(0).mul(0);
            for (int i = 0; i < 30; i++) {
                y = y.add(x.get(0).mul(i).sin());
            }
            return y;
        }).dim("n", 1, 40).slack(10));
        cases.add(GraphCase.of("many_reductions", "f32[n, 7]", x -> {
            Tensor y = x.get(0);
            for (int i = 0; i < 8; i++) {
                y = y.sub(y.mean(1, true)).add(y.amax(1, true).mul(0.1)).tanh();
            }
            return y;
        }).dim("n", 1, 40).slack(10));
        cases.add(GraphCase.several("transposed_both", "f32[n, m]", x -> {
            Tensor e = x.get(0).exp();
            return List.of(e, e.t(), e.t().sum(1), e.t().softmax(0));
        }).dim("n", 1, 9, 40).dim("m", 1, 33));
        cases.add(GraphCase.of("shifted_reads", "f32[n, 9]", x -> {
            Tensor e = x.get(0).exp();
            return e.slice(1, 1).sub(e.slice(1, 0, -1)).add(e.slice(1, 0, 8));
        }).dim("n", 1, 9, 40));
        cases.add(GraphCase.of("read_one_row", "f32[n, 9]", x -> {
            Tensor e = x.get(0).exp();
            return e.sub(e.select(0, 0)).add(e.slice(1, 0, 1));
        }).dim("n", 1, 9, 40));
        cases.add(GraphCase.of("reduce_then_read_row", "f32[n, 9]", x -> {
            Tensor s = x.get(0).softmax(1);
            return s.mul(s.slice(1, 0, 1)).add(s.slice(1, 8).exp());
        }).dim("n", 1, 9, 40));
        cases.add(GraphCase.of("reshape_after_reduce", "f32[n, 4, 6]", x -> x.get(0).softmax(2).flatten(1, 2).mul(2).add(x.get(0).flatten(1, 2)))
                .dim("n", 1, 9));
        cases.add(GraphCase.of("reduce_after_reshape", "f32[n, 24]", x -> x.get(0).exp().unflatten(1, 4, 6).sum(2).add(x.get(0).sum(1, true))).dim("n", 1, 9));
        cases.add(GraphCase.of("outer_then_inner", "f32[n, 8, 20]", x -> x.get(0).sum(1).softmax(1).unsqueeze(1).mul(x.get(0)).sum(2)).dim("n", 1, 9));
        cases.add(GraphCase.of("ints_and_floats", "i64[n, 5], f32[n, 5]", x -> x.get(0).mul(3).add(1).to(DType.F32).mul(x.get(1)).sum(1)
                .add(x.get(0).sum(1)).to(DType.I32)).dim("n", 1, 40));
    }

    private void borders() {
        cases.add(GraphCase.several("input_returned", "f32[n, 3], i64[]", x -> List.of(x.get(0), x.get(1), x.get(0).view(-1))).dim("n", 1, 9));
        cases.add(GraphCase.several("same_output_twice", "f32[n, 3]", x -> {
            Tensor y = x.get(0).exp();
            return List.of(y, y, y.add(1), y);
        }).dim("n", 1, 9));
        cases.add(GraphCase.several("weight_returned", "f32[n]", x -> List.of(
                x.shared("both", "f32[5, 7]"), x.shared("both", "f32[5, 7]").t(), x.weight("bool[3]"), x.weight("i64[]"))).dim("n", 1));
        cases.add(GraphCase.several("constant_returned", "f32[n]", x -> List.of(
                x.weight("f32[3]").exp(), x.weight("f64[2]").add(1).sum(), Tensor.of(new float[] {1, 2}, 2), Tensor.zeros(DType.F32, 2, 2))).dim("n", 1));
        cases.add(GraphCase.several("no_inputs", "", x -> List.of(x.weight("f32[3, 4]").softmax(1), Tensor.arange(5))));
        cases.add(GraphCase.several("unused_input", "f32[n, 3], f32[m, 9]", x -> List.of(x.get(0).exp())).dim("n", 1, 9).dim("m", 4));
        cases.add(GraphCase.several("size_of_unused", "f32[n, 3], f32[m]", x -> List.of(Tensor.arange(x.size("m")).add(x.size("n").times(1).range().min())))
                .dim("n", 1, 9).dim("m", 4, 1));
        cases.add(GraphCase.several("intermediate_returned", "f32[n, 7]", x -> {
            Tensor h = x.get(0).linear(x.weight("f32[9, 7]")).relu();
            return List.of(h, h.linear(x.weight("f32[3, 9]")), h.sum(1));
        }).dim("n", 1, 9));
        cases.add(GraphCase.several("rank_zero", "f32[], f32[], i64[], bool[]", x -> List.of(
                x.get(0).add(x.get(1)), x.get(0).mul(2).exp(), x.get(2).add(1), x.get(3).logicalNot(), Tensor.where(x.get(3), x.get(0), x.get(1)),
                x.get(0).unsqueeze(0), x.get(0).gt(0), x.get(2).to(DType.F32).add(x.get(0)))));
        cases.add(GraphCase.several("scaled_dims", "f32[2*n, m], f32[n + 1]", x -> List.of(x.get(0).sum(1), x.get(1).add(x.size("n").range().min()), x.get(0).unflatten(0, 2, -1)))
                .dim("n", 1, 9).dim("m", 3));
        cases.add(GraphCase.of("multiples", "f32[n, 3]", x -> x.get(0).unflatten(0, -1, 4).sum(1)).dim("n", 4, 12).range("n", 4, 64, 4));
        cases.add(GraphCase.several("all_types", "f32[n], f64[n], i64[n], i32[n], bool[n]", x -> List.of(
                x.get(0), x.get(1), x.get(2), x.get(3), x.get(4))).dim("n", 1, 37));
        cases.add(GraphCase.several("many_outputs", "f32[n]", x -> java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> x.get(0).add(i)).toList()).dim("n", 1, 37));
        cases.add(GraphCase.of("rank_eight", "f32[1, 2, 1, 2, n, 2, 1, 2]", x -> x.get(0).sum(4).exp()).dim("n", 1, 5));
    }

    /** Large enough for several threads. */
    private void large() {
        cases.add(GraphCase.several("large_pointwise", "f32[3, n, 1000]", x -> List.of(
                x.get(0).exp().sin(), x.get(0).permute(1, 0, 2).add(1), x.get(0).select(1, 0).exp())).dim("n", 130));
        cases.add(GraphCase.several("large_rows", "f32[n, 700]", x -> List.of(
                x.get(0).softmax(1), x.get(0).softmax(0), x.get(0).layerNorm(sizes(700), null, null, 1e-5), x.get(0).argmax(0))).dim("n", 301).slack(20));
        cases.add(GraphCase.several("large_layer", "f32[n, 96]", x -> List.of(
                x.get(0).linear(x.weight("f32[200, 96]"), x.weight("f32[200]")).gelu(),
                x.get(0).unflatten(1, 4, 24).permute(1, 0, 2).matmul(x.get(0).unflatten(1, 4, 24).permute(1, 2, 0)))).dim("n", 257).slack(20));
        cases.add(GraphCase.of("large_image", "f32[b, 8, 40, 40]", x -> x.get(0).conv2d(x.weight("f32[24, 8, 3, 3]"), null, Convolution.DEFAULT.padding(1))
                .relu().maxPool2d(Window.of(2))).dim("b", 1, 5).slack(10));
        cases.add(GraphCase.of("large_sum_of_rows", "f32[n, 523]", x -> x.get(0).mul(2).sum(1).add(1)).range("n", 0, 1 << 20, 1).dim("n", 4099));
        cases.add(GraphCase.of("large_sum_of_few_rows", "f64[n, 1025]", x -> x.get(0).sum(1)).range("n", 0, 1 << 20, 1).dim("n", 2, 1027));
        cases.add(GraphCase.of("large_places_of_rows", "i16[4099, 523]", x -> x.get(0).argmax(1, false)));
        cases.add(GraphCase.of("large_embedding", "i64[n, 50]", x -> x.get(0).embedding(x.weight("f32[100, 64]")).mean(1)).dim("n", 100).values(Values.below(100)));
        cases.add(GraphCase.of("large_failure", "i64[n, 500], i64[n, 500]", x -> x.get(0).floorDiv(x.get(1))).dim("n", 500)
                .values(1, Values.TIED).fails("divided by zero"));
    }

    /** Sizes that are not known to be right until the model runs. */
    private void checks() {
        cases.add(GraphCase.several("assumed_equal", "f32[n], f32[m]", x -> List.of(x.get(0).add(x.get(1)), x.get(0).mul(x.get(1)).sum()))
                .dim("n", 1, 5, 40).dim("m", 1, 5, 40));
        cases.add(GraphCase.of("refused_unequal", "f32[n], f32[m]", x -> x.get(0).add(x.get(1))).dim("n", 3).dim("m", 4).refuses("n must equal m"));
        cases.add(GraphCase.of("refused_view", "f32[n, m]", x -> x.get(0).view(-1, 4)).dim("n", 3).dim("m", 3).refuses("must"));
        cases.add(GraphCase.of("refused_division", "f32[n], f32[m]", x -> ViewOperators.VIEW.call(x.get(0), List.of(Size.of(-1), x.size("m"))))
                .dim("n", 4).dim("m", 0).refuses("must"));
        cases.add(GraphCase.of("refused_empty", "f32[n]", x -> x.get(0).amax(0)).dim("n", 0).refuses("no elements to choose from"));
        cases.add(GraphCase.of("refused_small", "f32[n]", x -> x.get(0).exp()).dim("n", 1).range("n", 2, 8, 1).refuses("in0"));
        cases.add(GraphCase.of("refused_large", "f32[n]", x -> x.get(0).exp()).dim("n", 9).range("n", 2, 8, 1).refuses("in0"));
        cases.add(GraphCase.of("refused_multiple", "f32[n]", x -> x.get(0).exp()).dim("n", 6).range("n", 4, 8, 4).refuses("in0"));
        cases.add(GraphCase.of("scaled_twice", "f32[n], f32[2*n + 1]", x -> x.get(0).exp().add(x.get(1).slice(0, Size.ZERO, x.size("n")))).dim("n", 3));
        cases.add(GraphCase.several("unbounded", "f32[n, m, 5]", x -> List.of(
                x.get(0).softmax(1), x.get(0).linear(x.weight("f32[6, 5]")).sum(1), x.get(0).permute(1, 0, 2).flatten(1)))
                .dim("n", 1, 9).dim("m", 2, 20).range("n", 0, Long.MAX_VALUE, 1).range("m", 1, Long.MAX_VALUE, 1).slack(4));
    }

    private void empty() {
        cases.add(GraphCase.several("nothing", "f32[n, 3]", x -> List.of(
                x.get(0).exp(), x.get(0).t(), x.get(0).softmax(1), x.get(0).linear(x.weight("f32[5, 3]")), x.get(0).sum(0), x.get(0).sum(1),
                x.get(0).layerNorm(sizes(3), null, null, 1e-5), Tensor.cat(0, x.get(0), x.get(0)), x.get(0).flatten()))
                .dim("n", 0, 1));
        cases.add(GraphCase.several("nothing_static", "f32[0], f32[3, 0]", x -> List.of(
                x.get(0).exp(), x.get(0).sum(), x.get(1).sum(1), x.get(1).t(), x.get(1).add(x.get(0)), x.get(1).softmax(0))));
        cases.add(GraphCase.several("nothing_embedded", "i64[n]", x -> List.of(x.get(0).embedding(x.shared("table", "f32[10, 5]"))))
                .dim("n", 0, 2).values(Values.below(10)));
    }

    /** Dimensions, weights and entries called like things of the generated code. */
    private void names() {
        cases.add(GraphCase.several("name_pack", "f32[n, 3], f32[n, 3, 4, 4]", x -> List.of(
                x.get(0).linear(x.shared("hidden", "f32[5, 3]")), x.get(0).linear(x.shared("pack_hidden", "f32[5, 3]")),
                x.get(0).linear(x.shared("cpp_fused_linear_0", "f32[5, 3]")),
                x.get(1).conv2d(x.shared("convolution", "f32[5, 3, 3, 3]"), null, Convolution.DEFAULT))).dim("n", 1, 9).slack(4));
        for (String name : List.of("m", "n", "b", "i0", "t0", "count", "size", "end", "begin", "L", "int", "pool", "call", "co", "kLanes", "j0_l", "x_dim")) {
            cases.add(GraphCase.several("name_" + name, "f32[%s, 7], f32[%s]".formatted(name, name), x -> List.of(
                    x.get(0).linear(x.weight("f32[5, 7]")).add(x.get(1).unsqueeze(1)), x.get(0).sum(0).add(Tensor.arange(x.size(name)).sum()),
                    x.get(0).unsqueeze(0).matmul(x.get(0).t().unsqueeze(0)).softmax(-1))).dim(name, 1, 9).slack(4));
        }
    }
}
