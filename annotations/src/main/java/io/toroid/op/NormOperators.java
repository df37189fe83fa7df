package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * Lengths of vectors, and distances. The p-norm of x is {@code sum(|x|^p)^(1/p)}; for p = 0 the number of elements that
 * are not zero, for infinity and minus infinity the largest and the smallest magnitude. Floating-point tensors only.
 */
public final class NormOperators {

    /** Along dimensions, all if none is given; {@code dtype}, a floating type, is converted to first. */
    public static final Operator VECTOR_NORM = Operator.define(
            "aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, "
                    + "ScalarType? dtype=None) -> Tensor", NormOperators::norm);

    /** As above, by its older name; p is 2 if none is given. */
    public static final Operator NORM = Operator.define(
            "aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor", NormOperators::norm);

    /** Of every row of x1 from every row of x2: {@code [..., n, d], [..., m, d] -> [..., n, m]}; batches broadcast. */
    public static final Operator CDIST = Operator.define(
            "aten::_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor", NormOperators::cdist);

    /** Of every row from every later one: {@code [n, d] -> [n * (n - 1) / 2]}, of the first row first. */
    public static final Operator PDIST = Operator.define(
            "aten::_pdist_forward(Tensor self, float p=2.) -> Tensor", NormOperators::pdist);

    private NormOperators() {
    }

    private static List<TensorType> norm(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        boolean converts = arguments.schema().parameters().getLast().name().equals("dtype");
        DType own = arguments.tensor("self").dtype();
        DType dtype = converts ? arguments.dtype("dtype").orElse(own) : own;
        if (!dtype.isFloating()) {
            throw Rules.mistake(Kind.DTYPE, arguments, "a norm is no whole number, so dtype cannot be %s; leave it away".formatted(dtype));
        }
        return Rules.result(dtype, ReductionOperators.reduced(arguments));
    }

    private static List<TensorType> cdist(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.FLOATING);
        checkPower(arguments);
        Tensor left = arguments.tensor("x1");
        Tensor right = arguments.tensor("x2");
        if (left.dim() < 2 || right.dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "takes rows of vectors [..., rows, d], not %s and %s".formatted(left.type(), right.type()));
        }
        Rules.requireEqual(arguments, left.size(-1), right.size(-1), () -> "the vectors of x1, %s, and of x2, %s, must have one length"
                .formatted(left.type(), right.type()));
        List<Size> sizes = new ArrayList<>(Rules.broadcast(arguments, List.of(batch(left), batch(right))).sizes());
        sizes.add(left.size(-2));
        sizes.add(right.size(-2));
        return Rules.result(dtype, sizes);
    }

    /** Something of the sizes before the last two. */
    private static Tensor batch(Tensor tensor) {
        return Tensor.placeholder("batch", new TensorType(tensor.dtype(), new Shape(tensor.shape().sizes().subList(0, tensor.dim() - 2))));
    }

    private static List<TensorType> pdist(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        Rules.requireRank(arguments, "self", 2, "[rows, d]");
        checkPower(arguments);
        Size rows = arguments.tensor("self").size(0);
        return Rules.result(arguments.tensor("self").dtype(), Shape.of(rows.times(rows.minus(1)).floorDiv(2)));
    }

    private static void checkPower(Arguments arguments) {
        if (!(arguments.number("p") >= 0)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "p must be 0 or more, not %s".formatted(arguments.number("p")));
        }
    }
}
