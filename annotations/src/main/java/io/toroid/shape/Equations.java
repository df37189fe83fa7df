package io.toroid.shape;

import java.util.Map;

/** What can be said about the zeros of an expression without a solver. */
final class Equations {
    private Equations() {
    }

    /** No values of the symbols make it zero: by sign, or because a constant is left over that the other terms cannot reach. */
    static boolean neverZero(Size difference) {
        if (difference instanceof Size.Constant(long value)) {
            return value != 0;
        }
        if (!difference.range().contains(0) || Bounds.isLess(difference, Size.ZERO) || Bounds.isLess(Size.ZERO, difference)) {
            return true;
        }
        Polynomial polynomial = Polynomial.of(difference);
        long constant = polynomial.coefficient(Monomial.ONE);
        long unit = polynomial.minus(Polynomial.constant(constant)).range().multipleOf();
        return constant % unit != 0 || isOutOfRange(polynomial, constant);
    }

    /** A single symbol would need a value outside its range, or a fraction. */
    private static boolean isOutOfRange(Polynomial polynomial, long constant) {
        if (polynomial.size() != 2 || constant == 0) {
            return false;
        }
        Map.Entry<Monomial, Long> term = polynomial.terms().firstEntry();
        return constant % term.getValue() != 0 || !term.getKey().range().contains(-constant / term.getValue());
    }

    /** A sum of symbols with constant coefficients: no solver can say more about it than its ranges do. */
    static boolean isLinear(Size difference) {
        return Polynomial.of(difference).terms().keySet().stream()
                .allMatch(monomial -> monomial.isOne() || monomial.atoms().size() == 1 && monomial.atoms().getFirst() instanceof Symbol);
    }

    /** Zero for one value only of one dimension, which has more than one: {@code 2*batch - 64}. */
    static boolean pins(Size difference) {
        if (difference.symbols().size() != 1) {
            return false;
        }
        Symbol symbol = difference.symbols().iterator().next();
        boolean linear = difference.coefficientOf(symbol).filter(Size::isConstant).isPresent();
        return linear && symbol.owner().isPresent() && !symbol.isData() && !symbol.range().isSingle();
    }

    /**
     * Zero for all values, decided in a form with more rules than the canonical one, which would not be fit to print:
     * residues written as {@code x - q*(x//q)}.
     */
    static boolean alwaysZero(Size difference) {
        return Residues.expand(Polynomial.of(difference)).isZero();
    }
}
