package io.toroid.processor.loop.verify;

import io.toroid.DType;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.loop.UnaryOperation;
import java.util.ArrayList;
import java.util.List;

/** That the element types within a scalar fit together. */
public final class ScalarTypes {

    private final List<String> problems = new ArrayList<>();

    private ScalarTypes() {
    }

    public static List<String> problems(Scalar scalar) {
        ScalarTypes types = new ScalarTypes();
        scalar.forEach(types::check);
        return types.problems;
    }

    private void check(Scalar scalar) {
        switch (scalar) {
            case Scalar.Literal literal -> require(literal.value() instanceof Double == literal.dtype().isFloating(),
                    "the literal %s holds a %s", literal, literal.value().getClass().getSimpleName());
            case Scalar.Gather gather -> gather.lookups().forEach(lookup ->
                    same("the index of " + gather, DType.I64, lookup.index().dtype()));
            case Scalar.Unary unary -> check(unary);
            case Scalar.Binary binary -> check(binary);
            case Scalar.Select select -> {
                same("the condition of " + select, DType.BOOL, select.condition().dtype());
                same("the alternative of " + select, select.yes().dtype(), select.no().dtype());
            }
            case Scalar.Guarded guarded ->
                same("the alternative of " + guarded, guarded.body().dtype(), guarded.otherwise().dtype());
            case Scalar.Convert(DType to, Scalar operand) -> require(
                    !to.isReducedFloating() && !operand.dtype().isReducedFloating() || to.computed() == operand.dtype().computed(),
                    "%s is converted to %s without f32 between", operand, to);
            case Scalar.Index _, Scalar.Load _ -> { }
        }
        requireComputable(scalar);
    }

    /** Only {@code f32} is computed with, not what is stored more narrowly. */
    private void requireComputable(Scalar scalar) {
        switch (scalar) {
            case Scalar.Unary _, Scalar.Binary _, Scalar.Select _, Scalar.Guarded _ -> scalar.operands().forEach(operand ->
                    require(!operand.dtype().isReducedFloating(), "%s computes in %s", scalar, operand.dtype()));
            case Scalar.Literal _, Scalar.Index _, Scalar.Load _, Scalar.Gather _, Scalar.Convert _ -> { }
        }
    }

    private void check(Scalar.Unary unary) {
        DType operand = unary.operand().dtype();
        boolean fits = switch (unary.operation()) {
            case NOT -> operand == DType.BOOL;
            case BITWISE_NOT -> operand.isIntegral();
            case NEGATE, ABS, SIGN -> operand != DType.BOOL;
            case SQRT, RSQRT, EXP, EXP2, EXPM1, LOG, LOG1P, LOG2, LOG10, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH,
                 ASINH, ACOSH, ATANH, SIGMOID, ERF, ERFC, ERFINV, LGAMMA, DIGAMMA, FLOOR, CEIL, TRUNC, ROUND_HALF_EVEN,
                 IS_NAN -> operand.isFloating();
        };
        require(fits, "%s has an operand of type %s", unary, operand);
        boolean isTest = unary.operation() == UnaryOperation.NOT || unary.operation() == UnaryOperation.IS_NAN;
        same(unary.toString(), isTest ? DType.BOOL : operand, unary.dtype());
    }

    private void check(Scalar.Binary binary) {
        DType left = binary.left().dtype();
        BinaryOperation operation = binary.operation();
        same("the right operand of " + binary, left, binary.right().dtype());
        boolean fits = switch (operation) {
            case AND, OR, XOR -> !left.isFloating();
            case DIVIDE, ATAN2, COPYSIGN -> left.isFloating();
            case PHILOX -> left == DType.I64;
            case ADD, SUBTRACT, MULTIPLY, POW, FLOOR_DIVIDE, TRUNC_DIVIDE, REMAINDER, FMOD -> left != DType.BOOL;
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, MINIMUM, MAXIMUM -> true;
        };
        require(fits, "%s has operands of type %s", binary, left);
        same(binary.toString(), operation.isComparison() ? DType.BOOL : left, binary.dtype());
    }

    private void same(String what, DType expected, DType actual) {
        require(expected == actual, "%s has the type %s, not %s", what, actual, expected);
    }

    private void require(boolean condition, String format, Object... values) {
        if (!condition) {
            problems.add(format.formatted(values));
        }
    }
}
