package io.toroid.processor.graph.pass;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.processor.graph.Graph;
import io.toroid.shape.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Replaces composite operators by {@link CoreOperators core} ones and brings the arguments of these into one form, so
 * that what follows has few cases: {@code silu(x)} becomes {@code x * sigmoid(x)}, a layer norm becomes
 * {@code var_mean} and arithmetic, every {@code squeeze} a {@code view}.
 *
 * <p>It needs any valid graph. It stands behind the passes that look for composite operators (batch norm), and before
 * all that would have to know each operator. Results are those of the composite operator up to rounding; the exact
 * formulas are PyTorch's CPU ones where these are known.
 */
public final class Decompose implements Pass {

    /** The results of a call in other words; the call itself where nothing is to be said. */
    interface Rule extends Function<Call, List<Tensor>> {
    }

    static final Map<Operator, Rule> RULES = rules();

    private static Map<Operator, Rule> rules() {
        Map<Operator, Rule> rules = new HashMap<>();
        rules.putAll(PointwiseDecompositions.RULES);
        rules.putAll(ArithmeticDecompositions.RULES);
        rules.putAll(ActivationDecompositions.RULES);
        rules.putAll(ReductionDecompositions.RULES);
        rules.putAll(ScanDecompositions.RULES);
        rules.putAll(ScatterDecompositions.RULES);
        rules.putAll(HistogramDecompositions.RULES);
        rules.putAll(DataSizedDecompositions.RULES);
        rules.putAll(MatrixDecompositions.RULES);
        rules.putAll(NormalizationDecompositions.RULES);
        rules.putAll(ImageDecompositions.RULES);
        rules.putAll(AttentionDecompositions.RULES);
        rules.putAll(ResamplingDecompositions.RULES);
        rules.putAll(ViewDecompositions.RULES);
        rules.putAll(RearrangingDecompositions.RULES);
        rules.putAll(StridedDecompositions.RULES);
        rules.putAll(RandomDecompositions.RULES);
        return Map.copyOf(rules);
    }

    @Override
    public Graph apply(Graph graph) {
        return graph.rewrite(Decompose::decompose);
    }

    private static Optional<List<Tensor>> decompose(Call call) {
        return Optional.ofNullable(RULES.get(call.operator()))
                .map(rule -> rule.apply(call))
                .filter(results -> !repeats(call, results))
                .map(results -> IntStream.range(0, results.size())
                        .mapToObj(i -> i < call.types().size() ? withSizes(results.get(i), call.types().get(i).shape()) : results.get(i)).toList());
    }

    /** Sizes that are equal by a check may be written with the symbols of another operand. */
    private static Tensor withSizes(Tensor result, Shape shape) {
        boolean agrees = result.shape().equals(shape) || result.dim() != shape.rank() || result.shape().isStatic();
        return agrees ? result : result.expand(shape);
    }

    /** A rule for a canonical form makes the same call once more when it finds it. */
    private static boolean repeats(Call call, List<Tensor> results) {
        return results.getFirst().origin() instanceof Call made
                && made.operator() == call.operator()
                && made.arguments().equals(call.arguments())
                && results.equals(made.results());
    }
}
