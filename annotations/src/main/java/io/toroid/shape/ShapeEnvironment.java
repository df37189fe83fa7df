package io.toroid.shape;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The dynamic dimensions of one trace and its sizes that depend on data: their ranges, the solver, and the relations that had
 * to be assumed.
 *
 * <p>Facts are proved from the canonical form, the ranges and symbolic bounds first; only what these leave open goes to the
 * solver, which is started at the first such question. A relation that is needed and cannot be proved becomes a {@link
 * Check} of the compiled model. It never pins a dimension: a relation that holds for a single value of a dimension with more
 * than one is refused, because the author declared the dimension dynamic. A size that depends on data was not declared, so any
 * relation of it that is not refuted becomes a check.
 *
 * <p>An environment belongs to one trace and is not thread-safe.
 */
public final class ShapeEnvironment {
    private final Supplier<Solver> solverSupplier;
    private final Map<String, Symbol> symbols = new LinkedHashMap<>();
    private final List<Check> checks = new ArrayList<>();
    private Solver solver;

    public ShapeEnvironment() {
        this(() -> Solver.NONE);
    }

    /** @param solver called at most once, when a question comes that the canonical form cannot answer */
    public ShapeEnvironment(Supplier<Solver> solver) {
        this.solverSupplier = solver;
    }

    /** Declares a dimension; declaring it again with the same range gives the same symbol. */
    public Symbol declare(String name, Range range) {
        Symbol symbol = symbols.computeIfAbsent(name, key -> Symbol.dimension(this, key, range));
        if (!symbol.declared().equals(range)) {
            throw new IllegalArgumentException("the dimension '" + name + "' is declared twice, with the ranges "
                    + symbol.declared() + " and " + range);
        }
        return symbol;
    }

    /**
     * A new size that depends on data: {@code u0}, {@code u1} and so on, whichever name is free.
     *
     * @param atMost a symbolic bound besides the range, or null
     */
    public Symbol ofData(Range range, Size atMost, SizeSource source) {
        int number = 0;
        while (symbols.containsKey("u" + number)) {
            number++;
        }
        return ofData("u" + number, range, atMost, source);
    }

    /** As above, with a name that must be free. */
    public Symbol ofData(String name, Range range, Size atMost, SizeSource source) {
        if (symbols.containsKey(name)) {
            throw new IllegalArgumentException("there already is a size '" + name + "'");
        }
        Symbol symbol = Symbol.ofData(this, name, range, atMost == null ? null : atMost.plus(1), source);
        symbols.put(name, symbol);
        return symbol;
    }

    public Optional<Symbol> find(String name) {
        return Optional.ofNullable(symbols.get(name));
    }

    /** The declared dimension of this name, or an {@link IllegalArgumentException} that lists the declared ones. */
    public Symbol symbol(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException(
                "the dimension '" + name + "' is not declared; declared are: " + symbols.keySet()));
    }

    /** All, in the order of declaration. */
    public Collection<Symbol> symbols() {
        return Collections.unmodifiableCollection(symbols.values());
    }

    /** The declared dimensions: what inputs give values to. */
    public List<Symbol> dimensions() {
        return symbols.values().stream().filter(symbol -> !symbol.isData()).toList();
    }

    /** The relations that were assumed, each once, in the order in which they were needed. */
    public List<Check> checks() {
        return List.copyOf(checks);
    }

    public Solver solver() {
        if (solver == null) {
            solver = solverSupplier.get();
        }
        return solver;
    }

    public Size parse(String text) {
        return Size.parse(text, this::symbol);
    }

    public boolean provablyEqual(Size a, Size b) {
        return equality(a, b) == Verdict.PROVED;
    }

    public boolean provablyNotEqual(Size a, Size b) {
        return equality(a, b) == Verdict.REFUTED;
    }

    public boolean provablyLessOrEqual(Size a, Size b) {
        return Bounds.isLessOrEqual(a, b);
    }

    public boolean provablyLess(Size a, Size b) {
        return Bounds.isLess(a, b);
    }

    /**
     * The only value of a dimension for which {@code expression == value} can hold, in terms of the others; empty if there
     * is none or it cannot be found. Whether it holds then may still depend on divisibility: {@code 2*batch == rows} gives
     * {@code rows//2}.
     */
    public Optional<Size> solve(Size expression, Symbol unknown, Size value) {
        Size equation = expression.minus(value);
        Optional<Size> slope = equation.coefficientOf(unknown);
        if (slope.isEmpty()) {
            return solver().solve(expression, unknown, value);
        }
        boolean mayVanish = slope.get().range().contains(0);
        return mayVanish ? Optional.empty() : Optional.of(unknown.times(slope.get()).minus(equation).floorDiv(slope.get()));
    }

    /** What can be said about the relation, without recording anything. */
    public Verdict verdict(Size left, Relation relation, Size right) {
        return switch (relation) {
            case EQUAL -> equality(left, right);
            case NOT_EQUAL -> switch (equality(left, right)) {
                case PROVED -> Verdict.REFUTED;
                case REFUTED -> Verdict.PROVED;
                case ASSUMED, PINNED -> Verdict.ASSUMED;
            };
            case LESS -> order(Bounds.isLess(left, right), Bounds.isLessOrEqual(right, left));
            case LESS_OR_EQUAL -> order(Bounds.isLessOrEqual(left, right), Bounds.isLess(right, left));
        };
    }

    /** False if the two cannot be equal, or only by pinning a dynamic dimension; else proved, or recorded as a check. */
    public boolean requireEqual(Size a, Size b, String why) {
        return requireEqual(a, b, why, "");
    }

    public boolean requireEqual(Size a, Size b, String why, String where) {
        return require(a, Relation.EQUAL, b, why, where).isAcceptable();
    }

    /** The verdict; one of {@link Verdict#ASSUMED} has been recorded as a check. */
    public Verdict require(Size left, Relation relation, Size right, String why, String where) {
        Verdict verdict = verdict(left, relation, right);
        boolean known = checks.stream()
                .anyMatch(check -> check.left().equals(left) && check.relation() == relation && check.right().equals(right));
        if (verdict == Verdict.ASSUMED && !known) {
            checks.add(new Check(left, relation, right, why, where));
        }
        return verdict;
    }

    private static Verdict order(boolean proved, boolean refuted) {
        return proved ? Verdict.PROVED : refuted ? Verdict.REFUTED : Verdict.ASSUMED;
    }

    private Verdict equality(Size a, Size b) {
        Size difference = a.minus(b);
        if (difference.equals(Size.ZERO)) {
            return Verdict.PROVED;
        }
        if (Equations.neverZero(difference)) {
            return Verdict.REFUTED;
        }
        if (Equations.pins(difference)) {
            return Verdict.PINNED;
        }
        if (Equations.alwaysZero(difference)) {
            return Verdict.PROVED;
        }
        if (Equations.isLinear(difference)) {
            return Verdict.ASSUMED;
        }
        return solver().equal(a, b).map(equal -> equal ? Verdict.PROVED : Verdict.REFUTED).orElse(Verdict.ASSUMED);
    }
}
