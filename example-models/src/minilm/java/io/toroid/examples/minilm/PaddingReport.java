package io.toroid.examples.minilm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a batch of sentences of very different length costs against the sum of its parts.
 *
 * @param sentences how many they are
 * @param tokens how many they have together
 */
record PaddingReport(int sentences, long tokens, List<Way> ways) {

    /**
     * A way to divide the sentences among calls.
     *
     * @param padded tokens with the padding
     * @param milliseconds for all sentences; the least of several runs, since other work on the machine can only add to it
     */
    record Way(String name, int calls, long padded, double milliseconds) {
    }

    /** The calls of a way. */
    private record Division(String name, List<int[]> calls) {
    }

    /** Embeds the sentences {@code rounds} times in each way, the ways in turn. */
    static PaddingReport measure(SentenceEmbedder embedder, List<long[]> sentences, int rounds) {
        int[] lengths = sentences.stream().mapToInt(sentence -> sentence.length).toArray();
        List<Division> divisions = List.of(
                new Division(lengths.length <= Buckets.LARGEST ? "one padded batch" : "padded batches, in order",
                        Buckets.unsorted(lengths.length)),
                new Division("bucketed by length", Buckets.of(lengths)),
                new Division("one by one", Buckets.single(lengths.length)));
        double[] least = new double[divisions.size()];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < least.length; i++) {
                long start = System.nanoTime();
                embedder.embedTokens(sentences, divisions.get(i).calls(), count -> { });
                least[i] = Math.min(least[i], (System.nanoTime() - start) / 1e6);
            }
        }
        List<Way> ways = new ArrayList<>();
        for (int i = 0; i < least.length; i++) {
            List<int[]> calls = divisions.get(i).calls();
            ways.add(new Way(divisions.get(i).name(), calls.size(), padded(calls, lengths), least[i]));
        }
        return new PaddingReport(lengths.length, IntStream.of(lengths).asLongStream().sum(), ways);
    }

    /** Tokens of all calls, with their padding. */
    static long padded(List<int[]> calls, int[] lengths) {
        return calls.stream()
                .mapToLong(call -> (long) call.length * IntStream.of(call).map(sentence -> lengths[sentence]).max().orElse(0))
                .sum();
    }

    /** As a table; the last column is the time against that of one by one. */
    String table() {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%d sentences, %d tokens%n%n%-24s  %5s  %14s  %7s  %9s  %11s  %8s%n",
                sentences, tokens, "", "calls", "padded tokens", "padding", "ms", "ms/sentence", "relative"));
        for (Way way : ways) {
            table.append(String.format(Locale.ROOT, "%-24s  %5d  %14d  %5.0f %%  %9.2f  %11.3f  %8.2f%n",
                    way.name(), way.calls(), way.padded(), 100.0 * (way.padded() - tokens) / tokens,
                    way.milliseconds(), way.milliseconds() / sentences, way.milliseconds() / ways.getLast().milliseconds()));
        }
        return table.toString();
    }
}
