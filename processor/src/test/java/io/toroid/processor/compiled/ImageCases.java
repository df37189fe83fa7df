package io.toroid.processor.compiled;

import io.toroid.Tensor;
import io.toroid.op.Convolution;
import io.toroid.op.Pair;
import io.toroid.op.PoolingOperators;
import io.toroid.op.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Convolutions and pools: stride, padding, dilation, groups, odd sizes, no batch, ceil mode. */
final class ImageCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private ImageCases() {
    }

    static List<GraphCase> all() {
        ImageCases family = new ImageCases();
        family.convolutions();
        family.networks();
        family.maxPools();
        family.averagePools();
        return family.cases;
    }

    private void convolution(String name, String input, String weight, Convolution options) {
        String bias = weight.replaceFirst(",.*", "]");
        cases.add(GraphCase.several("conv_" + name, input, x -> List.of(
                x.get(0).conv2d(x.weight(weight), null, options), x.get(0).conv2d(x.weight(weight), x.weight(bias), options).relu()))
                .dim("b", 1, 3).slack(4));
    }

    private void convolutions() {
        Convolution plain = Convolution.DEFAULT;
        convolution("pointwise", "f32[b, 3, 5, 7]", "f32[4, 3, 1, 1]", plain);
        convolution("plain", "f32[b, 3, 8, 9]", "f32[4, 3, 3, 3]", plain);
        convolution("padding", "f32[b, 3, 8, 9]", "f32[4, 3, 3, 3]", plain.padding(1));
        convolution("stride", "f32[b, 3, 9, 11]", "f32[17, 3, 3, 3]", plain.stride(2).padding(1));
        convolution("uneven", "f32[b, 3, 9, 11]", "f32[5, 3, 1, 4]",
                plain.stride(Pair.of(2, 3)).padding(Pair.of(1, 2)).dilation(Pair.of(1, 2)));
        convolution("dilation", "f32[b, 2, 12, 10]", "f32[3, 2, 3, 3]", plain.dilation(2).padding(2));
        convolution("groups", "f32[b, 6, 7, 7]", "f32[4, 3, 3, 3]", plain.groups(2).padding(1));
        convolution("groups_many", "f32[b, 8, 7, 7]", "f32[20, 2, 3, 3]", plain.groups(4));
        convolution("depthwise", "f32[b, 20, 7, 7]", "f32[20, 1, 3, 3]", plain.groups(20).padding(1));
        convolution("depthwise_stride", "f32[b, 5, 8, 7]", "f32[5, 1, 3, 3]", plain.groups(5).padding(1).stride(2));
        convolution("depthwise_multiplier", "f32[b, 5, 7, 7]", "f32[10, 1, 3, 3]", plain.groups(5).padding(1));
        convolution("f64", "f64[b, 3, 8, 9]", "f64[9, 3, 3, 3]", plain.padding(1));
        convolution("single_channel", "f32[b, 1, 8, 8]", "f32[16, 1, 3, 3]", plain);
        convolution("wide", "f32[b, 16, 4, 4]", "f32[32, 16, 3, 3]", plain.padding(1));
        convolution("one_output", "f32[b, 3, 3, 3]", "f32[1, 3, 3, 3]", plain);
        convolution("large_kernel", "f32[b, 2, 15, 15]", "f32[3, 2, 7, 7]", plain.padding(3).stride(2));
        convolution("much_padding", "f32[b, 2, 2, 2]", "f32[3, 2, 3, 3]", plain.padding(2));
        convolution("no_batch", "f32[3, 8, 9]", "f32[4, 3, 3, 3]", plain.padding(1));
        cases.add(GraphCase.of("conv_dynamic", "f32[b, 3, h, w]", x -> x.get(0).conv2d(x.weight("f32[5, 3, 3, 3]"), x.weight("f32[5]"), plain.padding(1).stride(2)))
                .dim("b", 1, 2).dim("h", 3, 8, 15).dim("w", 4, 7, 20).range("h", 3, 64, 1).range("w", 3, 64, 1));
        cases.add(GraphCase.of("conv_given_weight", "f32[b, 3, 6, 6], f32[4, 3, 3, 3], f32[4]", x -> x.get(0).conv2d(x.get(1), x.get(2), plain))
                .dim("b", 1, 3));
        cases.add(GraphCase.of("conv_given_depthwise", "f32[b, 3, 6, 6], f32[3, 1, 3, 3]", x -> x.get(0).conv2d(x.get(1), null, plain.groups(3)))
                .dim("b", 1, 3));
        cases.add(GraphCase.of("conv_weight_of_one", "f32[b, 1, 6, 6]", x -> x.get(0).conv2d(Tensor.of(new float[] {2.5f}, 1, 1, 1, 1), null, plain)).dim("b", 1, 3));
        cases.add(GraphCase.of("conv_folded_weight", "f32[b, 2, 6, 6]", x -> x.get(0).conv2d(x.weight("f32[4, 2, 3, 3]").mul(0.5).permute(0, 1, 3, 2), null, plain)).dim("b", 1, 3));
        cases.add(GraphCase.of("conv_nothing", "f32[b, 2, 6, 6]", x -> x.get(0).conv2d(x.weight("f32[4, 2, 3, 3]"), null, plain)).dim("b", 0, 1));
        cases.add(GraphCase.of("conv_special", "f32[b, 2, 6, 6]", x -> x.get(0).conv2d(x.weight("f32[4, 2, 3, 3]"), null, plain.padding(1))).dim("b", 2)
                .values(Values.of(random -> random.nextInt(40) == 0 ? Double.NaN : random.nextGaussian(), _ -> 0)));
    }

    private void networks() {
        Convolution same = Convolution.DEFAULT.padding(1);
        cases.add(GraphCase.of("cnn", "f32[b, 1, 8, 8]", x -> x.get(0).conv2d(x.weight("f32[6, 1, 3, 3]"), x.weight("f32[6]"), same).relu()
                .maxPool2d(Window.of(2)).conv2d(x.weight("f32[9, 6, 3, 3]"), x.weight("f32[9]"), same).relu().maxPool2d(Window.of(2))
                .flatten(1).linear(x.weight("f32[10, 36]"), x.weight("f32[10]"))).dim("b", 1, 3).slack(20));
        cases.add(GraphCase.of("residual_block", "f32[b, 6, 5, 5]", x -> {
            Tensor y = x.get(0).conv2d(x.weight("f32[6, 6, 3, 3]"), null, same)
                    .batchNorm(x.weight("f32[6]"), x.weight("f32[6]"), x.weight("f32[6]"), x.shared("variance", "f32[6]"), 1e-5).relu();
            return y.conv2d(x.weight("f32[6, 6, 3, 3]"), x.weight("f32[6]"), same).add(x.get(0)).relu();
        }).dim("b", 1, 3).slack(20));
        cases.add(GraphCase.several("conv_then_views", "f32[b, 3, 6, 6]", x -> {
            Tensor y = x.get(0).conv2d(x.weight("f32[8, 3, 3, 3]"), null, same);
            return List.of(y.permute(0, 2, 3, 1), y.flatten(2).transpose(1, 2), y.mean(2, 3), y.sum(1), y.amax(-1), y.slice(1, 2, 5), y);
        }).dim("b", 1, 3).slack(4));
        cases.add(GraphCase.of("conv_then_linear", "f32[b, 3, 6, 6]", x -> x.get(0).conv2d(x.weight("f32[8, 3, 3, 3]"), null, same)
                .linear(x.weight("f32[5, 6]"))).dim("b", 1, 3).slack(20));
        cases.add(GraphCase.of("conv_then_norm", "f32[b, 3, 6, 6]", x -> x.get(0).conv2d(x.weight("f32[8, 3, 3, 3]"), null, same)
                .permute(0, 2, 3, 1).layerNorm(List.of(x.size("8")), x.weight("f32[8]"), x.weight("f32[8]"), 1e-5).permute(0, 3, 1, 2)
                .conv2d(x.weight("f32[4, 8, 1, 1]"), null, Convolution.DEFAULT)).dim("b", 1, 3).slack(20));
        cases.add(GraphCase.of("conv_cat", "f32[b, 3, 6, 6]", x -> {
            Tensor y = x.get(0).conv2d(x.weight("f32[4, 3, 3, 3]"), null, same);
            Tensor z = x.get(0).conv2d(x.weight("f32[5, 3, 1, 1]"), null, Convolution.DEFAULT);
            return Tensor.cat(1, y, z).conv2d(x.weight("f32[2, 9, 1, 1]"), null, Convolution.DEFAULT);
        }).dim("b", 1, 3).slack(20));
        cases.add(GraphCase.several("stem", "f32[b, 3, 13, 12]", x -> {
            Tensor y = x.get(0).conv2d(x.weight("f32[20, 3, 3, 3]"), x.weight("f32[20]"), same.stride(2)).relu();
            return List.of(y.maxPool2d(Window.of(3).stride(2).padding(1)), average(y, Window.of(3).stride(2).padding(1), false, null),
                    y.maxPool2d(Window.of(2).ceil()).conv2d(x.weight("f32[4, 20, 1, 1]"), null, Convolution.DEFAULT));
        }).dim("b", 1, 3).slack(4));
        cases.add(GraphCase.several("conv_of_permuted", "f32[b, 6, 6, 3]", x -> {
            Tensor y = x.get(0).permute(0, 3, 1, 2).conv2d(x.weight("f32[8, 3, 3, 3]"), null, same);
            return List.of(y.permute(0, 2, 3, 1), y.permute(0, 2, 3, 1).linear(x.weight("f32[5, 8]")), y.permute(0, 2, 3, 1).flatten(1, 2).softmax(-1));
        }).dim("b", 1, 3).slack(20));
        cases.add(GraphCase.of("conv_dynamic_then_pool", "f32[b, 3, h, w]", x -> x.get(0).conv2d(x.weight("f32[6, 3, 3, 3]"), null, same).relu()
                .maxPool2d(Window.of(2)).adaptiveAvgPool2d(2, 3)).dim("b", 1, 2).dim("h", 6, 9).dim("w", 7, 20).range("h", 4, 64, 1).range("w", 6, 64, 1).slack(4));
        cases.add(GraphCase.of("patches", "f32[b, 3, 8, 8]", x -> x.get(0).conv2d(x.weight("f32[10, 3, 4, 4]"), x.weight("f32[10]"),
                Convolution.DEFAULT.stride(4)).flatten(2).transpose(1, 2).add(x.weight("f32[4, 10]"))).dim("b", 1, 3).slack(4));
        cases.add(GraphCase.of("separable", "f32[b, 6, 7, 7]", x -> x.get(0).conv2d(x.weight("f32[6, 1, 3, 3]"), null, same.groups(6)).relu()
                .conv2d(x.weight("f32[12, 6, 1, 1]"), x.weight("f32[12]"), Convolution.DEFAULT).clamp(0, 6)).dim("b", 1, 3).slack(4));
        cases.add(GraphCase.of("squeeze_excite", "f32[b, 6, 5, 5]", x -> {
            Tensor y = x.get(0).conv2d(x.weight("f32[6, 6, 1, 1]"), null, Convolution.DEFAULT);
            Tensor gate = y.mean(2, 3).linear(x.weight("f32[2, 6]")).relu().linear(x.weight("f32[6, 2]")).sigmoid();
            return y.mul(gate.unsqueeze(2).unsqueeze(3));
        }).dim("b", 1, 3).slack(4));
        cases.add(GraphCase.of("batch_norm", "f32[b, 6, 4, 5]", x -> x.get(0).batchNorm(x.weight("f32[6]"), x.weight("f32[6]"), x.weight("f32[6]"),
                x.shared("variance", "f32[6]"), 1e-5)).dim("b", 1, 3));
        cases.add(GraphCase.several("batch_norm_flat", "f32[b, 6], f64[b, 6, 3]", x -> List.of(
                x.get(0).batchNorm(null, null, x.weight("f32[6]"), x.shared("variance", "f32[6]"), 1e-5),
                x.get(1).batchNorm(x.weight("f64[6]"), null, x.weight("f64[6]"), x.shared("variance64", "f64[6]"), 1e-3))).dim("b", 1, 3));
    }

    private void maxPools() {
        List<Window> windows = List.of(Window.of(2), Window.of(3).stride(1).padding(1), Window.of(Pair.of(2, 3)).stride(Pair.of(1, 2)),
                Window.of(3).stride(2).ceil(), Window.of(3).stride(2).padding(1).ceil(), Window.of(2).dilation(2),
                Window.of(3).dilation(Pair.of(1, 2)).padding(1).stride(2));
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            for (String dtype : List.of("f32", "f64", "i64", "i32")) {
                cases.add(GraphCase.several("max_pool_%d_%s".formatted(i, dtype), dtype + "[b, 3, 8, 9]", x -> maxPool(x.get(0), window))
                        .dim("b", 1, 2).values(Values.TIED));
            }
            cases.add(GraphCase.several("max_pool_special_" + i, "f32[b, 3, 8, 9]", x -> maxPool(x.get(0), window)).dim("b", 2).values(Values.SPECIAL));
            cases.add(GraphCase.several("max_pool_lowest_" + i, "f32[b, 3, 8, 9]", x -> maxPool(x.get(0), window)).dim("b", 2)
                    .values(Values.always(Double.NEGATIVE_INFINITY)));
        }
        cases.add(GraphCase.several("max_pool_dynamic", "f32[b, 3, h, w]", x -> maxPool(x.get(0), Window.of(3).stride(2).padding(1).ceil()))
                .dim("b", 1, 2).dim("h", 4, 7, 16).dim("w", 5, 8, 21).range("h", 2, 64, 1).range("w", 2, 64, 1));
        cases.add(GraphCase.several("max_pool_no_batch", "f32[3, 8, 9]", x -> maxPool(x.get(0), Window.of(2))));
        cases.add(GraphCase.several("max_pool_without_elements", "f32[3, 2, 2], i32[1, 2, 2]", x -> Stream.of(x.get(0), x.get(1))
                .flatMap(image -> maxPool(image, Window.of(2).padding(1).dilation(3).ceil()).stream()).toList()));
        cases.add(GraphCase.of("max_pool_wide", "f32[b, 40, 6, 6]", x -> x.get(0).relu().maxPool2d(Window.of(3).stride(1))).dim("b", 1, 2));
    }

    private static List<Tensor> maxPool(Tensor image, Window window) {
        return PoolingOperators.MAX_POOL2D_WITH_INDICES.callAll(image, window.kernel(), window.stride(),
                window.padding(), window.dilation(), window.ceilMode());
    }

    private void averagePools() {
        List<Window> windows = List.of(Window.of(2), Window.of(3).stride(1).padding(1), Window.of(Pair.of(2, 3)).stride(Pair.of(1, 2)),
                Window.of(3).stride(2).ceil(), Window.of(3).stride(2).padding(1).ceil(), Window.of(2).stride(2).padding(1).ceil());
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            cases.add(GraphCase.several("avg_pool_" + i, "f32[b, 3, 8, 9], f64[b, 2, 7, 7]", x -> List.of(
                    average(x.get(0), window, true, null), average(x.get(0), window, false, null), average(x.get(0), window, true, 5),
                    average(x.get(1), window, false, null))).dim("b", 1, 2));
        }
        cases.add(GraphCase.of("avg_pool_dynamic", "f32[b, 3, h, w]", x -> average(x.get(0), Window.of(3).stride(2).padding(1).ceil(), false, null))
                .dim("b", 1, 2).dim("h", 4, 7, 16).dim("w", 5, 8, 21).range("h", 2, 64, 1).range("w", 2, 64, 1));
        cases.add(GraphCase.several("adaptive_pool", "f32[b, 3, 8, 9], f32[3, 5, 7]", x -> List.of(
                x.get(0).adaptiveAvgPool2d(1, 1), x.get(0).adaptiveAvgPool2d(4, 3), x.get(0).adaptiveAvgPool2d(3, 4),
                x.get(0).adaptiveAvgPool2d(5, 7), x.get(0).adaptiveAvgPool2d(8, 9), x.get(0).adaptiveAvgPool2d(10, 20),
                x.get(1).adaptiveAvgPool2d(2, 3))).dim("b", 1, 2));
        cases.add(GraphCase.several("adaptive_pool_dynamic", "f32[b, 3, h, w]", x -> List.of(
                x.get(0).adaptiveAvgPool2d(1, 1), x.get(0).adaptiveAvgPool2d(3, 4), x.get(0).adaptiveAvgPool2d(2, 2)))
                .dim("b", 1, 2).dim("h", 4, 7, 16).dim("w", 5, 8, 21));
        cases.add(GraphCase.of("avg_pool_after_conv", "f32[b, 3, 8, 9]", x -> x.get(0).conv2d(x.weight("f32[20, 3, 3, 3]"), null, Convolution.DEFAULT)
                .avgPool2d(Window.of(2)).adaptiveAvgPool2d(1, 1).flatten(1)).dim("b", 1, 2).slack(4));
    }

    private static Tensor average(Tensor image, Window window, boolean countPadding, Integer divisor) {
        return PoolingOperators.AVG_POOL2D.call(image, window.kernel(), window.stride(), window.padding(),
                window.ceilMode(), countPadding, divisor);
    }
}
