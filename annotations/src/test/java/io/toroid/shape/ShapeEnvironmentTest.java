package io.toroid.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ShapeEnvironmentTest {
    private final List<String> questions = new ArrayList<>();
    private final ShapeEnvironment environment = new ShapeEnvironment(() -> new Solver() {
        @Override
        public Optional<Boolean> equal(Size a, Size b) {
            questions.add(a + " ? " + b);
            return Optional.empty();
        }

        @Override
        public Optional<Size> solve(Size expression, Symbol unknown, Size value) {
            return Optional.empty();
        }

        @Override
        public Size simplify(Size size) {
            return size;
        }
    });
    private final Symbol batch = environment.declare("batch", Range.of(1, 1024));
    private final Symbol n = environment.declare("n", Range.atLeast(0));

    @ParameterizedTest(name = "{0} {1} {2} is {3}")
    @CsvSource(delimiter = '|', textBlock = """
            2*batch          | == | batch + batch        | PROVED
            batch            | == | batch + 1            | REFUTED
            2*batch          | == | 2*n + 1              | REFUTED
            batch            | == | 2000                 | REFUTED
            2*batch          | == | 7                    | REFUTED
            batch            | == | 8                    | PINNED
            batch            | == | n                    | ASSUMED
            batch%32         | == | 0                    | ASSUMED
            n - 4*(n//4)     | == | n%4                  | PROVED
            (7*n)//4 - n     | == | (3*n)//4             | PROVED
            (3*n)//4 - n     | == | (-n)//4              | PROVED
            n//4 + (n + 1)//4 | == | n//2                | ASSUMED
            batch            | != | 2000                 | PROVED
            batch            | != | 8                    | ASSUMED
            batch            | != | batch                | REFUTED
            batch            | <= | 1024                 | PROVED
            batch            | <  | 1024                 | ASSUMED
            batch            | <  | 1                    | REFUTED
            batch            | <= | n + 1024             | PROVED
            n%4              | <  | 4                    | PROVED
            4*(n//4)         | <= | n                    | PROVED
            n                | <  | 4*(n//4) + 4         | PROVED
            min(n, batch)    | <= | batch                | PROVED
            max(n, batch)    | <  | n                    | REFUTED
            """)
    void judgesRelations(String left, String relation, String right, Verdict verdict) {
        Relation operator = List.of(Relation.values()).stream().filter(r -> r.toString().equals(relation)).findFirst().orElseThrow();
        assertEquals(verdict, environment.verdict(environment.parse(left), operator, environment.parse(right)));
        assertEquals(List.of(), environment.checks());
    }

    @Test
    void recordsWhatItCannotProveOnce() {
        assertTrue(environment.requireEqual(batch.plus(batch), batch.times(2), "nothing"));
        assertFalse(environment.requireEqual(batch, Size.of(8), "pins"));
        assertFalse(environment.requireEqual(batch, batch.plus(1), "never"));
        assertTrue(environment.requireEqual(batch, n, "aten.add: axis 0", "Model.java:12"));
        assertTrue(environment.requireEqual(batch, n, "aten.mul: axis 0", "Model.java:13"));
        assertEquals(Verdict.ASSUMED, environment.require(n, Relation.LESS_OR_EQUAL, batch, "aten.slice", ""));
        assertEquals(List.of(
                new Check(batch, Relation.EQUAL, n, "aten.add: axis 0", "Model.java:12"),
                new Check(n, Relation.LESS_OR_EQUAL, batch, "aten.slice", "")), environment.checks());
        assertEquals("batch == n", environment.checks().getFirst().toString());
        assertTrue(environment.checks().getFirst().holds(_ -> 3));
        assertFalse(environment.checks().getFirst().holds(symbol -> symbol.equals(batch) ? 3 : 4));
    }

    @Test
    void asksTheSolverOnlyWhatTheCanonicalFormLeavesOpen() {
        assertTrue(environment.provablyEqual(batch.times(768).floorDiv(12 * 64), batch));
        assertTrue(environment.provablyNotEqual(batch, batch.plus(2)));
        assertTrue(environment.provablyLess(batch, batch.plus(2)));
        assertEquals(List.of(), questions);
        assertFalse(environment.provablyEqual(batch, n));
        assertEquals(List.of(), questions);
        assertFalse(environment.provablyEqual(batch.times(n), n.plus(1)));
        assertEquals(List.of("batch*n ? n + 1"), questions);
    }

    @Test
    void solvesLinearEquationsItself() {
        assertEquals(Optional.of(environment.parse("n//2")), environment.solve(batch.times(2), batch, n));
        assertEquals(Optional.of(environment.parse("(n - 3)//(2*n + 2)")),
                environment.solve(environment.parse("2*batch*(n + 1) + 3"), batch, n));
        assertEquals(Optional.of(Size.of(5)), environment.solve(batch.times(64), batch, Size.of(320)));
        assertEquals(Optional.empty(), environment.solve(batch.times(n), batch, n));
        assertEquals(Optional.empty(), environment.solve(batch.times(batch), batch, n));
    }

    @Test
    void declaresEachDimensionOnce() {
        assertEquals(batch, environment.declare("batch", Range.of(1, 1024)));
        assertEquals("the dimension 'batch' is declared twice, with the ranges 1 to 1024 and at least 1, a multiple of 8",
                assertThrows(IllegalArgumentException.class,
                        () -> environment.declare("batch", new Range(1, Long.MAX_VALUE, 8))).getMessage());
        assertEquals("the dimension 'bach' is not declared; declared are: [batch, n]",
                assertThrows(IllegalArgumentException.class, () -> environment.symbol("bach")).getMessage());
        assertEquals(List.of(batch, n), List.copyOf(environment.symbols()));
        assertEquals("a range from 3 to 2 holds no value",
                assertThrows(IllegalArgumentException.class, () -> Range.of(3, 2)).getMessage());
    }
}
