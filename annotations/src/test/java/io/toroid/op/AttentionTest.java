package io.toroid.op;

import static io.toroid.op.AttentionOperators.SCALED_DOT_PRODUCT_ATTENTION;
import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.nn.MultiHeadAttention;
import io.toroid.nn.Parameters;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class AttentionTest {

    private static final String HEADS = "f32[batch, 12, tokens, 32]";

    private final Traced trace = new Traced();

    private Tensor attend(String query, String key, String value) {
        return trace.input(query).scaledDotProductAttention(trace.input(key), trace.input(value));
    }

    private Tensor attendMasked(String mask) {
        return trace.input(HEADS).scaledDotProductAttention(
                trace.input(HEADS), trace.input(HEADS), Attention.DEFAULT.mask(trace.input(mask)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f32[5, 8]                  | f32[7, 8]                  | f32[7, 3]                  | f32[5, 3]
            f32[batch, tokens, 8]      | f32[batch, n, 8]           | f32[batch, n, 8]           | f32[batch, tokens, 8]
            f32[batch, 12, tokens, 32] | f32[batch, 12, tokens, 32] | f32[batch, 12, tokens, 16] | f32[batch, 12, tokens, 16]
            f64[2, 5, 8]               | f64[2, 7, 8]               | f64[2, 7, 8]               | f64[2, 5, 8]
            """)
    void theResultHasTheQueriesPositionsAndTheValuesWidth(String query, String key, String value, String expected) {
        assertType(expected, attend(query, key, value));
        assertEquals(List.of(), trace.checks());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bool[batch, 1, 1, tokens]
            bool[tokens, tokens]
            f32[12, tokens, 1]
            f32[batch, 12, tokens, tokens]
            bool[]
            """)
    void masksBroadcastToTheScores(String mask) {
        assertType(HEADS, attendMasked(mask));
        assertEquals(List.of(), trace.checks());
    }

    @Test
    void theScaleIsOneOverTheRootOfTheWidthUnlessGiven() {
        Tensor query = trace.input("f32[5, 16]");
        assertEquals(0.25, scale(query.scaledDotProductAttention(query, query)));
        assertEquals(2.5, scale(query.scaledDotProductAttention(query, query, Attention.DEFAULT.scale(2.5))));
        Tensor dynamic = trace.input("f32[5, n]");
        assertType("f32[5, n]", dynamic.scaledDotProductAttention(dynamic, dynamic, Attention.DEFAULT.scale(1)));
        assertMistake(Kind.ARGUMENT, "scaledDotProductAttention: the width of the queries, n in f32[5, n], is dynamic, "
                + "so the scale must be given", () -> dynamic.scaledDotProductAttention(dynamic, dynamic));
    }

    private static double scale(Tensor attended) {
        return AttentionOperators.scale(((Call) attended.origin()).arguments());
    }

    @Test
    void mistakesOfSizesAndTypes() {
        assertMistake(Kind.SHAPE, "scaledDotProductAttention: queries and keys must have the same width, but query is f32[5, 8] and key is f32[7, 6]",
                () -> attend("f32[5, 8]", "f32[7, 6]", "f32[7, 8]"));
        assertMistake(Kind.SHAPE, "scaledDotProductAttention: there must be one value for each key, but key is f32[7, 8] and value is f32[6, 8]",
                () -> attend("f32[5, 8]", "f32[7, 8]", "f32[6, 8]"));
        assertMistake(Kind.SHAPE, "scaledDotProductAttention: query and key must agree in all but the last two sizes, "
                        + "but they are f32[2, 12, 5, 8] and f32[2, 4, 5, 8]; expand one",
                () -> attend("f32[2, 12, 5, 8]", "f32[2, 4, 5, 8]", "f32[2, 4, 5, 8]"));
        assertMistake(Kind.SHAPE, "scaledDotProductAttention: query and value must agree in all but the last two sizes, "
                        + "but they are f32[2, 5, 8] and f32[5, 8]; expand one",
                () -> attend("f32[2, 5, 8]", "f32[2, 5, 8]", "f32[5, 8]"));
        assertMistake(Kind.SHAPE, "scaledDotProductAttention: query must be [..., positions, width], not f32[8]",
                () -> attend("f32[8]", "f32[8]", "f32[8]"));
        assertMistake(Kind.DTYPE, "scaledDotProductAttention: query must be a floating-point tensor, not i64[5, 8]; convert it with .to(DType.F32)",
                () -> attend("i64[5, 8]", "i64[5, 8]", "i64[5, 8]"));
        assertMistake(Kind.DTYPE, "scaledDotProductAttention: value must have the element type of query, but they are f64[5, 8] and f32[5, 8]; "
                + "convert one with .to(DType.F64)", () -> attend("f32[5, 8]", "f32[5, 8]", "f64[5, 8]"));
    }

    @Test
    void mistakesOfMasks() {
        assertMistake(Kind.SHAPE, "scaledDotProductAttention: attn_mask bool[batch, 7] does not broadcast to the scores "
                        + "[batch, 12, tokens, tokens], [..., queries, keys]; a mask of keys alone is [batch, 1, 1, keys]; they agree for "
                        + "one value only of the dynamic tokens (1 to 512), so write that number in its place if it is meant",
                () -> attendMasked("bool[batch, 7]"));
        assertMistake(Kind.DTYPE, "scaledDotProductAttention: attn_mask must be bool, or added to the scores as f32, "
                + "not i64[batch, 1, 1, tokens]; make it bool with .ne(0)", () -> attendMasked("i64[batch, 1, 1, tokens]"));
        assertMistake(Kind.SHAPE, "scaledDotProductAttention: attn_mask bool[1, 1, 1, 1, 1] does not broadcast to the scores "
                + "[batch, 12, tokens, tokens], [..., queries, keys]; a mask of keys alone is [batch, 1, 1, keys]",
                () -> attendMasked("bool[1, 1, 1, 1, 1]"));
    }

    @Test
    void optionsThatAreNotOffered() {
        Tensor x = trace.input("f32[5, 8]");
        assertMistake(Kind.ARGUMENT, "scaledDotProductAttention: dropout_p must be 0, not 0.1: models are compiled for inference",
                () -> SCALED_DOT_PRODUCT_ATTENTION.call(x, x, x, null, 0.1));
        assertMistake(Kind.ARGUMENT, "scaledDotProductAttention: enable_gqa is not offered; repeat the heads of key and value "
                + "with unsqueeze, expand and flatten", () -> SCALED_DOT_PRODUCT_ATTENTION.call(x, x, x, null, 0.0, false, null, true));
        assertMistake(Kind.ARGUMENT, "scaledDotProductAttention: it is either causal or has a mask; make the mask causal too, or leave it out",
                () -> x.scaledDotProductAttention(x, x, Attention.DEFAULT.causal(true).mask(trace.input("bool[5, 5]"))));
    }

    @Test
    void headsAreALayer() {
        MultiHeadAttention attention = new MultiHeadAttention(384, 12);
        Tensor mask = trace.input("i64[batch, tokens]").ne(0).unsqueeze(1).unsqueeze(1);
        Tensor input = trace.input("f32[batch, tokens, 384]");
        assertType("f32[batch, tokens, 384]", attention.apply(input, Attention.DEFAULT.mask(mask)));
        assertType("f32[batch, n, 384]", attention.apply(trace.input("f32[batch, n, 384]"), input, Attention.DEFAULT));
        assertEquals(List.of(), trace.checks());
        assertEquals("[query.weight, query.bias, key.weight, key.bias, value.weight, value.bias, output.weight, output.bias]",
                Parameters.named(attention).keySet().toString());
        assertMistake(Kind.ARGUMENT, "MultiHeadAttention: a width of 384 does not divide into 7 heads", () -> new MultiHeadAttention(384, 7));
        assertMistake(Kind.SHAPE, "MultiHeadAttention: input must be [batch, positions, width], not f32[batch, 384]",
                () -> attention.apply(trace.input("f32[batch, 384]")));
    }
}
