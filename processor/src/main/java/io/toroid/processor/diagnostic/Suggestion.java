package io.toroid.processor.diagnostic;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a user may have meant: the nearest of the known names, if it is near. */
public final class Suggestion {

    private Suggestion() {
    }

    /** The known name with the fewest edits to the wanted one, unless these are more than about a third of its letters. */
    public static Optional<String> nearest(String wanted, Collection<String> known) {
        int limit = Math.max(1, (wanted.length() + 1) / 3);
        return known.stream()
                .filter(name -> !name.equals(wanted))
                .filter(name -> distance(wanted, name) <= limit)
                .min(Comparator.<String>comparingInt(name -> distance(wanted, name)).thenComparing(Comparator.naturalOrder()));
    }

    /** Levenshtein's distance, without regard to case. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (same(a.charAt(i - 1), b.charAt(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static boolean same(char a, char b) {
        return Character.toLowerCase(a) == Character.toLowerCase(b);
    }
}
