package io.toroid.shape;

/** What is known about a relation between two sizes. */
public enum Verdict {
    /** It holds for all values of the symbols. */
    PROVED,
    /** It holds for some values as far as one knows: a check at run time decides. */
    ASSUMED,
    /** It would hold for one value only of a dimension that was declared dynamic. */
    PINNED,
    /** It holds for no values. */
    REFUTED;

    /** Whether a model may go on: proved, or left to a check. */
    public boolean isAcceptable() {
        return this == PROVED || this == ASSUMED;
    }
}
