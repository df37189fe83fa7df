package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
class SentenceTokenizerTest {

    @Test
    void tokensAreThoseThatWereRecorded() throws IOException {
        List<Recorded> recorded = Recorded.all();
        try (SentenceTokenizer tokenizer = SentenceTokenizer.load()) {
            List<long[]> together = tokenizer.encode(recorded.stream().map(Recorded::sentence).toList());
            for (int i = 0; i < recorded.size(); i++) {
                assertArrayEquals(recorded.get(i).ids(), tokenizer.encode(recorded.get(i).sentence()), recorded.get(i).sentence());
                assertArrayEquals(recorded.get(i).ids(), together.get(i), recorded.get(i).sentence());
            }
        }
    }

    @Test
    void longSentencesAreCutWhereTheModelEnds() throws IOException {
        try (SentenceTokenizer tokenizer = SentenceTokenizer.load()) {
            long[] ids = tokenizer.encode("word ".repeat(1000));
            assertEquals(MiniLm.POSITIONS, ids.length);
            assertEquals(102, ids[MiniLm.POSITIONS - 1], "the end is marked");
        }
    }

    @Test
    void batchesArePaddedToTheLongest() {
        TokenBatch batch = TokenBatch.of(List.of(new long[] {101, 7, 102}, new long[] {101, 102}));
        assertArrayEquals(new long[][] {{101, 7, 102}, {101, 102, 0}}, batch.ids());
        assertArrayEquals(new long[][] {{1, 1, 1}, {1, 1, 0}}, batch.mask());
    }
}
