package io.toroid.examples.minilm;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A line on the terminal that tells how far the work is. It appears when work has taken a second and there is more to come, so short
 * inputs show none, and it leaves nothing behind.
 */
final class Progress implements AutoCloseable {

    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

    private static final String ERASE = "\r\033[K";

    private final PrintStream out;

    private final boolean enabled;

    private final LongSupplier clock;

    private final long start;

    private long next;

    private long done;

    private boolean shown;

    /** @param clock nanoseconds */
    Progress(PrintStream out, boolean enabled, LongSupplier clock) {
        this.out = out;
        this.enabled = enabled;
        this.clock = clock;
        this.start = clock.getAsLong();
        this.next = start + FIRST;
    }

    /** Shows nothing. */
    static Progress none(Terminal terminal) {
        return new Progress(terminal.err(), /* enabled= */ false, System::nanoTime);
    }

    /**
     * Some more sentences are done.
     *
     * @param total how many there will be, or 0 if nobody knows
     */
    void add(int sentences, long total) {
        done += sentences;
        long now = clock.getAsLong();
        if (enabled && now >= next && done != total) {
            next = now + PAUSE;
            shown = true;
            double rate = done * 1e9 / (now - start);
            String part = total > 0
                    ? String.format(Locale.ROOT, "%d of %d sentences, %.0f %%", done, total, 100.0 * done / total)
                    : String.format(Locale.ROOT, "%d sentences", done);
            out.print(ERASE + part + String.format(Locale.ROOT, ", %.0f a second", rate));
            out.flush();
        }
    }

    /** Makes room for a line of something else. */
    void clear() {
        if (shown) {
            out.print(ERASE);
            out.flush();
            shown = false;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
