package io.toroid.op;

import io.toroid.DType;

/**
 * Comparisons and logic: results are {@code bool}. Numbers are compared in their common type; every comparison with
 * NaN is false except {@code ne}. In logic a number stands for whether it is not zero.
 */
public final class ComparisonOperators {

    public static final Operator EQ_TENSOR = tensors("eq.Tensor");
    public static final Operator NE_TENSOR = tensors("ne.Tensor");
    public static final Operator LT_TENSOR = tensors("lt.Tensor");
    public static final Operator LE_TENSOR = tensors("le.Tensor");
    public static final Operator GT_TENSOR = tensors("gt.Tensor");
    public static final Operator GE_TENSOR = tensors("ge.Tensor");

    public static final Operator EQ_SCALAR = scalar("eq.Scalar");
    public static final Operator NE_SCALAR = scalar("ne.Scalar");
    public static final Operator LT_SCALAR = scalar("lt.Scalar");
    public static final Operator LE_SCALAR = scalar("le.Scalar");
    public static final Operator GT_SCALAR = scalar("gt.Scalar");
    public static final Operator GE_SCALAR = scalar("ge.Scalar");

    public static final Operator LOGICAL_AND = tensors("logical_and");
    public static final Operator LOGICAL_OR = tensors("logical_or");
    public static final Operator LOGICAL_XOR = tensors("logical_xor");

    private ComparisonOperators() {
    }

    private static Operator tensors(String name) {
        return Operator.define("aten::%s(Tensor self, Tensor other) -> Tensor".formatted(name),
                arguments -> Rules.result(DType.BOOL, Rules.broadcast(arguments, arguments.operands())));
    }

    private static Operator scalar(String name) {
        return Operator.define("aten::%s(Tensor self, Scalar other) -> Tensor".formatted(name),
                arguments -> Rules.result(DType.BOOL, arguments.tensor("self").shape()));
    }
}
