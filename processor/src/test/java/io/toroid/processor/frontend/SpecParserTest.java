package io.toroid.processor.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.shape.Range;
import io.toroid.shape.ShapeEnvironment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole messages are tested by the sources of {@code ErrorsTest}; here is what is read, and which mistake is which. */
@Tag("unit")
class SpecParserTest {

    private final ShapeEnvironment environment = new ShapeEnvironment();

    SpecParserTest() {
        environment.declare("batch", new Range(1, 1024, 1));
        environment.declare("tokens", new Range(8, 512, 8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f32[batch, 64]           | f32[batch, 64]
            f64[]                    | f64[]
            '  i64 [ 3 ]  '          | i64[3]
            bool[batch + 1]          | bool[batch + 1]
            i32[2*batch, tokens//8]  | i32[2*batch, tokens//8]
            f32[batch*2*3]           | f32[6*batch]
            f32[0]                   | f32[0]
            bf16[batch, 4]           | bf16[batch, 4]
            f16[3]                   | f16[3]
            u8[1]                    | u8[1]
            i16[]                    | i16[]
            f32[min(batch, 64)]      | f32[min(batch, 64)]
            f32[tokens - 8]          | f32[tokens - 8]
            """)
    void specsAreRead(String text, String expected) {
        assertEquals(expected, SpecParser.parse(text, environment).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                      | a type and sizes in brackets are expected
            [3]                     | a type and sizes in brackets are expected
            f32 3                   | a type and sizes in brackets are expected
            f12[3]                  | there is no type f12 (did you mean f16?)
            half[3]                 | there is no type half (did you mean f16?)
            bfloat16[3]             | there is no type bfloat16 (did you mean bf16?)
            complex64[3]            | there is no type complex64: complex numbers are not offered; pass real and imaginary parts as two tensors, or along an axis of size 2
            double[3]               | there is no type double (did you mean f64?)
            f32[-1]                 | the size -1 can be negative
            f32[batch - 2]          | the size batch - 2 can be negative
            f32[3//0]               | size '3//0', column 5: division by zero
            f32[3 4]                | size '3 4', column 3: unexpected '4'
            f32[99999999999999999999] | size '99999999999999999999', column 21: the number 99999999999999999999 is too large
            """)
    void malformedSpecsSayWhy(String text, String why) {
        ProblemException e = assertThrows(ProblemException.class, () -> SpecParser.parse(text, environment));
        assertEquals(Diagnostic.SPEC_MALFORMED.message(text, why), e.problems().getFirst().message());
    }

    @Test
    void allUndeclaredDimensionsAreNamedOnce() {
        ProblemException e = assertThrows(ProblemException.class, () -> SpecParser.parse("f32[bacth, rows, rows*2, token]", environment));
        assertEquals(List.of(
                "[TOROID-209] the dimension bacth is not declared; did you mean batch?",
                "[TOROID-209] the dimension rows is not declared; declare it with @Dim(name = \"rows\", min = ..., max = ...)",
                "[TOROID-209] the dimension token is not declared; did you mean tokens?"),
                e.problems().stream().map(Problem::message).toList());
    }
}
