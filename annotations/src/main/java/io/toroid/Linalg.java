package io.toroid;

import io.toroid.op.NormOperators;
import io.toroid.op.RearrangingOperators;

/** What PyTorch has in {@code torch.linalg}, under the names that it has there. */
public final class Linalg {

    private Linalg() {
    }

    /** The norm {@code sum(|x|^ord)^(1/ord)} along dimensions (of all if none is given); infinite orders give extremes. */
    public static Tensor vectorNorm(Tensor x, Number ord, int... dims) {
        return NormOperators.VECTOR_NORM.call(x, ord, dims);
    }

    /** The vector product along a dimension of size 3. */
    public static Tensor cross(Tensor left, Tensor right, int dim) {
        return RearrangingOperators.LINALG_CROSS.call(left, right, dim);
    }

    /** The norm along a dimension. */
    public static Tensor vectorNorm(Tensor x, Number ord, int dim, boolean keepDims) {
        return NormOperators.VECTOR_NORM.call(x, ord, new int[] {dim}, keepDims);
    }
}
