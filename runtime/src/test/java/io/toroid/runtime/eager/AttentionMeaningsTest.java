package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Attention;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Attention, by hand where that is easy, else by the formula in single operators. */
@Tag("unit")
class AttentionMeaningsTest {

    private final Eager eager = Eager.of();
    private final Random random = new Random(7);

    private Tensor normal(long... sizes) {
        int count = 1;
        for (long size : sizes) {
            count *= (int) size;
        }
        return eager.tensor(random.doubles(count).map(x -> 2 * x - 1).toArray(), sizes);
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.data().sizes(), actual.data().sizes());
        assertArrayEquals(expected.data().doubles(), actual.data().doubles(), 1e-14);
    }

    @Test
    void equalScoresGiveTheMean() {
        Tensor query = eager.tensor(new float[] {0, 0}, 1, 2);
        Tensor key = eager.tensor(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Tensor value = eager.tensor(new float[] {1, 2, 6}, 3, 1);
        assertArrayEquals(new float[] {3}, query.scaledDotProductAttention(key, value).data().floats());
    }

    /** Scores 0 and ln 3 weigh the values 1 : 3. */
    @Test
    void weightsAreASoftmaxOfTheScaledScores() {
        Tensor query = eager.tensor(new double[] {1, 0, 0, 0}, 1, 4);
        Tensor key = eager.tensor(new double[] {0, 9, 9, 9, 2 * Math.log(3), 9, 9, 9}, 2, 4);
        Tensor value = eager.tensor(new double[] {4, 8}, 2, 1);
        assertArrayEquals(new double[] {7}, query.scaledDotProductAttention(key, value).data().doubles(), 1e-14);
        Tensor key2 = eager.tensor(new double[] {0, 9, 9, 9, Math.log(3), 9, 9, 9}, 2, 4);
        assertArrayEquals(new double[] {7},
                query.scaledDotProductAttention(key2, value, Attention.DEFAULT.scale(1)).data().doubles(), 1e-14);
    }

    @Test
    void itIsTheFormula() {
        Tensor query = normal(2, 3, 5, 4);
        Tensor key = normal(2, 3, 7, 4);
        Tensor value = normal(2, 3, 7, 6);
        Tensor scores = query.matmul(key.transpose(-2, -1)).mul(0.5);
        assertClose(scores.softmax(-1).matmul(value), query.scaledDotProductAttention(key, value));
        Tensor added = normal(2, 1, 1, 7);
        assertClose(scores.add(added).softmax(-1).matmul(value),
                query.scaledDotProductAttention(key, value, Attention.DEFAULT.mask(added)));
    }

    @Test
    void aMaskedKeyDoesNotCount() {
        Tensor query = normal(2, 3, 5, 4);
        Tensor key = normal(2, 3, 4, 4);
        Tensor value = normal(2, 3, 4, 6);
        Tensor mask = eager.tensor(new boolean[] {true, true, true, false}, 4);
        assertClose(query.scaledDotProductAttention(key.slice(2, 0, 3), value.slice(2, 0, 3)),
                query.scaledDotProductAttention(key, value, Attention.DEFAULT.mask(mask)));
    }

    @Test
    void aQueryThatSeesNoKeyGetsZeros() {
        Tensor x = normal(3, 2);
        Tensor mask = eager.tensor(new boolean[] {true, false, true}, 3, 1);
        double[] attended = x.scaledDotProductAttention(x, x, Attention.DEFAULT.mask(mask)).data().doubles();
        assertArrayEquals(new double[] {0, 0}, new double[] {attended[2], attended[3]});
        assertArrayEquals(new double[6], normal(3, 2).scaledDotProductAttention(normal(0, 2), normal(0, 2)).data().doubles());
    }

    @Test
    void causalQueriesSeeNothingBehindThem() {
        Tensor query = normal(2, 3, 4);
        Tensor key = normal(2, 5, 4);
        Tensor value = normal(2, 5, 1);
        Tensor attended = query.scaledDotProductAttention(key, value, Attention.DEFAULT.causal(true));
        for (int position = 0; position < 3; position++) {
            assertClose(query.slice(1, position, position + 1)
                            .scaledDotProductAttention(key.slice(1, 0, position + 1), value.slice(1, 0, position + 1)),
                    attended.slice(1, position, position + 1));
        }
    }

    @Test
    void floatsAreRoundedOnce() {
        Tensor query = normal(5, 4).to(DType.F32);
        Tensor wide = query.to(DType.F64);
        assertArrayEquals(wide.scaledDotProductAttention(wide, wide).to(DType.F32).data().floats(),
                query.scaledDotProductAttention(query, query).data().floats());
    }
}
