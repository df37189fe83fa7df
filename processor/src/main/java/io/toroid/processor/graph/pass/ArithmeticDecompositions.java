package io.toroid.processor.graph.pass;

import static io.toroid.op.BinaryOperators.FMAX;
import static io.toroid.op.BinaryOperators.FMIN;
import static io.toroid.op.BinaryOperators.HEAVISIDE;
import static io.toroid.op.BinaryOperators.LOGADDEXP;
import static io.toroid.op.BinaryOperators.LOGADDEXP2;
import static io.toroid.op.BinaryOperators.XLOGY;
import static io.toroid.op.ConditionalOperators.CLAMP;
import static io.toroid.op.ConditionalOperators.CLAMP_MIN;
import static io.toroid.op.ConditionalOperators.CLAMP_TENSOR;
import static io.toroid.op.ConditionalOperators.MASKED_FILL_TENSOR;
import static io.toroid.op.TernaryOperators.ADDCDIV;
import static io.toroid.op.TernaryOperators.ADDCMUL;
import static io.toroid.op.TernaryOperators.LERP_SCALAR;
import static io.toroid.op.TernaryOperators.LERP_TENSOR;
import static io.toroid.processor.graph.pass.PointwiseDecompositions.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.BinaryOperators;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** Functions of two and three operands that broadcast. Each is computed in the type of the result. */
final class ArithmeticDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.ofEntries(
            two(FMAX, (a, b) -> unlessNan(a, b, a.maximum(b))),
            two(FMIN, (a, b) -> unlessNan(a, b, a.minimum(b))),
            two(XLOGY, (a, b) -> Tensor.where(a.eq(0).logicalAnd(b.isnan().logicalNot()), 0, a.mul(b.log()))),
            two(LOGADDEXP, (a, b) -> larger(a, b, distance -> distance.exp().log1p())),
            two(LOGADDEXP2, (a, b) -> larger(a, b, distance -> distance.exp2().log1p().mul(1 / Math.log(2)))),
            one(HEAVISIDE, call -> heaviside(call.arguments().tensor("self"), call.arguments().tensor("values"))),
            one(ADDCMUL, call -> operand(call, "self").add(valued(call).mul(operand(call, "tensor2")))),
            one(ADDCDIV, call -> operand(call, "self").add(valued(call).div(operand(call, "tensor2")))),
            one(LERP_SCALAR, call -> lerp(call.arguments())),
            one(LERP_TENSOR, call -> lerp(operand(call, "self"), operand(call, "end"), operand(call, "weight"))),
            one(CLAMP_MIN, call -> CLAMP.call(call.arguments().get("self"), call.arguments().get("min"))),
            one(CLAMP_TENSOR, ArithmeticDecompositions::clamp),
            one(MASKED_FILL_TENSOR, call -> Tensor.where(
                    call.arguments().tensor("mask"), operand(call, "value"), call.arguments().tensor("self"))));

    private ArithmeticDecompositions() {
    }

    private static Map.Entry<Operator, Decompose.Rule> one(Operator operator, Function<Call, Tensor> formula) {
        return Map.entry(operator, call -> List.of(formula.apply(call)));
    }

    private static Map.Entry<Operator, Decompose.Rule> two(Operator operator, BinaryOperator<Tensor> formula) {
        return one(operator, call -> formula.apply(operand(call, "self"), operand(call, "other")));
    }

    private static Tensor operand(Call call, String parameter) {
        return convert(call.arguments().tensor(parameter), call.types().getFirst().dtype());
    }

    private static Tensor unlessNan(Tensor a, Tensor b, Tensor chosen) {
        return a.dtype().isFloating() ? Tensor.where(a.isnan(), b, Tensor.where(b.isnan(), a, chosen)) : chosen;
    }

    /** The larger one and a function of the distance, which is negative; two equal infinities have none. */
    private static Tensor larger(Tensor a, Tensor b, Function<Tensor, Tensor> more) {
        Tensor distance = Tensor.where(a.eq(b), 0, a.sub(b).abs().neg());
        return a.maximum(b).add(more.apply(distance));
    }

    private static Tensor heaviside(Tensor x, Tensor values) {
        Tensor above = x.dtype() == DType.BOOL ? x : convert(x.gt(0), x.dtype());
        return Tensor.where(x.dtype() == DType.BOOL ? x.logicalNot() : x.eq(0), values, above);
    }

    private static Tensor valued(Call call) {
        Tensor tensor = operand(call, "tensor1");
        Argument value = call.arguments().get("value");
        return value.equals(new Argument.OfInt(Size.ONE)) ? tensor : BinaryOperators.MUL_SCALAR.call(tensor, value);
    }

    /** From the nearer end, so that weights of 0 and 1 give the ends themselves. */
    private static Tensor lerp(Arguments arguments) {
        Tensor start = arguments.tensor("self");
        Tensor end = arguments.tensor("end");
        double weight = arguments.number("weight");
        return Math.abs(weight) < 0.5 ? start.add(end.sub(start).mul(weight)) : end.sub(end.sub(start).mul(1 - weight));
    }

    private static Tensor lerp(Tensor start, Tensor end, Tensor weight) {
        Tensor way = end.sub(start);
        return Tensor.where(weight.abs().lt(0.5), start.add(weight.mul(way)), end.sub(way.mul(weight.neg().add(1))));
    }

    private static Tensor clamp(Call call) {
        Tensor result = operand(call, "self");
        if (call.arguments().isPresent("min")) {
            result = result.maximum(operand(call, "min"));
        }
        return call.arguments().isPresent("max") ? result.minimum(operand(call, "max")) : result;
    }
}
