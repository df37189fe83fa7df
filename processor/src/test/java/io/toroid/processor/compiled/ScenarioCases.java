package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Convolution;
import io.toroid.op.ControlFlow;
import io.toroid.op.HistogramOperators;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Models of PyTorch's tests of AOTInductor that are no case of any family, under their names there. */
final class ScenarioCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private ScenarioCases() {
    }

    static List<GraphCase> all() {
        ScenarioCases family = new ScenarioCases();
        family.networks();
        family.quantized();
        family.sizesFromData();
        family.control();
        return family.cases;
    }

    private void networks() {
        cases.add(GraphCase.of("misc_1", "f32[16, 128], i64[16, 10]", x -> {
            Tensor dense = x.get(0).linear(x.weight("f32[512, 128]"), x.weight("f32[512]")).relu()
                    .linear(x.weight("f32[128, 512]"), x.weight("f32[128]"));
            Tensor bags = HistogramOperators.EMBEDDING_BAG.callAll(x.weight("f32[128, 128]"), x.get(1).view(-1),
                    Tensor.arange(16).mul(10), false, 0).getFirst();
            return Tensor.cat(1, dense, bags).linear(x.weight("f32[16, 256]"), x.weight("f32[16]")).relu();
        }).values(1, Values.below(128)).slack(200));
        cases.add(GraphCase.of("issue_140766", "f32[1, 8, 256]", x -> {
            Tensor tokens = x.get(0).transpose(1, 2);
            for (int block = 0; block < 2; block++) {
                tokens = windowed(x, tokens);
            }
            return tokens;
        }).slack(200));
        cases.add(GraphCase.of("proxy_executor_hann", "f32[16]", x -> x.get(0).mul(
                Tensor.arange(16).to(DType.F32).mul(2 * Math.PI / 16).cos().mul(-0.5).add(0.5))).slack(4));
    }

    /** A block of attention within windows of 8 by 8, and a perceptron, each after the same norm and beside what it gets. */
    private static Tensor windowed(Operands x, Tensor tokens) {
        Tensor scale = x.shared("issue_140766.scale", "f32[8]");
        Tensor shift = x.shared("issue_140766.shift", "f32[8]");
        Tensor image = tokens.layerNorm(scale.shape().sizes(), scale, shift, 1e-5).view(1, 16, 16, 8);
        Tensor attended = image.scaledDotProductAttention(image, image).view(1, 2, 8, 2, 8, 8).transpose(2, 3).reshape(1, 256, 8);
        Tensor sum = tokens.add(attended);
        return sum.add(sum.layerNorm(scale.shape().sizes(), scale, shift, 1e-5).linear(x.shared("issue_140766.up", "f32[32, 8]")).relu()
                .linear(x.shared("issue_140766.down", "f32[8, 32]")));
    }

    /** What PyTorch has operators of its own for, in integers, and in floats that hold integers. */
    private void quantized() {
        cases.add(GraphCase.several("quantized_linear", "f32[3, 10]", x -> {
            Tensor weight = x.weight("f32[10, 10]").clamp(-65504, 65504).to(DType.F16).to(DType.F32);
            return List.of(x.get(0).linear(weight, x.weight("f32[10]")), x.get(0).linear(weight));
        }).slack(20));
        cases.add(GraphCase.of("quantized_int8_linear", "f32[10, 10]", x -> {
            Tensor bytes = x.get(0).div(0.05).round().add(128).clamp(0, 255).sub(128).to(DType.I32);
            Tensor weight = x.weight("f32[10, 10]").div(0.02).round().clamp(-128, 127).to(DType.I32);
            Tensor sums = bytes.matmul(weight.t()).to(DType.F32).mul(0.05 * 0.02).add(x.weight("f32[10]"));
            return sums.div(0.1).round().add(127).clamp(0, 255).sub(127).mul(0.1);
        }).slack(4));
        cases.add(GraphCase.of("int_mm", "i8[n, 64], i8[64, 7]", x -> x.get(0).to(DType.I32).matmul(x.get(1).to(DType.I32)))
                .dim("n", 1, 32).values(Values.of(_ -> 0, random -> random.nextInt(-128, 128))));
    }

    private void sizesFromData() {
        cases.add(GraphCase.of("stride_with_unbacked_expr", "i64[], f32[n, 4]", x -> Tensor.full(DType.F32, 7,
                Shape.of(Size.of(10), x.get(0).toSize(1, 50).times(x.size("n")), Size.of(32))).mul(3).transpose(0, 1))
                .dim("n", 1, 3).values(0, Values.of(_ -> 5, random -> 1 + random.nextInt(9))));
        cases.add(GraphCase.several("unbounded_expr_substitutions", "i64[], i64[], f32[n]", x -> {
            Size first = x.get(0).toSize();
            Size second = x.get(1).toSize();
            Tensor.check(first.plus(second), Relation.EQUAL, x.size("n"), "the parts are the whole");
            Tensor.check(first, Relation.LESS_OR_EQUAL, x.size("n"), "the first part is no more than the whole");
            return List.of(x.get(2).slice(0, Size.ZERO, first).add(1), x.get(2).slice(0, first, first.plus(second)).mul(2),
                    Tensor.arange(first.plus(second)).add(x.get(2)));
        }).dim("n", 9).values(0, Values.always(4)).values(1, Values.always(5)));
        cases.add(GraphCase.of("dup_unbacked_sym_decl_with_refinement", "f32[4, 4, 4, 4]", x -> {
            Tensor large = x.get(0).abs().lt(0.001).eq(0);
            Tensor chosen = x.get(0).maskedSelect(large);
            Tensor.check(chosen.size(0), Relation.EQUAL, Size.of(256), "all are large");
            return chosen.sin().div(x.get(0).maskedSelect(large));
        }).values(Values.POSITIVE).slack(4));
        cases.add(GraphCase.of("dup_unbacked_refuted", "f32[4, 4]", x -> {
            Tensor chosen = x.get(0).maskedSelect(x.get(0).gt(0));
            Tensor.check(chosen.size(0), Relation.EQUAL, Size.of(16), "all are positive");
            return chosen.log();
        }).values(Values.always(-1)).fails("all are positive: u0 must equal 16, but they are 0 and 16"));
    }

    private void control() {
        for (int chosen = 0; chosen < 2; chosen++) {
            cases.add(GraphCase.several("cond_mismatched_branch_output_" + chosen, "i64[], f32[n, 4], f32[m]", x -> {
                Tensor result = ControlFlow.condAnySize(x.get(0), () -> x.get(1).slice(0, 0, 2).exp(),
                        () -> x.get(1).mul(2).slice(1, 1, 3).add(x.get(2).sum()));
                return List.of(result.sum(0), result, Tensor.cat(1, result.sin(), result));
            }).dim("n", 5, 2).dim("m", 3).values(0, Values.always(chosen)).slack(4));
        }
        cases.add(GraphCase.of("while_loop_with_conv", "i64[], f32[b, 4, 6, 6]", x -> {
            Tensor weight = x.weight("f32[4, 4, 3, 3]");
            Tensor bias = x.weight("f32[4]");
            return ControlFlow.whileLoop(List.of(x.get(0), x.get(1)), carried -> carried.get(0).lt(3),
                    carried -> List.of(carried.get(0).add(1), carried.get(1).conv2d(weight, bias, Convolution.DEFAULT.padding(1)).tanh().add(1))).get(1);
        }).dim("b", 1, 3).values(0, Values.always(0)).slack(200));
    }
}
