package io.toroid.shape;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * An integer expression over symbols: the size of a tensor's axis, or an index expression of the compiler.
 *
 * <p>Every operation returns the canonical form: sums and products are expanded to a polynomial with sorted terms and
 * collected coefficients; its atoms are symbols, floor divisions, residues, minima and maxima that no rule could resolve.
 * Two sizes that are written differently are mostly {@link #equals equal} when they denote the same number; {@code equals}
 * is never true when they do not. What the form cannot decide is asked of {@link ShapeEnvironment#provablyEqual}.
 *
 * <p>Division floors and the residue takes the sign of the divisor, for negative values too (as in Python). A divisor is
 * taken to be different from zero, and one that is never negative to be at least one. Arithmetic on constants is exact: a
 * coefficient that does not fit a {@code long} is an {@link ArithmeticException}.
 *
 * <p>The node types are open for pattern matching; they are made by the operations here, never by their constructors,
 * because only the operations keep the form canonical.
 */
public sealed interface Size permits Symbol, Size.Constant, Size.Sum, Size.Product, Size.FloorDiv, Size.Mod, Size.Min, Size.Max {
    Size ZERO = new Constant(0);
    Size ONE = new Constant(1);

    /** A number. */
    record Constant(long value) implements Size {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** At least two terms: symbols, atoms and products, the constant last; no term is a sum. */
    record Sum(List<Size> terms) implements Size {
        public Sum {
            terms = List.copyOf(terms);
        }

        @Override
        public String toString() {
            return SizeText.print(this);
        }
    }

    /** At least two factors: a constant coefficient first if it is not one, then atoms in order, repeated for powers. */
    record Product(List<Size> factors) implements Size {
        public Product {
            factors = List.copyOf(factors);
        }

        @Override
        public String toString() {
            return SizeText.print(this);
        }
    }

    /** The largest integer not above {@code dividend / divisor}. */
    record FloorDiv(Size dividend, Size divisor) implements Size {
        @Override
        public String toString() {
            return SizeText.print(this);
        }
    }

    /** {@code dividend - divisor * (dividend // divisor)}. */
    record Mod(Size dividend, Size divisor) implements Size {
        @Override
        public String toString() {
            return SizeText.print(this);
        }
    }

    /** The smallest of at least two operands, none of which is provably at least another. */
    record Min(List<Size> operands) implements Size {
        public Min {
            operands = List.copyOf(operands);
        }

        @Override
        public String toString() {
            return SizeText.print(this);
        }
    }

    /** The largest of at least two operands, none of which is provably at most another. */
    record Max(List<Size> operands) implements Size {
        public Max {
            operands = List.copyOf(operands);
        }

        @Override
        public String toString() {
            return SizeText.print(this);
        }
    }

    static Size of(long value) {
        return value == 0 ? ZERO : value == 1 ? ONE : new Constant(value);
    }

    /**
     * Reads what {@link #toString} prints: {@code + - * // %}, parentheses, {@code min(a, b)}, {@code max(a, b)}, numbers,
     * names.
     *
     * @param symbols gives the symbol of a name, or null if there is none
     * @throws IllegalArgumentException saying what is wrong and at which column
     */
    static Size parse(String text, Function<String, Symbol> symbols) {
        return new SizeParser(text, symbols).parse();
    }

    default Size plus(Size other) {
        if (this instanceof Constant(long a) && other instanceof Constant(long b)) {
            return of(Math.addExact(a, b));
        }
        return this.equals(ZERO) ? other : other.equals(ZERO) ? this : Polynomial.of(this).plus(Polynomial.of(other)).toSize();
    }

    default Size plus(long other) {
        return plus(of(other));
    }

    default Size minus(Size other) {
        return plus(other.negate());
    }

    default Size minus(long other) {
        return plus(Math.negateExact(other));
    }

    default Size times(Size other) {
        if (this instanceof Constant(long a) && other instanceof Constant(long b)) {
            return of(Math.multiplyExact(a, b));
        }
        return this.equals(ONE) ? other : other.equals(ONE) ? this : Polynomial.of(this).times(Polynomial.of(other)).toSize();
    }

    default Size times(long other) {
        return times(of(other));
    }

    default Size negate() {
        return times(-1);
    }

    default Size floorDiv(Size divisor) {
        return Division.of(this, divisor).quotient();
    }

    default Size floorDiv(long divisor) {
        return floorDiv(of(divisor));
    }

    /** The smallest integer not below {@code this / divisor}, for a divisor that is not negative. */
    default Size ceilDiv(Size divisor) {
        return plus(divisor).minus(1).floorDiv(divisor);
    }

    default Size ceilDiv(long divisor) {
        return ceilDiv(of(divisor));
    }

    default Size mod(Size divisor) {
        return Division.of(this, divisor).remainder();
    }

    default Size mod(long divisor) {
        return mod(of(divisor));
    }

    default Size min(Size other) {
        return Extremes.min(List.of(this, other));
    }

    default Size min(long other) {
        return min(of(other));
    }

    default Size max(Size other) {
        return Extremes.max(List.of(this, other));
    }

    default Size max(long other) {
        return max(of(other));
    }

    default boolean isConstant() {
        return this instanceof Constant;
    }

    /** The number that this size is; an {@link IllegalStateException} names the expression if it is none. */
    default long constant() {
        if (this instanceof Constant(long value)) {
            return value;
        }
        throw new IllegalStateException("the size " + this + " is not a constant");
    }

    default OptionalLong asConstant() {
        return this instanceof Constant(long value) ? OptionalLong.of(value) : OptionalLong.empty();
    }

    /** An interval that contains every value, from the ranges of the symbols. */
    default Range range() {
        return switch (this) {
            case Constant(long value) -> Range.exactly(value);
            case Symbol symbol -> symbol.range();
            case Sum(List<Size> terms) -> terms.stream().map(Size::range).reduce(Range.exactly(0), Range::plus);
            case Product(List<Size> factors) -> factors.stream().map(Size::range).reduce(Range.exactly(1), Range::times);
            case FloorDiv(Size dividend, Size divisor) -> dividend.range().floorDiv(divisor.range());
            case Mod(Size dividend, Size divisor) -> dividend.range().mod(divisor.range());
            case Min(List<Size> operands) -> operands.stream().map(Size::range).reduce(Range::min).orElseThrow();
            case Max(List<Size> operands) -> operands.stream().map(Size::range).reduce(Range::max).orElseThrow();
        };
    }

    /** The operands of this node, in order; empty for a constant and a symbol. */
    default List<Size> operands() {
        return switch (this) {
            case Constant _, Symbol _ -> List.of();
            case Sum(List<Size> terms) -> terms;
            case Product(List<Size> factors) -> factors;
            case FloorDiv(Size dividend, Size divisor) -> List.of(dividend, divisor);
            case Mod(Size dividend, Size divisor) -> List.of(dividend, divisor);
            case Min(List<Size> operands) -> operands;
            case Max(List<Size> operands) -> operands;
        };
    }

    /** The symbols that occur, in the order of the text. */
    default Set<Symbol> symbols() {
        Set<Symbol> found = new LinkedHashSet<>();
        collectSymbols(this, found);
        return found;
    }

    private static void collectSymbols(Size size, Set<Symbol> found) {
        if (size instanceof Symbol symbol) {
            found.add(symbol);
        }
        size.operands().forEach(operand -> collectSymbols(operand, found));
    }

    /** This expression with the symbols of the map replaced, all at once. */
    default Size substitute(Map<Symbol, Size> replacements) {
        return switch (this) {
            case Constant _ -> this;
            case Symbol symbol -> replacements.getOrDefault(symbol, symbol);
            case Sum(List<Size> terms) -> terms.stream().map(term -> term.substitute(replacements)).reduce(ZERO, Size::plus);
            case Product(List<Size> factors) -> factors.stream().map(factor -> factor.substitute(replacements)).reduce(ONE, Size::times);
            case FloorDiv(Size dividend, Size divisor) -> dividend.substitute(replacements).floorDiv(divisor.substitute(replacements));
            case Mod(Size dividend, Size divisor) -> dividend.substitute(replacements).mod(divisor.substitute(replacements));
            case Min(List<Size> operands) -> Extremes.min(operands.stream().map(operand -> operand.substitute(replacements)).toList());
            case Max(List<Size> operands) -> Extremes.max(operands.stream().map(operand -> operand.substitute(replacements)).toList());
        };
    }

    /** The value for given values of the symbols. */
    default long evaluate(ToLongFunction<Symbol> values) {
        return switch (this) {
            case Constant(long value) -> value;
            case Symbol symbol -> values.applyAsLong(symbol);
            case Sum(List<Size> terms) -> terms.stream().mapToLong(term -> term.evaluate(values)).reduce(0, Math::addExact);
            case Product(List<Size> factors) -> factors.stream().mapToLong(factor -> factor.evaluate(values)).reduce(1, Math::multiplyExact);
            case FloorDiv(Size dividend, Size divisor) -> Math.floorDiv(dividend.evaluate(values), divisor.evaluate(values));
            case Mod(Size dividend, Size divisor) -> Math.floorMod(dividend.evaluate(values), divisor.evaluate(values));
            case Min(List<Size> operands) -> operands.stream().mapToLong(operand -> operand.evaluate(values)).min().orElseThrow();
            case Max(List<Size> operands) -> operands.stream().mapToLong(operand -> operand.evaluate(values)).max().orElseThrow();
        };
    }

    /** Whether this is a multiple of the divisor for all values of the symbols, as far as the rules can prove. */
    default boolean isMultipleOf(Size divisor) {
        return mod(divisor).equals(ZERO);
    }

    default boolean isMultipleOf(long divisor) {
        return isMultipleOf(of(divisor));
    }

    /**
     * The {@code c} of {@code this = c*symbol + rest}, where neither {@code c} nor {@code rest} contains the symbol; zero if
     * it does not occur; empty if this is not linear in it.
     */
    default Optional<Size> coefficientOf(Symbol symbol) {
        return Polynomial.of(this).coefficientOf(symbol);
    }

    /** Whether {@code this >= 0} for all values of the symbols, as far as the rules can prove. */
    default boolean isProvablyNonNegative() {
        return Bounds.isNonNegative(this);
    }
}
