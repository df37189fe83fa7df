package io.toroid.op;

/** One number for the height and one for the width of an image. */
public record Pair(int height, int width) {

    /** The same for both. */
    public static Pair of(int both) {
        return new Pair(both, both);
    }

    public static Pair of(int height, int width) {
        return new Pair(height, width);
    }

    @Override
    public String toString() {
        return height == width ? Integer.toString(height) : height + "x" + width;
    }
}
