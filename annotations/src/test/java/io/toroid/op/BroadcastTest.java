package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class BroadcastTest {

    private final Traced trace = new Traced();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f32[2, 3]         | f32[3]            | f32[2, 3]
            f32[2, 1]         | f32[3]            | f32[2, 3]
            f32[]             | f32[2, 3]         | f32[2, 3]
            f32[batch, 64]    | f32[64]           | f32[batch, 64]
            f32[batch, 1]     | f32[tokens]       | f32[batch, tokens]
            f32[batch, 1, 1]  | f32[tokens, 8]    | f32[batch, tokens, 8]
            f32[2*batch, 3]   | f32[2*batch, 1]   | f32[2*batch, 3]
            f32[1]            | f32[batch]        | f32[batch]
            f32[0, 3]         | f32[1, 3]         | f32[0, 3]
            """)
    void sizesAreEqualOrOne(String left, String right, String expected) {
        assertType(expected, trace.input(left).add(trace.input(right)));
        assertType(expected, trace.input(right).add(trace.input(left)));
        assertEquals(List.of(), trace.checks());
    }

    @Test
    void twoDynamicSizesAreCheckedWhenTheModelRuns() {
        assertType("f32[batch, 3]", trace.input("f32[batch, 3]").add(trace.input("f32[tokens, 3]")));
        assertEquals(List.of("batch == tokens"), trace.checks());
        assertEquals("add: f32[batch, 3] and f32[tokens, 3] do not broadcast: at dimension -2 (from the last) the sizes are "
                        + "batch and tokens; they must be equal or one of them 1 (reshape or unsqueeze one)",
                trace.environment.checks().getFirst().why());
    }

    @Test
    void sizesThatDiffer() {
        assertMistake(Kind.SHAPE, "mul: f32[2, 3] and f32[4] do not broadcast: at dimension -1 (from the last) the sizes are "
                        + "3 and 4; they must be equal or one of them 1 (reshape or unsqueeze one)",
                () -> trace.input("f32[2, 3]").mul(trace.input("f32[4]")));
        assertMistake(Kind.SHAPE, "mul: f32[batch, 3] and f32[batch + 1, 3] do not broadcast: at dimension -2 (from the last) "
                        + "the sizes are batch and batch + 1; they must be equal or one of them 1 (reshape or unsqueeze one)",
                () -> trace.input("f32[batch, 3]").mul(trace.input("f32[batch + 1, 3]")));
    }

    @Test
    void aDynamicSizeIsNotPinned() {
        assertMistake(Kind.SHAPE, "add: f32[batch] and f32[16] do not broadcast: at dimension -1 (from the last) the sizes are "
                        + "batch and 16; they must be equal or one of them 1 (reshape or unsqueeze one); they agree for one "
                        + "value only of the dynamic batch (1 to 1024), so write that number in its place if it is meant",
                () -> trace.input("f32[batch]").add(trace.input("f32[16]")));
        assertEquals(List.of(), trace.checks());
    }

    @Test
    void theMessageNamesTheTwoThatDisagree() {
        assertMistake(Kind.SHAPE, "where: f32[2, 3] and f32[4] do not broadcast: at dimension -1 (from the last) the sizes are "
                        + "3 and 4; they must be equal or one of them 1 (reshape or unsqueeze one)",
                () -> Tensor.where(trace.input("bool[2, 1]"), trace.input("f32[2, 3]"), trace.input("f32[4]")));
    }

    @Test
    void maskedFillBroadcastsBothWays() {
        assertType("f32[2, 3]", trace.input("f32[3]").maskedFill(trace.input("bool[2, 1]"), -1));
        assertType("f32[batch, tokens]", trace.input("f32[batch, tokens]").maskedFill(trace.input("bool[tokens]"), -1e9));
    }
}
