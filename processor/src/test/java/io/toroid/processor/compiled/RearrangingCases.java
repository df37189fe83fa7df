package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Index;
import io.toroid.Linalg;
import io.toroid.Tensor;
import io.toroid.nn.Functional;
import io.toroid.op.IndexingOperators;
import io.toroid.op.PaddingOperators;
import io.toroid.op.RearrangingOperators;
import io.toroid.op.StridedOperators;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Elements in another order, in diagonals, with borders, and at places that are tensors. */
final class RearrangingCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private RearrangingCases() {
    }

    static List<GraphCase> all() {
        RearrangingCases family = new RearrangingCases();
        family.orders();
        family.strides();
        family.diagonals();
        family.borders();
        family.parts();
        family.places();
        family.sorted();
        return family.cases;
    }

    private void orders() {
        cases.add(GraphCase.several("flip", "f32[n, 3, m], bool[n], f32[]", x -> List.of(
                x.get(0).flip(-1), x.get(0).flip(0, 2), x.get(0).flip(), x.get(1).flip(0), x.get(2).flip(0),
                x.get(0).exp().flip(1).sum(2))).dim("n", 1, 5, 0).dim("m", 1, 37));
        cases.add(GraphCase.several("roll", "f32[n, 3, m], i64[n], f32[], f32[0, 3]", x -> List.of(
                x.get(0).roll(2, 2), x.get(0).roll(-1, 0), x.get(0).roll(5), x.get(1).roll(-7), x.get(2).roll(3), x.get(3).roll(1, 0),
                RearrangingOperators.ROLL.call(x.get(0), List.of(1, 2, -1), List.of(0, 2, 2)))).dim("n", 1, 5, 0).dim("m", 1, 37));
        cases.add(GraphCase.several("rot90", "f32[n, 3, m]", x -> Stream.of(-3, -1, 0, 1, 2, 3, 6)
                .map(k -> x.get(0).rot90(k, 0, -1)).toList()).dim("n", 1, 5).dim("m", 1, 20));
        cases.add(GraphCase.several("repeat", "f32[n, 3], f32[]", x -> List.of(
                x.get(0).repeat(2, 3), x.get(0).repeat(2, 1, 4), x.get(0).repeat(0, 1), x.get(1).repeat(2, 3), x.get(1).repeat(),
                RearrangingOperators.REPEAT.call(x.get(0), List.of(x.size("n"), Size.ONE)))).dim("n", 1, 5, 0));
        cases.add(GraphCase.several("unfold", "f32[n, 9], f32[]", x -> List.of(
                x.get(0).unfold(1, 3, 2), x.get(0).unfold(0, 2, 1), x.get(0).unfold(-1, 9, 4), x.get(1).unfold(0, 1, 1),
                x.get(0).unfold(1, 3, 1).mean(2))).dim("n", 2, 7).range("n", 2, 100, 1));
        cases.add(GraphCase.several("pixels", "f32[n, 12, 2, m], f32[n, 3, 4, 6], i64[8, 1, 3]", x -> List.of(
                Functional.pixelShuffle(x.get(0), 2), Functional.pixelUnshuffle(x.get(1), 2), Functional.pixelShuffle(x.get(2), 2),
                Functional.pixelUnshuffle(x.get(1), 1))).dim("n", 1, 3).dim("m", 1, 5));
        cases.add(GraphCase.several("aliases", "f32[n, 3]", x -> List.of(RearrangingOperators.ALIAS.call(x.get(0)))).dim("n", 4));
    }

    private void strides() {
        cases.add(GraphCase.several("as_strided", "f32[n, 4, 6], f32[3, 4], bool[4]", x -> List.of(
                x.get(0).asStrided(new long[] {4, 6}, 6, 1), x.get(0).asStrided(new long[] {2, 3, 3}, 1, 0, 5),
                x.get(0).exp().asStrided(List.of(x.size("n"), Size.of(3)), List.of(Size.of(24), Size.of(2)), Size.ONE).sum(1),
                x.get(1).t().asStrided(new long[] {3, 4}, 4, 1), x.get(1).select(0, 1).asStrided(new long[] {2, 2}, 4, 1),
                x.get(1).slice(1, 1).unsqueeze(0).asStrided(new long[] {3}, 3), x.get(1).unsqueeze(1).expand(3, 2, 4).asStrided(new long[] {}),
                x.get(1).t().reshape(12).asStrided(new long[] {3}, 1), x.get(2).asStrided(new long[] {3, 2}, 1, 1),
                x.get(2).asStrided(new long[] {3, 0}, 9, 9),
                StridedOperators.AS_STRIDED_COPY.call(x.get(1), List.of(2, 2), List.of(5, 3), 2),
                StridedOperators.AS_STRIDED_SCATTER.call(x.get(1), x.get(0).select(0, 0).slice(0, 0, 2).slice(1, 0, 2), List.of(2, 2), List.of(5, 3), 2)))
                .dim("n", 1, 5));
        cases.add(GraphCase.of("as_strided_beyond", "f32[n]", x -> x.get(0).asStrided(new long[] {3, 2}, 2, 1)).dim("n", 5)
                .refuses("reach element 5, but f32[n] has n"));
    }

    private void diagonals() {
        cases.add(GraphCase.several("diagonal", "f32[n, 4, m]", x -> List.of(
                x.get(0).diagonal(), x.get(0).diagonal(1, 1, 2), x.get(0).diagonal(-1, 0, 2), x.get(0).diagonal(2, -1, 0),
                x.get(0).diagonal(9, 0, 1), x.get(0).diagonal(-9, 0, 1))).dim("n", 1, 5, 20).dim("m", 1, 7));
        cases.add(GraphCase.several("diag_embed", "f32[n, 3], i64[n], bool[1]", x -> List.of(
                x.get(0).diagEmbed(), x.get(0).diagEmbed(1, 0, 2), x.get(0).diagEmbed(-2, 2, 0), x.get(1).diagEmbed(),
                x.get(1).diagEmbed(1, 1, 0), x.get(2).diagEmbed(-1, 0, 1))).dim("n", 1, 5, 18));
        cases.add(GraphCase.several("trace", "f32[n, m], i32[n, m], bool[n, 4]", x -> List.of(
                x.get(0).trace(), x.get(1).trace(), x.get(2).trace())).dim("n", 1, 5).dim("m", 1, 20));
        cases.add(GraphCase.several("triangles", "f32[n, m], i64[2, n, m], bool[n, 4]", x -> List.of(
                x.get(0).tril(0), x.get(0).triu(0), x.get(1).tril(1), x.get(1).triu(-2), x.get(2).tril(-1), x.get(2).triu(9),
                RearrangingOperators.TRIL.call(x.get(0), x.size("n")))).dim("n", 1, 5).dim("m", 1, 20));
        cases.add(GraphCase.several("cross", "f32[n, 3], f32[1, 3], i64[3, n], f64[n, 3]", x -> List.of(
                Linalg.cross(x.get(0), x.get(0).exp(), -1), Linalg.cross(x.get(0), x.get(1), 1), Linalg.cross(x.get(2), x.get(2).neg().add(1), 0),
                Linalg.cross(x.get(0), x.get(3), 1))).dim("n", 1, 20));
    }

    private void borders() {
        cases.add(GraphCase.several("pad_constant", "f32[n, 3, m], bool[n], i64[n, 2]", x -> List.of(
                Functional.pad(x.get(0), 0, 1, 2), Functional.pad(x.get(0), -1.5, 1, 0, 0, 2, 3, 1), Functional.pad(x.get(0), 7, -1, 2, -1, -1),
                Functional.pad(x.get(0), Double.NEGATIVE_INFINITY, 0, 0, 0, 0, -1, 3), PaddingOperators.CONSTANT_PAD_ND.call(x.get(1), List.of(2, 1), true),
                Functional.pad(x.get(2), 9, 0, 1), Functional.pad(x.get(0), 0, 0, 0), Functional.pad(x.get(0).exp(), 0, 1, 1).sum(0)))
                .dim("n", 1, 5).dim("m", 1, 37));
        cases.add(GraphCase.several("pad_reflect", "f32[n, 4], f32[2, n, 4], f32[2, 3, n, 4], i64[1, 2, 3, n, 4]", x -> List.of(
                Functional.padReflect(x.get(0), 3, 2), Functional.padReflect(x.get(1), 1, 0), Functional.padReflect(x.get(1), 1, 2, 0, 1),
                Functional.padReflect(x.get(2), 0, 1, 1, 1), Functional.padReflect(x.get(3), 1, 1, 1, 1, 2, 1),
                Functional.padReflect(x.get(0), -1, 2))).dim("n", 2, 7, 20).range("n", 2, 100, 1));
        cases.add(GraphCase.several("pad_replicate", "f32[n, 4], f32[2, n, 4], f32[2, 3, n, 4], i64[1, 2, 3, n, 4]", x -> List.of(
                Functional.padReplicate(x.get(0), 3, 9), Functional.padReplicate(x.get(1), 1, 0), Functional.padReplicate(x.get(1), 1, 2, 0, 5),
                Functional.padReplicate(x.get(2), -1, 1, 3, -1), Functional.padReplicate(x.get(3), 1, 1, 1, 1, 4, 1)))
                .dim("n", 2, 7, 20).range("n", 2, 100, 1));
        cases.add(GraphCase.of("pad_reflect_too_far", "f32[2, n]", x -> Functional.padReflect(x.get(0), 3, 0)).dim("n", 3)
                .refuses("must be less than its size"));
    }

    private void parts() {
        cases.add(GraphCase.several("splits", "f32[n, 7]", x -> Stream.of(x.get(0).split(3, 1), x.get(0).split(7, -1), x.get(0).unbind(1),
                x.get(0).split(List.of(Size.of(2), Size.of(0), Size.of(5)), 1),
                x.get(0).split(List.of(Size.ONE, x.size("n - 1")), 0)).flatMap(List::stream).toList()).dim("n", 1, 5));
        cases.add(GraphCase.several("slice_scatter", "f32[n, 7], f32[n, 3], i64[2, 7], f64[1, 7], f32[7]", x -> List.of(
                x.get(0).sliceScatter(x.get(1), 1, Size.of(2), Size.of(5), 1), x.get(0).sliceScatter(x.get(1), -1, Size.of(-7), Size.of(6), 2),
                x.get(0).sliceScatter(x.get(2).to(DType.F32), 0, x.size("n - 2"), x.size("n"), 1),
                x.get(0).sliceScatter(x.get(0).exp(), 0, null, null, 1),
                RearrangingOperators.COPY.call(x.get(0), x.get(3)), RearrangingOperators.COPY.call(x.get(2), x.get(4))))
                .dim("n", 2, 20).range("n", 2, 100, 1));
        cases.add(GraphCase.several("select_scatter", "f32[n, 3], f32[n], i64[3], f32[3]", x -> List.of(
                x.get(0).selectScatter(x.get(1), 1, -1), x.get(0).selectScatter(x.get(2), 0, 0), x.get(0).selectScatter(x.get(3), 0, -1),
                RearrangingOperators.SELECT_SCATTER.call(x.get(0), x.get(3), 0, x.size("n - 1")))).dim("n", 1, 20));
    }

    private void places() {
        cases.add(GraphCase.several("index_select", "f32[4, n, 5], i64[k], i32[k], f32[], i64[1], i64[]", x -> List.of(
                x.get(0).indexSelect(0, x.get(1)), x.get(0).indexSelect(-1, x.get(2)), x.get(0).indexSelect(0, x.get(5)),
                x.get(3).indexSelect(0, x.get(4)), x.get(0).exp().indexSelect(2, x.get(1)).sum(2)))
                .dim("n", 1, 9).dim("k", 1, 6, 33).values(1, Values.below(4)).values(2, Values.below(4)).values(4, Values.always(0))
                .values(5, Values.below(4)));
        cases.add(GraphCase.several("gather", "f32[4, n, 5], i64[3, n, 5], i64[2, n, 9], i32[4, n, 1], f32[], i64[], f32[4], i64[0]", x -> List.of(
                x.get(0).gather(0, x.get(1)), x.get(0).gather(2, x.get(2)), x.get(0).gather(-1, x.get(3)), x.get(4).gather(0, x.get(5)),
                x.get(6).gather(0, x.get(5)), x.get(0).gather(0, x.get(7)), x.get(0).exp().gather(0, x.get(1)).amax(0)))
                .dim("n", 1, 9, 33).values(1, Values.below(4)).values(2, Values.below(4)).values(3, Values.below(5))
                .values(5, Values.always(0)));
        indices();
        cases.add(GraphCase.several("take", "f32[4, n], i64[k], i64[2, 3], f32[], i64[]", x -> List.of(
                x.get(0).take(x.get(1)), x.get(0).take(x.get(2)), x.get(0).take(x.get(4)), x.get(3).take(x.get(4))))
                .dim("n", 1, 9).dim("k", 0, 20).values(1, Values.below(4)).values(2, Values.of(r -> 0, r -> r.nextInt(-4, 4)))
                .values(4, Values.always(0)));
        String message = "is out of range";
        cases.add(GraphCase.of("gather_beyond", "f32[n, 3], i64[n, 3]", x -> x.get(0).gather(1, x.get(1))).dim("n", 1, 33)
                .values(1, Values.always(3)).fails("gather: index 3 " + message));
        cases.add(GraphCase.of("index_select_negative", "f32[n, 3], i64[n]", x -> x.get(0).indexSelect(1, x.get(1))).dim("n", 1, 33)
                .values(1, Values.always(-1)).fails("index_select: index -1 " + message));
        cases.add(GraphCase.of("take_beyond", "f32[4], i64[n]", x -> x.get(0).take(x.get(1))).dim("n", 1, 33)
                .values(1, Values.always(-5)).fails("take: index -5 " + message));
    }

    private void indices() {
        Values places = Values.of(r -> 0, r -> r.nextInt(-4, 4));
        cases.add(GraphCase.several("index", "f32[4, n, 5, 4], i64[k], i32[3, 1], i64[]", x -> List.of(
                x.get(0).index(Index.at(x.get(1))), x.get(0).index(Index.rest(), Index.at(x.get(1))),
                x.get(0).index(Index.all(), Index.all(), Index.at(x.get(1)), Index.at(x.get(2))),
                x.get(0).index(Index.at(x.get(1)), Index.all(), Index.at(x.get(2))),
                x.get(0).index(Index.at(x.get(3)), Index.all(), Index.all(), Index.at(x.get(3))),
                x.get(0).index(Index.at(x.get(2)), Index.at(0), Index.slice(1, 5, 2), Index.newAxis(), Index.at(x.get(1))),
                x.get(0).index(Index.at(-1), Index.from(0), Index.rest(), Index.at(2)),
                IndexingOperators.UNSAFE_INDEX.call(x.get(0), Arrays.asList(null, null, x.get(1))),
                x.get(0).exp().index(Index.at(x.get(1)), Index.all(), Index.at(x.get(1))).sum(0)))
                .dim("n", 1, 9).dim("k", 1, 6, 33).values(1, places).values(2, places).values(3, places));
        cases.add(GraphCase.several("index_narrow", "bool[4, n], bf16[4, n], i64[k], u8[4, n]", x -> List.of(
                x.get(0).index(Index.at(x.get(2))), x.get(0).index(Index.all(), Index.at(x.get(2))), x.get(1).index(Index.at(x.get(2))),
                x.get(3).index(Index.at(x.get(2)), Index.at(x.get(2)))))
                .dim("n", 4, 9).range("n", 4, 64, 1).dim("k", 0, 1, 40).values(2, places));
        cases.add(GraphCase.several("index_put_places", "f32[4, n, 5, 4], i64[2], i32[3, 1], f32[], f32[4, n, 2, 4], f32[3, 2, n, 4]", x -> List.of(
                x.get(0).indexPut(x.get(3), /* accumulate= */ false, Index.at(x.get(1))),
                x.get(0).indexPut(x.get(4), false, Index.all(), Index.all(), Index.at(x.get(1))),
                x.get(0).indexPut(x.get(5), true, Index.at(x.get(1)), Index.all(), Index.at(x.get(2))),
                x.get(0).indexPut(x.get(3), true, Index.rest(), Index.at(x.get(1))),
                x.get(0).indexPut(x.get(3), true, Index.at(1), Index.all(), Index.at(x.get(1))),
                x.get(0).indexPut(x.get(4).select(0, 0).select(2, 0), false, Index.at(1), Index.all(), Index.at(x.get(1)), Index.at(-1)),
                x.get(0).indexPut(x.get(3), true, Index.all())))
                .dim("n", 1, 9).values(1, places).values(2, places));
        cases.add(GraphCase.of("index_beyond", "f32[n, 3], i64[n]", x -> x.get(0).index(Index.all(), Index.at(x.get(1)))).dim("n", 1, 33)
                .values(1, Values.always(3)).fails("index: index 3 is out of range for axis 1, which has 3 elements; indices[1] must be at least -3 and less than 3"));
        cases.add(GraphCase.of("index_before", "f32[n, 3], i64[n]", x -> x.get(0).index(Index.at(x.get(1)), Index.at(x.get(1)))).dim("n", 3)
                .values(1, Values.always(-4)).fails("index: index -4 is out of range for axis 0, which has 3 elements; "
                        + "indices[0] must be at least -3 and less than 3"));
        cases.add(GraphCase.several("index_of_summed_strides", "f32[3, w + 1], f32[3, 4, w + 1], i64[k]", x -> List.of(
                x.get(0).index(Index.at(x.get(2))), x.get(1).index(Index.at(x.get(2)), Index.at(x.get(2).remainder(2)))))
                .dim("w", 2, 8, 33).dim("k", 1, 20).values(2, Values.below(3)));
        cases.add(GraphCase.of("index_nothing", "f32[n, 3], i64[k]", x -> x.get(0).index(Index.at(x.get(1)))).dim("n", 0).dim("k", 20)
                .values(1, Values.always(0)).fails("index: index 0 is out of range for axis 0, which has 0 elements"));
        cases.add(GraphCase.of("index_nothing_in_lanes", "f32[n], i64[k]", x -> x.get(0).index(Index.at(x.get(1)))).dim("n", 0).dim("k", 20)
                .values(1, Values.always(0)).fails("index: index 0 is out of range for axis 0, which has 0 elements"));
    }

    private void sorted() {
        Values rising = Values.of(new java.util.function.ToDoubleFunction<>() {
            private double last = -2;

            @Override
            public double applyAsDouble(java.util.Random random) {
                last += random.nextInt(2) * 0.5;
                return last;
            }
        }, random -> 0);
        cases.add(GraphCase.several("bucketize", "f32[n, 3], f32[8], i64[n], f32[]", x -> List.of(
                x.get(0).bucketize(x.get(1), false), x.get(0).bucketize(x.get(1), true), x.get(2).bucketize(x.get(1), true),
                x.get(3).bucketize(x.get(1), false), IndexingOperators.BUCKETIZE.call(x.get(0), x.get(1), true)))
                .dim("n", 1, 20).values(1, rising).values(Values.TIED));
        cases.add(GraphCase.several("searchsorted", "f32[8], f32[n, 3], f32[2, 1, 8], f32[2, 1, n], i64[8], f32[0]", x -> List.of(
                x.get(0).searchsorted(x.get(1), false), x.get(0).searchsorted(x.get(1), true), x.get(2).searchsorted(x.get(3), true),
                IndexingOperators.SEARCHSORTED.call(x.get(0), x.get(1), true, false, "right", null),
                IndexingOperators.SEARCHSORTED.call(x.get(0), x.get(1), false, false, "left", x.get(4)),
                x.get(5).searchsorted(x.get(1), false)))
                .dim("n", 1, 20).values(0, rising).values(2, Values.always(0)).values(4, Values.always(2)).values(Values.TIED));
        cases.add(GraphCase.several("searchsorted_long", "f32[m], f64[n, 2], i16[3, 700], i16[3, n], f32[4, n]", x -> List.of(
                x.get(0).searchsorted(x.get(1), false), x.get(1).bucketize(x.get(0), true),
                x.get(2).searchsorted(x.get(3), false), x.get(2).searchsorted(x.get(3), true), x.get(4).bucketize(x.get(0), false)))
                .dim("n", 0, 1, 700).dim("m", 0, 1, 999).values(0, rising).values(2, Values.always(0)).values(4, Values.SPECIAL)
                .values(Values.TIED));
        cases.add(GraphCase.several("searchsorted_narrow", "bf16[9], f16[n], f16[9], u8[5], i8[n]", x -> List.of(
                x.get(0).searchsorted(x.get(1), false), x.get(2).searchsorted(x.get(1), true), x.get(3).searchsorted(x.get(4), true),
                x.get(0).searchsorted(x.get(4), true)))
                .dim("n", 1, 20).values(0, rising).values(2, rising).values(3, Values.always(1)).values(Values.TIED));
    }
}
