package io.toroid.processor.loop;

/**
 * Scalar functions of one operand. The operand has the type of the result, unless the function gives a boolean.
 * Each is a function of {@code vec.h} or {@code math.h} with overloads for scalars and vectors.
 */
public enum UnaryOperation {
    NEGATE("-"),
    NOT("!"),
    BITWISE_NOT("~"),
    ABS("abs"),
    SIGN("sign"),
    SQRT("sqrt"),
    RSQRT("rsqrt"),
    EXP("exp"),
    EXPM1("expm1"),
    LOG("log"),
    LOG1P("log1p"),
    SIN("sin"),
    COS("cos"),
    TAN("tan"),
    ASIN("asin"),
    ACOS("acos"),
    ATAN("atan"),
    SINH("sinh"),
    COSH("cosh"),
    TANH("tanh"),
    ASINH("asinh"),
    ACOSH("acosh"),
    ATANH("atanh"),
    EXP2("exp2"),
    LOG2("log2"),
    LOG10("log10"),
    SIGMOID("sigmoid"),
    ERF("erf"),
    ERFC("erfc"),
    ERFINV("erfinv"),
    LGAMMA("lgamma"),
    DIGAMMA("digamma"),
    FLOOR("floor"),
    CEIL("ceil"),
    TRUNC("trunc"),
    ROUND_HALF_EVEN("round_half_even"),
    IS_NAN("isnan");

    private final String function;

    UnaryOperation(String function) {
        this.function = function;
    }

    /** The C++ function or prefix operator. */
    public String function() {
        return function;
    }

    /** Costs many instructions, so that computing it twice is worse than storing it. */
    public boolean isExpensive() {
        return switch (this) {
            case EXP, EXP2, EXPM1, LOG, LOG1P, LOG2, LOG10, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, ASINH, ACOSH,
                 ATANH, SIGMOID, ERF, ERFC, ERFINV, LGAMMA, DIGAMMA, SQRT, RSQRT -> true;
            case NEGATE, NOT, BITWISE_NOT, ABS, SIGN, FLOOR, CEIL, TRUNC, ROUND_HALF_EVEN, IS_NAN -> false;
        };
    }
}
