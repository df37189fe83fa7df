package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Generator;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.RandomOperators;
import io.toroid.shape.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random numbers: known answers, and that they are spread as they should be, for seeds that do not change. */
@Tag("unit")
class RandomMeaningsTest {

    private static final int COUNT = 100_000;
    private static final Shape LINE = Shape.of(COUNT);

    private final Eager eager = Eager.of();

    private Generator generator(long seed) {
        return Generator.of(eager.tensor(new long[] {seed}));
    }

    private static double[] values(Tensor tensor) {
        return Elements.doubles(tensor.data());
    }

    @Test
    void philoxGivesTheKnownAnswersOfItsAuthors() {
        assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, Philox.block(new int[4], new int[2]));
        assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                Philox.block(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}));
        assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
                Philox.block(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, new int[] {0xa4093822, 0x299f31d0}));
    }

    @Test
    void aSeedGivesTheSameNumbersAndAnotherOneOthers() {
        float[] numbers = generator(7).rand(5).data().floats();
        assertArrayEquals(numbers, generator(7).rand(5).data().floats());
        assertNotEquals(numbers[0], generator(8).rand(5).data().floats()[0]);
        Generator twice = generator(7);
        assertArrayEquals(numbers, twice.rand(5).data().floats());
        assertNotEquals(numbers[0], twice.rand(5).data().floats()[0]);
    }

    @Test
    void forksDrawNumbersOfTheirOwn() {
        float first = generator(7).fork(eager.tensor(new long[] {0})).rand(1).data().floats()[0];
        assertEquals(first, generator(7).fork(eager.tensor(new long[] {0})).rand(1).data().floats()[0]);
        assertNotEquals(first, generator(7).fork(eager.tensor(new long[] {1})).rand(1).data().floats()[0]);
        assertNotEquals(first, generator(7).rand(1).data().floats()[0]);
    }

    @Test
    void uniformNumbersFillTheRangeEvenly() {
        for (DType dtype : new DType[] {DType.F32, DType.F64, DType.F16, DType.BF16}) {
            double[] values = values(generator(1).rand(LINE, dtype));
            assertTrue(Arrays.stream(values).allMatch(x -> x >= 0 && x < 1), dtype.text());
            assertEven(IntStream.range(0, 16).mapToLong(bin -> Arrays.stream(values).filter(x -> (int) (x * 16) == bin).count()).toArray());
        }
    }

    /** Chi-squared of 15 degrees of freedom exceeds 37.7 once in a thousand times. */
    private static void assertEven(long[] counts) {
        double expected = (double) COUNT / counts.length;
        double distance = Arrays.stream(counts).mapToDouble(count -> (count - expected) * (count - expected) / expected).sum();
        assertTrue(distance < 37.7, Arrays.toString(counts));
    }

    @Test
    void neighboursAndDrawsAreNotCorrelated() {
        Generator random = generator(2);
        double[] first = values(random.rand(LINE, DType.F32));
        double[] second = values(random.rand(LINE, DType.F32));
        assertEquals(0, correlation(i -> first[(int) i], i -> first[((int) i + 1) % COUNT]), 0.015);
        assertEquals(0, correlation(i -> first[(int) i], i -> second[(int) i]), 0.015);
    }

    private static double correlation(DoubleUnaryOperator left, DoubleUnaryOperator right) {
        return IntStream.range(0, COUNT).mapToDouble(i -> (left.applyAsDouble(i) - 0.5) * (right.applyAsDouble(i) - 0.5)).sum() * 12 / COUNT;
    }

    @Test
    void normalNumbersHaveTheMomentsOfTheDistribution() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            double[] values = values(generator(3).randn(LINE, dtype));
            assertEquals(0, mean(values, x -> x), 0.015, dtype.text());
            assertEquals(1, mean(values, x -> x * x), 0.025, dtype.text());
            assertEquals(0, mean(values, x -> x * x * x), 0.06, dtype.text());
            assertEquals(3, mean(values, x -> x * x * x * x), 0.15, dtype.text());
            assertEquals(0.1587, mean(values, x -> x > 1 ? 1 : 0), 0.006, dtype.text());
        }
        double[] moved = values(generator(3).normal(5, 0.5, LINE));
        assertEquals(5, mean(moved, x -> x), 0.01);
        assertEquals(0.25, mean(moved, x -> (x - 5) * (x - 5)), 0.01);
    }

    private static double mean(double[] values, DoubleUnaryOperator function) {
        return Arrays.stream(values).map(function).average().orElseThrow();
    }

    @Test
    void integersAreEven() {
        long[] values = generator(4).randint(-8, 8, LINE, DType.I64).data().longs();
        assertEven(IntStream.range(-8, 8).mapToLong(n -> Arrays.stream(values).filter(x -> x == n).count()).toArray());
    }

    @Test
    void permutationsHoldEveryNumberAndPutEachAnywhere() {
        Generator random = generator(5);
        long[] order = random.randperm(1000).data().longs();
        assertArrayEquals(IntStream.range(0, 1000).asLongStream().toArray(), Arrays.stream(order).sorted().toArray());
        long[] firsts = IntStream.range(0, 6000).mapToLong(_ -> random.randperm(3).data().longs()[0]).toArray();
        for (int n = 0; n < 3; n++) {
            int wanted = n;
            assertEquals(2000, Arrays.stream(firsts).filter(first -> first == wanted).count(), 150.0);
        }
    }

    @Test
    void choicesHaveTheirProbabilities() {
        Generator random = generator(6);
        assertEquals(0.3, mean(values(random.bernoulli(0.3, LINE)), x -> x), 0.008);
        assertEquals(0.9, mean(values(random.bernoulli(eager.tensor(new float[] {0.9f}).expand(COUNT))), x -> x), 0.005);
        double[] dropped = values(random.dropout(eager.tensor(new float[] {2}).expand(COUNT), 0.75));
        assertEquals(2, mean(dropped, x -> x), 0.06);
        assertTrue(Arrays.stream(dropped).allMatch(x -> x == 0 || x == 8));
    }

    @Test
    void indicesAreDrawnByTheirWeights() {
        Generator random = generator(7);
        Tensor weights = eager.tensor(new float[] {1, 0, 3, 4}, 4);
        double[] drawn = values(random.multinomial(weights, COUNT, true));
        double[] shares = {0.125, 0, 0.375, 0.5};
        for (int i = 0; i < 4; i++) {
            int wanted = i;
            assertEquals(shares[i], mean(drawn, x -> x == wanted ? 1 : 0), shares[i] == 0 ? 0 : 0.01);
        }
        long[] firsts = random.multinomial(weights.expand(20_000, 4), 3, false).data().longs();
        int[] first = IntStream.range(0, 20_000).map(row -> (int) firsts[3 * row]).toArray();
        for (int i = 0; i < 4; i++) {
            int wanted = i;
            assertEquals(shares[i], Arrays.stream(first).filter(x -> x == wanted).count() / 20_000.0, shares[i] == 0 ? 0 : 0.015);
        }
        assertArrayEquals(new long[] {0, 2, 3}, Arrays.stream(firsts, 0, 3).sorted().toArray());
    }

    /** The first uniform number of the key is zero. */
    @Test
    void whoWaitsNoTimeIsDrawnByItsWeight() {
        Tensor key = eager.tensor(new long[] {9_829_682});
        assertEquals(0, RandomOperators.RAND.call(List.of(2), key, DType.F32).data().floats()[0]);
        assertArrayEquals(new long[] {0}, first(key, 1, 0));
        assertArrayEquals(new long[] {1}, first(key, 0, 1));
        assertArrayEquals(new long[] {1}, first(key, 1e-30f, 1));
    }

    private long[] first(Tensor key, float... weights) {
        return RandomOperators.MULTINOMIAL.call(eager.tensor(weights, weights.length), 1, /* replacement= */ false, key).data().longs();
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        Generator random = generator(8);
        assertMessage("randint: low must be less than high, but they are 3 and 3", () -> random.randint(3, 3, 2));
        assertMessage("randint: i8 has integers from -128 to 127 only, not all from 0 to 128; choose a wider dtype",
                () -> random.randint(0, 129, LINE, DType.I8));
        assertMessage("randint: u8 has integers from 0 to 255 only, not all from -1 to 9; choose a wider dtype",
                () -> random.randint(-1, 10, LINE, DType.U8));
        assertEquals(DType.I8, random.randint(-128, 128, LINE, DType.I8).dtype());
        assertMessage("multinomial: 5 cannot be drawn from f32[4] without replacement",
                () -> random.multinomial(eager.tensor(new float[4], 4), 5, false));
        assertMessage("nativeDropout: p must be from 0 to 1, not 1.5", () -> random.dropout(eager.tensor(new float[4], 4), 1.5));
        assertMessage("philox: key must be i64, not f32[]; convert it with .to(DType.I64)", () -> Generator.of(eager.tensor(new float[1])));
        assertMessage("a generator's seed is a single value, i64[], not i64[2]; select one", () -> Generator.of(eager.tensor(new long[2], 2)));
    }

    private static void assertMessage(String message, Runnable call) {
        assertEquals(message, assertThrows(TensorException.class, call::run).getMessage());
    }
}
