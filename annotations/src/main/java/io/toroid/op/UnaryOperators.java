package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Rules.Accepts;
import java.util.List;

/**
 * Functions of one element. The transcendental ones turn integers and booleans into {@code f32}; the others keep the
 * type.
 */
public final class UnaryOperators {

    public static final Operator EXP = floating("exp");
    public static final Operator EXPM1 = floating("expm1");
    public static final Operator LOG = floating("log");
    public static final Operator LOG1P = floating("log1p");
    public static final Operator SQRT = floating("sqrt");
    public static final Operator RSQRT = floating("rsqrt");
    public static final Operator RECIPROCAL = floating("reciprocal");
    public static final Operator SIN = floating("sin");
    public static final Operator COS = floating("cos");
    public static final Operator TAN = floating("tan");
    public static final Operator ASIN = floating("asin");
    public static final Operator ACOS = floating("acos");
    public static final Operator ATAN = floating("atan");
    public static final Operator SINH = floating("sinh");
    public static final Operator COSH = floating("cosh");
    public static final Operator TANH = floating("tanh");
    public static final Operator ASINH = floating("asinh");
    public static final Operator ACOSH = floating("acosh");
    public static final Operator ATANH = floating("atanh");
    public static final Operator EXP2 = floating("exp2");
    public static final Operator LOG2 = floating("log2");
    public static final Operator LOG10 = floating("log10");
    public static final Operator SIGMOID = floating("sigmoid");
    public static final Operator ERF = floating("erf");

    /** {@code 1 - erf(x)}, exact also where that is tiny. */
    public static final Operator ERFC = floating("erfc");

    /** The number whose {@code erf} is {@code x}; infinite at -1 and 1, NaN beyond. */
    public static final Operator ERFINV = floating("erfinv");

    /** {@code log(|gamma(x)|)}; infinite at 0 and the negative integers. */
    public static final Operator LGAMMA = floating("lgamma");

    /** The derivative of {@code log(gamma(x))}; NaN at the negative integers, infinite at 0. */
    public static final Operator DIGAMMA = floating("digamma");

    /** {@code -x * log(x)}: 0 at 0, minus infinity below. */
    public static final Operator SPECIAL_ENTR = floating("special_entr").decomposed(call -> entropy(self(call)));

    /** {@code x * sigmoid(x)}; floating-point tensors only. */
    public static final Operator SILU = same("silu", Accepts.FLOATING).decomposed(call -> self(call).mul(self(call).sigmoid()));

    /** {@code approximate} is {@code none} (with erf) or {@code tanh}; floating-point tensors only. */
    public static final Operator GELU = Operator.define(
            "aten::gelu(Tensor self, *, str approximate=\"none\") -> Tensor", UnaryOperators::gelu)
            .decomposed(call -> call.text("approximate").equals("none") ? gelu(self(call)) : geluTanh(self(call)));

    public static final Operator NEG = same("neg", Accepts.NUMBERS);
    public static final Operator ABS = same("abs", Accepts.NUMBERS);

    /** {@code max(x, 0)}, where NaN stays NaN. */
    public static final Operator RELU = same("relu", Accepts.NUMBERS);

    /** -1, 0 or 1; of NaN 0; a boolean stays. */
    public static final Operator SIGN = Operator.define("aten::sign(Tensor self) -> Tensor",
            arguments -> like(arguments, arguments.tensor("self").dtype()));

    public static final Operator FLOOR = same("floor", Accepts.NUMBERS);
    public static final Operator CEIL = same("ceil", Accepts.NUMBERS);

    /** To the nearest integer, halves to the even one. */
    public static final Operator ROUND = same("round", Accepts.NUMBERS);

    public static final Operator TRUNC = same("trunc", Accepts.NUMBERS);

    /** What {@code trunc} takes away, with the sign of {@code x}; floating-point tensors only. */
    public static final Operator FRAC = same("frac", Accepts.FLOATING).decomposed(call -> self(call).sub(self(call).trunc()));

    /** NaN and infinities replaced: by 0 and the largest and smallest finite number unless others are given; integers stay. */
    public static final Operator NAN_TO_NUM = Operator.define(
            "aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor",
            arguments -> like(arguments, arguments.tensor("self").dtype())).decomposed(UnaryOperators::finite);

    /** Of a number: whether it is zero. */
    public static final Operator LOGICAL_NOT = Operator.define(
            "aten::logical_not(Tensor self) -> Tensor", arguments -> like(arguments, DType.BOOL));

    public static final Operator BITWISE_NOT = same("bitwise_not", Accepts.BITS);

    public static final Operator ISNAN = Operator.define(
            "aten::isnan(Tensor self) -> Tensor", arguments -> like(arguments, DType.BOOL));

    public static final Operator ISINF = Operator.define(
            "aten::isinf(Tensor self) -> Tensor", arguments -> like(arguments, DType.BOOL)).decomposed(call -> isInfinite(self(call)));

    /** Another element type: to bool is {@code x != 0}, to integers truncates towards zero. */
    public static final Operator TO_COPY = Operator.define(
            "aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
                    + "bool? pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor",
            arguments -> like(arguments, arguments.dtype("dtype").orElse(arguments.tensor("self").dtype())));

    /** The same values as a tensor of its own. */
    public static final Operator CLONE = Operator.define(
            "aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor",
            arguments -> like(arguments, arguments.tensor("self").dtype()));

    private UnaryOperators() {
    }

    private static Operator floating(String name) {
        return Operator.define("aten::%s(Tensor self) -> Tensor".formatted(name),
                arguments -> like(arguments, Promotion.floating(arguments.tensor("self").dtype())));
    }

    private static Operator same(String name, Accepts accepted) {
        return Operator.define("aten::%s(Tensor self) -> Tensor".formatted(name), arguments -> {
            Rules.accept(arguments, "self", accepted);
            return like(arguments, arguments.tensor("self").dtype());
        });
    }

    private static List<TensorType> gelu(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        String approximate = arguments.text("approximate");
        if (!approximate.equals("none") && !approximate.equals("tanh")) {
            throw Rules.mistake(io.toroid.TensorException.Kind.ARGUMENT, arguments,
                    "approximate must be \"none\" or \"tanh\", not \"%s\"".formatted(approximate));
        }
        return like(arguments, arguments.tensor("self").dtype());
    }

    private static List<TensorType> like(Arguments arguments, DType dtype) {
        Tensor self = arguments.tensor("self");
        return Rules.result(dtype, self.shape());
    }

    // ---- what some are made of

    private static Tensor self(Arguments arguments) {
        return arguments.tensor("self");
    }

    private static Tensor gelu(Tensor x) {
        return x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1));
    }

    private static Tensor geluTanh(Tensor x) {
        Tensor cubic = x.add(x.mul(x).mul(x).mul(0.044715));
        return x.mul(0.5).mul(cubic.mul(Math.sqrt(2 / Math.PI)).tanh().add(1));
    }

    private static Tensor entropy(Tensor self) {
        Tensor x = self.dtype().isFloating() ? self : self.to(Promotion.floating(self.dtype()));
        Tensor inside = x.mul(x.log()).neg();
        return Tensor.where(x.gt(0), inside, Tensor.where(x.eq(0), x.abs(), Tensor.where(x.isnan(), x, Double.NEGATIVE_INFINITY)));
    }

    private static Tensor isInfinite(Tensor x) {
        return x.dtype().isFloating() ? x.abs().eq(Double.POSITIVE_INFINITY) : Tensor.full(DType.BOOL, 0, x.shape());
    }

    private static double largest(DType dtype) {
        return switch (dtype) {
            case F16 -> 65504;
            case BF16 -> 0x1.fep127;
            case F64 -> Double.MAX_VALUE;
            default -> Float.MAX_VALUE;
        };
    }

    private static Tensor finite(Arguments arguments) {
        Tensor x = arguments.tensor("self");
        if (!x.dtype().isFloating()) {
            return x;
        }
        double largest = largest(x.dtype());
        Tensor noNan = Tensor.where(x.isnan(), arguments.isPresent("nan") ? arguments.number("nan") : 0.0, x);
        Tensor bounded = Tensor.where(x.eq(Double.POSITIVE_INFINITY), arguments.isPresent("posinf") ? arguments.number("posinf") : largest, noNan);
        return Tensor.where(x.eq(Double.NEGATIVE_INFINITY), arguments.isPresent("neginf") ? arguments.number("neginf") : -largest, bounded);
    }
}
