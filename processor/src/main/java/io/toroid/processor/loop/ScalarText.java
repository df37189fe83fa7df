package io.toroid.processor.loop;

import io.toroid.DType;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The text form of a scalar: infix arithmetic with as few parentheses as keep its order, and functions by name.
 *
 * <pre>
 * x[d0, d1] * 0.5 * (erf(x[d0, d1] * 0.7071067811865476) + 1.0)
 * guarded(0 &lt;= d1 - 1 &lt; 28 ? image[d0, d1 - 1] : -inf)
 * gather(weight[0, d1], 0 is "indices" tokens[d0], "embedding")
 * </pre>
 */
final class ScalarText {

    /** How tightly an operator binds; comparisons and bits do not chain. */
    private static final int BITS = 1;
    private static final int SUM = 2;
    private static final int PRODUCT = 3;
    private static final int ATOM = 4;

    private ScalarText() {
    }

    static String print(Scalar scalar) {
        return switch (scalar) {
            case Scalar.Literal literal -> literal(literal);
            case Scalar.Index(Size value) -> "index(" + value + ")";
            case Scalar.Load(Buffer buffer, List<Size> indices) -> buffer.name() + indices;
            case Scalar.Gather(Buffer buffer, List<Size> indices, List<Scalar.Gather.Lookup> lookups, String operator) ->
                "gather(%s%s, %s, \"%s\")".formatted(buffer, indices,
                        lookups.stream().map(ScalarText::lookup).collect(Collectors.joining(", ")), operator);
            case Scalar.Unary unary -> name(unary.operation()) + "(" + print(unary.operand()) + ")";
            case Scalar.Binary binary when binary.operation().isInfix() -> infix(binary);
            case Scalar.Binary binary ->
                "%s(%s, %s)".formatted(name(binary.operation()), print(binary.left()), print(binary.right()));
            case Scalar.Select(Scalar condition, Scalar yes, Scalar no) ->
                "select(%s, %s, %s)".formatted(print(condition), print(yes), print(no));
            case Scalar.Guarded(List<Scalar.Guarded.Bound> bounds, Scalar body, Scalar.Literal otherwise) ->
                "guarded(%s ? %s : %s)".formatted(bounds.stream()
                        .map(bound -> "0 <= %s < %s".formatted(bound.index(), bound.limit()))
                        .collect(Collectors.joining(" and ")), print(body), literal(otherwise));
            case Scalar.Convert(DType dtype, Scalar operand) -> dtype.text() + "(" + print(operand) + ")";
        };
    }

    private static String lookup(Scalar.Gather.Lookup lookup) {
        return "%d %s \"%s\" %s".formatted(
                lookup.axis(), lookup.wraps() ? "wraps" : "is", lookup.argument(), print(lookup.index()));
    }

    /** Its name in the text. */
    static String name(Enum<?> operation) {
        return operation.name().toLowerCase(Locale.ROOT);
    }

    private static String infix(Scalar.Binary binary) {
        int own = precedence(binary.operation());
        String left = operand(binary.left(), own == BITS ? BITS + 1 : own);
        String right = operand(binary.right(), own + 1);
        return left + " " + binary.operation().text() + " " + right;
    }

    private static String operand(Scalar scalar, int least) {
        int own = scalar instanceof Scalar.Binary binary && binary.operation().isInfix()
                ? precedence(binary.operation()) : ATOM;
        return own < least ? "(" + print(scalar) + ")" : print(scalar);
    }

    static int precedence(BinaryOperation operation) {
        return switch (operation) {
            case MULTIPLY, DIVIDE -> PRODUCT;
            case ADD, SUBTRACT -> SUM;
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR, XOR -> BITS;
            case MINIMUM, MAXIMUM, POW, FLOOR_DIVIDE, TRUNC_DIVIDE, REMAINDER, FMOD, ATAN2, COPYSIGN, PHILOX -> ATOM;
        };
    }

    private static String literal(Scalar.Literal literal) {
        return switch (literal.dtype()) {
            case BOOL -> Boolean.toString(literal.value().longValue() != 0);
            case I64 -> Long.toString(literal.value().longValue());
            case I32, I16, I8, U8 -> literal.value().longValue() + ":" + literal.dtype();
            case F32 -> number(literal.value().doubleValue());
            case F64, F16, BF16 -> number(literal.value().doubleValue()) + ":" + literal.dtype();
        };
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "nan" : Double.isInfinite(value) ? value > 0 ? "inf" : "-inf" : Double.toString(value);
    }
}
