package io.toroid.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random expressions, evaluated directly and through the canonical form, over values of both signs within the symbols' bounds. */
@Tag("unit")
class SizeFuzzTest {
    private static final int EXPRESSIONS = 1500;
    private static final int VALUES = 6;

    private final ShapeEnvironment environment = new ShapeEnvironment();
    private final Symbol n = environment.declare("n", Range.of(1, 40));
    private final Symbol m = environment.declare("m", Range.atLeast(1));
    private final Symbol aligned = environment.declare("aligned", new Range(0, 96, 4));
    private final Symbol i = Symbol.variable("i", n);
    private final Symbol j = Symbol.variable("j", n.times(m));
    private final Symbol k = Symbol.variable("k", Size.of(8));
    private final Symbol signed = Symbol.variable("signed", Range.ANY);
    private final List<Symbol> symbols = List.of(n, m, aligned, i, j, k, signed);

    /** An expression as it was written, beside the canonical form that the operations made of it. */
    private sealed interface Written {
        record Leaf(Size size) implements Written {
        }

        record Binary(char operator, Written left, Written right) implements Written {
        }

        default Size canonical() {
            return switch (this) {
                case Leaf(Size size) -> size;
                case Binary(char operator, Written left, Written right) -> switch (operator) {
                    case '+' -> left.canonical().plus(right.canonical());
                    case '-' -> left.canonical().minus(right.canonical());
                    case '*' -> left.canonical().times(right.canonical());
                    case '/' -> left.canonical().floorDiv(right.canonical());
                    case '%' -> left.canonical().mod(right.canonical());
                    case '<' -> left.canonical().min(right.canonical());
                    case '>' -> left.canonical().max(right.canonical());
                    default -> throw new AssertionError(operator);
                };
            };
        }

        default Optional<Long> evaluate(Map<Symbol, Long> values) {
            return switch (this) {
                case Leaf(Size.Constant(long value)) -> Optional.of(value);
                case Leaf(Size size) -> Optional.of(values.get(size));
                case Binary(char operator, Written left, Written right) ->
                        left.evaluate(values).flatMap(a -> right.evaluate(values).flatMap(b -> apply(operator, a, b)));
            };
        }

        private static Optional<Long> apply(char operator, long a, long b) {
            return switch (operator) {
                case '+' -> Optional.of(Math.addExact(a, b));
                case '-' -> Optional.of(Math.subtractExact(a, b));
                case '*' -> Optional.of(Math.multiplyExact(a, b));
                case '/' -> b == 0 ? Optional.empty() : Optional.of(Math.floorDiv(a, b));
                case '%' -> b == 0 ? Optional.empty() : Optional.of(Math.floorMod(a, b));
                case '<' -> Optional.of(Math.min(a, b));
                case '>' -> Optional.of(Math.max(a, b));
                default -> throw new AssertionError(operator);
            };
        }
    }

    private Written random(Random random, int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return new Written.Leaf(random.nextBoolean() ? symbols.get(random.nextInt(symbols.size())) : Size.of(random.nextInt(-9, 17)));
        }
        char operator = "+-*/%+*/%+<>".charAt(random.nextInt(12));
        Written right = (operator == '/' || operator == '%') && random.nextInt(4) != 0 ? divisor(random) : random(random, depth - 1);
        return new Written.Binary(operator, random(random, depth - 1), right);
    }

    private Written divisor(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Written.Leaf(n);
            case 1 -> new Written.Leaf(m);
            case 2 -> new Written.Binary('*', new Written.Leaf(n), new Written.Leaf(m));
            case 3 -> new Written.Leaf(Size.of(-random.nextInt(1, 5)));
            default -> new Written.Leaf(Size.of(random.nextInt(1, 17)));
        };
    }

    private Map<Symbol, Long> values(Random random) {
        Map<Symbol, Long> values = new HashMap<>();
        values.put(n, random.nextLong(1, 41));
        values.put(m, random.nextLong(1, 13));
        values.put(aligned, 4 * random.nextLong(25));
        values.put(i, random.nextLong(values.get(n)));
        values.put(j, random.nextLong(values.get(n) * values.get(m)));
        values.put(k, random.nextLong(8));
        values.put(signed, random.nextLong(-50, 50));
        return values;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void canonicalFormEvaluatesAsWritten(long seed) {
        Random random = new Random(seed);
        int compared = 0;
        for (int count = 0; count < EXPRESSIONS; count++) {
            Written written = random(random, 4);
            Optional<Size> canonical = canonical(written);
            for (int round = 0; canonical.isPresent() && round < VALUES; round++) {
                Map<Symbol, Long> values = values(random);
                Optional<Long> expected = written.evaluate(values);
                if (expected.isPresent()) {
                    check(written, canonical.get(), values, expected.get());
                    compared++;
                }
            }
        }
        assertTrue(compared > EXPRESSIONS * VALUES / 2, "only " + compared + " comparisons");
    }

    /** Empty if the written form divides by an expression that is always zero. */
    private static Optional<Size> canonical(Written written) {
        try {
            return Optional.of(written.canonical());
        } catch (ArithmeticException dividedByZero) {
            assertTrue(dividedByZero.getMessage().endsWith("is divided by zero"), dividedByZero.getMessage());
            return Optional.empty();
        }
    }

    private static void check(Written written, Size canonical, Map<Symbol, Long> values, long expected) {
        String context = written + " = " + canonical + " at " + values;
        assertEquals(expected, canonical.evaluate(values::get), context);
        Range range = canonical.range();
        assertTrue(range.contains(expected), () -> context + " is outside " + range);
        assertTrue(expected >= 0 || !canonical.isProvablyNonNegative(), context);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 6})
    void textParsesBackToTheSameForm(long seed) {
        Random random = new Random(seed);
        Map<String, Symbol> byName = new HashMap<>();
        symbols.forEach(symbol -> byName.put(symbol.name(), symbol));
        for (int count = 0; count < EXPRESSIONS; count++) {
            canonical(random(random, 3)).ifPresent(size -> {
                String text = size.toString();
                assertEquals(size, Size.parse(text, byName::get), text);
                assertEquals(text, Size.parse(text, byName::get).toString());
            });
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {7, 8})
    void verdictsAgreeWithEvaluation(long seed) {
        Random random = new Random(seed);
        List<Size> sizes = new ArrayList<>();
        for (int count = 0; count < 300; count++) {
            canonical(random(random, 2)).ifPresent(sizes::add);
        }
        int decided = 0;
        for (int a = 1; a < sizes.size(); a++) {
            Size left = sizes.get(a - 1);
            Size right = sizes.get(a);
            Verdict equal = environment.verdict(left, Relation.EQUAL, right);
            Verdict less = environment.verdict(left, Relation.LESS, right);
            decided += less == Verdict.PROVED || less == Verdict.REFUTED ? 1 : 0;
            for (int round = 0; round < VALUES; round++) {
                Map<Symbol, Long> values = values(random);
                compare(left, right, values, equal, less);
            }
        }
        assertTrue(decided > 20, "only " + decided + " decided");
    }

    private static void compare(Size left, Size right, Map<Symbol, Long> values, Verdict equal, Verdict less) {
        long a;
        long b;
        try {
            a = left.evaluate(values::get);
            b = right.evaluate(values::get);
        } catch (ArithmeticException dividedByZero) {
            return;
        }
        String context = left + " and " + right + " at " + values;
        assertTrue(equal != Verdict.PROVED || a == b, context);
        assertFalse(equal == Verdict.REFUTED && a == b, context);
        assertTrue(less != Verdict.PROVED || a < b, context);
        assertFalse(less == Verdict.REFUTED && a < b, context);
    }
}
