package io.toroid.processor.loop;

import io.toroid.DType;
import io.toroid.op.ReducedFloats;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What one element of a loop computes: an expression over loads, loop variables and literals. It is data, not code,
 * so it prints, compares, and moves into another loop by substitution of variables.
 *
 * <p>Elements of {@code f16} and {@code bf16} are loaded, looked up, converted and stored; all else is done in {@code f32}.
 */
public sealed interface Scalar {

    DType dtype();

    /** A number of the given type; booleans are 0 or 1. */
    record Literal(DType dtype, Number value) implements Scalar {
        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    /** An integer expression of loop variables and symbolic sizes, as a value. */
    record Index(Size value) implements Scalar {
        @Override
        public DType dtype() {
            return DType.I64;
        }

        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    /** The element of a buffer at logical indices, one for each of its dimensions. They are within range. */
    record Load(Buffer buffer, List<Size> indices) implements Scalar {
        public Load {
            indices = List.copyOf(indices);
        }

        @Override
        public DType dtype() {
            return buffer.dtype();
        }

        public Size offset() {
            return buffer.layout().offset(indices);
        }

        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    /**
     * An element of which the indices along some axes are themselves values. One out of range fails the call with
     * {@code operator}'s message, and the element is any other.
     *
     * @param indices along the other axes; 0 along those that are looked up
     */
    record Gather(Buffer buffer, List<Size> indices, List<Lookup> lookups, String operator) implements Scalar {

        /**
         * @param index of type i64
         * @param wraps whether a negative index counts from the end
         * @param argument what the message calls the index; empty if the author gave none of that name
         */
        public record Lookup(int axis, Scalar index, boolean wraps, String argument) {

            Lookup map(UnaryOperator<Scalar> change) {
                return new Lookup(axis, index.map(change), wraps, argument);
            }
        }

        public Gather {
            indices = List.copyOf(indices);
            lookups = List.copyOf(lookups);
        }

        @Override
        public DType dtype() {
            return buffer.dtype();
        }

        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    record Unary(DType dtype, UnaryOperation operation, Scalar operand) implements Scalar {
        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    record Binary(DType dtype, BinaryOperation operation, Scalar left, Scalar right) implements Scalar {

        /** An integer divided by what is not known to differ from zero, which fails the call. */
        public boolean mayDivideByZero() {
            boolean isKnown = right instanceof Literal(DType _, Number value) && value.longValue() != 0;
            return operation.isDivision() && !left.dtype().isFloating() && !isKnown;
        }

        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    /** {@code yes} where the condition holds, else {@code no}; both are computed. */
    record Select(Scalar condition, Scalar yes, Scalar no) implements Scalar {
        @Override
        public DType dtype() {
            return yes.dtype();
        }

        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    /** The body where every bound holds; elsewhere {@code otherwise}, and the body's loads do not happen. */
    record Guarded(List<Bound> bounds, Scalar body, Literal otherwise) implements Scalar {

        /** {@code 0 <= index < limit}, where both may depend on loop variables. */
        public record Bound(Size index, Size limit) {

            public Bound substitute(Map<Symbol, Size> variables) {
                return new Bound(index.substitute(variables), limit.substitute(variables));
            }
        }

        public Guarded {
            bounds = List.copyOf(bounds);
        }

        @Override
        public DType dtype() {
            return body.dtype();
        }

        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    /** C's conversion; to a boolean it is {@code != 0}. {@code f16} and {@code bf16} are converted to and from {@code f32} only. */
    record Convert(DType dtype, Scalar operand) implements Scalar {
        @Override
        public String toString() {
            return ScalarText.print(this);
        }
    }

    // ---- construction

    static Literal literal(DType dtype, double value) {
        if (dtype == DType.BOOL) {
            return new Literal(dtype, value != 0 ? 1L : 0L);
        }
        if (dtype.isIntegral()) {
            return literal(dtype, (long) value);
        }
        return new Literal(dtype, dtype.isReducedFloating() ? ReducedFloats.round(dtype, (float) value) : value);
    }

    /** Of a narrow type, what it keeps of the integer. */
    static Literal literal(DType dtype, long value) {
        return switch (dtype) {
            case F32, F64, F16, BF16, BOOL -> literal(dtype, (double) value);
            case I64 -> new Literal(dtype, value);
            case I32 -> new Literal(dtype, (long) (int) value);
            case I16 -> new Literal(dtype, (long) (short) value);
            case I8 -> new Literal(dtype, (long) (byte) value);
            case U8 -> new Literal(dtype, value & 0xFF);
        };
    }

    static Scalar unary(UnaryOperation operation, Scalar operand) {
        DType dtype = switch (operation) {
            case IS_NAN, NOT -> DType.BOOL;
            default -> operand.dtype();
        };
        return new Unary(dtype, operation, operand);
    }

    static Scalar binary(BinaryOperation operation, Scalar left, Scalar right) {
        if (left.dtype() != right.dtype()) {
            throw new IllegalArgumentException("%s of %s and %s".formatted(operation, left.dtype(), right.dtype()));
        }
        return new Binary(operation.isComparison() ? DType.BOOL : left.dtype(), operation, left, right);
    }

    static Scalar convert(DType dtype, Scalar operand) {
        return switch (operand) {
            case Scalar same when same.dtype() == dtype -> same;
            case Literal(DType from, Number value) when dtype.isFloating() && !from.isFloating() ->
                literal(dtype, value.longValue());
            case Literal(DType from, Number value) when dtype.isFloating() && (from == DType.F64 || from.isReducedFloating()) ->
                literal(dtype, value.doubleValue());
            case Scalar narrow when dtype != DType.F32 && narrow.dtype().isReducedFloating() -> convert(dtype, convert(DType.F32, narrow));
            case Scalar wide when dtype.isReducedFloating() && wide.dtype() != DType.F32 -> convert(dtype, convert(DType.F32, wide));
            default -> new Convert(dtype, operand);
        };
    }

    // ---- traversal

    /** Direct operands. */
    default List<Scalar> operands() {
        return switch (this) {
            case Literal _, Index _, Load _ -> List.of();
            case Gather gather -> gather.lookups().stream().map(Gather.Lookup::index).toList();
            case Unary unary -> List.of(unary.operand());
            case Binary binary -> List.of(binary.left(), binary.right());
            case Select select -> List.of(select.condition(), select.yes(), select.no());
            case Guarded guarded -> List.of(guarded.body());
            case Convert convert -> List.of(convert.operand());
        };
    }

    /** The sizes that the node computes with, those of its operands aside: values, indices and bounds. */
    default List<Size> sizes() {
        return switch (this) {
            case Index(Size value) -> List.of(value);
            case Load load -> load.indices();
            case Gather gather -> gather.indices();
            case Guarded guarded ->
                guarded.bounds().stream().flatMap(bound -> Stream.of(bound.index(), bound.limit())).toList();
            case Literal _, Unary _, Binary _, Select _, Convert _ -> List.of();
        };
    }

    /** Visits every node, operands first. */
    default void forEach(Consumer<Scalar> visitor) {
        operands().forEach(operand -> operand.forEach(visitor));
        visitor.accept(this);
    }

    /** Rebuilds with every node replaced, operands first. */
    default Scalar map(UnaryOperator<Scalar> change) {
        return change.apply(switch (this) {
            case Literal _, Index _, Load _ -> this;
            case Gather(Buffer buffer, List<Size> indices, List<Gather.Lookup> lookups, String operator) ->
                new Gather(buffer, indices, lookups.stream().map(lookup -> lookup.map(change)).toList(), operator);
            case Unary(DType dtype, UnaryOperation operation, Scalar operand) ->
                new Unary(dtype, operation, operand.map(change));
            case Binary(DType dtype, BinaryOperation operation, Scalar left, Scalar right) ->
                new Binary(dtype, operation, left.map(change), right.map(change));
            case Select(Scalar condition, Scalar yes, Scalar no) ->
                new Select(condition.map(change), yes.map(change), no.map(change));
            case Guarded(List<Guarded.Bound> bounds, Scalar body, Literal otherwise) ->
                guarded(bounds, body.map(change), otherwise);
            case Convert(DType dtype, Scalar operand) -> convert(dtype, operand.map(change));
        });
    }

    /** Replaces loop variables in all index expressions. */
    default Scalar substitute(Map<Symbol, Size> variables) {
        return variables.isEmpty() ? this : map(node -> switch (node) {
            case Index(Size value) -> new Index(value.substitute(variables));
            case Load(Buffer buffer, List<Size> indices) -> new Load(buffer, substitute(indices, variables));
            case Gather(Buffer buffer, List<Size> indices, List<Gather.Lookup> lookups, String operator) ->
                new Gather(buffer, substitute(indices, variables), lookups, operator);
            case Guarded(List<Guarded.Bound> bounds, Scalar body, Literal otherwise) -> guarded(
                    bounds.stream().map(bound -> bound.substitute(variables)).toList(), body, otherwise);
            case Literal _, Unary _, Binary _, Select _, Convert _ -> node;
        });
    }

    /** Leaves out bounds that always hold. */
    static Scalar guarded(List<Guarded.Bound> bounds, Scalar body, Literal otherwise) {
        List<Guarded.Bound> open = bounds.stream().filter(bound -> !alwaysWithin(bound)).toList();
        return open.isEmpty() ? body : new Guarded(open, body, otherwise);
    }

    private static boolean alwaysWithin(Guarded.Bound bound) {
        return bound.index().range().min() >= 0
                && bound.limit().isConstant() && bound.index().range().max() < bound.limit().constant();
    }

    private static List<Size> substitute(List<Size> indices, Map<Symbol, Size> variables) {
        return indices.stream().map(index -> index.substitute(variables)).toList();
    }
}
