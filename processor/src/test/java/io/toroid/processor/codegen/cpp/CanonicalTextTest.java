package io.toroid.processor.codegen.cpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.toroid.DType;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.Buffer;
import io.toroid.shape.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What of a kernel's code is arbitrary, and what is not. */
@Tag("unit")
class CanonicalTextTest {

    @Test
    void namesAreNumberedWhereTheyAppear() {
        assertEquals("void $0(const ToroidPool* pool, const float* __restrict $1, const float* __restrict $2) {\n$2[0] = $1[0] * x1;}\n",
                canonical("f_1", "y[0] = x[0] * x1;", "x", "y"));
    }

    @Test
    void variablesOfAKernelsOwnFollowTheirBuffer() {
        assertEquals(canonical("f_1", "Sum<L> a_acc[4]; float a_row[3]; a_result = a_acc + a_rows;", "x", "a", "a_rows"),
                canonical("f_2", "Sum<L> b_1_acc[4]; float b_1_row[3]; b_1_result = b_1_acc + c;", "x", "b_1", "c"));
    }

    @Test
    void whereANameIsUsedTwiceMatters() {
        assertNotEquals(canonical("f_1", "z = x + y;", "x", "y", "z"), canonical("f_1", "z = x + x;", "x", "y", "z"));
        assertNotEquals(canonical("f_1", "z = x - y;", "x", "y", "z"), canonical("f_1", "z = y - x;", "x", "y", "z"));
    }

    @Test
    void commentsDoNotMatter() {
        assertEquals(canonical("f_1", "// x at A.java:1\ny = x;", "x", "y"), canonical("f_1", "y = x;", "x", "y"));
    }

    @Test
    void stringsAreKept() {
        String text = canonical("f_1", "call.fail(\"x: \\\"x\\\" // x\", 'x', x);", "x");
        assertEquals("{\ncall.fail(\"x: \\\"x\\\" // x\", 'x', $1);}\n", text.substring(text.indexOf('{')));
    }

    @Test
    void membersAreNoVariables() {
        String text = canonical("f_1", "x.x = y->x + x::x(x) + 1.0x;", "x", "y");
        assertEquals("{\n$1.x = $2->x + $1::x($1) + 1.0x;}\n", text.substring(text.indexOf('{')));
    }

    /** A kernel of inputs, some of which its code declares itself. */
    private static String canonical(String function, String body, String... buffers) {
        List<KernelSource.Parameter> parameters = new ArrayList<>(List.of(new KernelSource.Parameter.Pool()));
        Arrays.stream(buffers).limit(2)
                .map(name -> new Buffer(name, Buffer.Kind.INPUT, new TensorType(DType.F32, new Shape(List.of()))))
                .map(buffer -> new KernelSource.Parameter.Input(buffer, /* isShared= */ false)).forEach(parameters::add);
        return CanonicalText.of(new KernelSource(function, parameters, List.of(), "", body), Set.of(buffers));
    }
}
