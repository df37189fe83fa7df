package io.toroid.shape;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts together within a sum what a division took apart: {@code k*q*(x//q) + k*(x%q)} is {@code k*x}, and {@code q*(x//q)} is
 * {@code x} where {@code q} divides {@code x}.
 */
final class Recombination {
    private Recombination() {
    }

    /** The sum after one such step; empty when there is none left to take. */
    static Optional<Polynomial> step(Polynomial sum) {
        for (Map.Entry<Monomial, Long> term : sum.terms().entrySet()) {
            for (Size atom : term.getKey().atoms()) {
                Optional<Polynomial> joined = switch (atom) {
                    case Size.Mod mod -> joinResidue(sum, term.getKey(), term.getValue(), mod);
                    case Size.FloorDiv quotient -> multiplyOut(sum, term.getKey(), term.getValue(), quotient);
                    case Size.Constant _, Symbol _, Size.Sum _, Size.Product _, Size.Min _, Size.Max _ -> Optional.empty();
                };
                if (joined.isPresent()) {
                    return joined;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Polynomial> joinResidue(Polynomial sum, Monomial monomial, long coefficient, Size.Mod mod) {
        Polynomial cofactor = Polynomial.of(monomial.without(new Monomial(List.of(mod))), coefficient);
        Polynomial quotient = Polynomial.of(mod.divisor().times(mod.dividend().floorDiv(mod.divisor())));
        Polynomial multiple = cofactor.times(quotient);
        boolean present = multiple.terms().entrySet().stream().allMatch(term -> sum.coefficient(term.getKey()) == term.getValue());
        if (!present) {
            return Optional.empty();
        }
        return Optional.of(sum.minus(multiple)
                .minus(Polynomial.of(monomial, coefficient))
                .plus(cofactor.times(Polynomial.of(mod.dividend()))));
    }

    private static Optional<Polynomial> multiplyOut(Polynomial sum, Monomial monomial, long coefficient, Size.FloorDiv quotient) {
        if (!(quotient.divisor() instanceof Size.Constant(long divisor)) || coefficient % divisor != 0
                || quotient.dividend().range().multipleOf() % divisor != 0) {
            return Optional.empty();
        }
        Polynomial cofactor = Polynomial.of(monomial.without(new Monomial(List.of(quotient))), coefficient / divisor);
        return Optional.of(sum.minus(Polynomial.of(monomial, coefficient)).plus(cofactor.times(Polynomial.of(quotient.dividend()))));
    }
}
