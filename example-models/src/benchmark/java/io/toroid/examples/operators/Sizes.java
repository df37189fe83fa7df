package io.toroid.examples.operators;

import java.util.List;

/** A matrix of f32. */
record Sizes(long rows, long columns) {

    /** Beyond the caches, with long and short rows, and one that fits into large caches. */
    static final List<Sizes> ALL = List.of(new Sizes(8192, 4096), new Sizes(65536, 512), new Sizes(4, 1 << 20));

    double bytes() {
        return 4.0 * rows * columns;
    }

    @Override
    public String toString() {
        return "%dx%d".formatted(rows, columns);
    }
}
