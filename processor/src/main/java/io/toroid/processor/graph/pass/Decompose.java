package io.toroid.processor.graph.pass;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.processor.graph.Graph;
import io.toroid.shape.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** Of each operator one, its own or that of a table. */
    private static Map<Operator, Rule> rules() {
        Stream<Map.Entry<Operator, Rule>> own = Operators.all().stream().flatMap(operator -> operator.decomposition().stream()
                .map(formula -> Map.entry(operator, call -> formula.apply(call.arguments()))));
        Stream<Map.Entry<Operator, Rule>> tables = Stream.of(
                        PointwiseDecompositions.RULES,
                        ArithmeticDecompositions.RULES,
                        ReductionDecompositions.RULES,
                        ScanDecompositions.RULES,
                        ScatterDecompositions.RULES,
                        HistogramDecompositions.RULES,
                        DataSizedDecompositions.RULES,
                        MatrixDecompositions.RULES,
                        NormalizationDecompositions.RULES,
                        ImageDecompositions.RULES,
                        AttentionDecompositions.RULES,
                        ResamplingDecompositions.RULES,
                        ViewDecompositions.RULES,
                        RearrangingDecompositions.RULES,
                        StridedDecompositions.RULES,
                        RandomDecompositions.RULES)
                .flatMap(table -> table.entrySet().stream());
        return Stream.concat(own, tables).collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
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
