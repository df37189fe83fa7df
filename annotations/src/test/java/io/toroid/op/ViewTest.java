package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static io.toroid.op.Traced.assertTypes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ViewTest {

    private final Traced trace = new Traced();
    private final Tensor hidden = trace.input("f32[batch, tokens, 384]");

    @Test
    void viewWorksOutOneSize() {
        assertType("f32[2, 6]", trace.input("f32[3, 4]").view(2, -1));
        assertType("f32[batch*tokens, 384]", hidden.view(-1, 384));
        assertType("f32[batch*tokens, 12, 32]", hidden.reshape(-1, 12, 32));
        assertType("f32[tokens, batch, 384]", hidden.reshape(trace.tokens, trace.batch, Size.of(-1)));
        assertType("f32[batch, 384*tokens]", hidden.reshape(trace.batch, Size.of(-1)));
        assertType("f32[]", trace.input("f32[1, 1]").view());
        assertType("f32[0, 3]", trace.input("f32[0]").view(-1, 3));
        assertEquals(List.of(), trace.checks());
    }

    @Test
    void whatCannotBeProvedIsChecked() {
        assertType("f32[batch//4, 4]", trace.input("f32[batch]").view(-1, 4));
        assertType("f32[batch, 3]", trace.input("f32[tokens, 3]").reshape(Shape.of(trace.batch, Size.of(3))));
        assertEquals(List.of("batch%4 == 0", "3*tokens == 3*batch"), trace.checks());
    }

    @Test
    void viewMistakes() {
        assertMistake(Kind.SHAPE, "view: f32[8, 8] holds 64 elements, the sizes [4, 8] need 32; the products must be equal "
                + "(write one size as -1 to have it worked out)", () -> trace.input("f32[8, 8]").reshape(4, 8));
        assertMistake(Kind.SHAPE, "view: 64 elements, as in f32[8, 8], are not a multiple of 5, so the size written -1 in [5, -1] "
                + "does not exist", () -> trace.input("f32[8, 8]").view(5, -1));
        assertMistake(Kind.ARGUMENT, "view: only one size of [-1, -1] may be -1", () -> trace.input("f32[8, 8]").view(-1, -1));
        assertMistake(Kind.ARGUMENT, "view: a size cannot be -2; -1 stands for the one to be worked out",
                () -> trace.input("f32[8, 8]").view(-2, 32));
        assertMistake(Kind.SHAPE, "view: beside a size of 0 the one written -1 could be anything; give it as a number",
                () -> trace.input("f32[0]").view(0, -1));
    }

    @Test
    void flattenAndUnflatten() {
        assertType("f32[384*batch*tokens]", hidden.flatten());
        assertType("f32[batch, 384*tokens]", hidden.flatten(1));
        assertType("f32[batch*tokens, 384]", hidden.flatten(0, -2));
        assertType("f32[1]", trace.input("f32[]").flatten());
        assertSame(hidden, hidden.flatten(1, 1));
        assertType("f32[batch, tokens, 12, 32]", hidden.unflatten(-1, 12, -1));
        assertType("f32[2, 3, 4]", trace.input("f32[6, 4]").unflatten(0, 2, 3));
        assertMistake(Kind.SHAPE, "unflatten: the sizes [5, 7] multiply to 35, but dimension -1 of f32[batch, tokens, 384] has size 384",
                () -> hidden.unflatten(-1, 5, 7));
        assertMistake(Kind.SHAPE, "unflatten: dimension 2 of f32[batch, tokens, 384], 384, is not a multiple of the 5 that the sizes "
                + "[5, -1] leave for -1", () -> hidden.unflatten(-1, 5, -1));
        assertMistake(Kind.ARGUMENT, "flatten: dimension 2 of f32[batch, tokens, 384] does not come before dimension 0",
                () -> hidden.flatten(2, 0));
    }

    @Test
    void dimensionsInAnotherOrder() {
        assertType("f32[384, batch, tokens]", hidden.permute(2, 0, 1));
        assertType("f32[batch, 384, tokens]", hidden.transpose(1, -1));
        assertType("f32[64, 10]", trace.input("f32[10, 64]").t());
        assertType("f32[7]", trace.input("f32[7]").t());
        assertMistake(Kind.ARGUMENT, "permute: the order [0] must name each of the 0 dimensions of f32[] once", () -> trace.input("f32[]").permute(0));
        assertMistake(Kind.ARGUMENT, "permute: the order [0, 1] must name each of the 3 dimensions of f32[batch, tokens, 384] once",
                () -> hidden.permute(0, 1));
        assertMistake(Kind.ARGUMENT, "permute: the order [0, 1, -2] must name each of the 3 dimensions of f32[batch, tokens, 384] once",
                () -> hidden.permute(0, 1, -2));
        assertMistake(Kind.SHAPE, "t: takes a matrix, not f32[batch, tokens, 384]; name the dimensions: .transpose(-2, -1)", hidden::t);
    }

    @Test
    void dimensionsOfSizeOne() {
        Tensor x = trace.input("f32[1, batch, 1, 3]");
        assertType("f32[batch, 3]", x.squeeze());
        assertType("f32[batch, 1, 3]", x.squeeze(0));
        assertType("f32[1, batch, 3]", x.squeeze(-2, 3, 1));
        assertType("f32[1, batch, 1, 3]", x.squeeze(1));
        assertType("f32[1, batch, 1, 3, 1]", x.unsqueeze(-1));
        assertType("f32[batch, 1, tokens, 384]", hidden.unsqueeze(1));
        assertMistake(Kind.SHAPE, "unsqueeze: a new dimension of f32[batch, tokens, 384] can stand at -4 to 3, not at 4",
                () -> hidden.unsqueeze(4));
    }

    @Test
    void expandRepeats() {
        Tensor row = trace.input("f32[1, 3]");
        assertType("f32[5, 3]", row.expand(5, -1));
        assertType("f32[2, 5, 3]", row.expand(2, 5, 3));
        assertType("f32[batch, tokens, 3]", row.expand(Shape.of(trace.batch, trace.tokens, Size.of(3))));
        assertMistake(Kind.SHAPE, "expand: f32[1, 3] cannot be expanded to [5, 4]: its dimension 1 has size 3, not 1 or 4",
                () -> row.expand(5, 4));
        assertMistake(Kind.SHAPE, "expand: f32[1, 3] has more dimensions than [3]", () -> row.expand(3));
        assertMistake(Kind.ARGUMENT, "expand: dimension 0 of [-1, 1, 3] is new, so its size cannot be -1 (keep)",
                () -> row.expand(-1, 1, 3));
    }

    @Test
    void select() {
        assertType("f32[batch, 384]", hidden.select(1, 0));
        assertType("f32[batch, 384]", hidden.select(1, -1));
        assertType("f32[batch, tokens]", hidden.select(-1, 383));
        assertEquals(List.of(), trace.checks());
        assertEquals("tokens - 1", ViewOperators.selectedIndex(((Call) hidden.select(1, -1).origin()).arguments()).toString());
        hidden.select(1, 4);
        assertEquals(List.of("4 < tokens"), trace.checks());
        assertMistake(Kind.SHAPE, "select: index 384 is out of range for dimension 2 of f32[batch, tokens, 384], whose size is 384",
                () -> hidden.select(-1, 384));
        assertMistake(Kind.SHAPE, "select: index -4 is out of range for dimension 0 of f32[3], whose size is 3",
                () -> trace.input("f32[3]").select(0, -4));
    }

    @Test
    void splitAndChunk() {
        assertTypes("f32[batch, 4] f32[batch, 4] f32[batch, 2]", trace.input("f32[batch, 10]").split(4, -1));
        assertTypes("f32[4] f32[4] f32[2]", trace.input("f32[10]").chunk(3, 0));
        assertTypes("f32[0]", trace.input("f32[0]").split(3, 0));
        assertMistake(Kind.SHAPE, "split: dimension 1 of f32[batch, tokens, 384] is dynamic, so the number of parts is not known; "
                + "use slice with sizes", () -> hidden.split(2, 1));
    }

    @Test
    void joining() {
        assertType("f32[batch, 2*tokens, 384]", Tensor.cat(1, hidden, hidden));
        assertType("f32[batch + tokens, 3]", Tensor.cat(0, trace.input("f32[batch, 3]"), trace.input("f32[tokens, 3]")));
        assertType("f64[5]", Tensor.cat(-1, trace.input("i64[2]"), trace.input("f64[3]")));
        assertType("f32[2, 3]", Tensor.cat(0, trace.input("f32[0]"), trace.input("f32[2, 3]")));
        assertType("f32[batch, tokens, 2, 384]", Tensor.stack(-2, hidden, hidden));
        assertType("i64[2]", Tensor.stack(0, trace.input("i64[]"), trace.input("i64[]")));
        assertMistake(Kind.SHAPE, "cat: f32[2, 3] and f32[2, 4] differ at dimension 1, 3 and 4; only dimension 0, along which they "
                + "are joined, may differ", () -> Tensor.cat(0, trace.input("f32[2, 3]"), trace.input("f32[2, 4]")));
        assertMistake(Kind.SHAPE, "cat: f32[2, 3] and f32[3] have 2 and 1 dimensions; all must have the same number",
                () -> Tensor.cat(0, trace.input("f32[2, 3]"), trace.input("f32[3]")));
        assertMistake(Kind.SHAPE, "stack: all tensors must have the same sizes, not f32[2, 3] and f32[2, 4]",
                () -> Tensor.stack(0, trace.input("f32[2, 3]"), trace.input("f32[2, 4]")));
        assertMistake(Kind.ARGUMENT, "cat: takes at least one tensor", () -> Tensor.cat(0, List.of()));
        assertMistake(Kind.SHAPE, "cat: f32[] is a single value and has no dimension to join along; use stack",
                () -> Tensor.cat(0, trace.input("f32[]"), trace.input("f32[]")));
    }

    @Test
    void embeddingTakesIntegers() {
        Tensor table = Tensor.parameter(io.toroid.DType.F32, 100, 16);
        assertType("f32[batch, tokens, 16]", trace.input("i64[batch, tokens]").embedding(table));
        assertType("f32[16]", trace.input("i32[]").embedding(table));
        assertMistake(Kind.DTYPE, "embedding: indices must be a tensor of integers, not f32[batch]; convert it with .to(DType.I64)",
                () -> trace.input("f32[batch]").embedding(table));
    }
}
