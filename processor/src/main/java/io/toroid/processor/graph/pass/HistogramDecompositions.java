package io.toroid.processor.graph.pass;

import static io.toroid.op.HistogramOperators.BINCOUNT;
import static io.toroid.op.HistogramOperators.EMBEDDING_BAG;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Integers that are counted, or that name rows, are {@code i64}; weights have the type of the result. */
final class HistogramDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            BINCOUNT, HistogramDecompositions::converted,
            EMBEDDING_BAG, HistogramDecompositions::converted);

    private HistogramDecompositions() {
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
        return call.operator().apply(new Arguments(arguments.schema(), values));
    }
}
