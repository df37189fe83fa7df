package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.op.Argument;
import io.toroid.op.TensorData;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * Arithmetic of two operands. Both are converted to the type of the result first, as in PyTorch: a number beside an
 * {@code f32} tensor is rounded to {@code f32}.
 */
final class BinaryMeanings {

    private BinaryMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("add.Tensor", scaled(1));
        meanings.add("add.Scalar", scaled(1));
        meanings.add("sub.Tensor", scaled(-1));
        meanings.add("sub.Scalar", scaled(-1));
        meanings.add("mul.Tensor", number((a, b) -> a * b, (a, b) -> a * b));
        meanings.add("mul.Scalar", number((a, b) -> a * b, (a, b) -> a * b));
        meanings.add("div.Tensor", call -> floating(call, "other", (a, b) -> a / b));
        meanings.add("div.Scalar", call -> floating(call, "other", (a, b) -> a / b));
        meanings.add("div.Tensor_mode", BinaryMeanings::roundedQuotient);
        meanings.add("div.Scalar_mode", BinaryMeanings::roundedQuotient);
        meanings.add("pow.Tensor_Tensor", BinaryMeanings::power);
        meanings.add("pow.Scalar", BinaryMeanings::power);
        meanings.add("pow.Tensor_Scalar", BinaryMeanings::powerOfNumber);
        meanings.add("maximum", number(Math::max, Math::max));
        meanings.add("minimum", number(Math::min, Math::min));
        meanings.add("remainder.Tensor", BinaryMeanings::remainder);
        meanings.add("remainder.Scalar", BinaryMeanings::remainder);
        for (String overload : new String[] {"fmod.Tensor", "fmod.Scalar"}) {
            meanings.add(overload, call -> call.dtype().isFloating() ? floating(call, "other", (a, b) -> a % b)
                    : integral(call, "other", (a, b) -> a % nonZero(call, b)));
        }
        meanings.add("fmax", number((a, b) -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b), Math::max));
        meanings.add("fmin", number((a, b) -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b), Math::min));
        meanings.add("atan2", call -> floating(call, "other", Math::atan2));
        meanings.add("copysign.Tensor", call -> floating(call, "other", Math::copySign));
        meanings.add("xlogy.Tensor", call -> floating(call, "other", (a, b) -> a == 0 && !Double.isNaN(b) ? 0 : a * Math.log(b)));
        meanings.add("logaddexp", call -> floating(call, "other", (a, b) -> logarithmOfSum(a, b, Math.E)));
        meanings.add("logaddexp2", call -> floating(call, "other", (a, b) -> logarithmOfSum(a, b, 2)));
        meanings.add("heaviside", call -> call.dtype().isFloating()
                ? floating(call, "values", (a, b) -> a == 0 ? b : a > 0 ? 1 : 0)
                : integral(call, "values", (a, b) -> a == 0 ? b : a > 0 ? 1 : 0));
        meanings.add("bitwise_and.Tensor", call -> integral(call, "other", (a, b) -> a & b));
        meanings.add("bitwise_and.Scalar", call -> integral(call, "other", (a, b) -> a & b));
        meanings.add("bitwise_or.Tensor", call -> integral(call, "other", (a, b) -> a | b));
        meanings.add("bitwise_or.Scalar", call -> integral(call, "other", (a, b) -> a | b));
        meanings.add("bitwise_xor.Tensor", call -> integral(call, "other", (a, b) -> a ^ b));
        meanings.add("bitwise_xor.Scalar", call -> integral(call, "other", (a, b) -> a ^ b));
    }

    private static Meaning.Single number(DoubleBinaryOperator onFloats, LongBinaryOperator onIntegers) {
        return call -> call.dtype().isFloating()
                ? floating(call, "other", onFloats) : integral(call, "other", onIntegers);
    }

    static TensorData floating(Invocation call, String second, DoubleBinaryOperator function) {
        double[] left = Elements.doubles(call.broadcast("self", call.dtype()));
        double[] right = Elements.doubles(call.broadcast(second, call.dtype()));
        double[] result = new double[left.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = function.applyAsDouble(left[i], right[i]);
        }
        return call.result(result);
    }

    /** Booleans are 0 and 1, and a result other than 0 is true. */
    static TensorData integral(Invocation call, String second, LongBinaryOperator function) {
        long[] left = Elements.longs(call.broadcast("self", call.dtype()));
        long[] right = Elements.longs(call.broadcast(second, call.dtype()));
        long[] result = new long[left.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = function.applyAsLong(left[i], right[i]);
        }
        return call.result(result);
    }

    /** Of powers of the base; the larger one is taken out. */
    private static double logarithmOfSum(double a, double b, double base) {
        if (a == b) {
            return a + Math.log(2) / Math.log(base);
        }
        double larger = Math.max(a, b);
        return larger + Math.log1p(Math.pow(base, -Math.abs(a - b))) / Math.log(base);
    }

    private static Meaning.Single scaled(int sign) {
        return call -> {
            TensorData alpha = call.operand("alpha", call.dtype().computed());
            if (call.dtype().isFloating()) {
                double factor = sign * Elements.doubles(alpha)[0];
                return floating(call, "other", (a, b) -> a + factor * b);
            }
            long factor = sign * Elements.longs(alpha)[0];
            return integral(call, "other", (a, b) -> a + factor * b);
        };
    }

    // ---- division

    private static TensorData roundedQuotient(Invocation call) {
        if (!call.has("rounding_mode")) {
            return floating(call, "other", (a, b) -> a / b);
        }
        boolean floor = call.arguments().text("rounding_mode").equals("floor");
        if (call.dtype().isFloating()) {
            DoubleUnaryOperator rounding = x -> Elements.rounded(call.dtype(), x);
            return floor
                    ? floating(call, "other", (a, b) -> floorQuotient(a, b, rounding))
                    : floating(call, "other", (a, b) -> UnaryMeanings.truncate(rounding.applyAsDouble(a / b)));
        }
        return integral(call, "other", (a, b) -> floor ? Math.floorDiv(a, nonZero(call, b)) : a / nonZero(call, b));
    }

    /**
     * As Python's {@code //}: consistent with the remainder, also where {@code a / b} rounds up to the next integer.
     * Every step is rounded to the type, as PyTorch's are.
     */
    private static double floorQuotient(double a, double b, DoubleUnaryOperator rounding) {
        if (b == 0) {
            return a / b;
        }
        double rest = a % b;
        double quotient = rounding.applyAsDouble(rounding.applyAsDouble(a - rest) / b);
        if (rest != 0 && (b < 0) != (rest < 0)) {
            quotient = rounding.applyAsDouble(quotient - 1);
        }
        if (quotient == 0) {
            return Math.copySign(0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static TensorData remainder(Invocation call) {
        return call.dtype().isFloating()
                ? floating(call, "other", BinaryMeanings::remainder)
                : integral(call, "other", (a, b) -> Math.floorMod(a, nonZero(call, b)));
    }

    private static double remainder(double a, double b) {
        double rest = a % b;
        return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest;
    }

    private static long nonZero(Invocation call, long divisor) {
        if (divisor == 0) {
            throw call.mistake(Kind.ARGUMENT,
                    "an integer is divided by zero; convert to a floating-point type first, or replace zeros with where");
        }
        return divisor;
    }

    // ---- powers

    private static TensorData power(Invocation call) {
        return call.dtype().isFloating()
                ? floating(call, "exponent", BinaryMeanings::power)
                : integral(call, "exponent", BinaryMeanings::power);
    }

    /** Exponents of a half are square roots in PyTorch: of minus infinity not a number, unlike C's power. */
    private static TensorData powerOfNumber(Invocation call) {
        double exponent = call.arguments().get("exponent") instanceof Argument.OfFloat(double value) ? value : 0;
        if (!call.dtype().isFloating() || Math.abs(exponent) != 0.5) {
            return power(call);
        }
        return floating(call, "exponent", (a, b) -> b > 0 ? Math.sqrt(a) : 1 / Math.sqrt(a));
    }

    /** As C's: 1 to any power is 1, even to NaN; -1 to an infinite one too. */
    private static double power(double base, double exponent) {
        if (base == 1 || base == -1 && Double.isInfinite(exponent)) {
            return 1;
        }
        return Math.pow(base, exponent);
    }

    /** Wraps around; a negative power of anything but 1 and -1 is 0. */
    private static long power(long base, long exponent) {
        if (exponent < 0) {
            return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result *= square;
            }
            square *= square;
        }
        return result;
    }
}
