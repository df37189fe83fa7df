package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.nn.Functional;
import io.toroid.op.Convolution;
import io.toroid.op.PoolingOperators;
import io.toroid.op.Window;
import java.util.ArrayList;
import java.util.List;

/** Convolutions and pools of lines and volumes, transposed convolutions, and convolutions of integers and by weights of any size. */
final class VolumeCases {

    private static final Convolution PLAIN = Convolution.DEFAULT;

    private final List<GraphCase> cases = new ArrayList<>();

    private VolumeCases() {
    }

    static List<GraphCase> all() {
        VolumeCases family = new VolumeCases();
        family.lines();
        family.volumes();
        family.transposed();
        family.withoutTemplate();
        family.networks();
        family.maxPools();
        family.averagePools();
        family.adaptivePools();
        return family.cases;
    }

    private static Tensor convolve(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return switch (weight.dim()) {
            case 3 -> Functional.conv1d(x, weight, bias, options);
            case 4 -> Functional.conv2d(x, weight, bias, options);
            default -> Functional.conv3d(x, weight, bias, options);
        };
    }

    private static Tensor transpose(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return switch (weight.dim()) {
            case 3 -> Functional.convTranspose1d(x, weight, bias, options);
            case 4 -> Functional.convTranspose2d(x, weight, bias, options);
            default -> Functional.convTranspose3d(x, weight, bias, options);
        };
    }

    private void convolution(String name, String input, String weight, Convolution options) {
        String bias = weight.replaceFirst(",.*", "]");
        cases.add(GraphCase.several("conv_" + name, input, x -> List.of(
                convolve(x.get(0), x.weight(weight), null, options), convolve(x.get(0), x.weight(weight), x.weight(bias), options).relu()))
                .dim("b", 1, 3).slack(4));
    }

    private void transposed(String name, String input, String weight, String bias, Convolution options) {
        cases.add(GraphCase.several("conv_transposed_" + name, input, x -> List.of(
                transpose(x.get(0), x.weight(weight), null, options), transpose(x.get(0), x.weight(weight), x.weight(bias), options).relu()))
                .dim("b", 1, 3).slack(4));
    }

    private void lines() {
        convolution("line", "f32[b, 5, 21]", "f32[18, 5, 3]", PLAIN);
        convolution("line_padding", "f32[b, 40, 21]", "f32[18, 40, 3]", PLAIN.padding(1));
        convolution("line_stride", "f32[b, 3, 22]", "f32[6, 3, 5]", PLAIN.stride(3).padding(2).dilation(2));
        convolution("line_groups", "f32[b, 6, 21]", "f32[4, 3, 3]", PLAIN.groups(2).padding(1));
        convolution("line_depthwise", "f32[b, 20, 21]", "f32[20, 1, 4]", PLAIN.groups(20).padding(3));
        convolution("line_same", "f32[b, 3, 21]", "f32[6, 3, 4]", PLAIN.padding("same").dilation(3));
        convolution("line_f64", "f64[b, 3, 21]", "f64[6, 3, 3]", PLAIN.padding(1));
        convolution("line_no_batch", "f32[3, 21]", "f32[6, 3, 3]", PLAIN);
        convolution("image_same", "f32[b, 3, 7, 8]", "f32[6, 3, 2, 5]", PLAIN.padding("same"));
        cases.add(GraphCase.of("conv_line_dynamic", "f32[b, 12, n]", x -> convolve(x.get(0), x.weight("f32[9, 12, 3]"), x.weight("f32[9]"), PLAIN.padding(1).stride(2)))
                .dim("b", 1, 2, 3).dim("n", 3, 8, 70));
    }

    private void volumes() {
        convolution("volume", "f32[b, 3, 4, 5, 6]", "f32[8, 3, 3, 3, 3]", PLAIN);
        convolution("volume_padding", "f32[b, 40, 3, 5, 6]", "f32[18, 40, 3, 3, 3]", PLAIN.padding(1));
        convolution("volume_stride", "f32[b, 5, 7, 6, 9]", "f32[7, 5, 3, 2, 3]", PLAIN.stride(2, 1, 3).padding(1, 0, 2).dilation(1, 3, 2));
        convolution("volume_groups", "f32[b, 6, 4, 5, 6]", "f32[4, 3, 3, 3, 3]", PLAIN.groups(2).padding(1));
        convolution("volume_depthwise", "f32[b, 20, 4, 5, 6]", "f32[20, 1, 3, 3, 3]", PLAIN.groups(20).padding(1));
        convolution("volume_pointwise", "f32[b, 6, 4, 5, 6]", "f32[17, 6, 1, 1, 1]", PLAIN);
        convolution("volume_f64", "f64[b, 3, 4, 5, 6]", "f64[8, 3, 3, 3, 3]", PLAIN.padding(1));
        convolution("volume_no_batch", "f32[3, 4, 5, 6]", "f32[8, 3, 3, 3, 3]", PLAIN.padding("same"));
        cases.add(GraphCase.of("conv_volume_dynamic", "f32[b, 3, t, h, w]", x -> convolve(x.get(0), x.weight("f32[5, 3, 3, 3, 3]"), x.weight("f32[5]"),
                PLAIN.padding(1).stride(1, 2, 2))).dim("b", 1, 2).dim("t", 1, 4).dim("h", 3, 8).dim("w", 4, 7));
        cases.add(GraphCase.of("conv_volume_given_weight", "f32[b, 3, 4, 4, 4], f32[4, 3, 2, 2, 2], f32[4]",
                x -> convolve(x.get(0), x.get(1), x.get(2), PLAIN)).dim("b", 1, 3));
    }

    private void transposed() {
        Convolution twice = PLAIN.stride(2).padding(1);
        transposed("image", "f32[b, 3, 5, 6]", "f32[3, 8, 4, 4]", "f32[8]", twice);
        transposed("image_wide", "f32[b, 40, 5, 6]", "f32[40, 18, 4, 4]", "f32[18]", twice);
        transposed("image_output_padding", "f32[b, 5, 5, 6]", "f32[5, 7, 3, 3]", "f32[7]", twice.outputPadding(1, 0));
        transposed("image_uneven", "f32[b, 5, 4, 6]", "f32[5, 7, 3, 2]", "f32[7]", PLAIN.stride(3, 2).padding(2, 0).dilation(2, 3).outputPadding(1, 2));
        transposed("image_gaps", "f32[b, 5, 4, 6]", "f32[5, 7, 2, 2]", "f32[7]", PLAIN.stride(3));
        transposed("image_groups", "f32[b, 6, 5, 6]", "f32[6, 2, 4, 4]", "f32[4]", twice.groups(2));
        transposed("image_depthwise", "f32[b, 20, 5, 6]", "f32[20, 1, 4, 4]", "f32[20]", twice.groups(20));
        transposed("image_stride_1", "f32[b, 5, 5, 6]", "f32[5, 7, 3, 3]", "f32[7]", PLAIN.padding(1).dilation(2));
        transposed("image_stride_1_groups", "f32[b, 6, 5, 6]", "f32[6, 5, 3, 2]", "f32[10]", PLAIN.groups(2));
        transposed("image_stride_1_smaller", "f32[b, 5, 7, 8]", "f32[5, 7, 3, 3]", "f32[7]", PLAIN.padding(3));
        transposed("image_f64", "f64[b, 3, 5, 6]", "f64[3, 8, 4, 4]", "f64[8]", twice);
        transposed("image_no_batch", "f32[3, 5, 6]", "f32[3, 8, 4, 4]", "f32[8]", twice);
        transposed("line", "f32[b, 12, 13]", "f32[12, 7, 4]", "f32[7]", twice);
        transposed("line_no_batch", "f32[12, 13]", "f32[12, 7, 4]", "f32[7]", twice);
        transposed("volume", "f32[b, 5, 3, 4, 5]", "f32[5, 7, 3, 3, 3]", "f32[7]", twice.outputPadding(0, 1, 0));
        transposed("volume_depthwise", "f32[b, 5, 3, 4, 5]", "f32[5, 1, 3, 3, 3]", "f32[5]", twice.groups(5));
        cases.add(GraphCase.of("conv_transposed_dynamic", "f32[b, 6, h, w]", x -> transpose(x.get(0), x.weight("f32[6, 9, 3, 3]"), x.weight("f32[9]"),
                twice.outputPadding(1))).dim("b", 1, 2).dim("h", 1, 8).dim("w", 4, 7));
        cases.add(GraphCase.of("conv_transposed_given_weight", "f32[b, 3, 4, 4], f32[3, 4, 2, 2], f32[4]",
                x -> transpose(x.get(0), x.get(1), x.get(2), PLAIN.stride(2))).dim("b", 1, 3));
    }

    /** Integers wrap around; weights given with the call may have any size. */
    private void withoutTemplate() {
        for (String dtype : List.of("i64", "i32", "i8", "u8")) {
            cases.add(GraphCase.several("conv_" + dtype, "%1$s[b, 4, 6, 7], %1$s[6, 2, 3, 2], %1$s[6], %1$s[b, 4, 9], %1$s[4, 3, 4]".formatted(dtype), x -> List.of(
                    convolve(x.get(0), x.get(1), x.get(2), PLAIN.padding(1).groups(2).stride(2, 1)),
                    convolve(x.get(3).unsqueeze(2), x.get(4).permute(1, 0, 2).unsqueeze(2), null, PLAIN.dilation(2).padding(0, 3)),
                    transpose(x.get(3), x.get(4), null, PLAIN.stride(3).padding(1).outputPadding(2)),
                    transpose(x.get(3), x.get(4), null, PLAIN.groups(2).stride(2).dilation(2)))).dim("b", 1, 2));
        }
        cases.add(GraphCase.several("conv_dynamic_weight", "f32[b, c, n], f32[o, c, k], f32[o], f32[c, o, k]", x -> List.of(
                convolve(x.get(0), x.get(1), x.get(2), PLAIN.padding(1).stride(2)), transpose(x.get(0), x.get(3), x.get(2), PLAIN.stride(2)),
                transpose(x.get(0), x.get(3), null, PLAIN.padding(1))))
                .dim("b", 1, 2).dim("c", 3, 8).dim("n", 5, 12).dim("o", 4, 6).dim("k", 2, 3)
                .range("n", 4, 64, 1).range("k", 1, 4, 1).slack(4));
        cases.add(GraphCase.of("conv_dynamic_groups", "f32[b, 2*c, 5, 6], f32[2*o, c, 3, 3]", x -> convolve(x.get(0), x.get(1), null, PLAIN.groups(2)))
                .dim("b", 1, 2).dim("c", 3, 8).dim("o", 4, 6).slack(4));
        cases.add(GraphCase.several("conv_narrow_volume", "bf16[b, 4, 3, 5, 6], f16[b, 4, 5, 6]", x -> List.of(
                convolve(x.get(0), x.weight("bf16[6, 4, 3, 3, 3]"), x.weight("bf16[6]"), PLAIN.padding(1)),
                transpose(x.get(1), x.weight("f16[4, 3, 4, 4]"), null, PLAIN.stride(2)))).dim("b", 1, 2).slack(4));
    }

    private void networks() {
        cases.add(GraphCase.of("conv_line_network", "f32[b, 8, n]", x -> {
            Tensor y = convolve(x.get(0), x.weight("f32[24, 8, 3]"), x.weight("f32[24]"), PLAIN.padding(1)).gelu();
            Tensor z = convolve(y, x.weight("f32[24, 24, 3]"), x.weight("f32[24]"), PLAIN.padding(1).stride(2)).gelu();
            return z.transpose(1, 2).linear(x.weight("f32[10, 24]")).layerNorm(List.of(x.size("10")), x.weight("f32[10]"), x.weight("f32[10]"), 1e-5);
        }).dim("b", 1, 2).dim("n", 6, 31).slack(20));
        cases.add(GraphCase.of("conv_decoder", "f32[b, 12, 3, 4]", x -> {
            Tensor y = transpose(x.get(0), x.weight("f32[12, 9, 4, 4]"), null, PLAIN.stride(2).padding(1))
                    .batchNorm(x.weight("f32[9]"), x.weight("f32[9]"), x.weight("f32[9]"), x.shared("variance9", "f32[9]"), 1e-5).relu();
            return transpose(y, x.weight("f32[9, 3, 4, 4]"), x.weight("f32[3]"), PLAIN.stride(2).padding(1)).tanh();
        }).dim("b", 1, 2).slack(20));
        cases.add(GraphCase.of("conv_volume_network", "f32[b, 3, 4, 9, 8]", x -> {
            Tensor y = Functional.maxPool3d(convolve(x.get(0), x.weight("f32[10, 3, 3, 3, 3]"), x.weight("f32[10]"), PLAIN.padding(1)).relu(),
                    Window.of(1, 2, 2));
            Tensor z = convolve(y, x.weight("f32[10, 10, 3, 1, 1]"), null, PLAIN.padding(1, 0, 0)).add(y).relu();
            return Functional.adaptiveAvgPool3d(z, 1, 1, 1).flatten(1).linear(x.weight("f32[5, 10]"));
        }).dim("b", 1, 2).slack(20));
        cases.add(GraphCase.several("conv_volume_then_views", "f32[b, 3, 3, 4, 5]", x -> {
            Tensor y = convolve(x.get(0), x.weight("f32[8, 3, 3, 3, 3]"), null, PLAIN.padding(1));
            return List.of(y.permute(0, 2, 3, 4, 1), y.flatten(2).transpose(1, 2), y.mean(2, 3, 4), y.sum(1), y.slice(1, 2, 5), y);
        }).dim("b", 1, 3).slack(4));
        cases.add(GraphCase.of("conv_upsampling", "f32[b, 8, 4, 5], f32[b, 6, 8, 10]", x -> {
            Tensor up = transpose(x.get(0), x.weight("f32[8, 6, 2, 2]"), x.weight("f32[6]"), PLAIN.stride(2));
            return convolve(Tensor.cat(1, up, x.get(1)), x.weight("f32[5, 12, 3, 3]"), null, PLAIN.padding(1)).relu();
        }).dim("b", 1, 2).slack(20));
    }

    private static List<Tensor> maxPool(Tensor volume, Window window) {
        return PoolingOperators.MAX_POOL3D_WITH_INDICES.callAll(volume, window.kernel(), window.stride(),
                window.padding(), window.dilation(), window.ceilMode());
    }

    private void maxPools() {
        List<Window> windows = List.of(Window.of(2), Window.of(3).stride(1).padding(1), Window.of(2, 3, 1).stride(1, 2, 2),
                Window.of(3).stride(2).padding(1).ceil(), Window.of(3, 2, 2).dilation(1, 2, 3).padding(1, 0, 1).stride(2, 1, 1));
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            cases.add(GraphCase.several("max_pool3d_" + i, "f32[b, 3, 4, 6, 7], f64[2, 4, 6, 7], i64[b, 2, 4, 6, 7]", x -> {
                List<Tensor> results = new ArrayList<>(maxPool(x.get(0), window));
                results.addAll(maxPool(x.get(1), window));
                results.addAll(maxPool(x.get(2), window));
                return results;
            }).dim("b", 1, 2).values(Values.TIED));
            cases.add(GraphCase.several("max_pool3d_special_" + i, "f32[b, 3, 4, 6, 7]", x -> maxPool(x.get(0), window)).dim("b", 2).values(Values.SPECIAL));
            cases.add(GraphCase.several("max_pool3d_lowest_" + i, "f32[b, 3, 4, 6, 7]", x -> maxPool(x.get(0), window)).dim("b", 2)
                    .values(Values.always(Double.NEGATIVE_INFINITY)));
        }
        cases.add(GraphCase.several("max_pool3d_dynamic", "f32[b, 3, t, h, w]", x -> maxPool(x.get(0), Window.of(2, 3, 3).stride(2).padding(1).ceil()))
                .dim("b", 1, 2).dim("t", 2, 5).dim("h", 4, 7).dim("w", 5, 8).range("t", 2, 64, 1).range("h", 2, 64, 1).range("w", 2, 64, 1));
        cases.add(GraphCase.several("max_pool1d", "f32[b, 3, 11], f32[5, 11]", x -> List.of(Functional.maxPool1d(x.get(0), Window.of(2)),
                Functional.maxPool1d(x.get(1), Window.of(3).stride(2).padding(1).ceil()))).dim("b", 1, 2));
    }

    private static Tensor average(Tensor volume, Window window, boolean countPadding, Integer divisor) {
        return PoolingOperators.AVG_POOL3D.call(volume, window.kernel(), window.stride(), window.padding(), window.ceilMode(), countPadding, divisor);
    }

    private void averagePools() {
        List<Window> windows = List.of(Window.of(2), Window.of(3).stride(1).padding(1), Window.of(2, 3, 1).stride(1, 2, 2),
                Window.of(3).stride(2).padding(1).ceil());
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            cases.add(GraphCase.several("avg_pool3d_" + i, "f32[b, 3, 4, 6, 7], f64[2, 4, 6, 7], i64[b, 2, 4, 6, 7]", x -> List.of(
                    average(x.get(0), window, true, null), average(x.get(0), window, false, null), average(x.get(0), window, true, 5),
                    average(x.get(1), window, false, null), average(x.get(2), window, true, null), average(x.get(2), window, false, -3)))
                    .dim("b", 1, 2));
        }
        cases.add(GraphCase.of("avg_pool3d_dynamic", "f32[b, 3, t, h, w]", x -> average(x.get(0), Window.of(2, 3, 3).stride(2).padding(1).ceil(), false, null))
                .dim("b", 1, 2).dim("t", 2, 5).dim("h", 4, 7).dim("w", 5, 8).range("t", 2, 64, 1).range("h", 2, 64, 1).range("w", 2, 64, 1));
        cases.add(GraphCase.several("avg_pool1d", "f32[b, 3, 11], i64[5, 11]", x -> List.of(Functional.avgPool1d(x.get(0), Window.of(2)),
                PoolingOperators.AVG_POOL1D.call(x.get(0), 3, 2, 1, true, false),
                Functional.avgPool1d(x.get(1), Window.of(3).stride(2).padding(1).ceil()))).dim("b", 1, 2));
        cases.add(GraphCase.several("avg_pool2d_integers", "i64[b, 3, 6, 7]", x -> List.of(x.get(0).avgPool2d(Window.of(2)),
                x.get(0).avgPool2d(Window.of(3).stride(2).padding(1).ceil()).to(DType.F32))).dim("b", 1, 2));
    }

    private void adaptivePools() {
        cases.add(GraphCase.several("adaptive_avg_pool", "f32[b, 3, 4, 6, 7], f32[2, 4, 6, 7], f32[b, 3, 11]", x -> List.of(
                Functional.adaptiveAvgPool3d(x.get(0), 1, 1, 1), Functional.adaptiveAvgPool3d(x.get(0), 3, 4, 5),
                Functional.adaptiveAvgPool3d(x.get(0), 2, 3, 7), Functional.adaptiveAvgPool3d(x.get(1), 5, 7, 2),
                Functional.adaptiveAvgPool1d(x.get(2), 1), Functional.adaptiveAvgPool1d(x.get(2), 4))).dim("b", 1, 2));
        for (String values : List.of("tied", "special")) {
            cases.add(GraphCase.several("adaptive_max_pool_" + values, "f32[b, 3, 4, 6, 7], f32[2, 6, 7]", x -> {
                List<Tensor> results = new ArrayList<>(PoolingOperators.ADAPTIVE_MAX_POOL3D.callAll(x.get(0), List.of(3, 4, 5)));
                results.addAll(PoolingOperators.ADAPTIVE_MAX_POOL3D.callAll(x.get(0), List.of(2, 3, 7)));
                results.addAll(PoolingOperators.ADAPTIVE_MAX_POOL2D.callAll(x.get(1), List.of(4, 3)));
                results.addAll(PoolingOperators.ADAPTIVE_MAX_POOL2D.callAll(x.get(1), List.of(1, 1)));
                return results;
            }).dim("b", 1, 2).values(values.equals("tied") ? Values.TIED : Values.SPECIAL));
        }
        cases.add(GraphCase.several("adaptive_pool3d_dynamic", "f32[b, 3, t, h, w]", x -> List.of(
                Functional.adaptiveAvgPool3d(x.get(0), 2, 3, 4), Functional.adaptiveMaxPool3d(x.get(0), 2, 3, 4)))
                .dim("b", 1, 2).dim("t", 2, 5).dim("h", 4, 7).dim("w", 5, 8));
    }
}
