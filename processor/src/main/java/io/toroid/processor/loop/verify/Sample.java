package io.toroid.processor.loop.verify;

import io.toroid.shape.Check;
import io.toroid.shape.Range;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Values of the symbolic sizes of a program. Verifiers look for counterexamples: what a sample refutes is wrong for
 * certain, so they never complain of what is merely hard to prove.
 *
 * @param sizes in their ranges, and such that the checks of their environment hold
 */
public record Sample(SequencedMap<Symbol, Long> sizes) {

    private static final int COUNT = 4;
    private static final int TRIES = 200;
    /** A size beyond would make a sample slow, and tells nothing that a smaller one does not. */
    private static final long LARGE = 200;

    /** The smallest sizes, then larger ones; the same for the same symbols. One empty sample if there are none. */
    public static List<Sample> of(Collection<Symbol> symbols) {
        if (symbols.isEmpty()) {
            return List.of(new Sample(new LinkedHashMap<>()));
        }
        Random random = new Random(symbols.size());
        List<Sample> samples = new ArrayList<>();
        for (int tries = 0; tries < TRIES && samples.size() < COUNT; tries++) {
            Sample sample = random(symbols, tries == 0 ? null : random, samples.size() < COUNT / 2 ? 8 : LARGE);
            if (sample.satisfiesChecks()) {
                samples.add(sample);
            }
        }
        return samples;
    }

    private static Sample random(Collection<Symbol> symbols, Random random, long spread) {
        SequencedMap<Symbol, Long> sizes = new LinkedHashMap<>();
        for (Symbol symbol : symbols) {
            Range range = symbol.range();
            long step = range.multipleOf();
            long min = range.hasMin() ? range.min() : 0;
            long max = Math.min(range.max(), symbol.below().map(below -> below.evaluate(sizes::get) - 1).orElse(Long.MAX_VALUE));
            long steps = max < Long.MAX_VALUE ? Math.min(spread, (max - min) / step) : spread;
            sizes.put(symbol, min + (random == null ? 0 : random.nextLong(steps + 1) * step));
        }
        return new Sample(sizes);
    }

    private boolean satisfiesChecks() {
        return sizes.keySet().stream().flatMap(symbol -> symbol.owner().stream()).distinct()
                .flatMap(environment -> environment.checks().stream())
                .filter(check -> isAbout(check))
                .allMatch(this::holds);
    }

    /** A relation that divides by zero does not hold. */
    private boolean holds(Check check) {
        try {
            return check.holds(sizes::get);
        } catch (ArithmeticException dividesByZero) {
            return false;
        }
    }

    private boolean isAbout(Check check) {
        return sizes.keySet().containsAll(check.left().symbols()) && sizes.keySet().containsAll(check.right().symbols());
    }

    /** A size without loop variables. */
    public long value(Size size) {
        return size.evaluate(sizes::get);
    }

    /** How many points the variables have. */
    public long count(List<Symbol> variables) {
        return variables.stream().mapToLong(this::extent).reduce(1, Math::multiplyExact);
    }

    private long extent(Symbol variable) {
        return value(variable.below().orElseThrow());
    }

    /** Visits points of the variables: all if there are no more than {@code most}, else corners and random ones. */
    void forEachPoint(List<Symbol> variables, long most, Consumer<Point> visitor) {
        long[] extents = variables.stream().mapToLong(this::extent).toArray();
        for (int i = 0; i < extents.length; i++) {
            if (extents[i] < 0) {
                throw new IllegalStateException("%s runs to %d%s".formatted(variables.get(i), extents[i], where(Map.of())));
            }
            if (extents[i] == 0) {
                return;
            }
        }
        Point point = new Point(this, new HashMap<>(sizes), variables);
        if (count(variables) <= most) {
            all(point, extents, 0, visitor);
        } else {
            some(point, extents, most, visitor);
        }
    }

    private static void all(Point point, long[] extents, int depth, Consumer<Point> visitor) {
        if (depth == extents.length) {
            visitor.accept(point);
            return;
        }
        for (long value = 0; value < extents[depth]; value++) {
            point.values.put(point.variables.get(depth), value);
            all(point, extents, depth + 1, visitor);
        }
    }

    private static void some(Point point, long[] extents, long most, Consumer<Point> visitor) {
        Random random = new Random(extents.length);
        for (long number = 0; number < most; number++) {
            for (int i = 0; i < extents.length; i++) {
                boolean isCorner = number < most / 2 || random.nextBoolean();
                long corner = (number >> i & 1) * (extents[i] - 1);
                point.values.put(point.variables.get(i), isCorner ? corner : random.nextLong(extents[i]));
            }
            visitor.accept(point);
        }
    }

    /** Values of loop variables besides those of the symbols. */
    static final class Point {

        private final Sample sample;
        private final Map<Symbol, Long> values;
        private final List<Symbol> variables;

        private Point(Sample sample, Map<Symbol, Long> values, List<Symbol> variables) {
            this.sample = sample;
            this.values = values;
            this.variables = variables;
        }

        long value(Size size) {
            return size.evaluate(values::get);
        }

        /** For messages: {@code " for batch = 1, d0 = 3"}. */
        String where() {
            Map<Symbol, Long> own = new LinkedHashMap<>();
            variables.forEach(variable -> own.put(variable, values.get(variable)));
            return sample.where(own);
        }
    }

    private String where(Map<Symbol, Long> more) {
        Map<Symbol, Long> all = new LinkedHashMap<>(sizes);
        all.putAll(more);
        return all.isEmpty() ? "" : all.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue()).collect(Collectors.joining(", ", " for ", ""));
    }

    /** For messages: {@code " for batch = 1"}; empty without symbols. */
    public String where() {
        return where(Map.of());
    }
}
