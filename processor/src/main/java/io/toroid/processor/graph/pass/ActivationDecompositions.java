package io.toroid.processor.graph.pass;

import static io.toroid.op.ActivationOperators.CELU;
import static io.toroid.op.ActivationOperators.ELU;
import static io.toroid.op.ActivationOperators.GLU;
import static io.toroid.op.ActivationOperators.HARDSHRINK;
import static io.toroid.op.ActivationOperators.HARDSIGMOID;
import static io.toroid.op.ActivationOperators.HARDSWISH;
import static io.toroid.op.ActivationOperators.HARDTANH;
import static io.toroid.op.ActivationOperators.LEAKY_RELU;
import static io.toroid.op.ActivationOperators.LOG_SIGMOID_FORWARD;
import static io.toroid.op.ActivationOperators.MISH;
import static io.toroid.op.ActivationOperators.PRELU_KERNEL;
import static io.toroid.op.ActivationOperators.SOFTPLUS;
import static io.toroid.op.ActivationOperators.SOFTSHRINK;
import static io.toroid.op.ActivationOperators.THRESHOLD;
import static io.toroid.op.CreationOperators.FULL;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The nonlinear functions between layers, as arithmetic and choices. */
final class ActivationDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.ofEntries(
            one(LEAKY_RELU, call -> split(self(call), x -> x, x -> x.mul(call.number("negative_slope")))),
            one(ELU, call -> elu(self(call), call.number("alpha"), call.number("scale"), call.number("input_scale"))),
            one(CELU, call -> elu(self(call), call.number("alpha"), 1, 1 / call.number("alpha"))),
            one(SOFTPLUS, ActivationDecompositions::softplus),
            one(MISH, call -> self(call).mul(self(call).exp().log1p().tanh())),
            one(HARDSIGMOID, call -> self(call).add(3).clamp(0, 6).div(6)),
            one(HARDSWISH, call -> self(call).mul(self(call).add(3).clamp(0, 6).div(6))),
            one(HARDSHRINK, call -> Tensor.where(self(call).abs().le(call.number("lambd")), 0, self(call))),
            one(SOFTSHRINK, call -> softshrink(self(call), call.number("lambd"))),
            one(HARDTANH, call -> self(call).maximum(number(call, "min_val")).minimum(number(call, "max_val"))),
            one(THRESHOLD, call -> Tensor.where(self(call).le(number(call, "threshold")), number(call, "value"), self(call))),
            Map.entry(LOG_SIGMOID_FORWARD, ActivationDecompositions::logSigmoid),
            one(PRELU_KERNEL, call -> split(self(call), x -> x, x -> call.tensor("weight").mul(x))),
            one(GLU, ActivationDecompositions::glu));

    private ActivationDecompositions() {
    }

    private static Map.Entry<Operator, Decompose.Rule> one(Operator operator, Function<Arguments, Tensor> formula) {
        return Map.entry(operator, call -> List.of(formula.apply(call.arguments())));
    }

    private static Tensor self(Arguments arguments) {
        return arguments.tensor("self");
    }

    /** A number in the type of the tensor. */
    private static Tensor number(Arguments arguments, String parameter) {
        return FULL.call(List.of(), arguments.get(parameter), self(arguments).dtype());
    }

    private static Tensor split(Tensor x, Function<Tensor, Tensor> above, Function<Tensor, Tensor> below) {
        return Tensor.where(x.gt(0), above.apply(x), below.apply(x));
    }

    private static Tensor elu(Tensor x, double alpha, double scale, double inputScale) {
        return split(x, positive -> scaled(positive, scale), negative -> scaled(scaled(negative, inputScale).expm1(), alpha * scale));
    }

    private static Tensor scaled(Tensor x, double factor) {
        return factor == 1 ? x : x.mul(factor);
    }

    private static Tensor softplus(Arguments arguments) {
        Tensor x = self(arguments);
        double beta = arguments.number("beta");
        Tensor scaled = scaled(x, beta);
        Tensor soft = scaled.exp().log1p();
        return Tensor.where(scaled.gt(arguments.number("threshold")), x, beta == 1 ? soft : soft.div(beta));
    }

    /** {@code x * 0} keeps NaN. */
    private static Tensor softshrink(Tensor x, double lambda) {
        return Tensor.where(x.gt(lambda), x.sub(lambda), Tensor.where(x.lt(-lambda), x.add(lambda), x.mul(0)));
    }

    private static List<Tensor> logSigmoid(Call call) {
        Tensor x = self(call.arguments());
        Tensor buffer = x.abs().neg().exp();
        return List.of(x.clamp(null, 0).sub(buffer.log1p()), buffer);
    }

    private static Tensor glu(Arguments arguments) {
        Tensor x = self(arguments);
        int axis = x.shape().axis((int) arguments.integer("dim"));
        Size half = x.size(axis).floorDiv(2);
        return x.slice(axis, Size.ZERO, half).mul(x.slice(axis, half, x.size(axis)).sigmoid());
    }
}
