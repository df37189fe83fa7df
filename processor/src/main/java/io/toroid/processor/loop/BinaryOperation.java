package io.toroid.processor.loop;

/**
 * Scalar functions of two operands of one type. Comparisons give a boolean. Minimum and maximum give NaN if either is
 * NaN, as PyTorch's do; integer division by zero gives 0 and is reported by the call.
 */
public enum BinaryOperation {
    ADD("+", true),
    SUBTRACT("-", true),
    MULTIPLY("*", true),
    DIVIDE("/", true),
    EQUAL("==", true),
    NOT_EQUAL("!=", true),
    LESS("<", true),
    LESS_EQUAL("<=", true),
    GREATER(">", true),
    GREATER_EQUAL(">=", true),
    AND("&", true),
    OR("|", true),
    XOR("^", true),
    MINIMUM("minimum", false),
    MAXIMUM("maximum", false),
    POW("pow", false),
    FLOOR_DIVIDE("floor_divide", false),
    TRUNC_DIVIDE("trunc_divide", false),
    REMAINDER("remainder", false),
    FMOD("fmod", false),
    ATAN2("atan2", false),
    COPYSIGN("copysign", false),
    /** 64 random bits of a key and a counter. */
    PHILOX("philox", false);

    private final String text;
    private final boolean infix;

    BinaryOperation(String text, boolean infix) {
        this.text = text;
        this.infix = infix;
    }

    /** The C++ operator or function. */
    public String text() {
        return text;
    }

    public boolean isInfix() {
        return infix;
    }

    public boolean isComparison() {
        return switch (this) {
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> true;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, AND, OR, XOR, MINIMUM, MAXIMUM, POW, FLOOR_DIVIDE, TRUNC_DIVIDE,
                 REMAINDER, FMOD, ATAN2, COPYSIGN, PHILOX -> false;
        };
    }

    /** Of integers, it needs a divisor other than zero. */
    public boolean isDivision() {
        return switch (this) {
            case DIVIDE, FLOOR_DIVIDE, TRUNC_DIVIDE, REMAINDER, FMOD -> true;
            case ADD, SUBTRACT, MULTIPLY, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR, XOR, MINIMUM,
                 MAXIMUM, POW, ATAN2, COPYSIGN, PHILOX -> false;
        };
    }

    /** Costs many instructions, so that computing it twice is worse than storing it. */
    public boolean isExpensive() {
        return switch (this) {
            case POW, FLOOR_DIVIDE, TRUNC_DIVIDE, REMAINDER, FMOD, ATAN2, PHILOX -> true;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR,
                 XOR, MINIMUM, MAXIMUM, COPYSIGN -> false;
        };
    }
}
