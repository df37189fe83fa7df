package io.toroid.processor.loop;

import java.util.Optional;

/**
 * How a reduction combines values. An empty range gives the identity of the operation; maximum, minimum and their
 * arguments have none, and shape rules refuse an empty range for them.
 */
public enum ReductionOperation {
    SUM("sum"),
    PRODUCT("prod"),
    /** NaN if any is NaN. */
    MAXIMUM("amax"),
    /** NaN if any is NaN. */
    MINIMUM("amin"),
    ANY("any"),
    ALL("all"),
    /** Position of the largest along the reduced dimensions, row-major; the first of equals; the first NaN. */
    ARGUMENT_OF_MAXIMUM("argmax"),
    ARGUMENT_OF_MINIMUM("argmin"),
    /** Mean and sum of squared differences from it, by Welford's method; two results. */
    WELFORD("welford");

    private final String text;

    ReductionOperation(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public int results() {
        return this == WELFORD ? 2 : 1;
    }

    /** Whose place it finds, if it finds a place. */
    public Optional<ReductionOperation> extreme() {
        return switch (this) {
            case ARGUMENT_OF_MAXIMUM -> Optional.of(MAXIMUM);
            case ARGUMENT_OF_MINIMUM -> Optional.of(MINIMUM);
            case SUM, PRODUCT, MAXIMUM, MINIMUM, ANY, ALL, WELFORD -> Optional.empty();
        };
    }

    public boolean isArgument() {
        return extreme().isPresent();
    }
}
