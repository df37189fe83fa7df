package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Generator;
import io.toroid.Linalg;
import io.toroid.Tensor;
import io.toroid.nn.Functional;
import io.toroid.nn.Functional.Border;
import io.toroid.nn.Functional.Interpolation;
import io.toroid.op.ControlFlow;
import io.toroid.op.DataSizedOperators;
import io.toroid.op.Operators;
import io.toroid.op.RandomOperators;
import io.toroid.op.Window;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Calls whose arguments no schema tells: places within bounds, sorted values, sizes that must fit each other, random numbers,
 * branches and loops. Results whose sizes depend on data are summed up, so that anything may follow. Operands depend on the inputs, exactly:
 * so a recipe may jump.
 */
final class RandomRecipes {

    /** Results and the Java that makes them. */
    record Made(List<Tensor> values, String text) {
    }

    /**
     * What to call.
     *
     * @param operands types such as {@code x[n, 3]} (the model's floating-point type, {@code n} dynamic) and {@code below5[7]} (integers)
     * @param text in which {@code a}, {@code b} and {@code c} are the operands
     */
    private record Recipe(List<String> operands, String text, Function<List<Tensor>, List<Tensor>> body) {
    }

    private static final List<Recipe> ALL = all();

    private final Random random;
    private final Operands operands;
    private final DType dtype;

    /** @param dtype the model's floating-point type */
    RandomRecipes(Random random, Operands operands, DType dtype) {
        this.random = random;
        this.operands = operands;
        this.dtype = dtype;
    }

    Made make() {
        Recipe recipe = ALL.get(random.nextInt(ALL.size()));
        List<Tensor> values = new ArrayList<>();
        String text = recipe.text();
        for (String type : recipe.operands()) {
            values.add(operand(type));
            text = text.replaceAll("\\b%c\\b".formatted('a' + values.size() - 1), type.replaceFirst("(\\w+)\\[(.*)\\]", "$1($2)"));
        }
        return new Made(recipe.body().apply(values), text);
    }

    // ---- operands

    /** A weight times an element of the inputs, or with {@code n} as its first size, times a different one in each row. */
    private Tensor operand(String type) {
        String kind = type.substring(0, type.indexOf('['));
        String sizes = type.substring(type.indexOf('[') + 1, type.length() - 1);
        boolean isDynamic = sizes.startsWith("n");
        String rest = isDynamic ? sizes.replaceFirst("n(, )?", "") : sizes;
        boolean isFloating = kind.equals("x");
        Tensor weight = operands.weight("%s[%s]".formatted(isFloating ? dtype.text() : "i64", rest));
        Tensor numbers = operands.get(3).select(1, 0);
        for (int axis = 0; axis < weight.dim(); axis++) {
            numbers = numbers.unsqueeze(-1);
        }
        Tensor factor = isDynamic ? numbers : numbers.select(0, 0);
        return isFloating ? weight.mul(factor.to(dtype).add(1)) : weight.add(factor).remainder(Integer.parseInt(kind.substring("below".length())));
    }

    // ---- recipes

    private static List<Recipe> all() {
        List<Recipe> all = new ArrayList<>();
        all.addAll(places());
        all.addAll(sorted());
        all.addAll(shapes());
        all.addAll(layers());
        all.addAll(products());
        all.addAll(dataSized());
        all.addAll(randomNumbers());
        all.addAll(control());
        return all;
    }

    private static Recipe one(String operand, String text, UnaryOperator<Tensor> body) {
        return new Recipe(List.of(operand), "List.of(%s)".formatted(text), x -> List.of(body.apply(x.getFirst())));
    }

    private static Recipe two(String left, String right, String text, BinaryOperator<Tensor> body) {
        return new Recipe(List.of(left, right), "List.of(%s)".formatted(text), x -> List.of(body.apply(x.get(0), x.get(1))));
    }

    private static Recipe three(List<String> operands, String text, Function<List<Tensor>, Tensor> body) {
        return new Recipe(operands, "List.of(%s)".formatted(text), x -> List.of(body.apply(x)));
    }

    private static List<Recipe> places() {
        Tensor order = Tensor.of(new long[] {2, 0, 3, 1, 1, 2}, 2, 3);
        return List.of(
                two("x[n, 4]", "x[n, 2]", "a.indexCopy(1, Tensor.of(new long[] {2, 0}, 2), b)",
                        (a, b) -> a.indexCopy(1, Tensor.of(new long[] {2, 0}, 2), b)),
                three(List.of("x[5, 4]", "below5[7]", "x[7, 4]"), "a.indexPut(List.of(b), c, true)",
                        x -> x.get(0).indexPut(List.of(x.get(1)), x.get(2), true)),
                three(List.of("x[n, 4]", "below4[6]", "x[n, 6]"), "a.indexAdd(1, b, c)", x -> x.get(0).indexAdd(1, x.get(1), x.get(2))),
                two("x[2, 4]", "x[2, 3]", "a.scatter(1, Tensor.of(new long[] {2, 0, 3, 1, 1, 2}, 2, 3), b.select(1, 0).unsqueeze(1).expand(2, 3))",
                        (a, b) -> a.scatter(1, order, b.select(1, 0).unsqueeze(1).expand(2, 3))),
                three(List.of("x[n, 4]", "below4[n, 3]", "x[n, 3]"), "a.scatterReduce(1, b, c, \"amax\", true)",
                        x -> x.get(0).scatterReduce(1, x.get(1), x.get(2), "amax", true)),
                two("x[n, 5]", "below5[n]", "Functional.nllLoss(a, b)", Functional::nllLoss),
                two("x[5, 3]", "below5[8]", "bags(a, b)", RandomRecipes::bags),
                two("x[n, 6]", "x[n, 6]", "a.maskedFill(b.gt(0), 0.25)", (a, b) -> a.maskedFill(b.gt(0), 0.25)),
                three(List.of("x[n, 6]", "x[n, 6]", "x[1]"), "a.maskedFill(b.gt(0), c.select(0, 0))",
                        x -> x.get(0).maskedFill(x.get(1).gt(0), x.get(2).select(0, 0))),
                two("x[n, 6]", "x[n, 6]", "a.maskedScatter(b.gt(0), b)", (a, b) -> a.maskedScatter(b.gt(0), b)),
                one("x[n, 6]", "a.countNonzero(1)", a -> a.countNonzero(1)));
    }

    /** The largest rows of bags. */
    private static Tensor bags(Tensor weight, Tensor indices) {
        return Operators.byName("aten._embedding_bag_forward_only.default").orElseThrow()
                .callAll(weight, indices, Tensor.of(new long[] {0, 3, 3, 7}, 4), false, 1).getFirst();
    }

    private static List<Recipe> sorted() {
        return List.of(
                one("x[n, 6]", "a.histc(7, -1, 1.5)", a -> a.histc(7, -1, 1.5)),
                one("below5[7]", "a.bincount(9)", a -> a.bincount(9)),
                two("x[8]", "x[n, 3]", "a.sort().values().searchsorted(b, false)", (a, b) -> a.sort().values().searchsorted(b, false)),
                two("x[8]", "x[n, 3]", "b.bucketize(a.sort().values(), true)", (a, b) -> b.bucketize(a.sort().values(), true)),
                one("below3[n, 4]", "DataSizedOperators.ORDER_ROWS.call(a)", a -> DataSizedOperators.ORDER_ROWS.call(a)));
    }

    private static List<Recipe> shapes() {
        return List.of(
                one("x[6, 4]", "a.asStrided(new long[] {3, 2}, 4, 1)", a -> a.asStrided(new long[] {3, 2}, 4, 1)),
                one("x[6, 4]", "strided(\"copy\", a, List.of(3, 2), List.of(2, 5))", a -> strided("copy", a, List.of(3, 2), List.of(2, 5))),
                two("x[6, 4]", "x[3, 2]", "strided(\"scatter\", a, b, List.of(3, 2), List.of(4, 1))",
                        (a, b) -> strided("scatter", a, b, List.of(3, 2), List.of(4, 1))),
                one("x[n, 9]", "a.unfold(1, 3, 2)", a -> a.unfold(1, 3, 2)),
                one("x[n, 1]", "a.expand(-1, 5)", a -> a.expand(-1, 5)),
                new Recipe(List.of("x[n, 6]"), "a.split(4, 1)", x -> x.getFirst().split(4, 1)),
                new Recipe(List.of("x[n, 6]"), "a.split(List.of(Size.of(1), Size.of(5)), 1)",
                        x -> x.getFirst().split(List.of(Size.of(1), Size.of(5)), 1)),
                new Recipe(List.of("x[n, 3]"), "a.unbind(1)", x -> x.getFirst().unbind(1)),
                one("below5[n, 4]", "a.view(DType.F64).mul(0)", a -> a.view(DType.F64).mul(0)));
    }

    private static Tensor strided(String what, Object... arguments) {
        return Operators.byName("aten.as_strided_%s.default".formatted(what)).orElseThrow().call(arguments);
    }

    private static List<Recipe> layers() {
        return List.of(
                one("x[n, 2, 4, 5, 6]", "Functional.maxPool3d(a, Window.of(2))", a -> Functional.maxPool3d(a, Window.of(2))),
                one("x[n, 2, 4, 5, 6]", "Functional.avgPool3d(a, Window.of(2).ceil())", a -> Functional.avgPool3d(a, Window.of(2).ceil())),
                two("x[n, 2, 5, 6]", "x[n, 3, 4, 2]", "Functional.gridSample(a, b, Interpolation.BILINEAR, Border.ZEROS, true)",
                        (a, b) -> Functional.gridSample(a, b, Interpolation.BILINEAR, Border.ZEROS, true)),
                two("x[n, 6, 4]", "x[6]", "Functional.groupNorm(a, 3, b, null, 0.1)", (a, b) -> Functional.groupNorm(a, 3, b, null, 0.1)),
                one("x[n, 3, 4]", "Functional.batchNorm(a, null, null, 0.1)", a -> Functional.batchNorm(a, null, null, 0.1)),
                two("x[n, 3, 4]", "x[3]", "a.batchNorm(b, null, b, b.square(), 0.1)", (a, b) -> a.batchNorm(b, null, b, b.square(), 0.1)),
                two("x[n, 3, 4]", "x[3]", "norm(a, b)", RandomRecipes::norm),
                three(List.of("x[n, 2, 5, 4]", "x[n, 2, 3, 4]", "x[n, 2, 3, 4]"), "a.scaledDotProductAttention(b, c)",
                        x -> x.get(0).scaledDotProductAttention(x.get(1), x.get(2))));
    }

    /** In training, beside the statistics that it would update. */
    private static Tensor norm(Tensor x, Tensor mean) {
        return Operators.byName("aten._native_batch_norm_legit.default").orElseThrow()
                .callAll(x, null, null, mean, mean.square().add(1), true, 0.1, 0.1).getFirst();
    }

    private static List<Recipe> products() {
        return List.of(
                three(List.of("x[5]", "x[n, 3]", "x[3, 5]"), "Operators.byName(\"aten.addmm.default\").orElseThrow().call(a, b, c)",
                        x -> Operators.byName("aten.addmm.default").orElseThrow().call(x.get(0), x.get(1), x.get(2))),
                three(List.of("x[n, 2, 5]", "x[n, 2, 3]", "x[n, 3, 5]"), "a.baddbmm(b, c, 0.5, 2)",
                        x -> x.get(0).baddbmm(x.get(1), x.get(2), 0.5, 2)),
                two("x[n, 7]", "x[7]", "a.mv(b)", Tensor::mv),
                two("x[9]", "x[9]", "a.dot(b)", Tensor::dot),
                three(List.of("x[4, 3]", "x[4]", "x[3]"), "a.addr(b, c, 1, 0.5)", x -> x.get(0).addr(x.get(1), x.get(2), 1, 0.5)),
                two("x[n, 3]", "x[n, 3]", "Linalg.cross(a, b, 1)", (a, b) -> Linalg.cross(a, b, 1)));
    }

    private static List<Recipe> dataSized() {
        return List.of(
                two("x[n, 6]", "x[n, 6]", "a.maskedSelect(b.gt(0)).sum()", (a, b) -> a.maskedSelect(b.gt(0)).sum()),
                one("below3[n, 4]", "a.nonzero().sum(0, false)", a -> a.nonzero().sum(0, false)),
                one("below3[n, 4]", "a.unique().values().sum()", a -> a.unique().values().sum()),
                one("below3[n, 4]", "a.unique().inverse()", a -> a.unique().inverse()),
                one("below3[n, 2]", "a.unique(0).values().sum(0, false)", a -> a.unique(0).values().sum(0, false)),
                one("below3[n, 4]", "a.uniqueConsecutive().counts().sum()", a -> a.uniqueConsecutive().counts().sum()),
                two("x[n, 4]", "below3[n]", "a.repeatInterleave(b, 0).sum(0, false)", (a, b) -> a.repeatInterleave(b, 0).sum(0, false)),
                one("below3[n]", "DataSizedOperators.REPEAT_INTERLEAVE.call(a).sum()", a -> DataSizedOperators.REPEAT_INTERLEAVE.call(a).sum()),
                two("x[6, 3]", "below5[1]", "a.slice(0, Size.ZERO, b.toSize(0, 5)).sum(0, false)",
                        (a, b) -> a.slice(0, Size.ZERO, b.toSize(0, 5)).sum(0, false)));
    }

    private static List<Recipe> randomNumbers() {
        return List.of(
                two("below5[]", "x[n, 3]", "Generator.of(a).rand(b.shape(), b.dtype())", (a, b) -> Generator.of(a).rand(b.shape(), b.dtype())),
                two("below5[]", "x[n, 3]", "Generator.of(a).randn(b.shape(), b.dtype())", (a, b) -> Generator.of(a).randn(b.shape(), b.dtype())),
                two("below5[]", "x[n, 3]", "Generator.of(a).randint(-3, 9, b.shape(), DType.I64)",
                        (a, b) -> Generator.of(a).randint(-3, 9, b.shape(), DType.I64)),
                one("below5[]", "Generator.of(a).randperm(17)", a -> Generator.of(a).randperm(17)),
                two("below5[]", "x[n, 3]", "Generator.of(a).bernoulli(b.abs().clamp(0, 1))", (a, b) -> Generator.of(a).bernoulli(b.abs().clamp(0, 1))),
                two("below5[]", "below5[n, 6]", "Generator.of(a).multinomial(b.to(DType.F32).add(0.5), 9, true)",
                        (a, b) -> Generator.of(a).multinomial(b.to(DType.F32).add(0.5), 9, true)),
                new Recipe(List.of("below5[]", "x[n, 3]"), "Generator.of(a).nativeDropout(b, 0.25)",
                        x -> Generator.of(x.get(0)).nativeDropout(x.get(1), 0.25)),
                two("below5[]", "below5[n, 3]", "RandomOperators.PHILOX.call(a, b)", (a, b) -> RandomOperators.PHILOX.call(a, b)));
    }

    private static List<Recipe> control() {
        return List.of(
                two("below2[]", "x[n, 3]", "ControlFlow.cond(a, () -> b.sigmoid(), () -> b.mul(2))",
                        (a, b) -> ControlFlow.cond(a, b::sigmoid, () -> b.mul(2))),
                two("x[n, 4]", "x[4, 4]", "ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0), a), c -> c.get(0).lt(3), "
                                + "c -> List.of(c.get(0).add(1), c.get(1).matmul(b).tanh())).get(1)",
                        (a, b) -> ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0), a), c -> c.get(0).lt(3),
                                c -> List.of(c.get(0).add(1), c.get(1).matmul(b).tanh())).get(1)));
    }
}
