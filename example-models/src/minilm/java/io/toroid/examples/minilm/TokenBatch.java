package io.toroid.examples.minilm;

import java.util.Arrays;
import java.util.List;

/**
 * Sentences as tokens, padded to the longest.
 *
 * @param ids {@code [sentence][position]}, zero after the end
 * @param mask 1 at tokens, 0 after the end
 */
record TokenBatch(long[][] ids, long[][] mask) {

    static TokenBatch of(List<long[]> sentences) {
        int tokens = sentences.stream().mapToInt(sentence -> sentence.length).max().orElse(0);
        long[][] ids = new long[sentences.size()][];
        long[][] mask = new long[sentences.size()][tokens];
        for (int i = 0; i < ids.length; i++) {
            long[] sentence = sentences.get(i);
            ids[i] = Arrays.copyOf(sentence, tokens);
            Arrays.fill(mask[i], 0, sentence.length, 1);
        }
        return new TokenBatch(ids, mask);
    }
}
