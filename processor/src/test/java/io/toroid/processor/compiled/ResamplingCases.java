package io.toroid.processor.compiled;

import io.toroid.nn.Functional;
import io.toroid.nn.Functional.Border;
import io.toroid.nn.Functional.Interpolation;
import io.toroid.op.LossOperators;
import io.toroid.op.NormalizationOperators;
import io.toroid.op.Pair;
import io.toroid.op.ResamplingOperators;
import io.toroid.op.Window;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Images between their pixels and in patches; normalizations by groups and batches; losses. */
final class ResamplingCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private ResamplingCases() {
    }

    static List<GraphCase> all() {
        ResamplingCases family = new ResamplingCases();
        family.sizes();
        family.scales();
        family.grids();
        family.windows();
        family.images();
        family.normalizations();
        family.losses();
        return family.cases;
    }

    private void sizes() {
        for (Interpolation mode : Interpolation.values()) {
            String name = "interpolate_" + mode.name().toLowerCase(java.util.Locale.ROOT);
            cases.add(GraphCase.several(name, "f32[n, 2, 3, w], f64[1, 2, 4, 5]", x -> Stream.of(false, true).flatMap(corners -> Stream.of(
                    Functional.interpolate(x.get(0), Size.of(7), Size.of(5), mode, corners),
                    Functional.interpolate(x.get(0), Size.of(2), x.size("2*w"), mode, corners),
                    Functional.interpolate(x.get(1), Size.of(1), Size.of(5), mode, corners))).toList()).dim("n", 1, 3).dim("w", 1, 4, 9).slack(2));
        }
        cases.add(GraphCase.several("interpolate_bytes", "u8[n, 2, 3, w]", x -> Stream.of(Interpolation.BILINEAR, Interpolation.BICUBIC)
                .flatMap(mode -> Stream.of(false, true).flatMap(corners -> Stream.of(
                        Functional.interpolate(x.get(0), Size.of(7), Size.of(5), mode, corners),
                        Functional.interpolate(x.get(0), Size.of(3), x.size("2*w"), mode, corners)))).toList()).dim("n", 1, 3).dim("w", 1, 4, 5, 9));
        cases.add(GraphCase.several("interpolate_bytes_by", "u8[n, 2, h, w]", x -> Stream.of(Interpolation.BILINEAR, Interpolation.BICUBIC)
                .map(mode -> Functional.interpolate(x.get(0), 0.5, 1.5, mode, false)).toList()).dim("n", 1, 3).dim("h", 2, 4, 9).dim("w", 3, 8, 17));
        cases.add(GraphCase.several("interpolate_by_little", "f32[1, 2, h, 5]", x -> Stream.of(Interpolation.values()).flatMap(mode -> Stream.of(
                Functional.interpolate(x.get(0), 1.125, 2.1, mode, false), Functional.interpolate(x.get(0), 2.125, 1.1, mode, false))).toList())
                .dim("h", 2, 7, 8).slack(2));
        cases.add(GraphCase.several("interpolate_scales", "f32[2, 3, 4, 4], bool[1, 1, 2, 2]", x -> List.of(
                ResamplingOperators.UPSAMPLE_NEAREST2D.call(x.get(0), List.of(2, 6), 0.6, 1.7),
                ResamplingOperators.UPSAMPLE_BILINEAR2D.call(x.get(0), List.of(2, 6), false, 0.6, 1.7),
                ResamplingOperators.UPSAMPLE_BICUBIC2D.call(x.get(0), List.of(2, 6), false, 0.6, 1.7),
                ResamplingOperators.UPSAMPLE_NEAREST2D.call(x.get(1), List.of(4, 4)))).slack(2));
    }

    /** Scales that are binary fractions, of sizes that are known in a call only. */
    private void scales() {
        for (Interpolation mode : Interpolation.values()) {
            String name = "interpolate_by_" + mode.name().toLowerCase(java.util.Locale.ROOT);
            cases.add(GraphCase.several(name, "f32[n, 2, h, w], f64[1, 2, 4, 5]", x -> Stream.of(false, true).flatMap(corners -> Stream.of(
                    Functional.interpolate(x.get(0), 2, 0.75, mode, corners), Functional.interpolate(x.get(0), 1.25, 1, mode, corners),
                    Functional.interpolate(x.get(1), 1.7, 0.3, mode, corners))).toList()).dim("n", 1, 3).dim("h", 2, 4, 9).dim("w", 3, 8, 17)
                    .range("w", 3, 100, 1).slack(2));
        }
    }

    private void grids() {
        Values points = Values.of(random -> random.nextDouble() * 4 - 2, _ -> 0);
        for (Interpolation mode : Interpolation.values()) {
            String name = "grid_" + mode.name().toLowerCase(java.util.Locale.ROOT);
            cases.add(GraphCase.several(name, "f32[n, 2, 3, w], f32[n, 4, 5, 2], f64[2, 1, 4, 4], f64[2, 3, 3, 2]", x -> Stream.of(Border.values())
                    .flatMap(border -> Stream.of(Functional.gridSample(x.get(0), x.get(1), mode, border, false),
                            Functional.gridSample(x.get(2), x.get(3), mode, border, true))).toList())
                    .dim("n", 1, 3).dim("w", 2, 4, 9).values(1, points).values(3, points).slack(10));
        }
    }

    private void windows() {
        cases.add(GraphCase.several("im2col", "f32[n, 3, 6, w], i64[2, 5, 5]", x -> List.of(
                Functional.unfold(x.get(0), Window.of(2)), Functional.unfold(x.get(0), Window.of(new Pair(3, 2)).stride(1).padding(1)),
                Functional.unfold(x.get(1), Window.of(2).stride(2).dilation(2).padding(1)))).dim("n", 1, 3).dim("w", 5, 9).range("w", 2, 100, 1));
    }

    private void images() {
        cases.add(GraphCase.several("col2im", "f32[n, 12, w], f64[2, 18, 9], bool[4, 4]", x -> List.of(
                Functional.fold(x.get(0), Size.of(2), x.size("w").plus(1), Window.of(2).stride(1)),
                Functional.fold(x.get(0), Size.of(3), x.size("w").plus(2), Window.of(new Pair(2, 3)).stride(1).dilation(new Pair(2, 1))),
                Functional.fold(x.get(1), Size.of(5), Size.of(6), Window.of(3).stride(2).padding(1)),
                Functional.fold(x.get(2), Size.of(4), Size.of(4), Window.of(2).stride(2)))).dim("n", 1, 3).dim("w", 1, 7));
    }

    private void normalizations() {
        cases.add(GraphCase.several("native_group_norm", "f32[n, 6, 3, w], f32[6], f32[6], f64[n, 4]", x -> Stream.of(
                List.of(Functional.groupNorm(x.get(0), 2, x.get(1), x.get(2), 1e-5), Functional.groupNorm(x.get(0), 6, null, null, 1e-3),
                        Functional.groupNorm(x.get(0), 1, x.get(1), null, 1e-5)),
                NormalizationOperators.NATIVE_GROUP_NORM.callAll(x.get(3), null, null, x.size("n"), 4, 1, 2, 1e-5)).flatMap(List::stream).toList())
                .dim("n", 1, 3).dim("w", 1, 17).slack(4));
        cases.add(GraphCase.several("batch_norm_of_batch", "f32[n, 6, 3, w], f32[6], f32[6], f64[n, 4], f64[4], f64[4]", x -> Stream.of(
                List.of(Functional.batchNorm(x.get(0), x.get(1), x.get(2), 1e-5)),
                NormalizationOperators.BATCH_NORM_NO_STATS.callAll(x.get(3), null, null, true, 0.1, 1e-5),
                NormalizationOperators.BATCH_NORM_LEGIT.callAll(x.get(3), x.get(4), null, x.get(4), x.get(5), true, 0.1, 1e-5),
                NormalizationOperators.BATCH_NORM_LEGIT.callAll(x.get(3), x.get(4), x.get(5), x.get(4), x.get(5), false, 0.1, 1e-5))
                .flatMap(List::stream).toList()).dim("n", 2, 5).dim("w", 1, 17).values(4, Values.POSITIVE).values(5, Values.POSITIVE).slack(4));
    }

    private void losses() {
        cases.add(GraphCase.several("nll_loss", "f32[n, 5], i64[n], f32[5], f64[4], i64[]", x -> Stream.of(0, 1, 2).flatMap(reduction -> Stream.of(
                LossOperators.NLL_LOSS_FORWARD.callAll(x.get(0), x.get(1), null, reduction, -100),
                LossOperators.NLL_LOSS_FORWARD.callAll(x.get(0), x.get(1), x.get(2), reduction, 2),
                LossOperators.NLL_LOSS_FORWARD.callAll(x.get(3), x.get(4), null, reduction, -100))).flatMap(List::stream).toList())
                .dim("n", 1, 20).values(1, Values.below(5)).values(2, Values.POSITIVE).values(4, Values.below(4)));
        cases.add(GraphCase.of("nll_loss_beyond", "f32[n, 5], i64[n]", x -> Functional.nllLoss(x.get(0), x.get(1))).dim("n", 3)
                .values(1, Values.always(5)).fails("is out of range"));
    }
}
