package io.toroid.examples.digits;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws images of 8x8 pixels side by side in a terminal, two characters wide each pixel, and a line of text below each. */
final class DigitPrinter {
    private static final int SIDE = 8;
    private static final String SHADES = " ░▒▓█";
    private static final String GAP = "   ";

    private DigitPrinter() {
    }

    /** The images with these numbers, each with its caption. */
    static String draw(float[] pixels, int[] images, String[] captions) {
        String rows = IntStream.range(0, SIDE)
                .mapToObj(row -> IntStream.of(images).mapToObj(image -> row(pixels, image, row)).collect(Collectors.joining(GAP)))
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
        String below = IntStream.range(0, images.length)
                .mapToObj(i -> "%-16s".formatted(captions[i])).collect(Collectors.joining(GAP)).stripTrailing();
        return rows + "\n" + below;
    }

    private static String row(float[] pixels, int image, int row) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < SIDE; column++) {
            float ink = pixels[(image * SIDE + row) * SIDE + column];
            text.repeat(SHADES.charAt(Math.round(ink * (SHADES.length() - 1))), 2);
        }
        return text.toString();
    }
}
