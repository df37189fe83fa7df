package io.toroid.processor.graph.pass;

import static io.toroid.op.HistogramOperators.BINCOUNT;
import static io.toroid.op.HistogramOperators.EMBEDDING_BAG;
import static io.toroid.op.HistogramOperators.EMBEDDING_BAG_TRAINING;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.CreationOperators;
import io.toroid.op.Operator;
import io.toroid.op.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Integers that are counted, or that name rows, are {@code i64}; weights have the type of the result. */
final class HistogramDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            BINCOUNT, HistogramDecompositions::converted,
            EMBEDDING_BAG, HistogramDecompositions::converted,
            EMBEDDING_BAG_TRAINING, HistogramDecompositions::listedByBags);

    private HistogramDecompositions() {
    }

    /** Lists that differ in their lengths hold zeros. */
    private static List<Tensor> listedByBags(Call call) {
        List<Tensor> results = EMBEDDING_BAG.apply(new Arguments(EMBEDDING_BAG.schema(), call.arguments().values()));
        if (call.arguments().integer("mode") != 0) {
            return results;
        }
        Tensor zeros = CreationOperators.FULL.call(call.types().get(2).shape().sizes(), 0, results.get(1).dtype());
        return List.of(results.get(0), results.get(1), zeros, zeros);
    }

    private static List<Tensor> converted(Call call) {
        Arguments arguments = call.arguments();
        DType result = call.types().getFirst().dtype();
        List<Argument> values = new ArrayList<>();
        for (Schema.Parameter parameter : arguments.schema().parameters()) {
            boolean isWeight = parameter.name().contains("weight");
            Argument value = arguments.get(parameter.name());
            values.add(value instanceof Argument.OfTensor(Tensor tensor)
                    ? new Argument.OfTensor(tensor.to(isWeight ? result : DType.I64)) : value);
        }
        List<Tensor> results = call.operator().apply(new Arguments(arguments.schema(), values));
        return IntStream.range(0, results.size()).mapToObj(i -> results.get(i).to(call.types().get(i).dtype())).toList();
    }
}
