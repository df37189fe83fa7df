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
class MatrixTest {

    private final Traced trace = new Traced();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f32[4]                     | f32[4]                      | f32[]
            f32[4]                     | f32[4, 5]                   | f32[5]
            f32[3, 4]                  | f32[4]                      | f32[3]
            f32[batch, 4]              | f32[4, 5]                   | f32[batch, 5]
            f32[batch, tokens, 4]      | f32[4, 5]                   | f32[batch, tokens, 5]
            f32[batch, tokens, 4]      | f32[4]                      | f32[batch, tokens]
            f32[4]                     | f32[batch, 4, 5]            | f32[batch, 5]
            f32[3, 4]                  | f32[batch, 4, 5]            | f32[batch, 3, 5]
            f32[batch, 3, 4]           | f32[batch, 4, 5]            | f32[batch, 3, 5]
            f32[batch, 1, 3, 4]        | f32[7, 4, 5]                | f32[batch, 7, 3, 5]
            f32[batch, 12, tokens, 32] | f32[batch, 12, 32, tokens]  | f32[batch, 12, tokens, tokens]
            i64[2, 3]                  | i64[3, 4]                   | i64[2, 4]
            """)
    void matmulByRanks(String left, String right, String expected) {
        assertType(expected, trace.input(left).matmul(trace.input(right)));
        assertEquals(List.of(), trace.checks());
    }

    @Test
    void aBatchTimesOneMatrixIsOneProduct() {
        Tensor product = trace.input("f32[batch, tokens, 4]").matmul(trace.input("f32[4, 5]"));
        Call view = (Call) product.origin();
        assertEquals("aten.view.default", view.operator().name());
        Call mm = (Call) view.arguments().tensor("self").origin();
        assertEquals("aten.mm.default", mm.operator().name());
        assertEquals("[f32[batch*tokens, 5]]", mm.types().toString());
    }

    @Test
    void matmulMistakes() {
        assertMistake(Kind.SHAPE, "matmul: the columns of the left, 64 in f32[batch, 64], differ from the rows of the right, "
                        + "128 in f32[128, 64]; did you mean the transpose, right.transpose(-2, -1)?",
                () -> trace.input("f32[batch, 64]").matmul(trace.input("f32[128, 64]")));
        assertMistake(Kind.SHAPE, "matmul: the columns of the left, 4 in f32[3, 4], differ from the rows of the right, "
                        + "5 in f32[2, 5, 6]; they must be equal",
                () -> trace.input("f32[3, 4]").matmul(trace.input("f32[2, 5, 6]")));
        assertMistake(Kind.SHAPE, "matmul: the batch dimensions of f32[2, 3, 4] and f32[5, 4, 6] do not broadcast: at dimension -3 "
                        + "the sizes are 2 and 5; they must be equal or one of them 1",
                () -> trace.input("f32[2, 3, 4]").matmul(trace.input("f32[5, 4, 6]")));
        assertMistake(Kind.SHAPE, "matmul: a single value has no rows or columns in f32[] x f32[2, 2]; multiply with mul",
                () -> trace.input("f32[]").matmul(trace.input("f32[2, 2]")));
        assertMistake(Kind.DTYPE, "matmul: both tensors must have one element type, not i64[2, 2] x f32[2, 2]; convert one with .to(DType.F32)",
                () -> trace.input("i64[2, 2]").matmul(trace.input("f32[2, 2]")));
        assertMistake(Kind.DTYPE, "matmul: booleans have no products, as in bool[2, 2] x bool[2, 2]; convert both with .to(DType.F32)",
                () -> trace.input("bool[2, 2]").matmul(trace.input("bool[2, 2]")));
    }

    @Test
    void linearKeepsTheOuterDimensions() {
        Tensor weight = trace.input("f32[10, 64]");
        assertType("f32[batch, 10]", trace.input("f32[batch, 64]").linear(weight, trace.input("f32[10]")));
        assertType("f32[batch, tokens, 10]", trace.input("f32[batch, tokens, 64]").linear(weight));
        assertType("f32[10]", trace.input("f32[64]").linear(weight, null));
    }

    @Test
    void linearMistakes() {
        Tensor weight = trace.input("f32[128, 64]");
        assertMistake(Kind.SHAPE, "linear: the last size of the input, 32 in f32[batch, 32], must equal the weight's 64 in "
                        + "f32[128, 64]; make the layer for 32 inputs, or reshape the input",
                () -> trace.input("f32[batch, 32]").linear(weight));
        assertMistake(Kind.SHAPE, "linear: the last size of the input, 128 in f32[batch, 128], must equal the weight's 64 in "
                        + "f32[128, 64]; is the weight transposed? It is [outputs, inputs]",
                () -> trace.input("f32[batch, 128]").linear(weight));
        assertMistake(Kind.SHAPE, "linear: the bias f32[64] must have one value for each of the 128 outputs of the weight f32[128, 64]",
                () -> trace.input("f32[batch, 64]").linear(weight, trace.input("f32[64]")));
        assertMistake(Kind.DTYPE, "linear: all tensors must have one element type, but input is f64[batch, 64] and weight is "
                        + "f32[128, 64]; convert one with .to(DType.F64)",
                () -> trace.input("f64[batch, 64]").linear(weight));
        assertMistake(Kind.SHAPE, "linear: weight must have 2 dimensions [outputs, inputs], not 1 as in f32[64]",
                () -> trace.input("f32[batch, 64]").linear(trace.input("f32[64]")));
    }

    @Test
    void addmmTakesABiasThatBroadcasts() {
        Tensor a = trace.input("f32[batch, 4]");
        Tensor b = trace.input("f32[4, 5]");
        for (String bias : List.of("f32[5]", "f32[batch, 5]", "f32[1, 5]", "f32[]")) {
            assertType("f32[batch, 5]", MatrixOperators.ADDMM.call(trace.input(bias), a, b));
        }
        assertMistake(Kind.SHAPE, "addmm: f32[4] cannot be expanded to [batch, 5]: its dimension 0 has size 4, not 1 or 5",
                () -> MatrixOperators.ADDMM.call(trace.input("f32[4]"), a, b));
    }

    @Test
    void batchedProductsNeedTheSameBatch() {
        assertType("f32[batch, 3, 5]", MatrixOperators.BMM.call(trace.input("f32[batch, 3, 4]"), trace.input("f32[batch, 4, 5]")));
        assertMistake(Kind.SHAPE, "bmm: the batch sizes, 2 in f32[2, 3, 4] and 3 in f32[3, 4, 5], must be equal",
                () -> MatrixOperators.BMM.call(trace.input("f32[2, 3, 4]"), trace.input("f32[3, 4, 5]")));
    }
}
