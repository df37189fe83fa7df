package io.toroid.examples.minilm;

import java.util.List;

/** How many sentences of how many tokens. */
record Sizes(int batch, int tokens) {
    /** What a search, an index and a long document ask for, and between. */
    static final List<Sizes> LATENCY = List.of(
            new Sizes(1, 8), new Sizes(1, 16), new Sizes(1, 128), new Sizes(8, 128), new Sizes(32, 32), new Sizes(1, 512));

    static final List<Sizes> THROUGHPUT = List.of(new Sizes(1, 16), new Sizes(1, 128));

    static final Sizes LOAD = new Sizes(8, 128);

    private static final double LAYERS = 6;

    int positions() {
        return batch * tokens;
    }

    /** Of the matrix products alone, that is, all that no engine can avoid: a multiplication with an addition counts two. */
    double operations() {
        double projections = 4.0 * MiniLm.WIDTH * MiniLm.WIDTH;
        double network = 2.0 * MiniLm.WIDTH * 4 * MiniLm.WIDTH;
        double attention = 2.0 * tokens * MiniLm.WIDTH;
        return 2 * LAYERS * positions() * (projections + network + attention);
    }

    @Override
    public String toString() {
        return "b%d_t%d".formatted(batch, tokens);
    }
}
