package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class CreationTest {

    private final Traced trace = new Traced();

    @Test
    void fullTakesTheTypeOfItsNumber() {
        assertType("f32[2, 3]", Tensor.zeros(DType.F32, 2, 3));
        assertType("bool[]", Tensor.ones(DType.BOOL));
        assertType("i64[batch, 3]", Tensor.full(DType.I64, 7, Shape.of(trace.batch, Size.of(3))));
        assertType("f32[2]", CreationOperators.FULL.call(List.of(2), 0.5));
        assertType("i64[2]", CreationOperators.FULL.call(List.of(2), 1));
        assertType("bool[2]", CreationOperators.FULL.call(List.of(2), true));
        assertType("f64[batch]", trace.input("f64[batch]").fullLike(0));
        assertMistake(Kind.SHAPE, "full: the sizes [-1, 2] have a negative one", () -> Tensor.zeros(DType.F32, -1, 2));
    }

    @Test
    void numbersThatATypeCannotHoldAreRefused() {
        Tensor bytes = trace.input("u8[4, 6]");
        assertType("u8[4, 6]", CreationOperators.FILL_SCALAR.call(bytes, -255));
        assertType("u8[4, 6]", bytes.fullLike(2.5));
        assertType("bool[2]", Tensor.full(DType.BOOL, -300, 2));
        assertMistake(Kind.ARGUMENT, "fill: value must be from 0 to 255 for u8, not -1.5; choose a wider type",
                () -> CreationOperators.FILL_SCALAR.call(bytes, -1.5));
        assertMistake(Kind.ARGUMENT, "fullLike: fill_value must be from 0 to 255 for u8, not 300.0; choose a wider type", () -> bytes.fullLike(300));
        assertMistake(Kind.ARGUMENT, "full: fill_value must be from -128 to 127 for i8, not NaN; choose a wider type",
                () -> Tensor.full(DType.I8, Double.NaN, 2));
        assertMistake(Kind.ARGUMENT, "scalarTensor: s must be from -32768 to 32767 for i16, not 40000.0; choose a wider type",
                () -> CreationOperators.SCALAR_TENSOR.call(40000, DType.I16));
        assertMistake(Kind.ARGUMENT, "pad: value must be from 0 to 255 for u8, not -0.5; choose a wider type",
                () -> PaddingOperators.CONSTANT_PAD_ND.call(bytes, List.of(1, 1), -0.5));
        assertMistake(Kind.ARGUMENT, "threshold: value must be from 0 to 255 for u8, not 256.0; choose a wider type",
                () -> ActivationOperators.THRESHOLD.call(bytes, 1, 256));
        assertMistake(Kind.ARGUMENT, "hardtanh: min_val must be from 0 to 255 for u8, not -1.0; choose a wider type",
                () -> ActivationOperators.HARDTANH.call(bytes));
        assertMistake(Kind.ARGUMENT, "maskedFill: value must be from 0 to 255 for u8, not 256.0; choose a wider type",
                () -> bytes.maskedFill(bytes.gt(1), 256));
    }

    @Test
    void rangesCountTheirElements() {
        assertType("i64[5]", Tensor.arange(5));
        assertType("i64[tokens]", Tensor.arange(trace.tokens));
        assertType("i64[3]", Tensor.arange(1, 10, 4));
        assertType("i64[3]", Tensor.arange(5, -1, -2));
        assertType("f32[2]", Tensor.arange(1.1, 5.1, 2.0));
        assertType("i64[0]", Tensor.arange(1, 1, -1));
        assertType("i64[(tokens + 1)//2]", CreationOperators.ARANGE.call(0, trace.tokens, 2));
        assertType("f64[4]", CreationOperators.ARANGE.call(0, 4, 1, DType.F64));
        assertEquals(List.of(), trace.checks());
    }

    @Test
    void rangesThatDoNotEnd() {
        assertMistake(Kind.SHAPE, "arange: steps of -1 do not lead from 0 to 5", () -> Tensor.arange(0, 5, -1));
        assertMistake(Kind.ARGUMENT, "arange: steps of -0.5 do not lead from 0 to 5", () -> Tensor.arange(0, 5, -0.5));
        assertMistake(Kind.ARGUMENT, "arange: the step must not be 0", () -> Tensor.arange(0, 5, 0));
    }
}
