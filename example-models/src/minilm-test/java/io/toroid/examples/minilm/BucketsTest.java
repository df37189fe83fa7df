package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class BucketsTest {

    private static double cost(List<int[]> calls, int[] lengths) {
        return calls.stream()
                .mapToDouble(call -> Buckets.cost(call.length, IntStream.of(call).map(i -> lengths[i]).max().orElseThrow())).sum();
    }

    private static int[] randomLengths(Random random, int count, int longest) {
        return random.ints(count, 1, longest + 1).toArray();
    }

    @Test
    void eachSentenceIsInOneCallAndNoCallIsTooLarge() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int[] lengths = randomLengths(random, random.nextInt(400), MiniLm.POSITIONS);
            List<int[]> calls = Buckets.of(lengths);
            int[] all = calls.stream().flatMapToInt(IntStream::of).sorted().toArray();
            assertArrayEquals(IntStream.range(0, lengths.length).toArray(), all, "seed " + seed);
            assertTrue(calls.stream().allMatch(call -> call.length >= 1 && call.length <= 64), "seed " + seed);
        }
    }

    @Test
    void shortSentencesComeFirst() {
        int[] lengths = {500, 3, 120, 3, 118, 4};
        assertEquals(List.of(List.of(1, 3, 5), List.of(4, 2), List.of(0)),
                Buckets.of(lengths).stream().map(call -> IntStream.of(call).boxed().toList()).toList());
    }

    @Test
    void sentencesOfOneLengthShareCalls() {
        assertEquals(1, Buckets.of(IntStream.generate(() -> 17).limit(64).toArray()).size());
        assertEquals(3, Buckets.of(IntStream.generate(() -> 17).limit(130).toArray()).size());
    }

    /** Of all divisions of up to eight sentences, sorted or not. */
    @Test
    void noDivisionIsCheaper() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int[] lengths = randomLengths(random, 1 + random.nextInt(8), 1 + random.nextInt(60));
            assertEquals(cheapest(new int[lengths.length], lengths, 0), cost(Buckets.of(lengths), lengths), 1e-9, "seed " + seed);
        }
    }

    /** Puts sentence {@code next} into each call in turn, which the sentences before it have been put into. */
    private static double cheapest(int[] callOf, int[] lengths, int next) {
        if (next == lengths.length) {
            return cost(IntStream.rangeClosed(0, IntStream.of(callOf).max().orElseThrow())
                    .mapToObj(call -> IntStream.range(0, next).filter(i -> callOf[i] == call).toArray()).toList(), lengths);
        }
        double least = Double.POSITIVE_INFINITY;
        int calls = IntStream.range(0, next).map(i -> callOf[i] + 1).max().orElse(0);
        for (int call = 0; call <= calls; call++) {
            callOf[next] = call;
            least = Math.min(least, cheapest(callOf, lengths, next + 1));
        }
        return least;
    }

    @Test
    void paddingIsCounted() {
        int[] lengths = {5, 20, 6};
        assertEquals(60, PaddingReport.padded(Buckets.unsorted(3), lengths));
        assertEquals(31, PaddingReport.padded(Buckets.single(3), lengths));
        assertEquals(32, PaddingReport.padded(List.of(new int[] {0, 2}, new int[] {1}), lengths));
        assertEquals(0, PaddingReport.padded(List.of(), new int[0]));
    }
}
