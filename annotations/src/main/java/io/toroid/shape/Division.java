package io.toroid.shape;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Floor division and residue of two sizes, simplified together so that {@code dividend = divisor*quotient + remainder}
 * always holds.
 *
 * <p>The rules, in order: cancel common factors; take out the part of the dividend that the divisor divides; resolve what is
 * left by ranges and symbolic bounds ({@code 0 <= rest < divisor}); split off terms that are multiples; divide in two steps
 * where the low digits are bounded ({@code (8*a + b)//64 = a//8} for {@code 0 <= b < 8}); join nested divisions. What
 * resists becomes an atom.
 */
record Division(Size quotient, Size remainder) {
    static Division of(Size dividend, Size divisor) {
        Range values = divisor.range();
        if (values.min() == 0 && values.max() == 0) {
            throw new ArithmeticException("the size " + dividend + " is divided by zero");
        }
        if (dividend instanceof Size.Constant(long a) && divisor instanceof Size.Constant(long b)) {
            return new Division(Size.of(Math.floorDiv(a, b)), Size.of(Math.floorMod(a, b)));
        }
        if (values.max() <= 0) {
            Division negated = of(dividend.negate(), divisor.negate());
            return new Division(negated.quotient, negated.remainder.negate());
        }
        return divide(Polynomial.of(dividend), Polynomial.of(divisor));
    }

    private static Division divide(Polynomial dividend, Polynomial divisor) {
        if (dividend.isZero()) {
            return new Division(Size.ZERO, Size.ZERO);
        }
        Factor common = Factor.common(dividend).gcd(Factor.common(divisor));
        if (!common.isOne()) {
            Division reduced = of(dividend.dividedBy(common.monomial, common.coefficient).toSize(),
                    divisor.dividedBy(common.monomial, common.coefficient).toSize());
            return new Division(reduced.quotient, reduced.remainder.times(common.toSize()));
        }
        Polynomial whole = wholePart(dividend, divisor);
        if (!whole.isZero()) {
            Division rest = of(dividend.minus(whole.times(divisor)).toSize(), divisor.toSize());
            return new Division(whole.toSize().plus(rest.quotient), rest.remainder);
        }
        Size numerator = dividend.toSize();
        Size denominator = divisor.toSize();
        if (divisor.range().min() < 0) {
            return atoms(numerator, denominator);
        }
        return byRange(numerator, denominator)
                .or(() -> byMultiples(dividend, divisor))
                .or(() -> byDigits(dividend, divisor))
                .or(() -> byNesting(numerator, denominator))
                .orElseGet(() -> atoms(numerator, denominator));
    }

    private static Division atoms(Size dividend, Size divisor) {
        return new Division(new Size.FloorDiv(dividend, divisor), new Size.Mod(dividend, divisor));
    }

    /** The polynomial {@code w} that is taken out of the quotient: {@code dividend - w*divisor} is simpler than the dividend. */
    private static Polynomial wholePart(Polynomial dividend, Polynomial divisor) {
        return divisor.size() == 1 ? wholeTerms(dividend, divisor) : longDivision(dividend, divisor);
    }

    /**
     * Coefficients are cut towards zero, which keeps {@code -d0} as it is (its range stays narrow); only the constant is
     * floored, so that it ends between 0 and the divisor.
     */
    private static Polynomial wholeTerms(Polynomial dividend, Polynomial divisor) {
        Monomial monomial = divisor.terms().firstKey();
        long coefficient = divisor.terms().firstEntry().getValue();
        TreeMap<Monomial, Long> whole = new TreeMap<>();
        dividend.terms().forEach((term, value) -> {
            if (term.isDivisibleBy(monomial)) {
                long part = term.isOne() ? Math.floorDiv(value, coefficient) : value / coefficient;
                if (part != 0) {
                    whole.put(term.without(monomial), part);
                }
            }
        });
        return new Polynomial(whole);
    }

    /** Division of polynomials by the leading term; taken only if it leaves fewer terms than there were. */
    private static Polynomial longDivision(Polynomial dividend, Polynomial divisor) {
        Monomial leading = divisor.terms().firstKey();
        long coefficient = divisor.terms().firstEntry().getValue();
        Polynomial whole = Polynomial.ZERO;
        Polynomial rest = dividend;
        for (Optional<Map.Entry<Monomial, Long>> next = divisible(rest, leading, coefficient); next.isPresent();
                next = divisible(rest, leading, coefficient)) {
            Polynomial part = Polynomial.of(next.get().getKey().without(leading), next.get().getValue() / coefficient);
            whole = whole.plus(part);
            rest = rest.minus(part.times(divisor));
        }
        return rest.size() < dividend.size() ? whole : Polynomial.ZERO;
    }

    private static Optional<Map.Entry<Monomial, Long>> divisible(Polynomial dividend, Monomial leading, long coefficient) {
        return dividend.terms().entrySet().stream()
                .filter(term -> term.getKey().isDivisibleBy(leading) && term.getValue() % coefficient == 0)
                .findFirst();
    }

    private static Optional<Division> byRange(Size dividend, Size divisor) {
        if (divisor instanceof Size.Constant(long number)) {
            return wholeNumber(dividend.range(), number)
                    .map(whole -> new Division(Size.of(whole), dividend.minus(Math.multiplyExact(whole, number))));
        }
        if (Bounds.isNonNegative(dividend) && Bounds.isLess(dividend, divisor)) {
            return Optional.of(new Division(Size.ZERO, dividend));
        }
        if (Bounds.isLess(dividend, Size.ZERO) && Bounds.isNonNegative(dividend.plus(divisor))) {
            return Optional.of(new Division(Size.of(-1), dividend.plus(divisor)));
        }
        return Optional.empty();
    }

    /** The quotient of every value in the range, if it is one and the same. */
    private static Optional<Long> wholeNumber(Range range, long divisor) {
        if (!range.hasMin() || !range.hasMax()) {
            return Optional.empty();
        }
        long whole = Math.floorDiv(range.min(), divisor);
        return whole == Math.floorDiv(range.max(), divisor) ? Optional.of(whole) : Optional.empty();
    }

    /** A term that is a multiple of a constant divisor by the ranges of its symbols leaves the residue and divides on its own. */
    private static Optional<Division> byMultiples(Polynomial dividend, Polynomial divisor) {
        if (!(divisor.toSize() instanceof Size.Constant(long number))) {
            return Optional.empty();
        }
        for (Map.Entry<Monomial, Long> entry : dividend.terms().entrySet()) {
            Polynomial term = Polynomial.of(entry.getKey(), entry.getValue());
            if (!entry.getKey().isOne() && term.range().multipleOf() % number == 0) {
                Polynomial others = dividend.minus(term);
                Size exact = others.isZero() ? new Size.FloorDiv(term.toSize(), divisor.toSize()) : term.toSize().floorDiv(number);
                Division rest = of(others.toSize(), divisor.toSize());
                return Optional.of(new Division(exact.plus(rest.quotient), rest.remainder));
            }
        }
        return Optional.empty();
    }

    /** {@code (g*a + r) / (g*b)} with {@code 0 <= r < g} is {@code a/b}, with the residue {@code g*(a%b) + r}. */
    private static Optional<Division> byDigits(Polynomial dividend, Polynomial divisor) {
        Factor whole = Factor.common(divisor);
        for (Map.Entry<Monomial, Long> entry : dividend.terms().entrySet()) {
            Factor unit = whole.gcd(new Factor(entry.getKey(), entry.getValue()));
            if (unit.isOne() || unit.toSize().range().min() < 0) {
                continue;
            }
            Polynomial low = Polynomial.ZERO;
            for (Map.Entry<Monomial, Long> term : dividend.terms().entrySet()) {
                if (!unit.divides(term.getKey(), term.getValue())) {
                    low = low.plus(Polynomial.of(term.getKey(), term.getValue()));
                }
            }
            Polynomial high = dividend.minus(low);
            Optional<Division> digits = byRange(low.toSize(), unit.toSize());
            if (digits.isPresent()) {
                Division rest = of(high.dividedBy(unit.monomial, unit.coefficient).toSize().plus(digits.get().quotient),
                        divisor.dividedBy(unit.monomial, unit.coefficient).toSize());
                return Optional.of(new Division(rest.quotient, rest.remainder.times(unit.toSize()).plus(digits.get().remainder)));
            }
        }
        return Optional.empty();
    }

    private static Optional<Division> byNesting(Size dividend, Size divisor) {
        return switch (dividend) {
            case Size.FloorDiv inner -> joinQuotients(dividend, inner, Size.ZERO, divisor);
            case Size.Sum(List<Size> terms) when terms.size() == 2
                    && terms.getFirst() instanceof Size.FloorDiv inner && terms.getLast() instanceof Size.Constant offset ->
                    joinQuotients(dividend, inner, offset, divisor);
            case Size.Mod inner -> divideResidue(inner, divisor);
            case Size.Constant _, Symbol _, Size.Sum _, Size.Product _, Size.Min _, Size.Max _ -> Optional.empty();
        };
    }

    /** {@code (x//a + k)//b = (x + k*a)//(a*b)}. */
    private static Optional<Division> joinQuotients(Size dividend, Size.FloorDiv inner, Size offset, Size divisor) {
        if (inner.divisor().range().min() < 0) {
            return Optional.empty();
        }
        Size joined = inner.dividend().plus(offset.times(inner.divisor())).floorDiv(inner.divisor().times(divisor));
        return Optional.of(new Division(joined, new Size.Mod(dividend, divisor)));
    }

    /** {@code (x % (b*c))//b = (x//b) % c} and {@code (x % (b*c)) % b = x % b}. */
    private static Optional<Division> divideResidue(Size.Mod inner, Size divisor) {
        if (inner.divisor().range().min() < 0) {
            return Optional.empty();
        }
        Division factor = of(inner.divisor(), divisor);
        if (!factor.remainder.equals(Size.ZERO)) {
            return Optional.empty();
        }
        Division digit = of(inner.dividend(), divisor);
        return Optional.of(new Division(digit.quotient.mod(factor.quotient), digit.remainder));
    }

    /** One term with a positive coefficient. */
    private record Factor(Monomial monomial, long coefficient) {
        static Factor common(Polynomial polynomial) {
            return polynomial.terms().entrySet().stream()
                    .map(term -> new Factor(term.getKey(), term.getValue()))
                    .reduce(Factor::gcd)
                    .map(factor -> new Factor(factor.monomial, Math.absExact(factor.coefficient)))
                    .orElseThrow();
        }

        Factor gcd(Factor other) {
            return new Factor(monomial.common(other.monomial), Range.gcd(coefficient, other.coefficient));
        }

        boolean isOne() {
            return monomial.isOne() && coefficient == 1;
        }

        boolean divides(Monomial term, long value) {
            return value % coefficient == 0 && term.isDivisibleBy(monomial);
        }

        Size toSize() {
            return Polynomial.of(monomial, coefficient).toSize();
        }
    }
}
