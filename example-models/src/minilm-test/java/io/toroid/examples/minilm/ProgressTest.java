package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private long now;

    private Progress progress(boolean enabled) {
        return new Progress(new PrintStream(bytes, /* autoFlush= */ true, StandardCharsets.UTF_8), enabled, () -> now);
    }

    private void at(double seconds) {
        now = (long) (seconds * 1e9);
    }

    private String shown() {
        String shown = bytes.toString(StandardCharsets.UTF_8).replace("\033[K", "");
        bytes.reset();
        return shown;
    }

    @Test
    void whatIsDoneInASecondShowsNothing() {
        try (Progress progress = progress(true)) {
            at(0.9);
            progress.add(10, 20);
            at(1.1);
            progress.add(10, 20);
        }
        assertEquals("", shown());
    }

    @Test
    void longWorkShowsHowFarItIsAndLeavesNothing() {
        try (Progress progress = progress(true)) {
            at(2);
            progress.add(30, 120);
            assertEquals("\r30 of 120 sentences, 25 %, 15 a second", shown());
            at(2.1);
            progress.add(30, 120);
            assertEquals("", shown(), "not so soon");
            at(4);
            progress.add(30, 120);
            assertEquals("\r90 of 120 sentences, 75 %, 23 a second", shown());
        }
        assertEquals("\r", shown());
    }

    @Test
    void withoutATotalItShowsTheNumber() {
        try (Progress progress = progress(true)) {
            at(2);
            progress.add(64, 0);
            assertEquals("\r64 sentences, 32 a second", shown());
        }
    }

    @Test
    void nobodyIsShownAnythingUnasked() {
        try (Progress progress = progress(false)) {
            at(5);
            progress.add(1, 10);
        }
        assertEquals("", shown());
    }
}
