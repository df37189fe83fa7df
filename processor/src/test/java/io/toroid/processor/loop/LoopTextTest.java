package io.toroid.processor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.processor.loop.verify.LoopVerifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class LoopTextTest {

    private static final String EVERY_LOOP = """
            loops all
            symbol n: 1 to 64
            symbol m: at least 8, a multiple of 8
            input x: f32[n, 3, 8, m]
            input y: f32[4, n, 8]
            input z: f32[4, 8, m]
            output out: f32[n, 16, 8, m]
            output best: i64[n]
            output product: f32[4, n, m]
            intermediate x_channels_last: f32[n, 3, 8, m] strides [24*m, 1, 3*m, 3]
            constant w: f32[16, 3, 3, 3]
            intermediate w_packed: f32[27, 16]
            constant bias: f32[16]
            accumulator convolution_0: f32[n, 16, 8, m] strides [128*m, 1, 16*m, 16]
            intermediate z_panels: f32[4, 8, 16*((m + 15)//16)]
            accumulator product_0: f32[4, n, m]
            intermediate mean_0: f32[]
            intermediate squares_0: f32[]

            for d0 < n, d1 < 3, d2 < 8, d3 < m  // convolution at Model.java:12
              x_channels_last[d0, d1, d2, d3] = x[d0, d1, d2, d3]

            pack w -> w_packed  // convolution
              filters of kernel 3x3 stride 1x1 padding 1x1 dilation 1x1 groups 1 in 3 out 16

            convolution d0 < n, d1 < 16, d2 < 8, d3 < m  // convolution, relu at Model.java:12, Model.java:13
              input x_channels_last
              weight w_packed
              window kernel 3x3 stride 1x1 padding 1x1 dilation 1x1 groups 1
              sums convolution_0
              out[d0, d1, d2, d3] = maximum(convolution_0[d0, d1, d2, d3] + bias[d1], 0.0)

            pack z -> z_panels
              panels of 4, depth 8, columns m, at 0, batch by 8*m, rows by m, columns by 1

            gemm batch d0 < 4, rows d1 < n, column d2 < m, depth 8  // bmm
              left y at 8*d0*n, rows by 8, columns by 1
              right z_panels at d0, rows by 8, columns by 1, packed
              sums product_0
              product[d0, d1, d2] = product_0[d0, d1, d2]

            reduce d0 < n over r1 < 3, r2 < 8, r3 < m  // argmax at Model.java:20
              best at [d0] = argmax of x[d0, r1, r2, r3]

            reduce () over r0 < 16  // var
              mean_0, squares_0 at [] = welford of bias[r0]
            """;

    private static final String ATTENTION_AND_EXTERN = """
            loops more
            symbol n: 1 to 64
            input x: f32[2, n, 96]
            input seen: f32[2, n]
            output out: f32[2, 4, n, 8]
            output values: f32[2, n, 96]
            output indices: i64[2, n, 96]
            accumulator attention_0: f32[2, 4, n, 8]

            attention d0 < 2, d1 < 4, d2 < n, d3 < 8, position p < n, depth 8, scale 0.3535533905932738  // attention at Model.java:12
              query x at 0, batch by 96*n, heads by 8, tokens by 96
              key x at 32, batch by 96*n, heads by 8, tokens by 96
              value x at 64, batch by 96*n, heads by 8, tokens by 96
              mask seen[d0, p]
              sums attention_0
              out[d0, d1, d2, d3] = maximum(attention_0[d0, d1, d2, d3], 0.0)

            extern sort from toroid/sort.h  // sort at Model.java:13
              run
              in x
              extent 2*n
              extent 96
              number true
              number -0.5
              name Order::kStable
              out values
              out indices
            """;

    @ParameterizedTest
    @ValueSource(strings = {EVERY_LOOP, ATTENTION_AND_EXTERN})
    void everyKindOfLoopReadsBack(String text) {
        LoopProgram program = LoopText.parse(text);
        assertEquals(text, program.toString());
        LoopVerifier.verifyFinal(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "x[d0] + x[d0] * 0.5 - 1.0",
        "x[d0] - (x[d0] - -1.0E-5)",
        "(x[d0] + 1.0) * (x[d0] / (x[d0] * 2.0))",
        "minimum(pow(x[d0], 2.0), negate(x[-d0 + n - 1]))",
        "select((x[d0] < 0.0) & not(x[d0] == inf), nan, -inf)",
        "guarded(0 <= d0 - 1 < n and 0 <= 2*d0 < n + 1 ? x[d0 - 1] : 0.0)",
        "guarded(0 <= d0 < min(n, 5) ? guarded(0 <= d0 + 1 < n ? x[d0 + 1] : -1.0) : 1.0)",
        "f32(index(d0*n + 3) * 7 + i64(5:i32))",
        "f32(f64(x[d0]) * 1.5:f64 + nan:f64)",
        "gather(w[0, d0], 0 is \"indices\" i[d0] + 1, \"embedding\")",
        "gather(w[0, 0], 0 wraps \"indices[0]\" i[d0], 1 wraps \"\" i[d0] + 1, \"index\")",
        "f32(true | false)",
        "round_half_even(x[d0])",
    })
    void everyKindOfScalarReadsBack(String scalar) {
        String text = """
                loops one
                symbol n: 1 to 8
                input x: f32[n]
                input i: i64[n]
                input w: f32[9, 9]
                output y: f32[n]

                for d0 < n
                  y[d0] = %s
                """.formatted(scalar);
        assertEquals(text, LoopText.parse(text).toString());
    }

    @Test
    void mistakesInTheTextNameTheLine() {
        assertMistake("line 2, \"nonsense\": not a line of loops", "loops a\nnonsense");
        assertMistake("line 4, \"for d0 < 3\": column 6: a buffer, not z is expected",
                "loops a\ninput x: f32[3]\noutput y: f32[3]\nfor d0 < 3\n  y[d0] = exp(z[d0])");
        assertMistake("line 3, \"for d0 < 3\": column 10: \")\" is expected",
                "input x: f32[3]\noutput y: f32[3]\nfor d0 < 3\n  y[d0] = exp(x[d0]");
        assertMistake("line 3, \"for d0 < 3\": column 4: a function, not ex is expected",
                "input x: f32[3]\noutput y: f32[3]\nfor d0 < 3\n  y[d0] = ex(x[d0])");
        assertMistake("line 3, \"for d0 < 3\": the dimension 'k' is not declared; declared are: []",
                "input x: f32[3]\noutput y: f32[3]\nfor d0 < 3\n  y[d0] = x[k]");
    }

    private static void assertMistake(String message, String text) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> LoopText.parse(text)).getMessage());
    }
}
