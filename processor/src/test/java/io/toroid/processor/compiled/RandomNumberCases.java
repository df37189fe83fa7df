package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Generator;
import io.toroid.Tensor;
import io.toroid.op.RandomOperators;
import io.toroid.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/** Random numbers: the compiled model draws what the interpreter draws. */
final class RandomNumberCases {

    private static final Values SEEDS = Values.of(_ -> 0, r -> r.nextInt());

    /** The first uniform number of this key is zero. */
    private static final long FIRST_OF_NO_WAIT = 9_829_682;

    private RandomNumberCases() {
    }

    private static Tensor first(Tensor key, float... weights) {
        return RandomOperators.MULTINOMIAL.call(Tensor.of(weights, weights.length), 1, /* replacement= */ false, key);
    }

    static List<GraphCase> all() {
        List<GraphCase> cases = new ArrayList<>();
        cases.add(GraphCase.several("random_philox", "i64[], i64[n, 3]", x -> List.of(
                RandomOperators.PHILOX.call(x.get(0), x.get(1)), RandomOperators.PHILOX.call(x.get(1), x.get(0))))
                .dim("n", 1, 0, 9, 40).values(SEEDS));
        cases.add(GraphCase.several("random_rand", "i64[], f32[n, 3]", x -> {
            Generator random = Generator.of(x.get(0));
            Shape shape = x.get(1).shape();
            return List.of(random.rand(shape, DType.F32), random.rand(shape, DType.F64), random.rand(shape, DType.BF16),
                    random.rand(shape, DType.F16), random.uniform(-2, 3, shape), random.rand(), random.rand(7, 5),
                    random.fork(Tensor.of(new long[] {3})).rand(4), x.get(1).add(Generator.of(42).rand(3)),
                    x.get(1).add(Generator.of(x.size("n")).rand(3)));
        }).dim("n", 1, 9, 40).values(0, SEEDS));
        cases.add(GraphCase.several("random_randn", "i64[], f32[n, 3], f64[3]", x -> {
            Generator random = Generator.of(x.get(0));
            Shape shape = x.get(1).shape();
            return List.of(random.randn(shape, DType.F32), random.randn(shape, DType.F64), random.randn(shape, DType.BF16),
                    random.normal(1, 2, shape), random.normal(x.get(1), x.get(2).exp()));
        }).dim("n", 1, 9, 400).values(0, SEEDS));
        cases.add(GraphCase.several("random_integers", "i64[], f32[n, 3]", x -> {
            Generator random = Generator.of(x.get(0));
            Shape shape = x.get(1).shape();
            return List.of(random.randint(0, 6, shape, DType.I64), random.randint(-5, 5, shape, DType.I8), random.randint(-3, 9, shape, DType.F32),
                    random.randint(Long.MIN_VALUE, -1, shape, DType.I64), random.randint(5, 6, 2, 2), random.randperm(x.size("n")),
                    random.randperm(0));
        }).dim("n", 1, 9, 400).values(0, SEEDS));
        cases.add(GraphCase.several("random_choices", "i64[], f32[n, 3], f64[n], bf16[n], f16[n]", x -> {
            Generator random = Generator.of(x.get(0));
            List<Tensor> outputs = new ArrayList<>(random.nativeDropout(x.get(1), 0.25));
            outputs.addAll(List.of(random.bernoulli(x.get(1).sigmoid()), random.bernoulli(x.get(2).sigmoid()), random.bernoulli(x.get(3).sigmoid()),
                    random.bernoulli(x.get(4).sigmoid()), random.bernoulli(0.5, x.get(1).shape()), random.dropout(x.get(1), 1), random.dropout(x.get(2), 0), random.dropout(x.get(3), 0.5)));
            outputs.addAll(RandomOperators.DROPOUT_WITHOUT_KEY.callAll(x.get(1), 0.5, false));
            outputs.addAll(RandomOperators.DROPOUT_WITHOUT_KEY.callAll(x.get(3), 1, true));
            return outputs;
        }).dim("n", 1, 9, 400).values(0, SEEDS));
        cases.add(GraphCase.several("random_multinomial", "i64[], i64[n, 9], i64[7]", x -> {
            Generator random = Generator.of(x.get(0));
            Tensor rows = x.get(1).to(DType.F32).add(0.5);
            return List.of(random.multinomial(rows, 20, true), random.multinomial(x.get(2).to(DType.F64).add(1), 9, true),
                    random.multinomial(rows, 9, false), random.multinomial(x.get(2).to(DType.F32).add(1), 3, false));
        }).dim("n", 1, 40).values(0, SEEDS).values(1, Values.below(8)).values(2, Values.below(4)));
        cases.add(GraphCase.several("random_multinomial_halves", "i64[], i64[3, 40]", x -> {
            Generator random = Generator.of(x.get(0));
            Tensor rows = x.get(1).add(1);
            return List.of(random.multinomial(rows.to(DType.F16), 20, true), random.multinomial(rows.to(DType.BF16), 20, true),
                    random.multinomial(rows.to(DType.F16), 20, false), random.multinomial(rows.to(DType.BF16), 20, false));
        }).values(0, SEEDS).values(1, Values.below(5000)));
        cases.add(GraphCase.several("random_multinomial_at_once", "i64[]", x -> List.of(
                first(x.get(0), 1, 0), first(x.get(0), 0, 1), first(x.get(0), 1e-30f, 1), first(x.get(0), 1, 1e-30f)))
                .values(Values.of(_ -> 0, _ -> FIRST_OF_NO_WAIT)));
        return cases;
    }
}
