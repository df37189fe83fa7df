package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;
import static io.toroid.processor.loop.Scalar.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Operators that combine the elements along dimensions. */
final class LowerReductions {

    private LowerReductions() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.sum.dim_IntList", (call, lowering) -> reduce(call, lowering, ReductionOperation.SUM));
        rules.put("aten.prod.dim_int", (call, lowering) -> reduce(call, lowering, ReductionOperation.PRODUCT));
        rules.put("aten.amax.default", (call, lowering) -> reduce(call, lowering, ReductionOperation.MAXIMUM));
        rules.put("toroid.amax_of_any.default", (call, lowering) -> reduce(call, lowering, ReductionOperation.MAXIMUM));
        rules.put("aten.amin.default", (call, lowering) -> reduce(call, lowering, ReductionOperation.MINIMUM));
        for (String overload : List.of("dim", "dims")) {
            rules.put("aten.any." + overload, (call, lowering) -> reduce(call, lowering, ReductionOperation.ANY));
            rules.put("aten.all." + overload, (call, lowering) -> reduce(call, lowering, ReductionOperation.ALL));
        }
        rules.put("aten.argmax.default", (call, lowering) ->
                reduce(call, lowering, ReductionOperation.ARGUMENT_OF_MAXIMUM));
        rules.put("aten.argmin.default", (call, lowering) ->
                reduce(call, lowering, ReductionOperation.ARGUMENT_OF_MINIMUM));
        rules.put("aten.var_mean.correction", LowerReductions::varMean);
    }

    private static void reduce(Call call, Lowering lowering, ReductionOperation operation) {
        Buffer target = lowering.result(call, 0);
        DType computed = switch (operation) {
            case SUM, PRODUCT -> target.dtype();
            case ANY, ALL -> DType.BOOL;
            case MAXIMUM, MINIMUM, ARGUMENT_OF_MAXIMUM, ARGUMENT_OF_MINIMUM, WELFORD ->
                call.arguments().tensor("self").dtype();
        };
        emit(call, lowering, operation, computed, List.of(target), target);
    }

    /** Welford gives mean and squared differences; the variance divides these by the count less the correction. */
    private static void varMean(Call call, Lowering lowering) {
        Buffer variance = lowering.result(call, 0);
        Buffer mean = lowering.result(call, 1);
        Buffer squares = lowering.temporary("squares", new TensorType(mean.dtype(), mean.shape()));
        Size count = emit(call, lowering, ReductionOperation.WELFORD, mean.dtype(), List.of(mean, squares), mean);
        double correction = call.arguments().isPresent("correction") ? call.arguments().number("correction") : 1;
        DType dtype = variance.dtype();
        Scalar divisor = count.isConstant()
                ? Scalar.literal(dtype, Math.max(count.constant() - correction, 0.0))
                : binary(BinaryOperation.MAXIMUM,
                        binary(BinaryOperation.SUBTRACT, convert(dtype, new Scalar.Index(count)), Scalar.literal(dtype, correction)),
                        Scalar.literal(dtype, 0.0));
        lowering.pointwise(call, variance, at -> binary(BinaryOperation.DIVIDE, new Scalar.Load(squares, at), divisor));
    }

    /** Returns how many elements each result combines. */
    private static Size emit(
            Call call, Lowering lowering, ReductionOperation operation, DType computed, List<Buffer> outputs, Buffer like) {
        Tensor self = call.arguments().tensor("self");
        TreeSet<Integer> dims = dims(call, self);
        List<Symbol> variables = new ArrayList<>();
        List<Symbol> reduced = new ArrayList<>();
        List<Size> from = new ArrayList<>();
        List<Size> to = new ArrayList<>();
        boolean keep = like.shape().rank() == self.dim();
        Size count = Size.ONE;
        for (int dim = 0; dim < self.dim(); dim++) {
            boolean isReduced = dims.contains(dim);
            Symbol variable = Symbol.variable((isReduced ? "r" : "d") + dim, self.size(dim));
            Size index = self.size(dim).equals(Size.ONE) ? Size.ZERO : variable;
            from.add(index);
            if (isReduced) {
                reduced.add(variable);
                count = count.times(self.size(dim));
            } else {
                variables.add(variable);
            }
            if (!isReduced || keep) {
                to.add(isReduced ? Size.ZERO : index);
            }
        }
        Scalar body = convert(computed, lowering.load(self, from));
        lowering.add(new Loop.Reduction(variables, reduced, operation, body, outputs, to, Loop.Origins.of(call)));
        return count;
    }

    private static TreeSet<Integer> dims(Call call, Tensor self) {
        TreeSet<Integer> dims = new TreeSet<>();
        if (call.arguments().isPresent("dim")) {
            for (int dim : call.arguments().integers("dim")) {
                dims.add(self.dim() == 0 ? 0 : Math.floorMod(dim, self.dim()));
            }
        }
        if (dims.isEmpty()) {
            for (int dim = 0; dim < self.dim(); dim++) {
                dims.add(dim);
            }
        }
        return dims;
    }
}
