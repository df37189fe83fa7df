package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.CreationOperators;
import io.toroid.op.IndexingOperators;
import io.toroid.op.JoiningOperators;
import io.toroid.op.ViewOperators;
import io.toroid.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/** Views, views of views, joined and made tensors, rows by index. */
final class ViewCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private ViewCases() {
    }

    static List<GraphCase> all() {
        ViewCases family = new ViewCases();
        family.single();
        family.chains();
        family.joins();
        family.creation();
        family.rows();
        return family.cases;
    }

    private void single() {
        cases.add(GraphCase.several("view", "f32[n, 6]", x -> List.of(
                x.get(0).view(-1), x.get(0).view(-1, 3), x.get(0).view(-1, 2, 3), x.get(0).view(-1, 1, 6), x.get(0).flatten(),
                x.get(0).unflatten(1, 3, 2), x.get(0).reshape(x.size("n*2"), x.size("3")))).dim("n", 1, 7, 40));
        cases.add(GraphCase.several("view_dynamic", "f32[n, m, 3]", x -> List.of(
                x.get(0).flatten(), x.get(0).flatten(0, 1), x.get(0).flatten(1, 2), x.get(0).view(x.get(0).shape())))
                .dim("n", 1, 7, 20).dim("m", 1, 5, 33));
        cases.add(GraphCase.several("view_apart", "f32[n, m, 6]", x -> List.of(
                ViewOperators.VIEW.call(x.get(0), List.of(x.size("m"), x.size("n"), x.size("6"))),
                ViewOperators.VIEW.call(x.get(0), List.of(x.size("2*m"), x.size("3*n"))))).dim("n", 1, 7, 20).dim("m", 1, 5, 33));
        cases.add(GraphCase.several("no_elements", "f32[2, 0, 0], f32[0, 3]", x -> List.of(
                x.get(0).exp(), x.get(0).sum(2), x.get(1).sum(0), x.get(1).view(3, 0).sum(1), x.get(1).repeat(2, 2))));
        cases.add(GraphCase.several("view_dtype", "f32[n, 3], f64[n], i32[n], f16[n], i8[n]", x -> List.of(
                x.get(0).view(DType.I32), x.get(0).t().view(DType.I32), x.get(1).view(DType.I64).add(1),
                x.get(2).to(DType.F32).exp().view(DType.I32).view(DType.F32), x.get(3).view(DType.I16), x.get(3).view(DType.I16).view(DType.F16).mul(2),
                x.get(4).view(DType.U8).to(DType.I32))).dim("n", 1, 7, 40));
        cases.add(GraphCase.several("permute", "f32[n, 3, m]", x -> List.of(
                x.get(0).permute(2, 1, 0), x.get(0).permute(1, 0, 2), x.get(0).permute(0, 2, 1), x.get(0).permute(2, 0, 1),
                x.get(0).permute(-1, 0, 1), x.get(0).transpose(0, 2), x.get(0).select(1, 0).t()))
                .dim("n", 1, 7, 20).dim("m", 1, 5, 33));
        cases.add(GraphCase.several("permute_types", "f64[n, 3], i64[n, 3], i32[n, 3], bool[n, 3]", x -> List.of(
                x.get(0).t(), x.get(1).t(), x.get(2).t(), x.get(3).t())).dim("n", 1, 20));
        cases.add(GraphCase.several("squeeze", "f32[1, n, 1, 3]", x -> List.of(
                x.get(0).squeeze(), x.get(0).squeeze(0), x.get(0).squeeze(1), x.get(0).squeeze(0, 2), x.get(0).unsqueeze(0),
                x.get(0).unsqueeze(-1), x.get(0).unsqueeze(2))).dim("n", 1, 9));
        cases.add(GraphCase.several("expand", "f32[n, 1, 3], f32[1], f32[]", x -> List.of(
                x.get(0).expand(-1, 4, 3), x.get(0).expand(2, -1, 1, -1), x.get(1).expand(5), x.get(2).expand(2, 3),
                ViewOperators.EXPAND.call(x.get(1), List.of(x.size("n"))))).dim("n", 1, 9));
        cases.add(GraphCase.several("slice", "f32[n, 9]", x -> List.of(
                x.get(0).slice(1, 2), x.get(0).slice(1, 2, 5), x.get(0).slice(1, 1, 8, 3), x.get(0).slice(1, -3),
                x.get(0).slice(1, 0, -1), x.get(0).slice(0, 1, 3), x.get(0).slice(0, -2), x.get(0).slice(0, 0, 100),
                x.get(0).slice(0, 5), x.get(0).slice(0, 1, 1000, 4), x.get(0).slice(1, 4, 4))).dim("n", 1, 2, 3, 6, 40));
        cases.add(GraphCase.several("slice_dynamic", "f32[n, m]", x -> List.of(
                x.get(0).slice(0, x.size("1"), x.size("n")), x.get(0).slice(1, x.size("0"), x.size("min(n, m)")),
                x.get(0).slice(1, x.size("m//2"), x.size("m")), x.get(0).slice(0, x.size("n//2"), x.size("n - n//3"))))
                .dim("n", 1, 7, 20).dim("m", 1, 5, 33));
        cases.add(GraphCase.several("select", "f32[n, 4, m]", x -> List.of(
                x.get(0).select(1, 2), x.get(0).select(1, -1), x.get(0).select(0, 0), x.get(0).select(0, -1),
                x.get(0).select(2, x.size("m - 1")), x.get(0).select(0, x.size("n//2")))).dim("n", 1, 7, 20).dim("m", 1, 5, 33));
        cases.add(GraphCase.several("split", "f32[n, 10]", x -> {
            List<Tensor> parts = new ArrayList<>(x.get(0).split(4, 1));
            parts.addAll(x.get(0).chunk(3, 1));
            return parts;
        }).dim("n", 1, 9));
    }

    private void chains() {
        cases.add(GraphCase.of("view_of_permute", "f32[n, 3, 4]", x -> x.get(0).permute(0, 2, 1).reshape(x.size("n"), x.size("12")))
                .dim("n", 1, 9, 40));
        cases.add(GraphCase.of("heads", "f32[n, m, 12]", x -> x.get(0).unflatten(2, 3, 4).permute(0, 2, 1, 3).mul(2)
                .permute(0, 2, 1, 3).flatten(2, 3)).dim("n", 1, 3).dim("m", 1, 17));
        cases.add(GraphCase.of("slice_of_permute", "f32[n, 6]", x -> x.get(0).t().slice(0, 1, 5, 2).slice(1, 0, -1)).dim("n", 2, 9, 33));
        cases.add(GraphCase.of("select_of_view", "f32[n, 12]", x -> x.get(0).unflatten(1, 3, 4).select(1, 1).unsqueeze(0)).dim("n", 1, 33));
        cases.add(GraphCase.of("expand_of_view", "f32[12]", x -> x.get(0).view(1, 3, 4).expand(5, 3, 4).flatten()));
        cases.add(GraphCase.of("add_views", "f32[n, 4], f32[4, n]", x -> x.get(0).add(x.get(1).t())).dim("n", 1, 5, 33));
        cases.add(GraphCase.of("add_transposed_self", "f32[17, 17]", x -> x.get(0).add(x.get(0).t())));
        cases.add(GraphCase.of("reversed_dims", "f32[2, 3, n, 5]", x -> x.get(0).permute(3, 2, 1, 0).exp().permute(3, 1, 2, 0)).dim("n", 1, 7));
        cases.add(GraphCase.of("flatten_transposed", "f32[n, m]", x -> x.get(0).t().flatten().mul(2)).dim("n", 1, 7, 20).dim("m", 1, 5, 33));
        cases.add(GraphCase.of("views_twice", "f32[n, 4]", x -> {
            Tensor y = x.get(0).exp();
            return Tensor.cat(0, y.slice(1, 0, 2), y.slice(1, 2, 4)).sum(0).add(y.select(0, 0).slice(0, 1, 3));
        }).dim("n", 1, 9));
        cases.add(GraphCase.of("rotate_half", "f32[n, m, 8]", x -> Tensor.cat(-1, x.get(0).slice(-1, 4).neg(), x.get(0).slice(-1, 0, 4))
                .mul(x.get(0)).add(x.get(0).square())).dim("n", 1, 3).dim("m", 1, 17));
        cases.add(GraphCase.of("strided_rows", "f32[n, 7]", x -> x.get(0).slice(0, 0, Long.MAX_VALUE, 3).relu()).dim("n", 1, 4, 33));
        cases.add(GraphCase.of("deep_rank", "f32[2, 1, 3, n, 2, 2]", x -> x.get(0).permute(5, 4, 3, 2, 1, 0).add(1).flatten(1, 4)).dim("n", 1, 5));
    }

    private void joins() {
        cases.add(GraphCase.several("cat", "f32[n, 3], f32[n, 2], f32[m, 3]", x -> List.of(
                Tensor.cat(1, x.get(0), x.get(1)), Tensor.cat(0, x.get(0), x.get(2)), Tensor.cat(-1, x.get(0), x.get(0), x.get(1)),
                Tensor.cat(0, x.get(0)))).dim("n", 1, 5, 33).dim("m", 1, 2, 17));
        cases.add(GraphCase.of("cat_middle", "f32[2, n, 3], f32[2, 4, 3]", x -> Tensor.cat(1, x.get(0), x.get(1), x.get(0).neg()))
                .dim("n", 1, 5, 33));
        cases.add(GraphCase.of("cat_then", "f32[n, 3], f32[n, 2]", x -> Tensor.cat(1, x.get(0).exp(), x.get(1)).relu().sum(1, true))
                .dim("n", 1, 5, 33));
        cases.add(GraphCase.several("cat_in_the_middle", "f32[n, 4]", x -> {
            Tensor both = Tensor.cat(1, x.get(0).exp(), x.get(0).square());
            return List.of(both.mul(2), both.slice(1, 0, 4).add(both.slice(1, 4)), both);
        }).dim("n", 1, 5, 33));
        cases.add(GraphCase.of("cat_types", "i32[n], f32[n], bool[n]", x -> Tensor.cat(0, x.get(0), x.get(1), x.get(2))).dim("n", 1, 33));
        cases.add(GraphCase.of("cat_empty", "f32[0], f32[n, 3], f32[0, 3]", x -> Tensor.cat(0, x.get(0), x.get(1), x.get(2))).dim("n", 1, 9));
        cases.add(GraphCase.of("cat_nothing", "f32[n, 3], f32[n, 3]", x -> Tensor.cat(0, x.get(0), x.get(1))).dim("n", 0, 1));
        cases.add(GraphCase.of("cat_of_cats", "f32[n]", x -> Tensor.cat(0, Tensor.cat(0, x.get(0), x.get(0).neg()), Tensor.cat(0, x.get(0)))).dim("n", 1, 20));
        cases.add(GraphCase.of("cat_reductions", "f32[n, 5]", x -> Tensor.cat(1, x.get(0).amax(1, true), x.get(0).sum(1, true), x.get(0))).dim("n", 1, 20));
        cases.add(GraphCase.several("stack", "f32[n, 3], f32[n, 3]", x -> List.of(
                Tensor.stack(0, x.get(0), x.get(1)), Tensor.stack(1, x.get(0), x.get(1)), Tensor.stack(-1, x.get(0), x.get(1), x.get(0))))
                .dim("n", 1, 5, 33));
        cases.add(GraphCase.of("stack_single", "f32[], f32[]", x -> JoiningOperators.STACK.call(List.of(x.get(0), x.get(1)), 0)));
        cases.add(GraphCase.several("cat_product", "f32[n, 4]", x -> {
            Tensor w = x.weight("f32[6, 4]");
            return List.of(Tensor.cat(1, x.get(0).linear(w), x.get(0)), Tensor.cat(0, x.get(0).linear(w), x.get(0).linear(w).relu()));
        }).dim("n", 1, 5, 33));
    }

    private void creation() {
        cases.add(GraphCase.several("nothing_viewed", "f32[n, 6], f32[0, 3]", x -> List.of(
                x.get(0).slice(1, 6).flatten(0, 1), x.get(1).view(3, 0), x.get(1).view(0, 5, 2),
                x.get(1).view(0, 4, 3).linear(x.weight("f32[2, 3]")), x.get(1).unsqueeze(0).add(1).softmax(2))).dim("n", 1, 4));
        cases.add(GraphCase.several("full", "f32[n, 2]", x -> List.of(
                Tensor.full(DType.F32, 2.5, x.get(0).shape()), Tensor.zeros(DType.I64, 3, 2), Tensor.ones(DType.BOOL, 4),
                x.get(0).fullLike(-1), Tensor.full(DType.I32, -7, 5), Tensor.full(DType.F64, Double.NEGATIVE_INFINITY, 2),
                Tensor.full(DType.F32, Double.NaN), CreationOperators.FULL_LIKE.call(x.get(0), 3, DType.I64),
                Tensor.full(DType.I64, Long.MIN_VALUE, 1), Tensor.full(DType.F32, 1e-45, 2), Tensor.full(DType.F64, 0.1, 2),
                Tensor.full(DType.BOOL, 0.25, 2), CreationOperators.FULL_LIKE.call(x.get(0).gt(0), -3)))
                .dim("n", 1, 20));
        cases.add(GraphCase.several("arange", "f32[n]", x -> List.of(
                Tensor.arange(7), Tensor.arange(x.size("n")), Tensor.arange(2, 11, 3), Tensor.arange(5, -4, -2),
                Tensor.arange(0.5, 3.0, 0.25), CreationOperators.ARANGE.call(1, x.size("2*n + 1"), 2),
                CreationOperators.ARANGE.call(0, x.size("n"), 1, DType.F32), CreationOperators.ARANGE.call(0, 40, 1, DType.I32)))
                .dim("n", 1, 20, 50));
        cases.add(GraphCase.of("positions", "f32[n, m, 4]", x -> x.get(0).add(Tensor.arange(x.size("m")).to(DType.F32).unsqueeze(1)))
                .dim("n", 1, 3).dim("m", 1, 17));
        cases.add(GraphCase.of("causal_mask", "f32[n, m, m]", x -> x.get(0).maskedFill(
                Tensor.arange(x.size("m")).unsqueeze(0).gt(Tensor.arange(x.size("m")).unsqueeze(1)), Double.NEGATIVE_INFINITY))
                .dim("n", 1, 3).dim("m", 1, 17));
        cases.add(GraphCase.several("literals", "f32[n, 3]", x -> List.of(
                x.get(0).add(Tensor.of(new float[] {1, 2, 3}, 3)), x.get(0).mul(Tensor.of(new float[] {1.5f}, 1)),
                x.get(0).add(Tensor.of(new double[] {1, 2, 3}, 3)), Tensor.of(new long[] {4, 5}, 2),
                Tensor.of(new boolean[] {true, false, true}, 3).logicalNot(), Tensor.of(new float[] {3}, 1, 1).linear(x.weight("f32[2, 1]")),
                x.get(0).slice(1, 0, 1).linear(Tensor.of(new float[] {2.5f}, 1, 1))))
                .dim("n", 1, 20));
    }

    private void rows() {
        cases.add(GraphCase.several("embedding", "i64[n, m], i32[n]", x -> {
            Tensor table = x.shared("table", "f32[10, 5]");
            return List.of(x.get(0).embedding(table), x.get(1).embedding(table), x.get(0).embedding(table).sum(1),
                    x.get(0).embedding(table).add(1).permute(0, 2, 1));
        }).dim("n", 1, 5, 33).dim("m", 1, 7, 2).values(Values.below(10)));
        cases.add(GraphCase.of("embedding_types", "i64[n], bool[4, 2]", x -> x.get(0).embedding(x.get(1))).dim("n", 1, 20).values(Values.below(4)));
        cases.add(GraphCase.of("embedding_single", "i64[]", x -> x.get(0).embedding(x.shared("table", "f32[10, 5]"))).values(Values.below(10)));
        cases.add(GraphCase.of("embedding_of_values", "i64[n], f32[6, 3]", x -> x.get(0).embedding(x.get(1).exp())).dim("n", 1, 20)
                .values(0, Values.below(6)));
        cases.add(GraphCase.of("embedding_of_argmax", "f32[n, 6]", x -> x.get(0).argmax(1).embedding(x.weight("f64[6, 3]"))).dim("n", 1, 20));
        cases.add(GraphCase.of("embedding_shared", "i64[n, m]", x -> x.get(0).embedding(x.shared("table", "f32[10, 5]"))
                .linear(x.shared("table", "f32[10, 5]"))).dim("n", 1, 5).dim("m", 1, 7).values(Values.below(10)));
        cases.add(GraphCase.of("embedding_one_row", "i64[n]", x -> IndexingOperators.EMBEDDING.call(Tensor.of(new float[] {4}, 1, 1), x.get(0)))
                .dim("n", 1, 5).values(Values.always(0)));
        cases.add(GraphCase.of("embedding_abs", "i64[n], i64[6, 3]", x -> x.get(0).embedding(x.get(1)).abs()).dim("n", 1, 20).values(0, Values.below(6)));
        String message = "is out of range";
        cases.add(GraphCase.of("embedding_beyond", "i64[n]", x -> x.get(0).embedding(x.shared("table", "f32[10, 5]"))).dim("n", 1, 33)
                .values(Values.always(10)).fails("embedding: index 10 " + message));
        cases.add(GraphCase.of("embedding_negative", "i64[n]", x -> x.get(0).embedding(x.shared("table", "f32[10, 5]"))).dim("n", 1, 33)
                .values(Values.always(-1)).fails("embedding: index -1 " + message));
        cases.add(GraphCase.of("embedding_huge", "i64[n]", x -> x.get(0).embedding(x.shared("table", "f32[10, 5]")).sum(0)).dim("n", 1, 33)
                .values(Values.always(1L << 40)).fails(message));
        cases.add(GraphCase.of("embedding_scaled", "i64[n]", x -> x.get(0).embedding(x.shared("table", "f32[10, 5]")).mul(2).linear(x.weight("f32[3, 5]")))
                .dim("n", 1, 33).values(Values.below(10)));
        cases.add(GraphCase.several("made_from_shape", "f32[n, 2]", x -> List.of(
                Tensor.full(DType.F32, 1, Shape.of(x.size("n"), x.size("n"))), Tensor.arange(x.size("n")).mul(x.get(0).sum(1).to(DType.I64))))
                .dim("n", 1, 20));
    }
}
