package io.toroid.shape;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A second normal form, for deciding equality only: no residue is left ({@code x%q} is {@code x - q*(x//q)}), and the
 * coefficients of a dividend lie between 0 and its constant divisor ({@code (-x)//4} is {@code (3*x)//4 - x}).
 */
final class Residues {
    private Residues() {
    }

    static Polynomial expand(Polynomial polynomial) {
        Polynomial result = polynomial;
        for (Size atom : polynomial.atoms()) {
            Polynomial replacement = switch (atom) {
                case Size.Mod(Size dividend, Size divisor) -> Polynomial.of(dividend)
                        .minus(Polynomial.of(divisor).times(quotient(dividend, divisor)));
                case Size.FloorDiv(Size dividend, Size divisor) -> quotient(dividend, divisor);
                case Size.Constant _, Symbol _, Size.Sum _, Size.Product _, Size.Min _, Size.Max _ -> Polynomial.of(atom);
            };
            result = result.replace(atom, replacement);
        }
        return result;
    }

    private static Polynomial quotient(Size dividend, Size divisor) {
        Polynomial inner = expand(Polynomial.of(dividend));
        if (!(divisor instanceof Size.Constant(long number)) || number <= 0) {
            return Polynomial.of(new Monomial(List.of(new Size.FloorDiv(raw(inner), divisor))), 1);
        }
        TreeMap<Monomial, Long> whole = new TreeMap<>();
        TreeMap<Monomial, Long> rest = new TreeMap<>();
        for (Map.Entry<Monomial, Long> term : inner.terms().entrySet()) {
            put(whole, term.getKey(), Math.floorDiv(term.getValue(), number));
            put(rest, term.getKey(), Math.floorMod(term.getValue(), number));
        }
        Polynomial remaining = new Polynomial(rest);
        if (remaining.isZero()) {
            return new Polynomial(whole);
        }
        return new Polynomial(whole).plus(Polynomial.of(new Monomial(List.of(new Size.FloorDiv(raw(remaining), divisor))), 1));
    }

    private static void put(TreeMap<Monomial, Long> terms, Monomial monomial, long coefficient) {
        if (coefficient != 0) {
            terms.put(monomial, coefficient);
        }
    }

    private static Size raw(Polynomial polynomial) {
        return polynomial.toSize();
    }
}
