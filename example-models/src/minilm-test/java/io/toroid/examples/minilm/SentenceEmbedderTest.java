package io.toroid.examples.minilm;

import static io.toroid.examples.minilm.Agreement.COMPANY;
import static io.toroid.examples.minilm.Agreement.RECORDED;
import static io.toroid.examples.minilm.Agreement.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.ToroidException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
class SentenceEmbedderTest {

    private static final int VOCABULARY = 30522;

    private static SentenceEmbedder embedder;

    @BeforeAll
    static void load() throws IOException {
        embedder = SentenceEmbedder.load();
    }

    @AfterAll
    static void close() {
        embedder.close();
    }

    private static long[] sentence(Random random, int length) {
        return random.longs(length, 0, VOCABULARY).toArray();
    }

    private static float[] alone(long[] sentence) {
        return embedder.embedTokens(List.of(sentence)).getFirst();
    }

    private static void assertSame(List<float[]> expected, List<float[]> actual, String what) {
        assertEquals(expected.size(), actual.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), actual.get(i), COMPANY, "%s, sentence %d".formatted(what, i));
        }
    }

    @Test
    void recordedSentencesInTheirOrder() {
        List<Recorded> recorded = Recorded.all();
        List<float[]> embeddings = embedder.embed(recorded.stream().map(Recorded::sentence).toList());
        assertEquals(recorded.size(), embeddings.size());
        for (int i = 0; i < recorded.size(); i++) {
            assertClose(recorded.get(i).embedding(), embeddings.get(i), RECORDED, recorded.get(i).sentence());
            assertClose(recorded.get(i).embedding(), embedder.embed(recorded.get(i).sentence()), RECORDED, recorded.get(i).sentence());
        }
    }

    @Test
    void noSentencesHaveNoEmbeddings() {
        assertEquals(List.of(), embedder.embed(List.of()));
    }

    /** A pool of sentences, each embedded alone; then random batches of them, in each way of dividing them. */
    @Test
    void anEmbeddingIsTheSameInRandomCompany() {
        Random random = new Random(7);
        List<long[]> pool = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            pool.add(sentence(random, i < 55 ? 1 + random.nextInt(30) : 1 + random.nextInt(150)));
        }
        List<float[]> alone = pool.stream().map(SentenceEmbedderTest::alone).toList();
        for (int round = 0; round < 30; round++) {
            int[] chosen = random.ints(1 + random.nextInt(round % 10 == 0 ? 80 : 12), 0, pool.size()).toArray();
            List<long[]> sentences = IntStream.of(chosen).mapToObj(pool::get).toList();
            List<float[]> expected = IntStream.of(chosen).mapToObj(alone::get).toList();
            assertSame(expected, embedder.embedTokens(sentences), "bucketed, round " + round);
            assertSame(expected, embedder.embedTokens(sentences, Buckets.unsorted(chosen.length), count -> { }), "in order, round " + round);
        }
    }

    @Test
    void everyBatchSizeFromOneTo64() {
        Random random = new Random(11);
        List<long[]> sentences = IntStream.range(0, 64).mapToObj(i -> sentence(random, 1 + random.nextInt(12))).toList();
        List<float[]> alone = sentences.stream().map(SentenceEmbedderTest::alone).toList();
        for (int size = 1; size <= sentences.size(); size++) {
            assertSame(alone.subList(0, size),
                    embedder.embedTokens(sentences.subList(0, size), Buckets.unsorted(size), count -> { }), "batch of " + size);
        }
    }

    /** Beside a neighbour of 512 tokens, a sentence of any length is what it is alone. */
    @Test
    void lengthsUpToTheLongest() {
        Random random = new Random(13);
        List<long[]> sentences = IntStream.of(1, 2, 3, 15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 257, 384, 511, 512)
                .mapToObj(length -> sentence(random, length)).toList();
        List<float[]> alone = sentences.stream().map(SentenceEmbedderTest::alone).toList();
        assertSame(alone, embedder.embedTokens(sentences, Buckets.unsorted(sentences.size()), count -> { }), "padded to 512");
    }

    @Test
    void theLargestBatch() {
        Random random = new Random(17);
        List<long[]> sentences = new ArrayList<>(IntStream.range(0, 64).mapToObj(i -> sentence(random, 1 + random.nextInt(8))).toList());
        sentences.set(40, sentence(random, MiniLm.POSITIONS));
        List<float[]> batch = embedder.embedTokens(sentences, Buckets.unsorted(64), count -> { });
        for (int i : new int[] {0, 39, 40, 63}) {
            assertClose(alone(sentences.get(i)), batch.get(i), COMPANY, "sentence %d of 64 by 512".formatted(i));
        }
    }

    @Test
    void theModelRefusesWhatIsTooLarge() {
        List<long[]> many = IntStream.range(0, 65).mapToObj(i -> new long[] {101, 102}).toList();
        int[] all = IntStream.range(0, 65).toArray();
        ToroidException batch = assertThrows(ToroidException.class, () -> embedder.embedTokens(many, List.of(all), count -> { }));
        assertEquals("io.toroid.examples.minilm.MiniLm.embed: input 0 'ids' must be i64[batch, tokens] but is i64[65, 2]:"
                + " axis 0 (batch) is 65 and must be 1 to 64", batch.getMessage());
        ToroidException tokens = assertThrows(ToroidException.class,
                () -> alone(LongStream.range(0, 513).toArray()));
        assertEquals("io.toroid.examples.minilm.MiniLm.embed: input 0 'ids' must be i64[batch, tokens] but is i64[1, 513]:"
                + " axis 1 (tokens) is 513 and must be 1 to 512", tokens.getMessage());
    }

    @Test
    void progressCountsEachSentenceOnce() {
        List<Integer> counts = new ArrayList<>();
        Random random = new Random(19);
        List<long[]> sentences = IntStream.range(0, 100).mapToObj(i -> sentence(random, 3)).toList();
        embedder.embedTokens(sentences, counts::add);
        assertEquals(100, counts.stream().mapToInt(Integer::intValue).sum());
        assertEquals(2, counts.size());
    }

    /** Eight threads, each with sentences of its own order, get what one thread got. */
    @Test
    void manyThreadsGetTheSameResults() throws InterruptedException, ExecutionException {
        List<String> sentences = Recorded.all().stream().map(Recorded::sentence).toList();
        List<float[]> expected = embedder.embed(sentences);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                Random random = new Random(thread);
                running.add(threads.submit(() -> {
                    for (int round = 0; round < 10; round++) {
                        int[] order = random.ints(1 + random.nextInt(20), 0, sentences.size()).toArray();
                        List<float[]> embeddings = embedder.embed(IntStream.of(order).mapToObj(sentences::get).toList());
                        assertSame(IntStream.of(order).mapToObj(expected::get).toList(), embeddings, "of a thread");
                    }
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        }
    }

    @Test
    void aTextThatFitsIsTheSameWholeOrCut() {
        for (Recorded recorded : Recorded.all()) {
            Tokens text = embedder.tokenize(List.of(recorded.sentence())).getFirst();
            if (!text.isEmpty()) {
                assertClose(recorded.embedding(), embedder.embedWhole(text), RECORDED, recorded.sentence());
            }
        }
    }

    /** Twice the same part is that part; a short rest moves the whole little. */
    @Test
    void allOfALongTextCounts() {
        String part = "Prune the apple tree in late winter. ".repeat(60).strip();
        Tokens once = embedder.tokenize(List.of(part)).getFirst().first(MiniLm.POSITIONS);
        long[] twice = LongStream.concat(
                LongStream.of(once.ids()).limit(MiniLm.POSITIONS - 1), LongStream.of(once.ids()).skip(1)).toArray();
        Tokens text = new Tokens(twice, LongStream.range(0, twice.length).toArray());
        assertEquals(2, text.parts().size());
        assertArrayEquals(once.ids(), text.parts().get(0));
        assertArrayEquals(once.ids(), text.parts().get(1));
        assertClose(embedder.embedWhole(once), embedder.embedWhole(text), COMPANY, "twice the same");
    }

    @Test
    void whatCannotRunHereIsSaidAsItIs() {
        ToroidException refused = assertThrows(ToroidException.class, () -> SentenceEmbedder.load(LoadOptions.defaults().withIsa("riscv")));
        assertTrue(refused.getMessage().startsWith("io.toroid.examples.minilm.MiniLm was not compiled for riscv;"), refused.getMessage());
    }

    @Test
    void whatIsClosedRefuses() throws IOException {
        SentenceEmbedder closed = SentenceEmbedder.load(LoadOptions.defaults().withThreads(1));
        closed.close();
        closed.close();
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> closed.embed("It rained."));
        assertEquals("the tokenizer is closed and cannot be used any more", refused.getMessage());
    }
}
