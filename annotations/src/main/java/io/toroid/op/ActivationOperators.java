package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Size;
import java.util.List;
import java.util.function.Function;

/**
 * The nonlinear functions between layers, as {@code torch.nn.functional} has them. All keep type and sizes (but
 * {@link #GLU}, which halves a dimension), take floating-point tensors unless it says otherwise, and hand NaN through.
 */
public final class ActivationOperators {

    /** {@code x} above 0, {@code slope * x} below. */
    public static final Operator LEAKY_RELU = floating("leaky_relu", "Scalar negative_slope=0.01")
            .decomposed(call -> split(self(call), x -> x, x -> x.mul(call.number("negative_slope"))));

    /** {@code scale * x} above 0, {@code scale * alpha * (exp(input_scale * x) - 1)} below. */
    public static final Operator ELU = floating("elu", "Scalar alpha=1, Scalar scale=1, Scalar input_scale=1")
            .decomposed(call -> elu(self(call), call.number("alpha"), call.number("scale"), call.number("input_scale")));

    /** {@code x} above 0, {@code alpha * (exp(x / alpha) - 1)} below. */
    public static final Operator CELU = Operator.define("aten::celu(Tensor self, Scalar alpha=1.) -> Tensor", arguments -> {
        if (arguments.number("alpha") == 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "alpha must not be 0");
        }
        return floating(arguments);
    }).decomposed(call -> elu(self(call), call.number("alpha"), 1, 1 / call.number("alpha")));

    /** {@code log(1 + exp(beta * x)) / beta}; {@code x} itself where {@code beta * x} is above the threshold. */
    public static final Operator SOFTPLUS = floating("softplus", "Scalar beta=1, Scalar threshold=20")
            .decomposed(ActivationOperators::softplus);

    /** {@code x * tanh(log(1 + exp(x)))}. */
    public static final Operator MISH = floating("mish", "").decomposed(call -> self(call).mul(self(call).exp().log1p().tanh()));

    /** {@code min(max(x + 3, 0), 6) / 6}: a sigmoid of three straight lines. */
    public static final Operator HARDSIGMOID = floating("hardsigmoid", "").decomposed(call -> self(call).add(3).clamp(0, 6).div(6));

    /** {@code x * min(max(x + 3, 0), 6) / 6}. */
    public static final Operator HARDSWISH = floating("hardswish", "")
            .decomposed(call -> self(call).mul(self(call).add(3).clamp(0, 6).div(6)));

    /** 0 from {@code -lambd} to {@code lambd}, else {@code x}. */
    public static final Operator HARDSHRINK = floating("hardshrink", "Scalar lambd=0.5")
            .decomposed(call -> Tensor.where(self(call).abs().le(call.number("lambd")), 0, self(call)));

    /** {@code x} moved towards 0 by {@code lambd}, and 0 where it would pass it. */
    public static final Operator SOFTSHRINK = Operator.define(
            "aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor", arguments -> {
                if (!(arguments.number("lambd") >= 0)) {
                    throw Rules.mistake(Kind.ARGUMENT, arguments,
                            "lambd must be 0 or more, not %s".formatted(arguments.number("lambd")));
                }
                return floating(arguments);
            }).decomposed(call -> softshrink(self(call), call.number("lambd")));

    /** {@code min(max(x, min_val), max_val)}; integers too, with limits that their type can hold. */
    public static final Operator HARDTANH = Operator.define(
            "aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor", arguments -> {
                Rules.requireLimit(arguments.tensor("self").dtype(), arguments, "min_val");
                Rules.requireLimit(arguments.tensor("self").dtype(), arguments, "max_val");
                return numbers(arguments);
            }).decomposed(call -> self(call).maximum(number(call, "min_val")).minimum(number(call, "max_val")));

    /** {@code x} above the threshold, else the value; integers too. */
    public static final Operator THRESHOLD = Operator.define(
            "aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor", arguments -> {
                Rules.requireHolds(arguments.tensor("self").dtype(), arguments, "threshold");
                Rules.requireHolds(arguments.tensor("self").dtype(), arguments, "value");
                return numbers(arguments);
            }).decomposed(call -> Tensor.where(self(call).le(number(call, "threshold")), number(call, "value"), self(call)));

    /** {@code log(sigmoid(x)) = min(x, 0) - log(1 + exp(-|x|))}, and {@code exp(-|x|)}, which PyTorch keeps for training. */
    public static final Operator LOG_SIGMOID_FORWARD = Operator.define(
            "aten::log_sigmoid_forward(Tensor self) -> (Tensor output, Tensor buffer)",
            arguments -> List.of(floating(arguments).getFirst(), arguments.tensor("self").type()))
            .decomposedAll(ActivationOperators::logSigmoid);

    /** {@code x} above 0, {@code weight * x} below; the weight, of the same type, broadcasts. */
    public static final Operator PRELU_KERNEL = Operator.define(
            "aten::_prelu_kernel(Tensor self, Tensor weight) -> Tensor", arguments ->
                    Rules.result(Rules.common(arguments, Accepts.FLOATING), Rules.broadcast(arguments, arguments.operands())))
            .decomposed(call -> split(self(call), x -> x, x -> call.tensor("weight").mul(x)));

    /** {@code a * sigmoid(b)} of the two halves of a dimension, whose size must be even. */
    public static final Operator GLU = Operator.define("aten::glu(Tensor self, int dim=-1) -> Tensor", ActivationOperators::glu)
            .decomposed(ActivationOperators::gated);

    private ActivationOperators() {
    }

    private static Operator floating(String name, String more) {
        String separator = more.isEmpty() ? "" : ", ";
        return Operator.define("aten::%s(Tensor self%s%s) -> Tensor".formatted(name, separator, more), ActivationOperators::floating);
    }

    private static List<TensorType> floating(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        return List.of(arguments.tensor("self").type());
    }

    private static List<TensorType> numbers(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.NUMBERS);
        return List.of(arguments.tensor("self").type());
    }

    private static List<TensorType> glu(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        Tensor self = arguments.tensor("self");
        if (self.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s is a single value and has no halves".formatted(self.type()));
        }
        int axis = Rules.axis(arguments, "dim", self);
        Size size = self.size(axis);
        Rules.requireEqual(arguments, size.mod(2), Size.ZERO,
                () -> "dimension %d of %s must be even, not %s".formatted(axis, self.type(), size));
        return Rules.result(self.dtype(), self.shape().with(axis, size.floorDiv(2)));
    }

    // ---- what they are made of

    private static Tensor self(Arguments arguments) {
        return arguments.tensor("self");
    }

    /** A number in the type of the tensor. */
    private static Tensor number(Arguments arguments, String parameter) {
        return CreationOperators.FULL.call(List.of(), arguments.get(parameter), self(arguments).dtype());
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

    private static List<Tensor> logSigmoid(Arguments arguments) {
        Tensor x = self(arguments);
        Tensor buffer = x.abs().neg().exp();
        return List.of(x.clamp(null, 0).sub(buffer.log1p()), buffer);
    }

    private static Tensor gated(Arguments arguments) {
        Tensor x = self(arguments);
        int axis = x.shape().axis((int) arguments.integer("dim"));
        Size half = x.size(axis).floorDiv(2);
        return x.slice(axis, Size.ZERO, half).mul(x.slice(axis, half, x.size(axis)).sigmoid());
    }

    // ---- as authors call them

    /** One weight for all elements, or one for each channel, which is dimension 1. */
    public static Tensor prelu(Tensor self, Tensor weight) {
        boolean perChannel = weight.dim() == 1 && !weight.size(0).equals(Size.ONE);
        if (weight.dim() > 1 || perChannel && self.dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, "prelu", "weight must hold one value, or one for each channel of [batch, channels, ...], not %s for %s"
                    .formatted(weight.type(), self.type()));
        }
        if (!perChannel) {
            return PRELU_KERNEL.call(self, weight);
        }
        Rules.requireEqual("prelu", self.size(1), weight.size(0), () -> "%s has %s channels, but weight is %s"
                .formatted(self.type(), self.size(1), weight.type()));
        Size[] sizes = new Size[self.dim()];
        java.util.Arrays.fill(sizes, Size.ONE);
        sizes[1] = weight.size(0);
        return PRELU_KERNEL.call(self, weight.reshape(sizes));
    }
}
