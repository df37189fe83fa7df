package io.toroid.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class SizeTest {
    private final ShapeEnvironment environment = new ShapeEnvironment();
    private final Symbol batch = environment.declare("batch", Range.of(1, 1024));
    private final Symbol n = environment.declare("n", Range.atLeast(1));
    private final Symbol m = environment.declare("m", Range.atLeast(1));
    private final Symbol aligned = environment.declare("aligned", new Range(1, 4096, 8));
    private final Symbol d0 = Symbol.variable("d0", n);
    private final Symbol d1 = Symbol.variable("d1", m);
    private final Symbol d2 = Symbol.variable("d2", Size.of(8));
    private final Symbol d10 = Symbol.variable("d10", Size.of(64));
    private final Symbol any = Symbol.variable("any", Range.ANY);

    private Size size(String text) {
        return Size.parse(text, name -> List.of(d0, d1, d2, d10, any).stream()
                .filter(symbol -> symbol.name().equals(name)).findFirst().orElseGet(() -> environment.find(name).orElse(null)));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            n + 2*n                          | 3*n
            1 + batch*2                      | 2*batch + 1
            n - n                            | 0
            (n + 1)*(n - 1)                  | n*n - 1
            d10 + d2                         | d2 + d10
            m*n + n*m                        | 2*m*n
            -(n - 3)                         | -n + 3
            2 - n                            | -n + 2
            (64*d0 + d10)//64                | d0
            (64*d0 + d10)%64                 | d10
            (m*d0 + d1)//m                   | d0
            (m*d0 + d1)%m                    | d1
            ((n*m)*any + m*d0 + d1)//(n*m)   | any
            (m*n*any + m*d0 + d1)%(n*m)      | d0*m + d1
            (m*d0 + d1)%m + ((m*d0 + d1)//m)*m | d0*m + d1
            (8*any + d2)//64                 | any//8
            (8*any + d2)%64                  | d2 + 8*(any%8)
            (any//8)//8                      | any//64
            ((any//8 + 3)//4)                | (any + 24)//32
            (any//4)*4 + any%4               | any
            3*m*(any//4)*4 + 3*m*(any%4)     | 3*any*m
            (any//64)*64 + ((any//8)%8)*8 + any%8 | any
            (any//n)*n + any%n               | any
            (any//(n + 1))*(n + 1) + any%(n + 1) | any
            ((n + 1)*any + d0)//(n + 1)      | any
            (any%64)//8                      | (any//8)%8
            (any%64)%8                       | any%8
            (any%8)//64                      | 0
            (any%8)%64                       | any%8
            (any + 7)//4                     | (any + 3)//4 + 1
            (any + 7)%4                      | (any + 3)%4
            (any - 1)//2 + 1                 | (any + 1)//2
            (65*any + 3)//64                 | any + (any + 3)//64
            (any*6)//4                       | any + any//2
            (any*6)%4                        | 2*(any%2)
            (4*any + 2)//8                   | any//2
            (n*768)//(12*64)                 | n
            (2*n*n)//n                       | 2*n
            (n*m*6)//(4*n)                   | m + m//2
            (n*m*6)%(4*n)                    | 2*n*(m%2)
            n//n                             | 1
            n%n                              | 0
            d0//n                            | 0
            d0%n                             | d0
            (d0 - n)//n                      | -1
            (d0 - n)%n                       | d0
            d10//64                          | 0
            (63 - d10)//64                   | 0
            aligned%8                        | 0
            aligned%4                        | 0
            (aligned//8)*8                   | aligned
            (aligned + 3)%4                  | 3
            (aligned + any)//8               | aligned//8 + any//8
            any//-4                          | (-any)//4
            any%-4                           | -((-any)%4)
            (-7)//2                          | -4
            (-7)%2                           | 1
            7//-2                            | -4
            n - 3*((-5)//m)                  | n - 3*((-5)//m)
            7%-2                             | -1
            min(n, n + 1)                    | n
            max(n, n + 1, 3)                 | max(n + 1, 3)
            min(batch, 2000)                 | batch
            max(batch, 1)                    | batch
            min(batch, 64)                   | min(batch, 64)
            min(min(batch, 64), 32)          | min(batch, 32)
            min(d0, n - 1)                   | d0
            max(d0, n)                       | n
            min(m*d0 + d1, n*m)              | d0*m + d1
            min(4*(any//4), any)             | 4*(any//4)
            max(any%n, n)                    | n
            min(n, 4)//n                     | min(n, 4)//n
            """)
    void hasOneFormAndPrintsIt(String written, String canonical) {
        assertEquals(canonical, size(written).toString());
        assertEquals(size(canonical), size(written));
    }

    @Test
    void buildsTheSameFormByOperations() {
        assertEquals(size("2*batch + 1"), batch.times(2).plus(1));
        assertEquals(size("(batch + 3)//4"), batch.ceilDiv(4));
        assertEquals(Size.of(5), Size.of(17).ceilDiv(4));
        assertEquals(batch.plus(n).hashCode(), n.plus(batch).hashCode());
        assertEquals(size("-n"), n.negate());
        assertEquals(Size.of(3), Size.of(7).min(3));
        assertEquals(size("n - m"), n.minus(m));
        assertNotEquals(n.minus(m), m.minus(n));
    }

    @Test
    void tellsSymbolsApartByOwnerAndLoopVariablesByIdentity() {
        Symbol elsewhere = new ShapeEnvironment().declare("batch", Range.of(1, 1024));
        assertNotEquals(batch, elsewhere);
        assertEquals(batch, environment.declare("batch", Range.of(1, 1024)));
        Symbol sameName = Symbol.variable("d0", n);
        assertNotEquals(d0, sameName);
        assertEquals(d0.plus(sameName), sameName.plus(d0));
        assertFalse(d0.minus(sameName).isConstant());
    }

    @Test
    void knowsItsRange() {
        assertEquals(new Range(3, 2049, 1), size("2*batch + 1").range());
        assertEquals(new Range(2, 2048, 2), size("2*batch").range());
        assertEquals(new Range(1, 256, 1), size("(batch + 3)//4").range());
        assertEquals(Range.of(0, 3), size("any%4").range());
        assertEquals(Range.of(-1024, -1), size("-batch").range());
        assertEquals(new Range(8, 4096, 8), aligned.range());
        assertEquals(Range.atLeast(1), size("n*m").range());
        assertEquals(Range.of(1, 32), size("min(batch, 32)").range());
        assertEquals(Range.of(0, 63), d10.range());
        assertEquals(Range.of(-256, 255), size("(any%2048 - 1024)//4").range());
        assertEquals(Range.ANY, size("any*n").range());
    }

    @Test
    void saturatesRangesAndRefusesConstantsThatOverflow() {
        Symbol huge = environment.declare("huge", Range.of(1, Long.MAX_VALUE - 1));
        assertEquals(Long.MAX_VALUE, huge.times(huge).range().max());
        assertEquals(1, huge.times(huge).range().min());
        assertThrows(ArithmeticException.class, () -> Size.of(Long.MAX_VALUE).times(batch).times(2));
        assertThrows(ArithmeticException.class, () -> Size.of(Long.MAX_VALUE).plus(1));
    }

    @Test
    void provesMultiples() {
        assertTrue(size("8*n + 16").isMultipleOf(8));
        assertTrue(size("n*m*4").isMultipleOf(m));
        assertTrue(aligned.isMultipleOf(4));
        assertFalse(size("8*n + 4").isMultipleOf(8));
        assertFalse(n.isMultipleOf(2));
        assertTrue(Size.of(12).isMultipleOf(3));
    }

    @Test
    void givesLinearCoefficients() {
        assertEquals(Optional.of(m), size("m*d0 + d1 + 3").coefficientOf(d0));
        assertEquals(Optional.of(Size.ZERO), size("m + 3").coefficientOf(d0));
        assertEquals(Optional.empty(), size("d0*d0 + d0").coefficientOf(d0));
        assertEquals(Optional.empty(), size("d0 + (d0 + 1)%4").coefficientOf(d0));
        assertEquals(Optional.of(size("any%4")), size("(any%4)*d0").coefficientOf(d0));
        assertEquals(Optional.of(size("m + 2")), size("(m + 2)*d0").coefficientOf(d0));
    }

    @Test
    void substitutesAllSymbolsAtOnceAndSimplifies() {
        assertEquals(size("m + 2*n"), size("n + 2*m").substitute(Map.of(n, m, m, n)));
        assertEquals(d0, size("(any + d2)//8").substitute(Map.of(any, d0.times(8))));
        assertEquals(Size.of(24), size("min(batch, 64)*3").substitute(Map.of(batch, Size.of(8))));
        assertEquals(Set.of(n, m, d0), size("n*m + d0//m").symbols());
    }

    @Test
    void namesTheExpressionThatIsNotConstant() {
        IllegalStateException notConstant = assertThrows(IllegalStateException.class, () -> size("2*batch + 1").constant());
        assertEquals("the size 2*batch + 1 is not a constant", notConstant.getMessage());
        assertEquals(7, Size.of(7).constant());
        assertEquals(OptionalLong.of(7), Size.of(7).asConstant());
        assertEquals(OptionalLong.empty(), batch.asConstant());
        ArithmeticException byZero = assertThrows(ArithmeticException.class, () -> batch.floorDiv(0));
        assertEquals("the size batch is divided by zero", byZero.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2*                    | size '2*', column 3: a number or a name is missing
            batch )               | size 'batch )', column 7: unexpected ')'
            (batch                | size '(batch', column 7: ')' is missing
            2*bach                | size '2*bach', column 7: unknown symbol 'bach'
            batch/2               | size 'batch/2', column 6: unexpected '/'
            batch%0               | size 'batch%0', column 8: division by zero
            99999999999999999999  | size '99999999999999999999', column 21: the number 99999999999999999999 is too large
            """)
    void saysWhereATextIsWrong(String text, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> size(text)).getMessage());
    }
}
