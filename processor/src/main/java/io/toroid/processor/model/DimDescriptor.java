package io.toroid.processor.model;

/** A dynamic dimension: its name and the sizes that it may take, both bounds included. */
public record DimDescriptor(String name, long min, long max, long multipleOf) {

    /** {@code batch: 1 to 1024}, {@code tokens: 8 to 512, a multiple of 8}. */
    @Override
    public String toString() {
        String text = "%s: %d to %d".formatted(name, min, max);
        return multipleOf == 1 ? text : text + ", a multiple of " + multipleOf;
    }
}
