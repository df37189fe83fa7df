package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SliceTest {

    private final Traced trace = new Traced();

    /** Against a list that is sliced element by element, as Python does. */
    @Test
    void boundsAreThoseOfPython() {
        for (int size = 0; size <= 4; size++) {
            for (long start = -6; start <= 6; start++) {
                for (long end = -6; end <= 6; end++) {
                    for (int step = 1; step <= 3; step++) {
                        checkAgainstPython(size, start, end, step);
                    }
                }
            }
        }
    }

    private void checkAgainstPython(int size, long start, long end, int step) {
        long first = Math.clamp(start < 0 ? start + size : start, 0, size);
        long last = Math.clamp(end < 0 ? end + size : end, 0, size);
        int count = 0;
        for (long i = first; i < last; i += step) {
            count++;
        }
        Slice slice = sliceOf(trace.input("f32[%d]".formatted(size)).slice(0, start, end, step));
        assertEquals(new Slice(0, Size.of(first), Size.of(count), step), slice);
    }

    private static Slice sliceOf(Tensor tensor) {
        return Slice.of(((Call) tensor.origin()).arguments());
    }

    @Test
    void boundsOfDynamicSizes() {
        Tensor x = trace.input("f32[n, 3]");
        assertType("f32[n - 1, 3]", x.slice(0, 1));
        assertType("f32[n - 1, 3]", x.slice(0, 0, -1));
        assertType("f32[8, 3]", x.slice(0, 0, 8));
        assertType("f32[min(n, 9), 3]", x.slice(0, 0, 9));
        assertType("f32[1, 3]", x.slice(0, -1));
        assertType("f32[n, 3]", x.slice(0, Size.ZERO, trace.n));
        assertType("f32[(n + 1)//2, 3]", x.slice(0, 0, Long.MAX_VALUE, 2));
        assertType("f32[n - 8, 3]", x.slice(0, Size.of(8), trace.n));
        assertEquals("n - 1", sliceOf(x.slice(0, -1)).start().toString());
        assertType("f32[n//2, 3]", x.slice(0, Size.ZERO, trace.n.floorDiv(2)));
    }

    @Test
    void everyLengthAgreesWithTheNumberAtRunTime() {
        Tensor x = trace.input("f32[n]");
        for (long start = -10; start <= 10; start++) {
            for (long end = -10; end <= 10; end++) {
                Size length = x.slice(0, start, end, 2).size(0);
                for (long n = 8; n <= 24; n++) {
                    long value = n;
                    Size expected = trace.input("f32[%d]".formatted(n)).slice(0, start, end, 2).size(0);
                    assertEquals(expected.constant(), length.evaluate(symbol -> value), "n = %d, %d to %d".formatted(n, start, end));
                }
            }
        }
    }

    @Test
    void mistakes() {
        assertMistake(Kind.ARGUMENT, "slice: the step must be at least 1, not 0", () -> trace.input("f32[4]").slice(0, 0, 4, 0));
        assertMistake(Kind.SHAPE, "slice: f32[] is a single value and has no dimension to slice", () -> trace.input("f32[]").slice(0, 1));
        assertMistake(Kind.ARGUMENT, "slice: the end, tokens - 8, may be negative for some sizes and not for others, and a negative one "
                        + "counts from the end; use .max(0) on it, or raise the dimension's min",
                () -> trace.input("f32[tokens]").slice(0, Size.ZERO, trace.tokens.minus(8)));
    }
}
