package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.ActivationOperators;
import io.toroid.op.CreationOperators;
import io.toroid.op.ControlFlow;
import io.toroid.op.Convolution;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.Schema;
import io.toroid.op.TensorType;
import io.toroid.op.Window;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The types of two bytes and one: stored so, computed in f32 where they are floating, wrapping around where they are
 * integers. Of the operators that work element by element on one or two tensors, or a tensor and a number, all that there are.
 */
final class NarrowCases {

    private static final List<String> FLOATS = List.of("f16", "bf16");
    private static final List<String> INTEGERS = List.of("i16", "i8", "u8");
    private static final List<String> NARROW = List.of("f16", "bf16", "i16", "i8", "u8");
    private static final List<String> ALL = List.of("f32", "f64", "f16", "bf16", "i64", "i32", "i16", "i8", "u8", "bool");

    /** One of their operands holds indices, or is sorted. */
    private static final Set<String> INDEXING = Set.of("take", "searchsorted", "bucketize");

    private final List<GraphCase> cases = new ArrayList<>();

    static List<GraphCase> all() {
        NarrowCases narrow = new NarrowCases();
        narrow.everyOperator();
        narrow.promotions();
        narrow.conversions();
        narrow.integers();
        narrow.reductions();
        narrow.products();
        narrow.images();
        narrow.normalizations();
        narrow.movements();
        narrow.chains();
        return narrow.cases;
    }

    // ---- element by element

    private void everyOperator() {
        for (Operator operator : Operators.all()) {
            if (INDEXING.contains(operator.schema().name())) {
                continue;
            }
            List<String> required = operator.schema().parameters().stream().filter(parameter -> parameter.fallback() == null)
                    .map(Schema.Parameter::type).map(type -> type.replaceFirst("\\(.*\\)", "")).toList();
            if (required.equals(List.of("Tensor"))) {
                pointwise(operator, NARROW, Values.NORMAL, "", operator::call);
                pointwise(operator, FLOATS, Values.SPECIAL, "_special", operator::call);
            } else if (required.equals(List.of("Tensor", "Tensor"))) {
                pointwise(operator, NARROW, Values.NONZERO, "", x -> operator.call(x, x.neg()));
            } else if (required.equals(List.of("Tensor", "Scalar"))) {
                pointwise(operator, NARROW, Values.NONZERO, "_3", x -> operator.call(x, 3));
                pointwise(operator, NARROW, Values.NONZERO, "_0p75", x -> operator.call(x, 0.75));
            }
        }
    }

    /** One output for each type that the operator takes, if it gives a tensor of the same sizes. */
    private void pointwise(Operator operator, List<String> dtypes, Values values, String label, Function<Tensor, Tensor> call) {
        List<String> taken = dtypes.stream().filter(dtype -> isPointwise(dtype, call)).toList();
        if (!taken.isEmpty()) {
            String inputs = taken.stream().map("%s[n]"::formatted).collect(Collectors.joining(", "));
            String name = "narrow_" + operator.name().substring("aten.".length()).replace('.', '_') + label;
            cases.add(GraphCase.several(name, inputs, x -> IntStream.range(0, taken.size())
                    .mapToObj(i -> call.apply(x.get(i))).toList()).dim("n", 1, 37, 160).values(values));
        }
    }

    private static boolean isPointwise(String dtype, Function<Tensor, Tensor> call) {
        try {
            Shape shape = Shape.of(5);
            Tensor x = Tensor.placeholder("x", new TensorType(DType.ofText(dtype).orElseThrow(), shape));
            return call.apply(x).shape().equals(shape);
        } catch (TensorException _) {
            return false;
        }
    }

    private void promotions() {
        for (String left : NARROW) {
            String inputs = ALL.stream().map(right -> right + "[n]").collect(Collectors.joining(", ", left + "[n], ", ""));
            cases.add(GraphCase.several("narrow_promotion_" + left, inputs, x -> IntStream.rangeClosed(1, ALL.size())
                    .mapToObj(i -> x.get(0).add(x.get(i))).toList()).dim("n", 1, 37));
            cases.add(GraphCase.several("narrow_comparison_" + left, inputs, x -> IntStream.rangeClosed(1, ALL.size())
                    .mapToObj(i -> x.get(0).lt(x.get(i))).toList()).dim("n", 1, 37));
        }
        cases.add(GraphCase.several("narrow_singles_round", "f16[], bf16[n], f32[], i64[]", x -> List.of(
                x.get(0).eq(x.get(1)), x.get(1).gt(x.get(2)), x.get(1).ge(x.get(0)), x.get(3).eq(x.get(1).mul(2570)),
                x.get(1).floorDiv(x.get(0)), x.get(1).remainder(x.get(2)), x.get(1).fmod(x.get(0)))).dim("n", 1, 40).values(Values.always(0.1)).values(3, Values.always(257)));
        cases.add(GraphCase.several("narrow_singles", "bf16[n], i8[n], f32[], i64[], f16[]", x -> List.of(
                x.get(0).mul(x.get(2)), x.get(0).mul(x.get(3)), x.get(1).mul(x.get(3)), x.get(1).mul(x.get(4)), x.get(0).add(x.get(4))))
                .dim("n", 1, 37));
    }

    private void conversions() {
        for (String from : ALL) {
            cases.add(GraphCase.several("narrow_convert_" + from, from + "[n]", x -> NARROW.stream()
                    .map(to -> x.get(0).to(DType.ofText(to).orElseThrow())).toList()).dim("n", 1, 37));
            cases.add(GraphCase.several("narrow_convert_single_" + from, from + "[]", x -> NARROW.stream()
                    .map(to -> x.get(0).to(DType.ofText(to).orElseThrow())).toList()));
        }
        for (String from : NARROW) {
            cases.add(GraphCase.several("narrow_widen_" + from, from + "[n]", x -> ALL.stream()
                    .map(to -> x.get(0).to(DType.ofText(to).orElseThrow())).toList()).dim("n", 1, 37));
        }
        cases.add(GraphCase.several("narrow_wrap", "i64[n], i32[n]", x -> INTEGERS.stream().map(to -> DType.ofText(to).orElseThrow())
                .flatMap(to -> java.util.stream.Stream.of(x.get(0).to(to), x.get(1).to(to))).toList()).dim("n", 64).values(Values.WIDE));
        cases.add(GraphCase.several("narrow_special", "f32[n], f64[n]", x -> FLOATS.stream().map(to -> DType.ofText(to).orElseThrow())
                .flatMap(to -> java.util.stream.Stream.of(x.get(0).to(to), x.get(1).to(to))).toList()).dim("n", 64).values(Values.SPECIAL));
        cases.add(GraphCase.several("narrow_rounds_where_written", "f32[n]", x -> List.of(
                x.get(0).to(DType.BF16).to(DType.F32), x.get(0).to(DType.F16).to(DType.F32).mul(2),
                x.get(0).mul(3).to(DType.BF16).to(DType.F64))).dim("n", 1, 37));
    }

    private void integers() {
        for (String dtype : INTEGERS) {
            cases.add(GraphCase.several("narrow_wrap_" + dtype, "%1$s[n], %1$s[n], %1$s[], %1$s[]".formatted(dtype), x -> List.of(
                    x.get(0).add(x.get(1)), x.get(0).sub(x.get(1)), x.get(0).mul(x.get(1)), x.get(0).neg(), x.get(0).abs(),
                    x.get(0).bitwiseNot(), x.get(2).mul(x.get(3)), x.get(2).sub(x.get(3)), x.get(2).neg(), x.get(0).mul(100), x.get(0).pow(3),
                    x.get(0).lt(x.get(1)), x.get(0).maximum(x.get(1)), x.get(0).bitwiseXor(x.get(1)))).dim("n", 1, 100).values(Values.WIDE));
            cases.add(GraphCase.of("narrow_divide_by_zero_" + dtype, "%1$s[n], %1$s[n]".formatted(dtype), x -> x.get(0).floorDiv(x.get(1)))
                    .dim("n", 40).values(1, Values.TIED).fails("divided by zero"));
        }
        cases.add(GraphCase.several("narrow_constants", "i8[n], u8[n], bf16[n]", x -> List.of(
                x.get(0).add(Tensor.of(new byte[] {-128}, 1)), x.get(1).add(Tensor.of(new byte[] {-1, 1}, 2).to(DType.U8).unsqueeze(1)),
                x.get(2).mul(Tensor.of(DType.BF16, new float[] {0.1f, 1e-3f, 300}, 3, 1)), x.get(2).add(Tensor.of(DType.F16, new float[] {0.1f}, 1)),
                x.get(0).mul(Tensor.of(new short[] {1000}, 1)), Tensor.full(DType.BF16, 0.1, 3), Tensor.full(DType.U8, 200, 3).add(x.get(1).unsqueeze(1))))
                .dim("n", 1, 37));
        cases.add(GraphCase.several("narrow_fills", "u8[n], i8[n], f32[n]", x -> List.of(
                CreationOperators.FILL_SCALAR.call(x.get(0), -1).sub(x.get(2)), CreationOperators.FILL_SCALAR.call(x.get(0), -200).add(x.get(0)),
                CreationOperators.FILL_SCALAR.call(x.get(0), 3.75).mul(x.get(2)), CreationOperators.FILL_SCALAR.call(x.get(1), -1.5).mul(x.get(2)),
                x.get(0).fullLike(-1).to(DType.I64), x.get(0).lt(-1), x.get(0).maskedFill(x.get(0).gt(2), -2),
                ActivationOperators.HARDTANH.call(x.get(0), 0.5, 2.5), ActivationOperators.HARDTANH.call(x.get(1), -1.5, 2.5)))
                .dim("n", 1, 37));
    }

    // ---- reductions and products

    private void reductions() {
        for (String dtype : NARROW) {
            boolean isFloating = DType.ofText(dtype).orElseThrow().isFloating();
            cases.add(GraphCase.several("narrow_extremes_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).amax(1), x.get(0).amin(0), x.get(0).amax(0), x.get(0).amin(1), x.get(0).argmax(1), x.get(0).argmin(0),
                    x.get(0).argmax(), x.get(0).any(1), x.get(0).all(0))).dim("n", 1, 5, 33).dim("m", 1, 7, 100)
                    .values(isFloating ? Values.NORMAL : Values.WIDE));
            cases.add(GraphCase.several("narrow_sums_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).sum(1), x.get(0).sum(0), x.get(0).sum())).dim("n", 1, 5, 33).dim("m", 1, 7, 100).slack(2));
        }
        for (String dtype : FLOATS) {
            cases.add(GraphCase.several("narrow_means_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).mean(1), x.get(0).mean(0), x.get(0).var(1), x.get(0).square().mean(1, true).sqrt()))
                    .dim("n", 3, 5, 33).dim("m", 7, 2, 100).slack(4));
            cases.add(GraphCase.of("narrow_long_sum_" + dtype, dtype + "[n]", x -> x.get(0).sum())
                    .dim("n", 20_000).range("n", 1, 20_000, 1).values(Values.POSITIVE));
        }
    }

    private void products() {
        for (String dtype : NARROW) {
            cases.add(GraphCase.of("narrow_mm_" + dtype, "%1$s[n, k], %1$s[k, 5]".formatted(dtype), x -> x.get(0).matmul(x.get(1)))
                    .dim("n", 1, 9, 33).dim("k", 1, 7, 70).slack(4));
            cases.add(GraphCase.of("narrow_bmm_" + dtype, "%1$s[2, n, 5], %1$s[2, 5, n]".formatted(dtype), x -> x.get(0).matmul(x.get(1)))
                    .dim("n", 1, 9).slack(4));
        }
        for (String dtype : FLOATS) {
            cases.add(GraphCase.several("narrow_linear_" + dtype, dtype + "[n, 7]", x -> {
                Tensor y = x.get(0).linear(x.weight(dtype + "[20, 7]"), x.weight(dtype + "[20]"));
                return List.of(y, y.relu(), y.gelu().add(y));
            }).dim("n", 1, 9, 33).slack(4));
            cases.add(GraphCase.of("narrow_layers_" + dtype, dtype + "[n, 8]", x -> x.get(0)
                    .linear(x.weight(dtype + "[16, 8]"), x.weight(dtype + "[16]")).relu().linear(x.weight(dtype + "[4, 16]")))
                    .dim("n", 1, 33).slack(8));
            cases.add(GraphCase.of("narrow_weight_" + dtype, "f32[n, 7]", x -> x.get(0).linear(x.weight(dtype + "[5, 7]").to(DType.F32)))
                    .dim("n", 1, 9));
        }
    }

    private void images() {
        for (String dtype : FLOATS) {
            cases.add(GraphCase.several("narrow_image_" + dtype, dtype + "[n, 3, 9, 9]", x -> {
                Tensor y = x.get(0).conv2d(x.weight(dtype + "[8, 3, 3, 3]"), x.weight(dtype + "[8]"), Convolution.DEFAULT);
                return List.of(y, y.relu().maxPool2d(Window.of(2)), y.avgPool2d(Window.of(3)));
            }).dim("n", 1, 3).slack(8));
        }
        for (String dtype : INTEGERS) {
            cases.add(GraphCase.of("narrow_max_pool_" + dtype, dtype + "[n, 3, 9, 9]", x -> x.get(0).maxPool2d(Window.of(3))).dim("n", 1, 3)
                    .values(Values.WIDE));
        }
    }

    private void normalizations() {
        for (String dtype : FLOATS) {
            cases.add(GraphCase.several("narrow_softmax_" + dtype, dtype + "[n, m]", x -> List.of(
                    x.get(0).softmax(1), x.get(0).softmax(0), x.get(0).logSoftmax(1))).dim("n", 1, 5, 33).dim("m", 1, 7, 100).slack(2));
            cases.add(GraphCase.of("narrow_layer_norm_" + dtype, dtype + "[n, 24]", x -> x.get(0)
                    .layerNorm(List.of(Size.of(24)), x.weight(dtype + "[24]"), x.weight(dtype + "[24]"), 1e-5)).dim("n", 1, 33).slack(4));
        }
    }

    // ---- elements that only move, and several operators

    private void movements() {
        for (String dtype : NARROW) {
            cases.add(GraphCase.several("narrow_views_" + dtype, dtype + "[n, 6]", x -> List.of(
                    x.get(0).t(), x.get(0).flatten(0, 1), x.get(0).slice(1, 1, 5), x.get(0).unsqueeze(1).expand(-1, 3, -1),
                    x.get(0).select(1, 2), x.get(0).t().slice(0, 1, 3).neg())).dim("n", 1, 9, 33));
            cases.add(GraphCase.several("narrow_cat_" + dtype, "%1$s[n, 3], %1$s[n, 2], f32[n, 2]".formatted(dtype), x -> List.of(
                    Tensor.cat(1, x.get(0), x.get(1)), Tensor.cat(1, x.get(0), x.get(1).neg()), Tensor.cat(1, x.get(0), x.get(2)),
                    Tensor.stack(0, x.get(1), x.get(1)))).dim("n", 1, 9, 33));
            cases.add(GraphCase.of("narrow_embedding_" + dtype, "i64[n]", x -> x.get(0).embedding(x.weight(dtype + "[10, 5]")))
                    .dim("n", 1, 33).values(Values.below(10)));
            cases.add(GraphCase.several("narrow_where_" + dtype, "bool[n], %1$s[n], %1$s[n]".formatted(dtype), x -> List.of(
                    Tensor.where(x.get(0), x.get(1), x.get(2)), x.get(1).maskedFill(x.get(0), 1), x.get(1).clamp(-1, 2), x.get(1)))
                    .dim("n", 1, 37));
        }
    }

    /** Compiled, a chain rounds once, and eagerly after each operator: where a difference cancels, the two are no longer near. */
    private void chains() {
        for (String dtype : FLOATS) {
            cases.add(GraphCase.of("narrow_chain_" + dtype, "%1$s[n, m], %1$s[m]".formatted(dtype), x ->
                    x.get(0).mul(x.get(1)).sigmoid().add(x.get(0).tanh()).mul(0.5)).dim("n", 1, 5).dim("m", 1, 37).slack(4).values(Values.POSITIVE));
            cases.add(GraphCase.of("narrow_residual_" + dtype, dtype + "[n, 16]", x -> x.get(0).add(
                    x.get(0).softmax(1).t().t().exp())).dim("n", 1, 33).slack(4).values(Values.POSITIVE));
            cases.add(GraphCase.of("narrow_branch_" + dtype, "%1$s[n], %1$s[n]".formatted(dtype), x -> ControlFlow.cond(
                    x.get(0).sum().gt(0), () -> x.get(1).mul(2).exp(), () -> x.get(1).mul(0.5)).add(x.get(0).relu())).dim("n", 1, 33).slack(4));
            cases.add(GraphCase.of("narrow_positions_" + dtype, dtype + "[n, 4]", x -> x.get(0).add(
                    Tensor.arange(x.size("n")).to(DType.ofText(dtype).orElseThrow()).unsqueeze(1))).dim("n", 1, 33).slack(2));
        }
    }
}
