package io.toroid.shape;

import java.util.Objects;
import java.util.Optional;

/**
 * A named unknown in a {@link Size}: a dynamic dimension of a model, a size that depends on data, or a loop variable of the
 * compiler.
 *
 * <p>The first two belong to the {@link ShapeEnvironment} that declared them, and two symbols are the same when owner and name
 * are. A loop variable has no owner and is equal to itself only. Besides its numeric range a symbol may have a symbolic bound:
 * a loop variable {@code d0} in {@code [0, batch)}, which is what lets {@code (batch*d0 + d1)//batch} become {@code d0}; or the
 * number of elements that are not zero, which is below that of all elements and one more.
 */
public final class Symbol implements Size {
    private final ShapeEnvironment owner;
    private final String name;
    private final Range declared;
    private final Range range;
    private final Size below;
    private final SizeSource source;

    private Symbol(ShapeEnvironment owner, String name, Range declared, Size below, SizeSource source) {
        this.owner = owner;
        this.source = source;
        this.name = Objects.requireNonNull(name);
        this.declared = declared;
        this.range = tighten(declared.aligned(), below);
        this.below = below;
    }

    static Symbol dimension(ShapeEnvironment owner, String name, Range range) {
        return new Symbol(Objects.requireNonNull(owner), name, range, null, null);
    }

    static Symbol ofData(ShapeEnvironment owner, String name, Range range, Size below, SizeSource source) {
        return new Symbol(Objects.requireNonNull(owner), name, range, below, Objects.requireNonNull(source));
    }

    /** A loop variable that runs over {@code [0, below)}. */
    public static Symbol variable(String name, Size below) {
        return new Symbol(null, name, Range.atLeast(0), below, null);
    }

    /** A loop variable with numeric bounds only (both inclusive). */
    public static Symbol variable(String name, Range range) {
        return new Symbol(null, name, range, null, null);
    }

    private static Range tighten(Range range, Size below) {
        if (below == null || !below.range().hasMax()) {
            return range;
        }
        long max = Math.max(range.min(), Math.min(range.max(), below.range().max() - 1));
        return new Range(range.min(), max, range.multipleOf());
    }

    public String name() {
        return name;
    }

    /** The environment that declared it; empty for a loop variable. */
    public Optional<ShapeEnvironment> owner() {
        return Optional.ofNullable(owner);
    }

    /** What gives a size that depends on data its value; empty for dimensions and loop variables. */
    public Optional<SizeSource> source() {
        return Optional.ofNullable(source);
    }

    /** Whether data give it its value, in mid-call. */
    public boolean isData() {
        return source != null;
    }

    /** The exclusive symbolic upper bound. */
    public Optional<Size> below() {
        return Optional.ofNullable(below);
    }

    /** The range as it was declared; {@link #range()} may be narrower by the multiple and by the symbolic bound. */
    public Range declared() {
        return declared;
    }

    @Override
    public Range range() {
        return range;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || owner != null && other instanceof Symbol symbol && owner == symbol.owner && name.equals(symbol.name);
    }

    @Override
    public int hashCode() {
        return owner == null ? System.identityHashCode(this) : name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
