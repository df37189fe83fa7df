package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.TensorData;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.processor.compiled.Operands;
import io.toroid.runtime.ToroidException;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a compiled model says of sizes that its entries do not take: bound dimensions, multiples, and relations that were assumed. */
@Tag("native")
class CallChecksTest {

    /** The largest size of a dimension that states none. */
    private static final long MANY = Integer.MAX_VALUE;

    private static final List<GraphCase> CASES = List.of(
            GraphCase.of("scaled", "f32[2*k]", x -> x.get(0).view(-1, 8).sum(1)).dim("k", 4).range("k", 4, 64, 4),
            GraphCase.of("shifted", "f32[k + 1]", x -> x.get(0).exp()).dim("k", 4).range("k", 4, 64, 4),
            GraphCase.of("lessened", "f32[2*k - 3]", x -> x.get(0).exp()).dim("k", 4).range("k", 4, 64, 1),
            GraphCase.of("outputs", "f32[a], f32[b], f32[c]", CallChecksTest::outer).dim("a", 4).dim("b", 4).dim("c", 4)
                    .range("a", 1, MANY, 1).range("b", 1, MANY, 1).range("c", 1, MANY, 1),
            GraphCase.of("flat", "f32[a], f32[b], f32[c]", x -> outer(x).view(-1)).dim("a", 4).dim("b", 4).dim("c", 4)
                    .range("a", 1, MANY, 1).range("b", 1, MANY, 1).range("c", 1, MANY, 1),
            GraphCase.of("inside", "f32[a], f32[b], f32[c]", x -> outer(x).softmax(2).softmax(1).sum(1).sum(1)).dim("a", 4).dim("b", 4).dim("c", 4)
                    .range("a", 1, MANY, 1).range("b", 1, MANY, 1).range("c", 1, MANY, 1),
            GraphCase.of("product", "f32[a], f32[b], f32[c], f32[a*b*c]", x -> outer(x).view(-1).add(x.get(3))).dim("a", 4).dim("b", 4).dim("c", 4)
                    .range("a", 1, MANY, 1).range("b", 1, MANY, 1).range("c", 1, MANY, 1),
            GraphCase.of("late", "f32[p + q], f32[2*p], f32[q]", x -> x.get(0).sum().add(x.get(1).sum()).add(x.get(2))).dim("p", 4).dim("q", 1),
            GraphCase.of("assumed", "f32[n, 4], f32[s]", x -> x.get(0).view(new Shape(List.of(Size.of(-1), x.size("s")))).sum(0))
                    .dim("n", 4).dim("s", 2).range("s", 0, 100, 1));

    @TempDir
    private static Path directory;

    private static NativeModel model;

    @BeforeAll
    static void load() {
        model = NativeModel.of(new Batch("io.toroid.test.Checks", CASES), directory, /* threads= */ 1);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theMultipleOfADimensionHoldsInScaledSizesToo() {
        assertEquals(List.of(2L), sizes("scaled", new long[] {16}));
        assertRefused("io.toroid.test.Checks.scaled: input 0 'in0' must be f32[2*k] but is f32[10]: axis 0 (2*k) is 10 and must be a multiple of 8",
                "scaled", new long[] {10});
    }

    @Test
    void theMultipleOfADimensionHoldsInShiftedSizesToo() {
        assertEquals(List.of(9L), sizes("shifted", new long[] {9}));
        assertRefused("io.toroid.test.Checks.shifted: input 0 'in0' must be f32[k + 1] but is f32[6]: axis 0 (k + 1) is 6 and must be 1 more than a multiple of 4",
                "shifted", new long[] {6});
    }

    @Test
    void aSizeMayBeLessThanAMultiple() {
        assertEquals(List.of(5L), sizes("lessened", new long[] {5}));
        assertRefused("io.toroid.test.Checks.lessened: input 0 'in0' must be f32[2*k - 3] but is f32[8]: axis 0 (2*k - 3) is 8 and must be 3 less than a multiple of 2",
                "lessened", new long[] {8});
    }

    @Test
    void aDimensionMayBeBoundByALaterInput() {
        assertEquals(List.of(3L), sizes("late", new long[] {8}, new long[] {10}, new long[] {3}));
        assertRefused("io.toroid.test.Checks.late: input 0 'in0' must be f32[p + q] but is f32[9]: axis 0 is 9 instead of p + q = 8",
                "late", new long[] {9}, new long[] {10}, new long[] {3});
    }

    @Test
    void aRelationThatWasAssumedIsQuotedAsItIs() {
        assertEquals(List.of(8L), sizes("assumed", new long[] {4, 4}, new long[] {8}));
        assertRefused("io.toroid.test.Checks.assumed: view: 4*n elements, as in f32[n, 4], are not a multiple of s, so the size written -1 in [-1, s] does not exist: (4*n)%s must equal 0, but they are 1 and 0 (CallChecksTest.java:45)",
                "assumed", new long[] {4, 4}, new long[] {3});
    }

    /** A division by zero would end the process. */
    @Test
    void aSizeMayBeDividedByADimensionThatIsZero() {
        assertRefused("io.toroid.test.Checks.assumed: view: 4*n elements, as in f32[n, 4], are not a multiple of s, so the size written -1 in [-1, s] does not exist: (4*n)%s must equal 0, but they are 16 and 0 (CallChecksTest.java:45)",
                "assumed", new long[] {4, 4}, new long[] {0});
    }

    // ---- sizes whose product is more than a number can say: 2^22 floats three times, of which 2^66 remain 0 in 64 bits

    @Test
    void outputsThatAreTooLargeAreRefused() {
        assertEquals(List.of(2L, 3L, 4L), sizes("outputs", new long[] {2}, new long[] {3}, new long[] {4}));
        assertRefused("io.toroid.test.Checks.outputs: output 0 'out0' would have the sizes [4194304, 4194304, 4194304], which is more than can be counted",
                "outputs", LARGE, LARGE, LARGE);
    }

    @Test
    void aSizeThatIsTooLargeIsRefused() {
        assertEquals(List.of(24L), sizes("flat", new long[] {2}, new long[] {3}, new long[] {4}));
        assertRefused("io.toroid.test.Checks.flat: output 0 'out0' would have the sizes [9223372036854775807], which is more than can be counted",
                "flat", LARGE, LARGE, LARGE);
    }

    @Test
    void intermediateResultsThatAreTooLargeAreRefused() {
        assertEquals(List.of(2L), sizes("inside", new long[] {2}, new long[] {3}, new long[] {4}));
        assertRefused("io.toroid.test.Checks.inside: out of memory: intermediate results need more than 9223372036854775807 bytes",
                "inside", LARGE, LARGE, LARGE);
    }

    @Test
    void anInputIsNotTakenForTheRestOfAProduct() {
        assertEquals(List.of(24L), sizes("product", new long[] {2}, new long[] {3}, new long[] {4}, new long[] {24}));
        assertRefused("io.toroid.test.Checks.product: input 3 'in3' must be f32[a*b*c] but is f32[0]: axis 0 is 0 instead of a*b*c of at least 9223372036854775807",
                "product", LARGE, LARGE, LARGE, new long[] {0});
    }

    private static final long[] LARGE = {1 << 22};

    private static Tensor outer(Operands x) {
        return x.get(0).view(-1, 1, 1).mul(x.get(1).view(-1, 1)).mul(x.get(2));
    }

    private static void assertRefused(String message, String name, long[]... sizes) {
        assertEquals(message, assertThrows(ToroidException.class, () -> sizes(name, sizes)).getMessage());
    }

    /** Runs a case on zeros; the sizes of its output. */
    private static List<Long> sizes(String name, long[]... sizes) {
        int entry = IntStream.range(0, CASES.size()).filter(i -> CASES.get(i).name().equals(name)).findFirst().orElseThrow();
        List<TensorData> inputs = List.of(sizes).stream()
                .map(size -> new TensorData(DType.F32, size, new float[(int) LongStream.of(size).reduce(1, Math::multiplyExact)])).toList();
        return LongStream.of(model.run(entry, inputs).getFirst().sizes()).boxed().toList();
    }
}
