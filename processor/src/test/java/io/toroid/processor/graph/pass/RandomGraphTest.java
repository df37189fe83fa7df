package io.toroid.processor.graph.pass;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.TensorData;
import io.toroid.processor.GraphModel;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.processor.graph.GraphText;
import io.toroid.processor.graph.GraphVerifier;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Random graphs of doubles: each pass and the split keep what is computed, and all levels below are well-formed. */
@Tag("unit")
class RandomGraphTest {

    private static final int GRAPHS = 60;

    private static final int CALLS = 25;

    private static final Map<String, Long> SIZES = Map.of("n", 3L);

    @TestFactory
    Stream<DynamicTest> passesKeepTheMeaning() {
        return Stream.iterate(1L, seed -> seed + 1).limit(GRAPHS)
                .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
    }

    private static void check(long seed) {
        Graph graph = graph(new Random(seed));
        try {
            Graph current = graph;
            for (Pass pass : GraphPasses.ALL) {
                current = pass.apply(current);
                GraphVerifier.verify(current);
                GraphEvaluation.assertClose(graph, current, SIZES, 1e-9);
            }
            GraphVerifier.verify(current, CoreOperators::contains);
            Assertions.assertEquals(current.toString(), GraphText.parse(current.toString()).toString());
            checkSplit(graph, new SplitConstants().apply(List.of(current)));
            GraphModel.verifyLevels(graph);
        } catch (RuntimeException | AssertionError problem) {
            throw new AssertionError(problem.getMessage() + System.lineSeparator() + graph, problem);
        }
    }

    private static void checkSplit(Graph graph, SplitGraphs split) {
        GraphEvaluation evaluation = new GraphEvaluation(SIZES, 1);
        List<TensorData> expected = evaluation.run(graph);
        List<TensorData> folded = evaluation.run(split.constants());
        List<String> names = List.copyOf(split.folded().keySet());
        for (int i = 0; i < names.size(); i++) {
            evaluation.with(names.get(i), folded.get(i));
        }
        GraphEvaluation.assertClose(expected, evaluation.run(split.entries().getFirst()), 1e-9);
    }

    /** All tensors are {@code [n, 4]} or broadcast to it, so any two can meet. */
    private static Graph graph(Random random) {
        GraphFixture fixture = new GraphFixture();
        Size n = fixture.dim("n", 1, 9);
        List<Tensor> pool = new ArrayList<>(List.of(
                fixture.input("x", "f64[n, 4]"),
                fixture.named("w", Tensor.parameter(DType.F64, 4)),
                fixture.named("v", Tensor.parameter(DType.F64, 1, 4)),
                Tensor.of(new double[] {1.5, -0.0, 2, -3}, 4),
                Tensor.of(new double[] {1}),
                Tensor.full(DType.F64, 2, Shape.of(n, Size.of(4)))));
        for (int i = 0; i < CALLS; i++) {
            Tensor a = pool.get(random.nextInt(pool.size()));
            Tensor b = pool.get(random.nextInt(pool.size()));
            pool.add(call(random.nextInt(26), a, b));
        }
        return fixture.graph(pool.getLast(), pool.get(pool.size() - 2), pool.get(pool.size() - 3));
    }

    private static Tensor call(int choice, Tensor a, Tensor b) {
        return switch (choice) {
            case 0, 1 -> a.add(b);
            case 2, 3 -> a.sub(b);
            case 4 -> a.mul(b).tanh();
            case 5 -> a.div(b.square().add(1));
            case 6 -> a.gelu();
            case 7 -> a.silu();
            case 8 -> a.neg();
            case 9 -> a.mul(1).sub(0);
            case 10 -> a.dim() == 0 ? a : a.softmax(-1);
            case 11 -> a.dim() == 0 ? a : a.logSoftmax(-1).clamp(-5, 5);
            case 12 -> a.dim() == 0 ? a.exp().tanh() : a.layerNorm(List.of(a.size(-1)), null, null, 1e-2);
            case 13 -> a.dim() == 0 ? a : a.mean(-1, true).add(b);
            case 14 -> a.dim() == 0 ? a : a.amax(-1, true).sub(b);
            case 15 -> a.mean();
            case 16 -> Tensor.where(a.gt(b), a, b);
            case 17 -> a.maskedFill(a.lt(0), 0.25);
            case 18 -> a.dim() < 2 ? a : a.permute(1, 0).transpose(0, 1);
            case 19 -> a.unsqueeze(0).squeeze(0);
            case 20 -> a.flatten().view(a.shape());
            case 21 -> a.dim() == 0 ? a : Tensor.cat(-1, a.slice(-1, 1), a.slice(-1, 0, 1));
            case 22 -> a.dim() == 0 ? a.relu() : Tensor.stack(0, a, a.neg()).sum(0, false);
            case 23 -> a.pow(2).clamp(null, 9);
            case 24 -> a.to(DType.F64).relu().relu();
            default -> a.dim() == 0 ? a.abs() : a.argmax(-1, true).to(DType.F64).add(b);
        };
    }
}
