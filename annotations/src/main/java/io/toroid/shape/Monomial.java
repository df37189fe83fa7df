package io.toroid.shape;

import java.util.ArrayList;
import java.util.List;

/**
 * A product of atoms without coefficient; the empty one is the constant term of a polynomial.
 *
 * <p>Ordered by falling degree and then by the atoms, which is the order of terms in the text and, being compatible with
 * multiplication, the order of the long division.
 */
record Monomial(List<Size> atoms) implements Comparable<Monomial> {
    static final Monomial ONE = new Monomial(List.of());

    Monomial {
        atoms = List.copyOf(atoms);
    }

    boolean isOne() {
        return atoms.isEmpty();
    }

    Monomial times(Monomial other) {
        if (isOne() || other.isOne()) {
            return isOne() ? other : this;
        }
        List<Size> all = new ArrayList<>(atoms);
        all.addAll(other.atoms);
        all.sort(SizeOrder::compare);
        return new Monomial(all);
    }

    boolean isDivisibleBy(Monomial divisor) {
        return atoms.size() - without(divisor).atoms.size() == divisor.atoms.size();
    }

    /** The atoms that remain when each atom of the other is taken away once, where there is one. */
    Monomial without(Monomial other) {
        if (other.isOne()) {
            return this;
        }
        List<Size> rest = new ArrayList<>(atoms);
        other.atoms.forEach(rest::remove);
        return new Monomial(rest);
    }

    Monomial common(Monomial other) {
        return without(without(other));
    }

    boolean mentions(Symbol symbol) {
        return atoms.stream().anyMatch(atom -> atom.symbols().contains(symbol));
    }

    Range range() {
        return atoms.stream().map(Size::range).reduce(Range.exactly(1), Range::times);
    }

    @Override
    public int compareTo(Monomial other) {
        int byDegree = Integer.compare(other.atoms.size(), atoms.size());
        return byDegree != 0 ? byDegree : SizeOrder.compareAll(atoms, other.atoms);
    }
}
