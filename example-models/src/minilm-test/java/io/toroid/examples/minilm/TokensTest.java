package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TokensTest {

    private static final long BEGIN = 101;

    private static final long END = 102;

    /** Words of so many pieces each; the pieces are 1000, 1001 and so on. */
    private static Tokens text(int words, int pieces) {
        int own = words * pieces;
        LongStream ids = LongStream.range(1000, 1000 + own);
        LongStream numbers = LongStream.range(0, own).map(i -> i / pieces);
        return new Tokens(
                LongStream.concat(LongStream.concat(LongStream.of(BEGIN), ids), LongStream.of(END)).toArray(),
                LongStream.concat(LongStream.concat(LongStream.of(-1), numbers), LongStream.of(-1)).toArray());
    }

    /** Begin, the own pieces from the first to before the last, end. */
    private static long[] part(int from, int to) {
        return LongStream.concat(LongStream.concat(LongStream.of(BEGIN), LongStream.range(1000 + from, 1000 + to)), LongStream.of(END))
                .toArray();
    }

    @Test
    void aTextThatFitsStaysWhole() {
        Tokens text = text(510, 1);
        assertFalse(text.isTooLong());
        assertEquals(512, text.count());
        assertSame(text.ids(), text.head());
        assertEquals(1, text.parts().size());
        assertArrayEquals(text.ids(), text.parts().getFirst());
    }

    @Test
    void aLongerTextIsCutBeforeItsEndMark() {
        Tokens text = text(600, 1);
        assertTrue(text.isTooLong());
        assertArrayEquals(part(0, 510), text.head());
        assertArrayEquals(part(0, 126), text.first(128).ids());
        assertEquals(126, text.first(128).ownPieces());
    }

    @Test
    void aLongerTextIsDividedBetweenWords() {
        List<long[]> parts = text(511, 1).parts();
        assertEquals(2, parts.size());
        assertArrayEquals(part(0, 510), parts.get(0));
        assertArrayEquals(part(510, 511), parts.get(1));
        List<long[]> words = text(200, 4).parts();
        assertEquals(2, words.size());
        assertArrayEquals(part(0, 508), words.get(0), "510 is within a word of four pieces");
        assertArrayEquals(part(508, 800), words.get(1));
    }

    @Test
    void onlyAWordThatFillsAPartIsDivided() {
        List<long[]> parts = text(1, 1200).parts();
        assertEquals(3, parts.size());
        assertArrayEquals(part(0, 510), parts.get(0));
        assertArrayEquals(part(510, 1020), parts.get(1));
        assertArrayEquals(part(1020, 1200), parts.get(2));
    }

    @Test
    void aTextWithoutWordsHasNoParts() {
        Tokens text = text(0, 1);
        assertTrue(text.isEmpty());
        assertEquals(List.of(), text.parts());
    }
}
