package io.toroid.examples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DigitsTest {
    @Test
    @Tag("native")
    void printsWhatBothModelsDo() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Digits(new PrintStream(bytes, /* autoFlush= */ true, StandardCharsets.UTF_8)).run();
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals("model       isa         accuracy  difference to PyTorch  a call, 1 image  a call, 360 images", lines.getFirst());
        assertTrue(lines.get(1).matches("DigitsMlp   x86-64-v[34]     0\\.9722 +[0-9.]+e-0[67] +[0-9.]+ µs +[0-9.]+ µs"), lines.get(1));
        assertTrue(lines.get(2).matches("DigitsCnn   x86-64-v[34]     0\\.9889 +[0-9.]+e-0[67] +[0-9.]+ µs +[0-9.]+ µs"), lines.get(2));
        assertTrue(lines.contains("7: mlp 7, cnn 7    6: mlp 6, cnn 6    7: mlp 7, cnn 7"), lines.toString());
        assertEquals("4: mlp 8, cnn 4    3: mlp 8, cnn 3    1: mlp 8, cnn 1", lines.getLast());
    }

    @Test
    @Tag("unit")
    void drawsImagesSideBySide() {
        float[] pixels = new float[3 * 64];
        for (int column = 0; column < 8; column++) {
            pixels[64 + 8 + column] = column / 7f;
        }
        pixels[128 + 63] = 1;
        assertEquals("""

                  ░░░░▒▒▒▒▓▓▓▓██





                                                 ██
                second             third""",
                DigitPrinter.draw(pixels, new int[] {1, 2}, new String[] {"second", "third"}));
    }

    @Test
    @Tag("unit")
    void accuracyAndDifference() {
        TestSet test = new TestSet(new float[2 * 64], new long[] {3, 9}, new float[20]);
        float[] scores = new float[20];
        scores[3] = 1;
        scores[10] = -2;
        assertEquals(0, TestSet.answer(new float[10], 0));
        assertEquals(1, TestSet.answer(scores, 1));
        assertEquals(0.5, test.accuracy(scores));
        assertEquals(2, test.largestDifference(scores));
        scores[19] = Float.NaN;
        assertEquals(Double.NaN, test.largestDifference(scores));
    }

    @Test
    @Tag("unit")
    void bothTestSetsHaveTheSameImages() {
        TestSet mlp = TestSet.of("mlp");
        TestSet cnn = TestSet.of("cnn");
        assertEquals(360, mlp.count());
        assertEquals(360 * 64, mlp.pixels().length);
        assertArrayEquals(mlp.pixels(), cnn.pixels());
        assertArrayEquals(mlp.labels(), cnn.labels());
        assertEquals(0.9722, mlp.accuracy(mlp.logits()), 5e-5);
        assertEquals(0.9889, cnn.accuracy(cnn.logits()), 5e-5);
    }
}
