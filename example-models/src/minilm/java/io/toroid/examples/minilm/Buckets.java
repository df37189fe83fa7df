package io.toroid.examples.minilm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which sentences share a call of the model. A call pads its sentences to the longest, so it wants sentences of one length; but each
 * call also costs something by itself. Sorted by length, the sentences of a call stand in a row in the best division, and dynamic
 * programming finds the one of the least {@linkplain #cost cost}: the best division of the first {@code n} sentences is the best
 * of the first {@code n - k} and one more call of {@code k}.
 */
final class Buckets {

    /** As many sentences as the model takes in a call. */
    static final int LARGEST = 64;

    /**
     * What a call costs besides its tokens, in tokens: all weights come from memory once, and threads are woken. Measured with one
     * and two threads: a call of a few tokens takes as long as if it had 5 to 10 more.
     */
    private static final double CALL = 10;

    /** The length at which attention, which looks at all pairs of tokens, costs as much as all else. */
    private static final double PAIRS = 1700;

    private Buckets() {
    }

    /** What a call costs, in units of a token of a short sentence. */
    static double cost(int sentences, int tokens) {
        return CALL + sentences * tokens * (1 + tokens / PAIRS);
    }

    /**
     * The cheapest calls that embed all sentences.
     *
     * @param lengths tokens of each sentence
     * @return for each call the sentences it embeds, as indices into {@code lengths}; short sentences come first
     */
    static List<int[]> of(int[] lengths) {
        int[] sorted = IntStream.range(0, lengths.length).boxed()
                .sorted(Comparator.comparingInt(sentence -> lengths[sentence])).mapToInt(Integer::intValue).toArray();
        int[] sizes = lastCalls(sorted, lengths);
        List<int[]> calls = new ArrayList<>();
        for (int end = sorted.length; end > 0; end -= sizes[end]) {
            calls.add(Arrays.copyOfRange(sorted, end - sizes[end], end));
        }
        return calls.reversed();
    }

    /** For each {@code n}, how many of the first {@code n} sentences the last call takes in their cheapest division. */
    private static int[] lastCalls(int[] sorted, int[] lengths) {
        double[] cheapest = new double[sorted.length + 1];
        int[] last = new int[sorted.length + 1];
        for (int end = 1; end <= sorted.length; end++) {
            cheapest[end] = Double.POSITIVE_INFINITY;
            for (int size = 1; size <= Math.min(end, LARGEST); size++) {
                double cost = cheapest[end - size] + cost(size, lengths[sorted[end - 1]]);
                if (cost < cheapest[end]) {
                    cheapest[end] = cost;
                    last[end] = size;
                }
            }
        }
        return last;
    }

    /** As the sentences come, as many in a call as the model takes. */
    static List<int[]> unsorted(int sentences) {
        return inTurn(sentences, LARGEST);
    }

    /** A call for each sentence. */
    static List<int[]> single(int sentences) {
        return inTurn(sentences, 1);
    }

    private static List<int[]> inTurn(int sentences, int size) {
        List<int[]> calls = new ArrayList<>();
        for (int from = 0; from < sentences; from += size) {
            calls.add(IntStream.range(from, Math.min(from + size, sentences)).toArray());
        }
        return calls;
    }
}
