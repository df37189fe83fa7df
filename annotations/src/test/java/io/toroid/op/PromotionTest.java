package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected types are what {@code torch.result_type} gives. */
@Tag("unit")
class PromotionTest {

    private final Traced trace = new Traced();

    /** Rows and columns in the same order. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bool | bool u8  i8  i16 i32 i64 f16 bf16 f32 f64
            u8   | u8   u8  i16 i16 i32 i64 f16 bf16 f32 f64
            i8   | i8   i16 i8  i16 i32 i64 f16 bf16 f32 f64
            i16  | i16  i16 i16 i16 i32 i64 f16 bf16 f32 f64
            i32  | i32  i32 i32 i32 i32 i64 f16 bf16 f32 f64
            i64  | i64  i64 i64 i64 i64 i64 f16 bf16 f32 f64
            f16  | f16  f16 f16 f16 f16 f16 f16 f32  f32 f64
            bf16 | bf16 bf16 bf16 bf16 bf16 bf16 f32 bf16 f32 f64
            f32  | f32  f32 f32 f32 f32 f32 f32 f32  f32 f64
            f64  | f64  f64 f64 f64 f64 f64 f64 f64  f64 f64
            """)
    void twoTypesHaveACommonOne(String left, String row) {
        String[] order = {"bool", "u8", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"};
        String[] expected = row.split(" +");
        for (int i = 0; i < order.length; i++) {
            DType right = DType.ofText(order[i]).orElseThrow();
            assertEquals(expected[i], DType.ofText(left).orElseThrow().promote(right).text(), left + " and " + right);
            assertEquals(expected[i], trace.input(left + "[3]").mul(trace.input(order[i] + "[3]")).dtype().text());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bool[3] | bool[3] | bool
            bool[3] | i32[3]  | i32
            i32[3]  | i64[3]  | i64
            i64[3]  | f32[3]  | f32
            f32[3]  | f64[3]  | f64
            f32[3]  | f64[]   | f32
            i32[3]  | i64[]   | i32
            i64[3]  | f64[]   | f64
            i32[3]  | f32[]   | f32
            bool[3] | i32[]   | i32
            f64[]   | f32[]   | f64
            i64[]   | f32[3]  | f32
            bf16[3] | f64[]   | bf16
            u8[3]   | i64[]   | u8
            i8[3]   | f16[]   | f16
            f16[]   | f32[]   | f32
            """)
    void tensorsWithDimensionsOutrankSingleValues(String left, String right, String expected) {
        assertEquals(expected, trace.input(left).mul(trace.input(right)).dtype().text());
        assertEquals(expected, trace.input(right).mul(trace.input(left)).dtype().text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bool[3] | 1   | i64
            bool[]  | 1   | i64
            i32[3]  | 1   | i32
            i32[]   | 1   | i32
            i32[3]  | 2.5 | f32
            i64[]   | 2.5 | f32
            bool[3] | 2.5 | f32
            f32[3]  | 2   | f32
            f64[3]  | 2.5 | f64
            f32[]   | 2.5 | f32
            f16[3]  | 2.5 | f16
            bf16[]  | 2   | bf16
            u8[3]   | 300 | u8
            i8[3]   | 2.5 | f32
            """)
    void numbersRaiseTheCategoryOnly(String tensor, String number, String expected) {
        Number value = number.contains(".") ? (Number) Double.valueOf(number) : (Number) Long.valueOf(number);
        assertEquals(expected, trace.input(tensor).add(value).dtype().text());
        assertEquals(expected, trace.input(tensor).mul(value).dtype().text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bool[2] | f32
            i32[2]  | f32
            i64[]   | f32
            f32[2]  | f32
            f64[2]  | f64
            """)
    void functionsOfRealNumbersGiveFloats(String tensor, String expected) {
        Tensor x = trace.input(tensor);
        assertEquals(expected, x.exp().dtype().text());
        assertEquals(expected, x.sqrt().dtype().text());
        assertEquals(expected, x.reciprocal().dtype().text());
        assertEquals(expected, x.div(2).dtype().text());
        assertEquals(expected, x.div(x).dtype().text());
    }

    @Test
    void roundedDivisionKeepsIntegers() {
        assertType("i64[3]", trace.input("i64[3]").floorDiv(2));
        assertType("i32[3]", trace.input("i32[3]").truncDiv(trace.input("i32[]")));
        assertType("f32[3]", trace.input("i64[3]").floorDiv(2.0));
        assertType("f32[3]", BinaryOperators.DIV_TENSOR_MODE.call(trace.input("i64[3]"), trace.input("i64[3]"), null));
    }

    @Test
    void comparisonsAndLogicAreBool() {
        assertType("bool[2, 3]", trace.input("i64[3]").lt(trace.input("f32[2, 1]")));
        assertType("bool[3]", trace.input("f32[3]").ge(0.5));
        assertType("bool[3]", trace.input("f32[3]").isnan());
        assertType("bool[3]", trace.input("f32[3]").logicalAnd(trace.input("bool[3]")));
        assertType("bool[3]", trace.input("i32[3]").logicalNot());
    }

    @Test
    void sumsOfIntegersAreLong() {
        assertType("i64[]", trace.input("bool[2, 3]").sum());
        assertType("i64[2]", trace.input("i32[2, 3]").sum(1));
        assertType("f64[2]", trace.input("f64[2, 3]").sum(1));
    }

    @Test
    void aNumberInWhereDoesNotWiden() {
        Tensor mask = trace.input("bool[3]");
        assertType("f64[3]", Tensor.where(mask, trace.input("f64[3]"), 0));
        assertType("f32[3]", Tensor.where(mask, 1.5, trace.input("i64[3]")));
        assertType("i32[3]", Tensor.where(mask, trace.input("i32[3]"), 0));
        assertType("i64[3]", Tensor.where(mask, trace.input("bool[3]"), 0));
        assertType("f32[2, 3]", Tensor.where(mask, trace.input("f32[2, 1]"), trace.input("i64[]")));
    }

    @Test
    void clampPromotesWithItsBounds() {
        assertType("i64[3]", trace.input("i64[3]").clamp(0, 5));
        assertType("f32[3]", trace.input("i64[3]").clampMin(0.5));
        assertType("f64[3]", trace.input("f64[3]").clampMax(1));
        assertMistake(Kind.DTYPE, "clamp: self must be a tensor of numbers, not bool[3]; convert it with .to(DType.F32)",
                () -> trace.input("bool[3]").clamp(0, 1));
        assertMistake(Kind.ARGUMENT, "clamp: give min, max, or both", () -> trace.input("f32[3]").clamp((Number) null, null));
    }

    @Test
    void conversionsSayTheirType() {
        assertType("i64[batch]", trace.input("f32[batch]").to(DType.I64));
        Tensor x = trace.input("f32[batch]");
        assertEquals(x, x.to(DType.F32));
    }

    @Test
    void typesThatAnOperatorDoesNotTake() {
        assertMistake(Kind.DTYPE, "gelu: self must be a floating-point tensor, not i64[3]; convert it with .to(DType.F32)",
                () -> trace.input("i64[3]").gelu());
        assertMistake(Kind.DTYPE, "neg: self must be a tensor of numbers, not bool[3]; convert it with .to(DType.F32)",
                () -> trace.input("bool[3]").neg());
        assertMistake(Kind.DTYPE, "bitwiseAnd: other must be a tensor of integers or booleans, not f32[3]; convert it with .to(DType.I64)",
                () -> trace.input("i64[3]").bitwiseAnd(trace.input("f32[3]")));
        assertMistake(Kind.DTYPE, "sub: booleans cannot be subtracted; use logicalXor, or logicalNot to invert a mask",
                () -> trace.input("bool[3]").sub(trace.input("bool[3]")));
        assertMistake(Kind.DTYPE, "where: condition must be a bool tensor, not f32[3]; convert it with .to(DType.BOOL)",
                () -> Tensor.where(trace.input("f32[3]"), 1, trace.input("f32[3]")));
        assertMistake(Kind.DTYPE, "maskedFill: the value 0.5 does not fit into i64[3]; convert self with .to(DType.F32)",
                () -> trace.input("i64[3]").maskedFill(trace.input("bool[3]"), 0.5));
        assertMistake(Kind.ARGUMENT, "pow: integers have no power -1; convert self, which is i64[3], with .to(DType.F32)",
                () -> trace.input("i64[3]").pow(-1));
        assertMistake(Kind.ARGUMENT, "add: alpha must be an integer for i64[3], not 0.5; convert self with .to(DType.F32)",
                () -> BinaryOperators.ADD_SCALAR.call(trace.input("i64[3]"), 1, 0.5));
        assertMistake(Kind.DTYPE, "remainder: booleans cannot be divided so; convert self with .to(DType.I64)",
                () -> trace.input("bool[3]").remainder(trace.input("bool[3]")));
        assertMistake(Kind.ARGUMENT, "gelu: approximate must be \"none\" or \"tanh\", not \"erf\"",
                () -> UnaryOperators.GELU.call(trace.input("f32[3]"), "erf"));
    }
}
