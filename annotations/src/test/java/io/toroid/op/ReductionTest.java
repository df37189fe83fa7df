package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static io.toroid.op.Traced.assertTypes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.IndexedValues;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ReductionTest {

    private final Traced trace = new Traced();
    private final Tensor x = trace.input("f32[batch, 3, 5]");

    @Test
    void dimensionsGoAwayOrStay() {
        assertType("f32[]", x.sum());
        assertType("f32[batch, 5]", x.sum(1));
        assertType("f32[3]", x.sum(0, -1));
        assertType("f32[batch, 1, 5]", x.mean(-2, /* keepDims= */ true));
        assertType("f32[]", x.mean());
        assertType("f32[batch]", x.amax(1, 2));
        assertType("f32[]", x.amin());
        assertType("f32[batch, 3]", x.var(2));
        assertType("f32[batch, 3, 1]", x.var(2, /* correction= */ 0, /* keepDims= */ true));
        assertType("f32[]", x.std());
    }

    @Test
    void indicesAreLong() {
        assertType("i64[]", x.argmax());
        assertType("i64[batch, 3]", x.argmax(-1));
        assertType("i64[batch, 1, 5]", x.argmin(1, /* keepDims= */ true));
        IndexedValues largest = x.max(1);
        assertTypes("f32[batch, 5] i64[batch, 5]", List.of(largest.values(), largest.indices()));
        assertEquals(largest.values().origin(), largest.indices().origin());
        assertTypes("i32[1] i64[1]", ReductionOperators.MIN_DIM.callAll(trace.input("i32[4]"), 0, true));
        assertType("i64[1, 1]", ReductionOperators.ARGMAX.call(trace.input("f32[2, 3]"), null, true));
    }

    @Test
    void truthOfNumbers() {
        assertType("bool[]", x.any());
        assertType("bool[3, 5]", x.all(0));
        assertType("bool[batch, 3, 1]", x.any(2, /* keepDims= */ true));
    }

    @Test
    void aSingleValueHasDimensionZeroAndMinusOne() {
        Tensor single = trace.input("f32[]");
        assertType("f32[]", single.sum(0));
        assertType("f32[]", single.sum(-1, /* keepDims= */ true));
        assertType("i64[]", single.argmax(-1));
        assertMistake(Kind.SHAPE, "sum: dimension 1 does not exist in f32[]; its dimensions are 0 (or -1)", () -> single.sum(1));
    }

    @Test
    void aGivenTypeWins() {
        assertType("f64[batch]", ReductionOperators.SUM_DIM.call(x, new int[] {1, 2}, false, DType.F64));
        assertType("f32[]", ReductionOperators.MEAN.call(trace.input("i64[4]"), DType.F32));
    }

    @Test
    void axesForTheCompiler() {
        assertEquals(List.of(0, 2), axes(x.sum(-1, 0)));
        assertEquals(List.of(0, 1, 2), axes(x.sum()));
        assertEquals(List.of(0, 1, 2), axes(x.amax()));
        assertEquals(List.of(), axes(trace.input("f32[]").sum(0)));
    }

    private static List<Integer> axes(Tensor tensor) {
        return ReductionOperators.axes(((Call) tensor.origin()).arguments());
    }

    @Test
    void mistakes() {
        assertMistake(Kind.SHAPE, "mean: dimension 3 does not exist in f32[batch, 3, 5]; its dimensions are 0 to 2 (or -3 to -1)",
                () -> x.mean(3));
        assertMistake(Kind.ARGUMENT, "sum: dimension -1 of f32[batch, 3, 5] is named twice in [2, -1]", () -> x.sum(2, -1));
        assertMistake(Kind.DTYPE, "mean: the mean of i64[4] would not be a whole number; convert it with .to(DType.F32)",
                () -> trace.input("i64[4]").mean());
        assertMistake(Kind.DTYPE, "var: self must be a floating-point tensor, not i64[4]; convert it with .to(DType.F32)",
                () -> trace.input("i64[4]").var());
        assertMistake(Kind.SHAPE, "amax: dimension 0 of f32[0, 3] has no elements to choose from",
                () -> trace.input("f32[0, 3]").amax(0));
        assertType("f32[0]", trace.input("f32[0, 3]").amax(1));
    }
}
