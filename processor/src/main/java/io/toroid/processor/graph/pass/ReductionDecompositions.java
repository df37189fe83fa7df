package io.toroid.processor.graph.pass;

import static io.toroid.op.BinaryOperators.DIV_SCALAR;
import static io.toroid.op.ReductionOperators.ALL;
import static io.toroid.op.ReductionOperators.ALL_DIM;
import static io.toroid.op.ReductionOperators.AMAX;
import static io.toroid.op.ReductionOperators.AMAX_OF_ANY;
import static io.toroid.op.ReductionOperators.AMIN;
import static io.toroid.op.ReductionOperators.AMINMAX;
import static io.toroid.op.ReductionOperators.ANY;
import static io.toroid.op.ReductionOperators.ANY_DIM;
import static io.toroid.op.ReductionOperators.ANY_DIMS;
import static io.toroid.op.ReductionOperators.ARGMAX;
import static io.toroid.op.ReductionOperators.ARGMIN;
import static io.toroid.op.ReductionOperators.COUNT_NONZERO;
import static io.toroid.op.ReductionOperators.LOGSUMEXP;
import static io.toroid.op.ReductionOperators.MAX;
import static io.toroid.op.ReductionOperators.MAX_DIM;
import static io.toroid.op.ReductionOperators.MEAN;
import static io.toroid.op.ReductionOperators.MEAN_DIM;
import static io.toroid.op.ReductionOperators.MIN;
import static io.toroid.op.ReductionOperators.MIN_DIM;
import static io.toroid.op.ReductionOperators.PROD;
import static io.toroid.op.ReductionOperators.PROD_DIM;
import static io.toroid.op.ReductionOperators.STD;
import static io.toroid.op.ReductionOperators.STD_MEAN;
import static io.toroid.op.ReductionOperators.SUM;
import static io.toroid.op.ReductionOperators.SUM_DIM;
import static io.toroid.op.ReductionOperators.VAR;
import static io.toroid.op.ReductionOperators.VAR_DIM;
import static io.toroid.op.ReductionOperators.VAR_MEAN;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.ReductionOperators;
import io.toroid.op.TensorType;
import io.toroid.op.ViewOperators;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

/**
 * Reductions to {@code sum}, {@code amax}, {@code amin}, {@code argmax}, {@code argmin} and {@code var_mean}, each with
 * all its dimensions named in ascending order. A single value has nothing to reduce: it stays as it is.
 */
final class ReductionDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.ofEntries(
            Map.entry(SUM, ReductionDecompositions::sum),
            Map.entry(SUM_DIM, ReductionDecompositions::sum),
            Map.entry(MEAN, ReductionDecompositions::mean),
            Map.entry(MEAN_DIM, ReductionDecompositions::mean),
            Map.entry(VAR, ReductionDecompositions::varianceAndMean),
            Map.entry(VAR_MEAN, ReductionDecompositions::varianceAndMean),
            Map.entry(VAR_DIM, call -> VAR_MEAN.callAll(self(call), axes(call), call.arguments().flag("unbiased") ? 1 : 0, keeps(call)).subList(0, 1)),
            Map.entry(STD, call -> List.of(varianceAndMean(call).getFirst().sqrt())),
            Map.entry(STD_MEAN, ReductionDecompositions::deviationAndMean),
            Map.entry(PROD, call -> List.of(product(call))),
            Map.entry(PROD_DIM, call -> List.of(product(call))),
            Map.entry(LOGSUMEXP, call -> List.of(logarithmOfSum(call))),
            Map.entry(COUNT_NONZERO, call -> List.of(SUM_DIM.call(truth(self(call)), axes(call), keeps(call)))),
            Map.entry(AMINMAX, call -> List.of(extreme(AMIN, call), extreme(AMAX, call))),
            Map.entry(ANY_DIMS, call -> List.of((axes(call).isEmpty() ? truth(self(call)) : any(call)).to(call.types().getFirst().dtype()))),
            Map.entry(AMAX, call -> List.of(extreme(AMAX, call))),
            Map.entry(AMAX_OF_ANY, call -> List.of(extreme(AMAX_OF_ANY, call))),
            Map.entry(AMIN, call -> List.of(extreme(AMIN, call))),
            Map.entry(MAX, call -> List.of(extreme(AMAX, call))),
            Map.entry(MIN, call -> List.of(extreme(AMIN, call))),
            Map.entry(MAX_DIM, call -> List.of(extreme(AMAX, call), index(ARGMAX, call))),
            Map.entry(MIN_DIM, call -> List.of(extreme(AMIN, call), index(ARGMIN, call))),
            Map.entry(ARGMAX, call -> List.of(index(ARGMAX, call))),
            Map.entry(ARGMIN, call -> List.of(index(ARGMIN, call))),
            Map.entry(ANY, call -> List.of(any(call).to(call.types().getFirst().dtype()))),
            Map.entry(ANY_DIM, call -> List.of(any(call).to(call.types().getFirst().dtype()))),
            Map.entry(ALL, call -> List.of(all(call).to(call.types().getFirst().dtype()))),
            Map.entry(ALL_DIM, call -> List.of(all(call).to(call.types().getFirst().dtype()))));

    private ReductionDecompositions() {
    }

    private static Tensor self(Call call) {
        return call.arguments().tensor("self");
    }

    private static List<Integer> axes(Call call) {
        return ReductionOperators.axes(call.arguments());
    }

    private static boolean keeps(Call call) {
        return ReductionOperators.keepsDimensions(call.arguments());
    }

    /** Number of elements that make one of the result. */
    private static Size count(Call call) {
        return axes(call).stream().map(self(call)::size).reduce(Size.ONE, Size::times);
    }

    private static List<Tensor> sum(Call call) {
        Argument dtype = call.arguments().get("dtype");
        return List.of(self(call).dim() == 0
                ? PointwiseDecompositions.convert(self(call), call.types().getFirst().dtype())
                : SUM_DIM.call(self(call), axes(call), keeps(call), dtype));
    }

    private static List<Tensor> mean(Call call) {
        return List.of(DIV_SCALAR.call(sum(call).getFirst(), count(call)));
    }

    private static List<Tensor> varianceAndMean(Call call) {
        Arguments arguments = call.arguments();
        Object correction = arguments.isPresent("correction") ? arguments.get("correction") : 1;
        return VAR_MEAN.callAll(self(call), axes(call), correction, keeps(call)).subList(0, call.types().size());
    }

    private static List<Tensor> deviationAndMean(Call call) {
        List<Tensor> results = varianceAndMean(call);
        return List.of(results.getFirst().sqrt(), results.getLast());
    }

    /** Along one dimension; all of them are first made one. A product of booleans says whether all hold. */
    private static Tensor product(Call call) {
        DType dtype = call.types().getFirst().dtype();
        Tensor x = self(call);
        if (x.dim() == 0) {
            return PointwiseDecompositions.convert(x, dtype);
        }
        if (dtype == DType.BOOL) {
            return all(call);
        }
        if (axes(call).size() > 1 || !call.operator().equals(PROD_DIM)) {
            Tensor flat = x.dim() == 1 ? x : ViewOperators.VIEW.call(x, List.of(x.shape().numel()));
            return PROD_DIM.call(flat, 0, /* keepdim= */ false, dtype);
        }
        return PROD_DIM.call(x, axes(call).getFirst(), keeps(call), dtype);
    }

    /** The largest is taken out, unless it is infinite. Of nothing it is minus infinity. */
    private static Tensor logarithmOfSum(Call call) {
        Tensor x = PointwiseDecompositions.convert(self(call), call.types().getFirst().dtype());
        if (x.dim() == 0) {
            return x;
        }
        Tensor max = largest(x, axes(call));
        Tensor shift = Tensor.where(max.abs().eq(Double.POSITIVE_INFINITY), 0, max);
        Tensor sum = SUM_DIM.call(x.sub(shift).exp(), axes(call), keeps(call)).log();
        return sum.add(keeps(call) ? shift : shift.view(sum.shape()));
    }

    private static Tensor extreme(Operator operator, Call call) {
        return self(call).dim() == 0 ? self(call) : operator.call(self(call), axes(call), keeps(call));
    }

    private static Tensor index(Operator operator, Call call) {
        TensorType type = call.types().getLast();
        Tensor numbers = self(call).dtype() == DType.BOOL ? self(call).to(DType.I32) : self(call);
        if (numbers.dim() == 0) {
            return Tensor.full(DType.I64, 0);
        }
        if (call.arguments().isPresent("dim")) {
            return operator.call(numbers, axes(call).getFirst(), keeps(call));
        }
        Tensor flat = ViewOperators.VIEW.call(numbers, List.of(numbers.shape().numel()));
        Tensor index = operator.call(flat, 0);
        return type.shape().rank() == 0 ? index : index.view(type.shape());
    }

    // ---- any and all: of nothing they are false and true, unlike an extreme

    private static Tensor any(Call call) {
        Tensor truth = truth(self(call));
        return surelyHasElements(call)
                ? AMAX.call(truth, axes(call), keeps(call))
                : SUM_DIM.call(truth, axes(call), keeps(call)).ne(0);
    }

    private static Tensor all(Call call) {
        Tensor truth = truth(self(call));
        return surelyHasElements(call)
                ? AMIN.call(truth, axes(call), keeps(call))
                : SUM_DIM.call(truth.logicalNot(), axes(call), keeps(call)).eq(0);
    }

    private static Tensor truth(Tensor tensor) {
        return tensor.dtype() == DType.BOOL ? tensor : tensor.ne(0);
    }

    private static boolean surelyHasElements(Call call) {
        return surelyHasElements(self(call), axes(call));
    }

    private static boolean surelyHasElements(Tensor x, List<Integer> axes) {
        return axes.stream().allMatch(axis -> x.size(axis).range().min() >= 1);
    }

    /** The largest elements along axes that are kept; of nothing minus infinity. */
    static Tensor largest(Tensor x, List<Integer> axes) {
        return (surelyHasElements(x, axes) ? AMAX : AMAX_OF_ANY).call(x, axes, /* keepdim= */ true);
    }
}
