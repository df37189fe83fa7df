package io.toroid.op;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import java.util.List;
import java.util.Set;

/**
 * Arithmetic of two tensors that broadcast, or of a tensor and a number. Element types are promoted as
 * {@link Promotion} says; integer arithmetic wraps around.
 */
public final class BinaryOperators {

    /** {@code self + alpha * other}; of booleans, or. */
    public static final Operator ADD_TENSOR = Operator.define(
            "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", BinaryOperators::scaled);
    public static final Operator ADD_SCALAR = Operator.define(
            "aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", BinaryOperators::scaled);

    /** {@code self - alpha * other}; not for two booleans. */
    public static final Operator SUB_TENSOR = Operator.define(
            "aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", BinaryOperators::difference);
    public static final Operator SUB_SCALAR = Operator.define(
            "aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", BinaryOperators::difference);

    public static final Operator MUL_TENSOR = tensors("mul.Tensor");
    public static final Operator MUL_SCALAR = scalar("mul.Scalar");

    /** True division: integers give {@code f32}. */
    public static final Operator DIV_TENSOR = Operator.define(
            "aten::div.Tensor(Tensor self, Tensor other) -> Tensor", BinaryOperators::quotient);
    public static final Operator DIV_SCALAR = Operator.define(
            "aten::div.Scalar(Tensor self, Scalar other) -> Tensor", BinaryOperators::quotient);

    /** {@code rounding_mode} is {@code floor}, {@code trunc}, or none for true division. */
    public static final Operator DIV_TENSOR_MODE = Operator.define(
            "aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor",
            BinaryOperators::roundedQuotient);
    public static final Operator DIV_SCALAR_MODE = Operator.define(
            "aten::div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor",
            BinaryOperators::roundedQuotient);

    public static final Operator POW_TENSOR_TENSOR = Operator.define(
            "aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", BinaryOperators::power);
    public static final Operator POW_TENSOR_SCALAR = Operator.define(
            "aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor", BinaryOperators::power);

    /** A number to the powers of a tensor. */
    public static final Operator POW_SCALAR = Operator.define(
            "aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor", BinaryOperators::power);

    /** NaN if either is. */
    public static final Operator MAXIMUM = tensors("maximum");

    /** NaN if either is. */
    public static final Operator MINIMUM = tensors("minimum");

    /** {@code self - other * floor(self / other)}: the sign of the divisor. */
    public static final Operator REMAINDER_TENSOR = Operator.define(
            "aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor", BinaryOperators::numbers);
    public static final Operator REMAINDER_SCALAR = Operator.define(
            "aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor", BinaryOperators::numbers);

    /** What is left of the division rounded towards zero: the sign of {@code self}. */
    public static final Operator FMOD_TENSOR = Operator.define(
            "aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor", BinaryOperators::numbers);
    public static final Operator FMOD_SCALAR = Operator.define(
            "aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor", BinaryOperators::numbers);

    /** The larger one; the other one if one is NaN. */
    public static final Operator FMAX = tensors("fmax");

    /** The smaller one; the other one if one is NaN. */
    public static final Operator FMIN = tensors("fmin");

    /** The angle of the point {@code (other, self)}, from -pi to pi; integers give {@code f32}. */
    public static final Operator ATAN2 = floating("atan2");

    /** The magnitude of {@code self} with the sign of {@code other}, of zeros too; integers give {@code f32}. */
    public static final Operator COPYSIGN = floating("copysign.Tensor");

    /** {@code self * log(other)}: 0 where {@code self} is 0, unless {@code other} is NaN; integers give {@code f32}. */
    public static final Operator XLOGY = floating("xlogy.Tensor");

    /** {@code log(exp(self) + exp(other))} without overflow; floating-point tensors only. */
    public static final Operator LOGADDEXP = exponents("logaddexp");

    /** {@code log2(2^self + 2^other)} without overflow; floating-point tensors only. */
    public static final Operator LOGADDEXP2 = exponents("logaddexp2");

    /** 0 below 0, 1 above, and {@code values} at 0; both of one type. */
    public static final Operator HEAVISIDE = Operator.define(
            "aten::heaviside(Tensor self, Tensor values) -> Tensor", BinaryOperators::step);

    public static final Operator BITWISE_AND = bits("bitwise_and");
    public static final Operator BITWISE_OR = bits("bitwise_or");
    public static final Operator BITWISE_XOR = bits("bitwise_xor");

    public static final Operator BITWISE_AND_SCALAR = bitsOfNumber("bitwise_and");
    public static final Operator BITWISE_OR_SCALAR = bitsOfNumber("bitwise_or");
    public static final Operator BITWISE_XOR_SCALAR = bitsOfNumber("bitwise_xor");

    private BinaryOperators() {
    }

    private static Operator tensors(String name) {
        return Operator.define("aten::%s(Tensor self, Tensor other) -> Tensor".formatted(name),
                arguments -> broadcast(arguments, Promotion.of(arguments, "self", "other")));
    }

    private static Operator floating(String name) {
        return Operator.define("aten::%s(Tensor self, Tensor other) -> Tensor".formatted(name), BinaryOperators::quotient);
    }

    private static Operator exponents(String name) {
        return Operator.define("aten::%s(Tensor self, Tensor other) -> Tensor".formatted(name), arguments -> {
            Rules.accept(arguments, "self", Accepts.FLOATING);
            Rules.accept(arguments, "other", Accepts.FLOATING);
            return broadcast(arguments, Promotion.of(arguments, "self", "other"));
        });
    }

    private static List<TensorType> step(Arguments arguments) {
        DType dtype = arguments.tensor("self").dtype();
        if (dtype != arguments.tensor("values").dtype()) {
            throw Rules.mistake(Kind.DTYPE, arguments, "self is %s and values is %s; convert one, both must have one element type"
                    .formatted(arguments.tensor("self").type(), arguments.tensor("values").type()));
        }
        return broadcast(arguments, dtype);
    }

    private static Operator scalar(String name) {
        return Operator.define("aten::%s(Tensor self, Scalar other) -> Tensor".formatted(name),
                arguments -> broadcast(arguments, Promotion.of(arguments, "self", "other")));
    }

    private static Operator bits(String name) {
        return Operator.define("aten::%s.Tensor(Tensor self, Tensor other) -> Tensor".formatted(name), arguments -> {
            Rules.accept(arguments, "self", Accepts.BITS);
            Rules.accept(arguments, "other", Accepts.BITS);
            return broadcast(arguments, Promotion.of(arguments, "self", "other"));
        });
    }

    private static Operator bitsOfNumber(String name) {
        return Operator.define("aten::%s.Scalar(Tensor self, Scalar other) -> Tensor".formatted(name), arguments -> {
            Rules.accept(arguments, "self", Accepts.BITS);
            if (arguments.get("other") instanceof Argument.OfFloat(double other)) {
                throw Rules.mistake(Kind.DTYPE, arguments, "other must be an integer or a boolean, not " + other);
            }
            return broadcast(arguments, Promotion.of(arguments, "self", "other"));
        });
    }

    private static List<TensorType> scaled(Arguments arguments) {
        DType dtype = Promotion.of(arguments, "self", "other");
        DType alpha = Promotion.ofScalar(arguments.get("alpha"));
        if (alpha.isFloating() && !dtype.isFloating()) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "alpha must be an integer for %s, not %s; convert self with .to(DType.F32)"
                            .formatted(arguments.tensor("self").type(), arguments.number("alpha")));
        }
        return broadcast(arguments, dtype);
    }

    private static List<TensorType> difference(Arguments arguments) {
        if (arguments.tensor("self").dtype() == DType.BOOL && isBoolean(arguments.get("other"))) {
            throw Rules.mistake(Kind.DTYPE, arguments,
                    "booleans cannot be subtracted; use logicalXor, or logicalNot to invert a mask");
        }
        return scaled(arguments);
    }

    private static boolean isBoolean(Argument argument) {
        return argument instanceof Argument.OfBool
                || argument instanceof Argument.OfTensor(var tensor) && tensor.dtype() == DType.BOOL;
    }

    private static List<TensorType> quotient(Arguments arguments) {
        return broadcast(arguments, Promotion.floating(Promotion.of(arguments, "self", "other")));
    }

    private static List<TensorType> roundedQuotient(Arguments arguments) {
        if (!arguments.isPresent("rounding_mode")) {
            return quotient(arguments);
        }
        String mode = arguments.text("rounding_mode");
        if (!Set.of("floor", "trunc").contains(mode)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "rounding_mode must be \"floor\" or \"trunc\", not \"%s\"".formatted(mode));
        }
        return numbers(arguments);
    }

    private static List<TensorType> power(Arguments arguments) {
        DType dtype = Promotion.of(arguments, "self", "exponent");
        if (dtype == DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, arguments, "booleans have no powers; convert self with .to(DType.I64)");
        }
        if (!dtype.isFloating() && arguments.get("exponent") instanceof Argument.OfInt(var exponent)
                && exponent.isConstant() && exponent.constant() < 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "integers have no power %s; convert self, which is %s, with .to(DType.F32)"
                            .formatted(exponent, arguments.tensor("self").type()));
        }
        if (!dtype.isFloating() && arguments.get("self") instanceof Argument.OfBool) {
            throw Rules.mistake(Kind.DTYPE, arguments, "booleans have no powers; write 0 or 1");
        }
        return broadcast(arguments, dtype);
    }

    private static List<TensorType> numbers(Arguments arguments) {
        DType dtype = Promotion.of(arguments, "self", "other");
        if (dtype == DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, arguments, "booleans cannot be divided so; convert self with .to(DType.I64)");
        }
        return broadcast(arguments, dtype);
    }

    private static List<TensorType> broadcast(Arguments arguments, DType dtype) {
        return Rules.result(dtype, Rules.broadcast(arguments, arguments.operands()));
    }
}
