package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.UniqueValues;
import io.toroid.op.ControlFlow;
import io.toroid.op.DataSizedOperators;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Sizes that depend on data: what is chosen or counted, and what is computed with it. */
final class DataSizedCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private DataSizedCases() {
    }

    static List<GraphCase> all() {
        DataSizedCases family = new DataSizedCases();
        family.chosen();
        family.items();
        family.distinct();
        family.checks();
        family.control();
        return family.cases;
    }

    private void chosen() {
        for (String dtype : List.of("bool", "f32", "f64", "i64", "u8", "f16", "bf16")) {
            cases.add(GraphCase.of("nonzero_" + dtype, dtype + "[n, 3]", x -> x.get(0).nonzero()).dim("n", 1, 5, 0, 100).values(Values.TIED));
            cases.add(GraphCase.of("masked_select_" + dtype, dtype + "[n, 5], bool[5]", x -> x.get(0).maskedSelect(x.get(1)))
                    .dim("n", 1, 5, 0, 100));
        }
        cases.add(GraphCase.of("nonzero_single", "f32[]", x -> x.get(0).nonzero()));
        cases.add(GraphCase.of("nonzero_static", "bool[2, 3, 4, 2]", x -> x.get(0).nonzero()));
        cases.add(GraphCase.of("nonzero_all_zero", "i32[n]", x -> x.get(0).nonzero()).dim("n", 7).values(Values.always(0)));
        cases.add(GraphCase.several("nonzero_and_more", "f32[n, 4]", x -> {
            Tensor places = x.get(0).gt(0).nonzero();
            Tensor rows = places.select(1, 0);
            return List.of(places.add(1), x.get(0).indexSelect(0, rows).softmax(-1), rows.to(DType.F32).sum(), x.get(0).exp());
        }).dim("n", 1, 6, 50).slack(20));
        cases.add(GraphCase.several("selected_products", "f32[n, 8]", x -> {
            Tensor kept = x.get(0).indexSelect(0, x.get(0).sum(1).gt(0).nonzero().select(1, 0));
            Tensor products = kept.linear(x.weight("f32[6, 8]"), x.weight("f32[6]")).relu();
            return List.of(products, kept.matmul(kept.t()), products.sum(0), Tensor.cat(0, kept, x.get(0)));
        }).dim("n", 2, 9, 70).slack(50));
        cases.add(GraphCase.several("two_masks", "f32[n], f32[n]", x -> {
            Tensor first = x.get(0).maskedSelect(x.get(0).gt(0));
            Tensor second = x.get(1).maskedSelect(x.get(1).lt(0.5));
            return List.of(Tensor.cat(0, first, second), first.unsqueeze(1).mul(second), second);
        }).dim("n", 1, 20, 300));
    }

    private void items() {
        cases.add(GraphCase.of("item_slice", "i64[], f32[n, 3]", x -> x.get(1).slice(0, Size.ZERO, x.get(0).toSize()).mul(2))
                .dim("n", 1, 4, 9).values(0, Values.below(9)));
        cases.add(GraphCase.of("item_select", "i32[1], f32[7, 3]", x -> x.get(1).select(0, x.get(0).toSize(0, 6)))
                .values(0, Values.below(7)));
        cases.add(GraphCase.of("item_select_from_end", "i64[], f32[n, 3]", x -> x.get(1).select(0, x.get(0).toSize(-9, 9))).dim("n", 4, 9)
                .values(0, Values.always(-3)));
        cases.add(GraphCase.of("item_select_before", "i64[], f32[n, 3]", x -> x.get(1).select(0, x.get(0).toSize(-9, 9))).dim("n", 4)
                .values(0, Values.always(-5)).fails("-n must be at most u0, but they are -4 and -5"));
        cases.add(GraphCase.several("item_zeros", "i64[], f32[4]", x -> {
            Size count = x.get(0).toSize(0, 1000);
            return List.of(Tensor.zeros(DType.F32, 4).add(x.get(1)), Tensor.full(DType.F32, 1.5, io.toroid.shape.Shape.of(count, Size.of(4))).add(x.get(1)),
                    Tensor.arange(count.plus(2)));
        }).values(0, Values.below(40)));
        cases.add(GraphCase.of("item_of_bool", "bool[], f32[5]", x -> x.get(1).slice(0, Size.ZERO, x.get(0).toSize().plus(2))));
        cases.add(GraphCase.of("item_arithmetic", "i64[], f32[n]", x -> {
            Size k = x.get(0).toSize(1, 8);
            return Tensor.full(DType.F32, 1, io.toroid.shape.Shape.of(k.times(2).plus(1), x.get(1).size(0))).mul(x.get(1)).sum(0);
        }).dim("n", 1, 5).values(0, Values.of(_ -> 1, random -> 1 + random.nextInt(8))));
        cases.add(GraphCase.of("item_out_of_range", "i64[], f32[7]", x -> x.get(1).slice(0, Size.ZERO, x.get(0).toSize(0, 3)))
                .values(0, Values.always(5)).fails("the size u0 is 5 and must be 0 to 3"));
        cases.add(GraphCase.of("item_negative", "i64[], f32[7]", x -> x.get(1).slice(0, Size.ZERO, x.get(0).toSize()))
                .values(0, Values.always(-2)).fails("the size u0 is -2 and must be at least 0"));
    }

    private void distinct() {
        for (String dtype : List.of("f32", "i64", "bool", "u8")) {
            cases.add(GraphCase.several("unique_" + dtype, dtype + "[n, 3]", x -> all(x.get(0).unique())).dim("n", 1, 0, 40).values(Values.TIED));
            cases.add(GraphCase.several("unique_consecutive_" + dtype, dtype + "[n]", x -> all(x.get(0).uniqueConsecutive())).dim("n", 1, 0, 40)
                    .values(Values.TIED));
        }
        cases.add(GraphCase.several("unique_dim", "i64[n, 2, 3], f32[4, n]", x -> {
            List<Tensor> results = new ArrayList<>(all(x.get(0).select(2, 0).unique(0)));
            results.addAll(all(x.get(1).unique(-1)));
            results.addAll(all(x.get(0).uniqueConsecutive(1)));
            return results;
        }).dim("n", 1, 3, 30).values(Values.TIED));
        cases.add(GraphCase.several("unique_part", "i64[n]", x -> DataSizedOperators.UNIQUE.callAll(x.get(0), true, false, false))
                .dim("n", 1, 20).values(Values.TIED));
        cases.add(GraphCase.several("repeat_interleave", "f32[n, 3], i64[n], i32[]", x -> List.of(x.get(0).repeatInterleave(x.get(1), 0),
                x.get(0).repeatInterleave(x.get(2), -1), DataSizedOperators.REPEAT_INTERLEAVE.call(x.get(1)),
                DataSizedOperators.REPEAT_INTERLEAVE_SELF.call(x.get(0), x.get(2)))).dim("n", 1, 5, 30).values(1, Values.below(4)).values(2, Values.below(3)));
        cases.add(GraphCase.of("repeat_interleave_negative", "i64[3]", x -> DataSizedOperators.REPEAT_INTERLEAVE.call(x.get(0).sub(x.get(0)).sub(
                Tensor.of(new long[] {1, -2, 0}, 3)))).fails("repeat_interleave: element 0 of the repeats is -1"));
        cases.add(GraphCase.of("local_scalar", "f32[1, 1]", x -> DataSizedOperators.LOCAL_SCALAR_DENSE.call(x.get(0)).exp()));
        cases.add(GraphCase.of("order_rows", "i32[n, 3]", x -> DataSizedOperators.ORDER_ROWS.call(x.get(0))).dim("n", 1, 0, 40).values(Values.TIED));
    }

    private static List<Tensor> all(UniqueValues unique) {
        return List.of(unique.values(), unique.inverse(), unique.counts());
    }

    private void checks() {
        cases.add(GraphCase.of("select_beyond", "i64[], f32[n]", x -> x.get(1).select(0, x.get(0).toSize())).dim("n", 4)
                .values(0, Values.always(4)).fails("index u0 is out of range for dimension 0 of f32[n], whose size is n: u0 must be less than n, but they are 4 and 4"));
        cases.add(GraphCase.of("masked_equals_input", "f32[n], bool[n], f32[m]", x -> x.get(0).maskedSelect(x.get(1)).add(x.get(2)))
                .dim("n", 60).dim("m", 60).fails("u0 must equal m, but they are"));
        cases.add(GraphCase.of("masked_equals_number", "f32[n], bool[n]", x -> x.get(0).maskedSelect(x.get(1)).add(Tensor.of(new float[] {1, 2, 3}, 3)))
                .dim("n", 50).fails("u0 must equal 3, but they are"));
        cases.add(GraphCase.of("asserted_size", "f32[n]", x -> {
            Tensor positive = x.get(0).maskedSelect(x.get(0).gt(100));
            Tensor.check(positive.size(0), Relation.LESS, Size.of(3), "few are large");
            return positive;
        }).dim("n", 5).values(Values.always(200)).fails("few are large: u0 must be less than 3, but they are 5 and 3"));
        cases.add(GraphCase.of("asserted_data", "f32[n]", x -> {
            Tensor.check(x.get(0).ge(0), "distances are not negative");
            return x.get(0).sqrt();
        }).dim("n", 5).values(Values.always(-1)).refuses("distances are not negative: u0 must equal 1, but they are 0 and 1"));
    }

    private void control() {
        cases.add(GraphCase.of("cond_chosen", "bool[], f32[n, 3]", x -> ControlFlow.cond(x.get(0),
                () -> x.get(1).maskedSelect(x.get(1).gt(0)).exp().sum(), () -> x.get(1).mean())).dim("n", 1, 6, 40).slack(20));
        cases.add(GraphCase.of("cond_outer_size", "bool[], f32[n]", x -> {
            Tensor chosen = x.get(1).maskedSelect(x.get(1).gt(0));
            return ControlFlow.cond(x.get(0), () -> chosen.softmax(0).mul(2), () -> chosen.add(1));
        }).dim("n", 1, 6, 40).slack(20));
        cases.add(GraphCase.several("while_chosen", "f32[n]", x -> ControlFlow.whileLoop(
                List.of(Tensor.full(DType.I64, 0), x.get(0), x.get(0).sum()), c -> c.get(0).lt(3),
                c -> List.of(c.get(0).add(1), c.get(1).add(0.5), c.get(2).add(c.get(1).maskedSelect(c.get(1).gt(0)).exp().sum()))))
                .dim("n", 1, 6, 40).slack(50));
        cases.add(GraphCase.of("while_outer_size", "f32[n]", x -> {
            Tensor chosen = x.get(0).maskedSelect(x.get(0).gt(-1));
            return ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0), chosen), c -> c.get(0).lt(3),
                    c -> List.of(c.get(0).add(1), c.get(1).sin().add(chosen))).get(1);
        }).dim("n", 1, 6, 40).slack(20));
        cases.add(GraphCase.of("while_growing_size", "i64[], f32[n]", x -> ControlFlow.whileLoop(
                List.of(Tensor.full(DType.I64, 0), x.get(1).sum()), c -> c.get(0).lt(x.get(0)),
                c -> List.of(c.get(0).add(1), c.get(1).add(Tensor.arange(c.get(0).toSize(0, 100).plus(1)).to(DType.F32).cos().softmax(0).sum())))
                .get(1)).dim("n", 3).values(0, Values.always(6)).slack(20));
    }
}
