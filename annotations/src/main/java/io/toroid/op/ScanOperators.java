package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Rules.Accepts;
import java.util.List;

/**
 * Scans: each element of the result combines all elements up to its place along a dimension. Of integers and booleans the
 * sums and products are {@code i64}.
 */
public final class ScanOperators {

    /** {@code result[i] = self[0] + ... + self[i]}. */
    public static final Operator CUMSUM = Operator.define(
            "aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", ScanOperators::accumulated);

    /** {@code result[i] = self[0] * ... * self[i]}. */
    public static final Operator CUMPROD = Operator.define(
            "aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", ScanOperators::accumulated);

    /** The largest so far and its index, the last one if there are several; NaN from the first NaN on. */
    public static final Operator CUMMAX = Operator.define(
            "aten::cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)", ScanOperators::extreme);

    /** The smallest so far and its index, the last one if there are several; NaN from the first NaN on. */
    public static final Operator CUMMIN = Operator.define(
            "aten::cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)", ScanOperators::extreme);

    /** {@code log(exp(self[0]) + ... + exp(self[i]))}, without overflow. */
    public static final Operator LOGCUMSUMEXP = Operator.define(
            "aten::logcumsumexp(Tensor self, int dim) -> Tensor", ScanOperators::logarithm);

    private ScanOperators() {
    }

    private static List<TensorType> accumulated(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Rules.axis(arguments, "dim", self);
        DType natural = self.dtype().isFloating() ? self.dtype() : DType.I64;
        return Rules.result(arguments.dtype("dtype").orElse(natural), self.shape());
    }

    private static List<TensorType> extreme(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Rules.axis(arguments, "dim", self);
        return List.of(self.type(), new TensorType(DType.I64, self.shape()));
    }

    private static List<TensorType> logarithm(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        Tensor self = arguments.tensor("self");
        Rules.axis(arguments, "dim", self);
        return Rules.result(self.dtype(), self.shape());
    }
}
