package io.toroid.processor.loop.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.LoopText;
import io.toroid.processor.loop.Scalar;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test breaks one rule in the text of a program that is right. */
@Tag("unit")
class LoopVerifierTest {

    private static final String PROGRAM = """
            loops entry
            symbol n: 2 to 64
            input x: f32[n, 8]
            output y: f32[n, 8]
            output s: f32[n]
            intermediate a: f32[n, 8]

            for d0 < n, d1 < 8
              a[d0, d1] = exp(x[d0, d1])

            reduce d0 < n over r1 < 8
              s at [d0] = sum of a[d0, r1]

            for d0 < n, d1 < 8
              y[d0, d1] = a[d0, d1] / s[d0]
            """;

    private static final String PRODUCT = """
            loops entry
            symbol n: 1 to 64
            input x: f32[n, 8]
            output y: f32[n, 5]
            constant w: f32[5, 8]
            intermediate w_panels: f32[1, 8, 16]
            accumulator product: f32[n, 5]

            pack w -> w_panels
              panels of 1, depth 8, columns 5, at 0, batch by 0, rows by 1, columns by 8

            gemm batch (), rows d0 < n, column d1 < 5, depth 8
              left x at 0, rows by 8, columns by 1
              right w_panels at 0, rows by 8, columns by 1, packed
              sums product
              y[d0, d1] = product[d0, d1] + 1.0
            """;

    private static final String IMAGE = """
            loops entry
            symbol n: 1 to 64
            input x: f32[n, 1, 6, 6]
            output y: f32[n, 4, 3, 3]
            constant w_packed: f32[9, 16]
            accumulator sums: f32[n, 4, 3, 3]

            convolution d0 < n, d1 < 4, d2 < 3, d3 < 3
              input x
              weight w_packed
              window kernel 3x3 stride 2x2 padding 1x1 dilation 1x1 groups 1
              sums sums
              y[d0, d1, d2, d3] = sums[d0, d1, d2, d3]
            """;

    private static final String UPSAMPLED = """
            loops entry
            symbol n: 1 to 64
            input x: f32[n, 6, 1]
            output y: f32[n, 4, 2]
            constant w_packed: f32[24, 16]
            accumulator sums: f32[n, 4, 2]

            convolution d0 < n, d1 < 4, d2 < 2
              input x
              weight w_packed
              window kernel 4 stride 2 padding 1 dilation 1 groups 1 transposed
              sums sums
              y[d0, d1, d2] = sums[d0, d1, d2]
            """;

    private static void assertProblems(String program, String from, String to, String... problems) {
        assertTrue(program.contains(from), from);
        LoopProgram broken = LoopText.parse(program.replace(from, to));
        String message = assertThrows(IllegalStateException.class, () -> LoopVerifier.verifyFinal(broken)).getMessage();
        List<String> lines = message.lines().toList();
        assertEquals("loops entry are malformed:", lines.getFirst());
        assertEquals(List.of(problems), lines.subList(1, lines.indexOf("loops entry")));
    }

    @Test
    void aRightProgramPasses() {
        LoopVerifier.verifyFinal(LoopText.parse(PROGRAM));
        LoopVerifier.verifyFinal(LoopText.parse(PRODUCT));
        LoopVerifier.verifyFinal(LoopText.parse(IMAGE));
        LoopVerifier.verifyFinal(LoopText.parse(UPSAMPLED));
    }

    @Test
    void convolutionsHaveTheSizesOfTheirKernels() {
        assertProblems(UPSAMPLED, "padding 1", "padding 0", "the convolution of [n, 6, 1] has 4 windows in a row, its result is [n, 4, 2] for n = 1");
    }

    @Test
    void whatIsReadIsWrittenBefore() {
        assertProblems(PROGRAM, "exp(x[d0, d1])", "exp(y[d0, d1])", "y is read before it is written");
        assertProblems(PROGRAM, "a[d0, d1] = exp", "y[d0, d1] = exp", "a is read, but nothing writes it");
        assertProblems(PROGRAM, "y[d0, d1] = ", "a[d0, d1] = ",
                "a is read before it is written", "nothing writes the output y");
        assertProblems(PROGRAM, "y[d0, d1] = ", "x[d0, d1] = ", "x is read before it is written", "x is written, though it is of kind INPUT",
                "nothing writes the output y");
    }

    @Test
    void everyElementIsWrittenOnce() {
        assertProblems(PROGRAM, "for d0 < n, d1 < 8\n  y", "for d0 < n, d1 < 7\n  y",
                "y has 16 elements, but 14 are stored for n = 2");
        assertProblems(PROGRAM, "y[d0, d1] =", "y[d0, 0] =", "y[d0, 0] is written twice for n = 2, d0 = 0, d1 = 1");
        assertProblems(PROGRAM, "y[d0, d1] =", "y[d0, (d1 + 1)//2] =", "y[d0, (d1 + 1)//2] is written twice for n = 2, d0 = 0, d1 = 2");
    }

    @Test
    void indicesLieWithinBounds() {
        assertProblems(PROGRAM, "x[d0, d1])", "x[d0, d1 + 1])",
                "x[d0, d1 + 1] is out of bounds: index 8 of dimension 1, which has 8 for n = 2, d0 = 0, d1 = 7");
        assertProblems(PROGRAM, "x[d0, d1])", "x[d0 - 1, d1])",
                "x[d0 - 1, d1] is out of bounds: index -1 of dimension 0, which has 2 for n = 2, d0 = 0, d1 = 0");
        assertProblems(PROGRAM, "x[d0, d1])", "x[d0])", "x[d0] has 1 indices, but x has the shape [n, 8]");
        assertProblems(PROGRAM, "exp(x[d0, d1])", "guarded(0 <= d0 - 1 < n - 1 ? x[d0 + 1, d1] : 0.0)",
                "x[d0 + 1, d1] is out of bounds: index 2 of dimension 0, which has 2 for n = 2, d0 = 1, d1 = 0");
        LoopVerifier.verify(LoopText.parse(PROGRAM.replace(
                "exp(x[d0, d1])", "guarded(0 <= d0 - 1 < n - 1 ? x[d0 - 1, d1] : 0.0)")));
        LoopVerifier.verify(LoopText.parse(PROGRAM.replace("exp(x[d0, d1])", "exp(x[max(d0 - 1, 0), d1])")));
    }

    @Test
    void typesAgree() {
        assertProblems(PROGRAM, "exp(x[d0, d1])", "exp(index(d0))",
                "a of type f32 gets values of type i64", "exp(index(d0)) has an operand of type i64");
        assertProblems(PROGRAM, "exp(x[d0, d1])", "select(x[d0, d1], 1.0, 1)",
                "the condition of select(x[d0, d1], 1.0, 1) has the type f32, not bool",
                "the alternative of select(x[d0, d1], 1.0, 1) has the type i64, not f32");
        assertProblems(PROGRAM, "s at [d0] = sum of a[d0, r1]", "s at [d0] = any of a[d0, r1]", "any has values of type f32");
        assertProblems(PROGRAM, "s at [d0] = sum of a[d0, r1]", "s at [d0] = argmax of a[d0, r1]",
                "s of type f32 gets values of type i64");
        assertProblems(PROGRAM, "s at [d0] = sum of a[d0, r1]", "s at [d0] = welford of a[d0, r1]", "welford has 1 results");
        assertEquals(List.of("the right operand of 1.0 * 2 has the type i64, not f32"), ScalarTypes.problems(new Scalar.Binary(
                DType.F32, BinaryOperation.MULTIPLY, Scalar.literal(DType.F32, 1), Scalar.literal(DType.I64, 2))));
        assertEquals(List.of("1 / 2 has operands of type i64", "1 / 2 has the type f32, not i64"), ScalarTypes.problems(new Scalar.Binary(
                DType.F32, BinaryOperation.DIVIDE, Scalar.literal(DType.I64, 1), Scalar.literal(DType.I64, 2))));
    }

    @Test
    void variablesAreBound() {
        assertProblems(PROGRAM.replace("symbol n: 2 to 64", "symbol n: 2 to 64\nsymbol m: 1 to 4"), "exp(x[d0, d1])", "exp(x[d0, m])",
                "m in m is neither a variable of its loop nor a dimension of an input");
        assertProblems(PROGRAM, "for d0 < n, d1 < 8\n  a", "for d0 < n, d1 < 1, d1 < 8\n  a",
                "two of the variables [d0, d1, d1] have one name");
    }

    @Test
    void operandsOfProductsFitTheTemplate() {
        assertProblems(PRODUCT, "left x at 0, rows by 8, columns by 1", "left x at 0, rows by 1, columns by 8",
                "the left operand x is read at 8, but has 8 elements for n = 1, row = 0, column = 1",
                "the left operand x[0 + row*1 + column*8] is not dense along its rows");
        String copied = PRODUCT.replace("pack w ->", "for d0 < n, d1 < 8\n  x[d0, d1] = in[d0, d1]\n\npack w ->");
        assertProblems(copied, "input x: f32[n, 8]", "input in: f32[n, 8]\nintermediate x: f32[n, 8] strides [1, n]",
                "the left operand x of layout [n, 8] strides [1, n] is read with the stride 8 of row");
        assertProblems(PRODUCT, "left x at 0", "left x at 1",
                "the left operand x is read at 8, but has 8 elements for n = 1, row = 0, column = 7");
        assertProblems(PRODUCT, "y[d0, d1] = product[d0, d1] + 1.0", "y[d0, d1] = product[0, d1] + 1.0",
                "product[0, d1] is not the sum at the variables' place");
        assertProblems(PRODUCT, "columns 5, at 0", "columns 6, at 0",
                "the matrix w is read at 40, but has 40 elements for n = 1, matrix = 0, row = 0, column = 5");
        assertProblems(PRODUCT, "w_panels: f32[1, 8, 16]", "w_panels: f32[1, 2, 16]",
                "the panels w_panels are too small for 40 elements",
                "the panels w_panels of 32 elements do not hold 8 rows of 5");
        assertProblems(PRODUCT, ", packed", "",
                "the right operand w_panels[0 + row*8 + column*1] is not packed");
    }

    @Test
    void imagesFitTheTemplate() {
        assertProblems(IMAGE, "stride 2x2", "stride 1x1",
                "the convolution of [n, 1, 6, 6] has 6 windows in a row, its result is [n, 4, 3, 3] for n = 1");
        assertProblems(IMAGE, "f32[n, 1, 6, 6]", "f32[n, 2, 6, 6]",
                "the convolution of [n, 2, 6, 6] in 1 groups has a weight of shape [9, 16]",
                "the image x of a convolution has the layout [n, 2, 6, 6]");
    }
}
