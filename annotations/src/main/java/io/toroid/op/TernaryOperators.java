package io.toroid.op;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import java.util.List;

/** Arithmetic of three operands that broadcast. */
public final class TernaryOperators {

    /** {@code self + value * tensor1 * tensor2}. */
    public static final Operator ADDCMUL = Operator.define(
            "aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", TernaryOperators::product);

    /** {@code self + value * tensor1 / tensor2}; not for integers. */
    public static final Operator ADDCDIV = Operator.define(
            "aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", TernaryOperators::quotient);

    /** {@code self + weight * (end - self)}; exactly {@code end} for a weight of 1. All of one floating type. */
    public static final Operator LERP_SCALAR = Operator.define(
            "aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor", TernaryOperators::between);
    public static final Operator LERP_TENSOR = Operator.define(
            "aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor", TernaryOperators::between);

    private TernaryOperators() {
    }

    private static List<TensorType> product(Arguments arguments) {
        DType dtype = Promotion.of(arguments, "self", "tensor1", "tensor2");
        if (dtype == DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, arguments, "takes numbers, not booleans; convert self with .to(DType.I64)");
        }
        if (!dtype.isFloating() && arguments.get("value") instanceof Argument.OfFloat(double value)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "value must be an integer for %s, not %s; convert self with .to(DType.F32)"
                    .formatted(arguments.tensor("self").type(), value));
        }
        return Rules.result(dtype, Rules.broadcast(arguments, arguments.operands()));
    }

    private static List<TensorType> quotient(Arguments arguments) {
        DType dtype = Promotion.of(arguments, "self", "tensor1", "tensor2");
        if (!dtype.isFloating()) {
            throw Rules.mistake(Kind.DTYPE, arguments, "the quotient of %s and %s would not be a whole number; convert self with .to(DType.F32)"
                    .formatted(arguments.tensor("tensor1").type(), arguments.tensor("tensor2").type()));
        }
        return Rules.result(dtype, Rules.broadcast(arguments, arguments.operands()));
    }

    private static List<TensorType> between(Arguments arguments) {
        return Rules.result(Rules.common(arguments, Accepts.FLOATING), Rules.broadcast(arguments, arguments.operands()));
    }
}
