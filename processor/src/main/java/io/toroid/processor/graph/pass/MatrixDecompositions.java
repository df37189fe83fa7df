package io.toroid.processor.graph.pass;

import static io.toroid.op.MatrixOperators.ADDR;
import static io.toroid.op.MatrixOperators.BADDBMM;
import static io.toroid.op.MatrixOperators.BMM;
import static io.toroid.op.MatrixOperators.DOT;
import static io.toroid.op.MatrixOperators.MM;
import static io.toroid.op.MatrixOperators.MV;
import static io.toroid.op.NormOperators.CDIST;
import static io.toroid.op.NormOperators.NORM;
import static io.toroid.op.NormOperators.PDIST;
import static io.toroid.op.NormOperators.VECTOR_NORM;
import static io.toroid.op.ReductionOperators.AMAX;
import static io.toroid.op.ReductionOperators.AMIN;
import static io.toroid.op.ReductionOperators.SUM_DIM;
import static io.toroid.processor.graph.pass.PointwiseDecompositions.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.BinaryOperators;
import io.toroid.op.Call;
import io.toroid.op.CreationOperators;
import io.toroid.op.IndexingOperators;
import io.toroid.op.Operator;
import io.toroid.op.ReductionOperators;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

/** Products of matrices and vectors with something added, norms, and distances. */
final class MatrixDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            BADDBMM, call -> List.of(sum(call, BMM.call(call.arguments().tensor("batch1"), call.arguments().tensor("batch2")))),
            ADDR, call -> List.of(sum(call, outer(call))),
            MV, call -> List.of(MM.call(call.arguments().tensor("self"), call.arguments().tensor("vec").unsqueeze(1)).squeeze(1)),
            DOT, call -> List.of(SUM_DIM.call(call.arguments().tensor("self").mul(call.arguments().tensor("tensor")), List.of(0),
                    /* keepdim= */ false, call.types().getFirst().dtype())),
            VECTOR_NORM, call -> List.of(norm(call, call.arguments().number("ord"))),
            NORM, call -> List.of(norm(call, call.arguments().isPresent("p") ? call.arguments().number("p") : 2)),
            CDIST, call -> List.of(cdist(call.arguments())),
            PDIST, call -> List.of(pdist(call.arguments())));

    private MatrixDecompositions() {
    }

    // ---- beta * self + alpha * product

    private static Tensor sum(Call call, Tensor product) {
        Tensor self = convert(call.arguments().tensor("self"), product.dtype());
        Tensor scaled = scaled(product, call.arguments(), "alpha");
        boolean counts = !isZero(factor(product.dtype(), call.arguments().get("beta")));
        return counts ? scaled.add(scaled(self, call.arguments(), "beta")) : scaled;
    }

    private static Tensor scaled(Tensor tensor, Arguments arguments, String parameter) {
        Argument factor = factor(tensor.dtype(), arguments.get(parameter));
        return arguments.number(parameter) == 1 ? tensor : BinaryOperators.MUL_SCALAR.call(tensor, factor);
    }

    /** As a number of the type: of integers without its fraction. */
    private static Argument factor(DType dtype, Argument number) {
        return switch (number) {
            case Argument.OfFloat(double value) when dtype == DType.BOOL -> new Argument.OfBool(value != 0);
            case Argument.OfInt(Size value) when dtype == DType.BOOL -> new Argument.OfBool(!value.equals(Size.ZERO));
            case Argument.OfFloat(double value) when dtype.isIntegral() -> new Argument.OfInt(Size.of((long) value));
            default -> number;
        };
    }

    private static boolean isZero(Argument number) {
        return switch (number) {
            case Argument.OfFloat(double value) -> value == 0;
            case Argument.OfInt(Size value) -> value.equals(Size.ZERO);
            case Argument.OfBool(boolean value) -> !value;
            default -> false;
        };
    }

    private static Tensor outer(Call call) {
        DType dtype = call.types().getFirst().dtype();
        Tensor rows = convert(call.arguments().tensor("vec1"), dtype);
        Tensor columns = convert(call.arguments().tensor("vec2"), dtype);
        return rows.unsqueeze(1).mul(columns);
    }

    // ---- norms

    private static Tensor norm(Call call, double p) {
        DType dtype = call.types().getFirst().dtype();
        Tensor x = convert(call.arguments().tensor("self"), dtype);
        List<Integer> dims = ReductionOperators.axes(call.arguments());
        return norm(x, p, dims, ReductionOperators.keepsDimensions(call.arguments()));
    }

    private static Tensor norm(Tensor x, double p, List<Integer> dims, boolean keep) {
        if (x.dim() == 0) {
            return p == 0 ? convert(x.ne(0), x.dtype()) : x.abs();
        }
        if (p == 0) {
            return total(convert(x.ne(0), x.dtype()), dims, keep);
        }
        if (Double.isInfinite(p)) {
            return (p > 0 ? AMAX : AMIN).call(x.abs(), dims, keep);
        }
        if (p == 1) {
            return total(x.abs(), dims, keep);
        }
        return p == 2 ? total(x.mul(x), dims, keep).sqrt() : total(x.abs().pow(p), dims, keep).pow(1 / p);
    }

    private static Tensor total(Tensor x, List<Integer> dims, boolean keep) {
        return SUM_DIM.call(x, dims, keep);
    }

    // ---- distances

    private static Tensor cdist(Arguments arguments) {
        Tensor difference = arguments.tensor("x1").unsqueeze(-2).sub(arguments.tensor("x2").unsqueeze(-3));
        return distance(difference, arguments.number("p"));
    }

    private static Tensor distance(Tensor difference, double p) {
        List<Integer> last = List.of(difference.dim() - 1);
        return difference.size(-1).equals(Size.ZERO) ? total(difference, last, /* keep= */ false)
                : norm(difference, p, last, /* keep= */ false);
    }

    /**
     * Pair k of n rows is (i, j) for the largest i with {@code i * (2n - i - 1) / 2 <= k}. The root is one of a perfect
     * square where i changes, so that {@code double} is exact.
     */
    private static Tensor pdist(Arguments arguments) {
        Tensor x = arguments.tensor("self");
        Size twice = x.size(0).times(2).minus(1);
        Size pairs = x.size(0).times(x.size(0).minus(1)).floorDiv(2);
        Tensor k = CreationOperators.ARANGE.call(0, pairs, 1, DType.I64);
        Tensor root = add(k.to(DType.F64).mul(-8), twice.times(twice)).sqrt();
        Tensor i = add(root.neg(), twice).div(2).floor().to(DType.I64);
        Tensor before = i.mul(add(i.neg(), twice)).floorDiv(2);
        Tensor j = k.sub(before).add(i).add(1);
        return distance(IndexingOperators.EMBEDDING.call(x, i).sub(IndexingOperators.EMBEDDING.call(x, j)), arguments.number("p"));
    }

    private static Tensor add(Tensor tensor, Size size) {
        return BinaryOperators.ADD_SCALAR.call(tensor, size);
    }
}
