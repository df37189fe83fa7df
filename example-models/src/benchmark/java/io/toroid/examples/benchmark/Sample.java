package io.toroid.examples.benchmark;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Times of one thing, measured several times. */
public final class Sample {
    private final double[] sorted;

    private Sample(double[] sorted) {
        this.sorted = sorted;
    }

    public static Sample of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Sample(sorted);
    }

    public DoubleStream values() {
        return DoubleStream.of(sorted);
    }

    public double min() {
        return sorted[0];
    }

    public double max() {
        return sorted[sorted.length - 1];
    }

    public double median() {
        return sorted[sorted.length / 2];
    }

    /** The least value that a share of all does not exceed, 0.99 for 99 of 100. */
    public double percentile(double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
