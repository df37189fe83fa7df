package io.toroid.examples.minilm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text as BERT's word pieces, however long it is. The model takes {@link MiniLm#POSITIONS} of them at a time, so a longer text is
 * either cut ({@link #head}) or divided ({@link #parts}).
 *
 * @param ids the pieces, between a first and a last one that stand for the begin and the end of the text
 * @param words the number of the word that each piece belongs to
 */
record Tokens(long[] ids, long[] words) {

    /** The first piece and the last. */
    private static final int ENDS = 2;

    private static final int ROOM = MiniLm.POSITIONS - ENDS;

    int count() {
        return ids.length;
    }

    /** How many pieces are the text's own. */
    int ownPieces() {
        return ownPieces(ids);
    }

    static int ownPieces(long[] ids) {
        return ids.length - ENDS;
    }

    /** Whether there is nothing to embed, as in a text of spaces. */
    boolean isEmpty() {
        return ownPieces() == 0;
    }

    boolean isTooLong() {
        return ids.length > MiniLm.POSITIONS;
    }

    /** As much of the text as the model takes at a time. */
    long[] head() {
        return first(MiniLm.POSITIONS).ids;
    }

    /** At most {@code count} pieces of the text, begin and end included. */
    Tokens first(int count) {
        return ids.length <= count ? this : new Tokens(part(ids, 1, count - 1), part(words, 1, count - 1));
    }

    /** The text in parts that the model takes, of which only a word longer than a part is spread over two; none if it is empty. */
    List<long[]> parts() {
        List<long[]> parts = new ArrayList<>();
        int end = ids.length - 1;
        for (int from = 1, to; from < end; from = to) {
            to = Math.min(from + ROOM, end);
            if (to < end) {
                to = betweenWords(from, to);
            }
            parts.add(part(ids, from, to));
        }
        return parts;
    }

    /** The begin of the word that {@code to} is in, or {@code to} if this word fills the part. */
    private int betweenWords(int from, int to) {
        int begin = to;
        while (begin > from && words[begin] == words[begin - 1]) {
            begin--;
        }
        return begin > from ? begin : to;
    }

    /** The values from {@code from} to {@code to}, with the first and the last of all. */
    private static long[] part(long[] values, int from, int to) {
        long[] part = Arrays.copyOfRange(values, from - 1, to + 1);
        part[0] = values[0];
        part[part.length - 1] = values[values.length - 1];
        return part;
    }
}
