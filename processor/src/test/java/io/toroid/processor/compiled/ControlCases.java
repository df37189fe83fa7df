package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.ControlFlow;
import java.util.ArrayList;
import java.util.List;

/** Branches and loops that values decide. */
final class ControlCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private ControlCases() {
    }

    static List<GraphCase> all() {
        ControlCases family = new ControlCases();
        family.branches();
        family.loops();
        family.updates();
        family.nested();
        return family.cases;
    }

    private void branches() {
        for (String dtype : List.of("bool", "i64", "f32")) {
            cases.add(GraphCase.of("cond_" + dtype, dtype + "[], f32[n, 3], f32[n, 3]", x -> ControlFlow.cond(x.get(0),
                    () -> x.get(1).add(x.get(2)), () -> x.get(1).mul(2).exp())).dim("n", 1, 7, 100));
        }
        cases.add(GraphCase.of("cond_one_element", "f32[1, 1], f32[n]", x -> ControlFlow.cond(x.get(0).gt(0),
                () -> x.get(1).sum().expand(3), () -> x.get(1).amax(0).expand(3))).dim("n", 1, 50));
        cases.add(GraphCase.several("cond_results", "bool[], f32[n, 4], i64[n]", x -> ControlFlow.condAll(x.get(0),
                () -> List.of(x.get(1).softmax(-1), x.get(2), x.get(1)),
                () -> List.of(x.get(1), x.get(2).add(1), x.get(1)))).dim("n", 1, 7));
        cases.add(GraphCase.of("cond_weights", "f32[n, 8]", x -> {
            Tensor first = x.weight("f32[8, 8]");
            Tensor second = x.weight("f32[8, 8]");
            Tensor bias = x.weight("f32[8]");
            return ControlFlow.cond(x.get(0).sum().gt(0), () -> x.get(0).linear(first, bias).relu(), () -> x.get(0).linear(second.mul(2)));
        }).dim("n", 1, 5, 33).slack(20));
        cases.add(GraphCase.several("cond_around", "bool[], f32[n, 6]", x -> {
            Tensor before = x.get(1).mul(3).add(1);
            Tensor chosen = ControlFlow.cond(x.get(0), () -> before.relu().transpose(0, 1), () -> before.neg().transpose(0, 1));
            return List.of(chosen.add(1).sigmoid(), before, chosen.transpose(0, 1).matmul(x.weight("f32[6, 5]")));
        }).dim("n", 1, 7).slack(20));
        cases.add(GraphCase.several("cond_shared_predicate", "f32[n]", x -> {
            Tensor predicate = x.get(0).mean().gt(0);
            Tensor first = ControlFlow.cond(predicate, () -> x.get(0).exp(), () -> x.get(0).neg());
            return List.of(first, ControlFlow.cond(predicate, () -> first.add(1), () -> first.sub(1)));
        }).dim("n", 1, 20));
        cases.add(GraphCase.of("cond_image", "bool[], f32[b, 2, 6, 6]", x -> {
            Tensor weight = x.weight("f32[4, 2, 3, 3]");
            return ControlFlow.cond(x.get(0), () -> x.get(1).conv2d(weight, null, io.toroid.op.Convolution.DEFAULT.padding(1)).relu(),
                    () -> Tensor.cat(1, x.get(1), x.get(1)));
        }).dim("b", 1, 3).slack(20));
        cases.add(GraphCase.of("cond_untaken_failure", "bool[], f32[5, 3], i64[n]", x -> ControlFlow.cond(
                x.get(0).logicalAnd(x.get(0).logicalNot()), () -> x.get(2).embedding(x.get(1)), () -> x.get(2).unsqueeze(1).to(DType.F32).expand(-1, 3)))
                .dim("n", 4).values(2, Values.of(_ -> 0, random -> 100 + random.nextInt(5))));
    }

    /** What is updated is looked at in UpdatesTest. */
    private void updates() {
        cases.add(GraphCase.of("updating", "f32[n], f32[n]", x -> x.get(0).sub(x.get(1)).updating(x.get(1), x.get(0).mul(2)).exp())
                .dim("n", 0, 1, 33).slack(10));
    }

    private void loops() {
        cases.add(GraphCase.several("while_count", "i64[], f32[n]", x -> ControlFlow.whileLoop(
                List.of(x.get(0), x.get(1)), c -> c.get(0).lt(6), c -> List.of(c.get(0).add(1), c.get(1).mul(1.5).add(x.get(1)))))
                .dim("n", 1, 33).values(0, Values.below(8)).slack(10));
        cases.add(GraphCase.of("while_never", "f32[n]", x -> ControlFlow.whileLoop(
                List.of(x.get(0)), c -> c.get(0).sum().mul(0).gt(1), c -> List.of(c.get(0).exp())).getFirst()).dim("n", 1, 5));
        cases.add(GraphCase.of("while_matmul", "f32[n, 8]", x -> {
            Tensor weight = x.weight("f32[8, 8]");
            Tensor start = Tensor.full(DType.I64, 0);
            return ControlFlow.whileLoop(List.of(start, x.get(0)), c -> c.get(0).lt(4),
                    c -> List.of(c.get(0).add(1), c.get(1).linear(weight).tanh())).get(1);
        }).dim("n", 1, 9).slack(100));
        cases.add(GraphCase.several("while_swap", "f32[n], f32[n]", x -> ControlFlow.whileLoop(
                List.of(Tensor.full(DType.I64, 0), x.get(0), x.get(1)), c -> c.get(0).ne(3),
                c -> List.of(c.get(0).add(1), c.get(2), c.get(1)))).dim("n", 1, 9));
        cases.add(GraphCase.of("while_cumsum", "f32[n, 3]", x -> {
            Tensor rows = Tensor.arange(x.size("n")).unsqueeze(1);
            return ControlFlow.whileLoop(
                    List.of(Tensor.full(DType.I64, 0), Tensor.zeros(DType.F32, 3), x.get(0).mul(0)),
                    c -> c.get(0).lt(rows.amax(0)),
                    c -> {
                        Tensor isRow = rows.eq(c.get(0));
                        Tensor sum = c.get(1).add(Tensor.where(isRow, x.get(0), 0).sum(0));
                        return List.of(c.get(0).add(1), sum, Tensor.where(isRow, sum.unsqueeze(0), c.get(2)));
                    }).get(2);
        }).dim("n", 1, 6).slack(20));
        cases.add(GraphCase.several("map_rows", "f32[n, m, 3], f32[m, 3]", x -> List.of(
                ControlFlow.map(x.get(0), row -> row.mul(x.get(1)).sum(1).exp()), ControlFlow.map(x.get(0), row -> row.gt(0).any())))
                .dim("n", 1, 5, 0).dim("m", 2, 7).slack(4));
        cases.add(GraphCase.several("scan_rows", "f32[n, m], f32[m]", x -> {
            ControlFlow.Scanned decayed = ControlFlow.scan(x.get(1), x.get(0), (carry, row) -> {
                Tensor next = carry.mul(0.5).add(row);
                return new ControlFlow.Step(next, next.unsqueeze(1).mul(row.sum()));
            });
            return List.of(decayed.carry(), decayed.rows());
        }).dim("n", 1, 6, 0).dim("m", 4, 9).slack(4));
        cases.add(GraphCase.of("while_after_failure", "i64[], i64[]", x -> {
            Tensor step = x.get(0).floorDiv(x.get(1));
            return ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0)), c -> c.get(0).lt(10), c -> List.of(c.get(0).add(step))).getFirst();
        }).values(1, Values.always(0)).fails("divided by zero"));
        cases.add(GraphCase.of("while_long", "f64[]", x -> ControlFlow.whileLoop(
                List.of(Tensor.full(DType.I64, 0), x.get(0)), c -> c.get(0).lt(100000),
                c -> List.of(c.get(0).add(1), c.get(1).mul(0.99999))).get(1)).slack(1000));
    }

    private void nested() {
        cases.add(GraphCase.of("cond_of_conds", "bool[], bool[], f32[n, 4]", x -> {
            Tensor weight = x.weight("f32[4, 4]");
            return ControlFlow.cond(x.get(0), () -> ControlFlow.cond(x.get(1),
                    () -> x.get(2).linear(weight).softmax(-1).linear(weight), () -> x.get(2).neg()), () -> x.get(2).exp());
        }).dim("n", 1, 9).slack(20));
        cases.add(GraphCase.of("cond_nothing", "bool[], f32[n, 4]", x -> {
            Tensor weight = x.weight("f32[4, 4]");
            return ControlFlow.cond(x.get(0), () -> x.get(1).linear(weight).softmax(-1).linear(weight), () -> x.get(1));
        }).dim("n", 0, 3).slack(20));
        cases.add(GraphCase.of("cond_constant", "bool[], f32[n, 2]", x -> ControlFlow.cond(x.get(0), () -> x.get(1).mul(
                Tensor.stack(0, Tensor.of(new float[] {1}), Tensor.of(new float[] {2})).view(2)), () -> x.get(1))).dim("n", 1, 5));
        cases.add(GraphCase.of("while_of_sizes", "f32[n]", x -> x.get(0).add(ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0)),
                c -> c.get(0).lt(Tensor.arange(x.size("n")).amax(0)), c -> List.of(c.get(0).add(1))).get(0).to(DType.F32))).dim("n", 1, 5));
        for (String dtype : List.of("f16", "bf16")) {
            cases.add(GraphCase.several("control_" + dtype, "bool[], %s[n]".formatted(dtype), x -> List.of(
                    ControlFlow.cond(x.get(0), () -> x.get(1).mul(2), () -> x.get(1)),
                    ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0), x.get(1)), c -> c.get(0).lt(3),
                            c -> List.of(c.get(0).add(1), c.get(1).mul(2))).get(1))).dim("n", 1, 20));
        }
        cases.add(GraphCase.of("while_with_cond", "f32[n]", x -> ControlFlow.whileLoop(
                List.of(Tensor.full(DType.I64, 0), x.get(0)), c -> c.get(0).lt(5),
                c -> List.of(c.get(0).add(1), ControlFlow.cond(c.get(0).remainder(2).eq(0),
                        () -> c.get(1).add(x.get(0)), () -> c.get(1).mul(0.5)))).get(1)).dim("n", 1, 9).slack(10));
        cases.add(GraphCase.of("cond_with_while", "bool[], f32[n, 2]", x -> ControlFlow.cond(x.get(0),
                () -> ControlFlow.whileLoop(List.of(Tensor.full(DType.I32, 0), x.get(1)), c -> c.get(0).lt(3),
                        c -> List.of(c.get(0).add(1), c.get(1).sin())).get(1),
                () -> ControlFlow.cond(x.get(1).sum().gt(0), () -> x.get(1), () -> x.get(1).softmax(0)))).dim("n", 1, 9).slack(10));
        cases.add(GraphCase.of("while_in_while", "f32[n]", x -> ControlFlow.whileLoop(
                List.of(Tensor.full(DType.I64, 0), x.get(0)), outer -> outer.get(0).lt(3),
                outer -> {
                    Tensor inner = ControlFlow.whileLoop(List.of(outer.get(0), outer.get(1)), c -> c.get(0).lt(4),
                            c -> List.of(c.get(0).add(1), c.get(1).mul(1.25))).get(1);
                    return List.of(outer.get(0).add(1), inner.add(x.get(0).mean()));
                }).get(1)).dim("n", 1, 9).slack(10));
    }
}
