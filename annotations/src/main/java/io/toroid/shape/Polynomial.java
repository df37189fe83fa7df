package io.toroid.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A size as a polynomial over its atoms (symbols and the divisions, residues, minima and maxima that stayed): the canonical
 * form.
 *
 * <p>Coefficients are never zero; monomials are sorted. {@link #toSize} also puts quotients and residues of the same
 * division together again: {@code c*(x//c) + x%c} is {@code x}.
 */
record Polynomial(TreeMap<Monomial, Long> terms) {
    static final Polynomial ZERO = new Polynomial(new TreeMap<>());

    static Polynomial of(Size size) {
        TreeMap<Monomial, Long> terms = new TreeMap<>();
        switch (size) {
            case Size.Sum(List<Size> summands) -> summands.forEach(term -> addTerm(terms, term));
            case Size.Constant _, Size.Product _, Symbol _, Size.FloorDiv _, Size.Mod _, Size.Min _, Size.Max _ -> addTerm(terms, size);
        }
        return new Polynomial(terms);
    }

    static Polynomial constant(long value) {
        return of(Monomial.ONE, value);
    }

    static Polynomial of(Monomial monomial, long coefficient) {
        TreeMap<Monomial, Long> terms = new TreeMap<>();
        add(terms, monomial, coefficient);
        return new Polynomial(terms);
    }

    private static void addTerm(TreeMap<Monomial, Long> terms, Size term) {
        switch (term) {
            case Size.Constant(long value) -> add(terms, Monomial.ONE, value);
            case Size.Product(List<Size> factors) when factors.getFirst() instanceof Size.Constant(long coefficient) ->
                    add(terms, new Monomial(factors.subList(1, factors.size())), coefficient);
            case Size.Product(List<Size> factors) -> add(terms, new Monomial(factors), 1);
            case Symbol _, Size.FloorDiv _, Size.Mod _, Size.Min _, Size.Max _ -> add(terms, new Monomial(List.of(term)), 1);
            case Size.Sum _ -> throw new IllegalArgumentException("a sum within a sum is not canonical: " + term);
        }
    }

    private static void add(TreeMap<Monomial, Long> terms, Monomial monomial, long coefficient) {
        long sum = Math.addExact(terms.getOrDefault(monomial, 0L), coefficient);
        if (sum == 0) {
            terms.remove(monomial);
        } else {
            terms.put(monomial, sum);
        }
    }

    boolean isZero() {
        return terms.isEmpty();
    }

    int size() {
        return terms.size();
    }

    long coefficient(Monomial monomial) {
        return terms.getOrDefault(monomial, 0L);
    }

    Polynomial plus(Polynomial other) {
        TreeMap<Monomial, Long> sum = new TreeMap<>(terms);
        other.terms.forEach((monomial, coefficient) -> add(sum, monomial, coefficient));
        return new Polynomial(sum);
    }

    Polynomial minus(Polynomial other) {
        return plus(other.times(constant(-1)));
    }

    Polynomial times(Polynomial other) {
        TreeMap<Monomial, Long> product = new TreeMap<>();
        terms.forEach((a, x) -> other.terms.forEach((b, y) -> add(product, a.times(b), Math.multiplyExact(x, y))));
        return new Polynomial(product);
    }

    /** The coefficients and monomials of a single-term divisor taken out of every term; each must be divisible. */
    Polynomial dividedBy(Monomial monomial, long coefficient) {
        TreeMap<Monomial, Long> quotient = new TreeMap<>();
        terms.forEach((term, value) -> quotient.put(term.without(monomial), value / coefficient));
        return new Polynomial(quotient);
    }

    /** Linear coefficient of an atom; empty if the atom has a higher power. Other atoms may contain it. */
    Optional<Polynomial> linear(Size atom) {
        Monomial single = new Monomial(List.of(atom));
        TreeMap<Monomial, Long> result = new TreeMap<>();
        for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
            if (term.getKey().isDivisibleBy(single)) {
                Monomial rest = term.getKey().without(single);
                if (rest.isDivisibleBy(single)) {
                    return Optional.empty();
                }
                add(result, rest, term.getValue());
            }
        }
        return Optional.of(new Polynomial(result));
    }

    /** As {@link Size#coefficientOf}. */
    Optional<Size> coefficientOf(Symbol symbol) {
        Monomial single = new Monomial(List.of(symbol));
        for (Monomial monomial : terms.keySet()) {
            if (monomial.without(single).mentions(symbol)) {
                return Optional.empty();
            }
        }
        return linear(symbol).map(Polynomial::toSize);
    }

    /** The polynomial with one atom replaced in the monomials (not within other atoms). */
    Polynomial replace(Size atom, Polynomial replacement) {
        Monomial single = new Monomial(List.of(atom));
        Polynomial result = ZERO;
        for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
            Monomial rest = term.getKey();
            Polynomial product = constant(term.getValue());
            while (rest.isDivisibleBy(single)) {
                rest = rest.without(single);
                product = product.times(replacement);
            }
            result = result.plus(product.times(of(rest, 1)));
        }
        return result;
    }

    List<Size> atoms() {
        return terms.keySet().stream().flatMap(monomial -> monomial.atoms().stream()).distinct().toList();
    }

    Range range() {
        return terms.entrySet().stream()
                .map(term -> term.getKey().range().times(Range.exactly(term.getValue())))
                .reduce(Range.exactly(0), Range::plus);
    }

    Size toSize() {
        Polynomial joined = this;
        for (Optional<Polynomial> next = Recombination.step(joined); next.isPresent(); next = Recombination.step(joined)) {
            joined = next.get();
        }
        return joined.build();
    }

    private Size build() {
        List<Size> sizes = new ArrayList<>();
        terms.forEach((monomial, coefficient) -> sizes.add(term(monomial, coefficient)));
        return switch (sizes.size()) {
            case 0 -> Size.ZERO;
            case 1 -> sizes.getFirst();
            default -> new Size.Sum(sizes);
        };
    }

    private static Size term(Monomial monomial, long coefficient) {
        if (monomial.isOne()) {
            return Size.of(coefficient);
        }
        if (coefficient == 1 && monomial.atoms().size() == 1) {
            return monomial.atoms().getFirst();
        }
        List<Size> factors = new ArrayList<>();
        if (coefficient != 1) {
            factors.add(Size.of(coefficient));
        }
        factors.addAll(monomial.atoms());
        return new Size.Product(factors);
    }
}
