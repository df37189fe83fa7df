package io.toroid.processor.graph.pass;

import static io.toroid.op.ScanOperators.CUMPROD;
import static io.toroid.op.ScanOperators.CUMSUM;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import java.util.List;
import java.util.Map;

/** Sums and products along a dimension are of operands that have the type of the result. */
final class ScanDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            CUMSUM, ScanDecompositions::converted,
            CUMPROD, ScanDecompositions::converted);

    private ScanDecompositions() {
    }

    private static List<Tensor> converted(Call call) {
        DType dtype = call.types().getFirst().dtype();
        return call.operator().callAll(call.arguments().tensor("self").to(dtype), call.arguments().integer("dim"), dtype);
    }
}
