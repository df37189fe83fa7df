package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static io.toroid.op.Traced.assertTypes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class DataSizesTest {

    private final Traced trace = new Traced();

    @Test
    void eachCountIsASymbolOfItsOwnWithARangeAndABound() {
        Tensor places = trace.input("f32[batch, 4]").nonzero();
        assertType("i64[u0, 2]", places);
        assertType("f32[u1]", trace.input("f32[batch]").maskedSelect(trace.input("bool[batch]")));
        Symbol count = (Symbol) places.size(0);
        assertTrue(count.isData());
        assertEquals("0 to 4096", count.declared().toString());
        assertEquals("4*batch + 1", count.below().orElseThrow().toString());
        assertTrue(trace.environment.provablyLessOrEqual(count, trace.batch.times(4)));
        assertEquals(List.of("batch", "tokens", "n"), trace.environment.dimensions().stream().map(Symbol::name).toList());
    }

    @Test
    void aCallKeepsItsSizesWhenItIsMadeAnew() {
        Tensor places = trace.input("bool[8]").nonzero();
        Call call = (Call) places.origin();
        assertEquals(places.type(), call.operator().apply(call.arguments()).getFirst().type());
        assertEquals(Set.of((Symbol) places.size(0)), call.dataSizes());
    }

    @Test
    void anIntegerIsASizeOfItsRange() {
        Tensor number = trace.input("i64[]");
        Size size = number.toSize(1, 64);
        assertSame(number, ((Symbol) size).source().orElseThrow());
        assertType("f32[2*u0, 3]", Tensor.zeros(DType.F32, 1, 3).expand(io.toroid.shape.Shape.of(size.times(2), Size.of(3))));
        assertType("f32[min(batch, u0)]", trace.input("f32[batch]").slice(0, Size.ZERO, size));
        assertEquals(Size.of(3), Tensor.constant(TensorData.of(new int[] {3})).toSize());
        assertMistake(Kind.VALUE, "toSize: the value is 3 and must be 0 to 2",
                () -> Tensor.constant(TensorData.of(new int[] {3})).toSize(0, 2));
        assertMistake(Kind.SHAPE, "toSize: takes one integer, not f32[]; select one element, and convert it with .to(DType.I64)",
                () -> trace.input("f32[]").toSize());
        assertMistake(Kind.VALUE, "toSize: i64[] depends on no input of the model, so the size would depend on weights; compute it from an input, or write the number",
                () -> Tensor.buffer(DType.I64).toSize());
    }

    @Test
    void relationsOfThemAreCheckedInMidCall() {
        Tensor kept = trace.input("f32[batch]").maskedSelect(trace.input("bool[batch]"));
        assertType("f32[3]", kept.add(Tensor.zeros(DType.F32, 3)));
        assertType("f32[u0]", kept.add(trace.input("f32[tokens]")));
        Tensor.check(kept.size(0), Relation.LESS, Size.of(9), "few");
        Tensor.check(kept.size(0), Relation.LESS_OR_EQUAL, trace.batch, "proved");
        assertEquals(List.of("u0 == 3", "u0 == tokens", "u0 < 9"), trace.checks());
        assertMistake(Kind.SHAPE, "check: none: u0 < 0 does not hold", () -> Tensor.check(kept.size(0), Relation.LESS, Size.ZERO, "none"));
    }

    @Test
    void whatIsDistinctHasItsCount() {
        Tensor x = trace.input("i32[batch, 3]");
        assertTypes("i32[u0] i64[batch, 3] i64[u0]", DataSizedOperators.UNIQUE.callAll(x, true, true, true));
        assertTypes("i32[batch, u1] i64[3] i64[u1]", DataSizedOperators.UNIQUE_DIM.callAll(x, 1));
        assertTypes("i32[u2] i64[0] i64[0]", DataSizedOperators.UNIQUE_CONSECUTIVE.callAll(x));
        assertType("i32[u3, 3]", x.repeatInterleave(trace.input("i64[batch]"), 0));
        assertType("i64[max(u4, 5)]", trace.input("u8[batch]").bincount(5));
    }

    @Test
    void sizesOfABodyAreItsOwn() {
        Tensor x = trace.input("f32[batch]");
        Tensor outside = x.maskedSelect(x.gt(0));
        Tensor chosen = ControlFlow.cond(trace.input("bool[]"), () -> x.maskedSelect(x.gt(1)).sum(), () -> outside.sum());
        Call call = (Call) chosen.origin();
        Body inner = call.arguments().body("if_true");
        assertEquals(List.of("u1"), inner.sizes().keySet().stream().map(Symbol::name).toList());
        assertEquals(call.dataSizes(), inner.outerSizes());
        assertEquals(Set.of((Symbol) outside.size(0)), call.dataSizes());
    }
}
