package io.toroid.examples.minilm;

import java.util.List;

/**
 * A sentence of a file.
 *
 * @param number of its line, from 1
 */
record Line(int number, String text) {

    static List<String> texts(List<Line> lines) {
        return lines.stream().map(Line::text).toList();
    }

    /** At most {@code width} characters of it. */
    String clipped(int width) {
        if (text.codePointCount(0, text.length()) <= width) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, width - 1)).stripTrailing() + "…";
    }
}
