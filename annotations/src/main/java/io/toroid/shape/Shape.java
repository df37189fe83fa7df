package io.toroid.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sizes of a tensor's axes; a scalar has none. */
public record Shape(List<Size> sizes) {
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        sizes = List.copyOf(sizes);
    }

    public static Shape of(long... sizes) {
        return new Shape(Arrays.stream(sizes).mapToObj(Size::of).toList());
    }

    public static Shape of(Size... sizes) {
        return new Shape(List.of(sizes));
    }

    /** Reads {@code [batch, 2*heads, 64]}; the sizes as in {@link Size#parse}. */
    public static Shape parse(String text, Function<String, Symbol> symbols) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("[") || !trimmed.endsWith("]")) {
            throw new IllegalArgumentException("shape '" + text + "': sizes in brackets are expected, such as [batch, 64]");
        }
        String inner = trimmed.substring(1, trimmed.length() - 1);
        if (inner.isBlank()) {
            return SCALAR;
        }
        return new Shape(splitAtCommas(inner).stream().map(size -> Size.parse(size.strip(), symbols)).toList());
    }

    private static List<String> splitAtCommas(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            depth += next == '(' ? 1 : next == ')' ? -1 : 0;
            if (next == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    public int rank() {
        return sizes.size();
    }

    /** The size of an axis; a negative axis counts from the end. */
    public Size get(int axis) {
        return sizes.get(axis(axis));
    }

    /** The axis as a number from 0; an {@link IndexOutOfBoundsException} says which axes there are. */
    public int axis(int axis) {
        int normalized = axis < 0 ? axis + rank() : axis;
        if (normalized < 0 || normalized >= rank()) {
            throw new IndexOutOfBoundsException(rank() == 0
                    ? "axis " + axis + " of a scalar, which has no axes"
                    : "axis " + axis + " of the shape " + this + ", whose axes are " + -rank() + " to " + (rank() - 1));
        }
        return normalized;
    }

    public Size numel() {
        return sizes.stream().reduce(Size.ONE, Size::times);
    }

    /** In elements, row-major. */
    public List<Size> contiguousStrides() {
        List<Size> strides = new ArrayList<>();
        Size stride = Size.ONE;
        for (Size size : sizes.reversed()) {
            strides.add(stride);
            stride = stride.times(size);
        }
        Collections.reverse(strides);
        return List.copyOf(strides);
    }

    public boolean isStatic() {
        return sizes.stream().allMatch(Size::isConstant);
    }

    /** The sizes as numbers; an {@link IllegalStateException} names the first that is none. */
    public long[] toArray() {
        return sizes.stream().mapToLong(Size::constant).toArray();
    }

    public long[] evaluate(ToLongFunction<Symbol> values) {
        return sizes.stream().mapToLong(size -> size.evaluate(values)).toArray();
    }

    public Shape substitute(Map<Symbol, Size> replacements) {
        return new Shape(sizes.stream().map(size -> size.substitute(replacements)).toList());
    }

    /** The shape with one axis of another size. */
    public Shape with(int axis, Size size) {
        List<Size> changed = new ArrayList<>(sizes);
        changed.set(axis(axis), size);
        return new Shape(changed);
    }

    /** The shape without one axis. */
    public Shape without(int axis) {
        List<Size> changed = new ArrayList<>(sizes);
        changed.remove(axis(axis));
        return new Shape(changed);
    }

    /** The environment of the first dimension that occurs; empty for a static shape. */
    public Optional<ShapeEnvironment> environment() {
        return sizes.stream().flatMap(size -> size.symbols().stream()).flatMap(symbol -> symbol.owner().stream()).findFirst();
    }

    /**
     * The common shape of two operands, aligned at the last axis.
     *
     * <p>A size that is the constant 1 gives way. Any other two must be equal: proved; or left to a check of the environment
     * that the dimensions belong to, and the result has the constant, else the first. A dynamic dimension never broadcasts
     * as 1, even when its range includes 1: the same model would mean two different things.
     *
     * @param why   what needs it, for the check
     * @param where the source position as text, or empty
     * @throws ShapeException if two sizes cannot be equal, or only for one value of a dynamic dimension
     */
    public static Shape broadcast(Shape a, Shape b, String why, String where) {
        int rank = Math.max(a.rank(), b.rank());
        List<Size> sizes = new ArrayList<>();
        for (int fromEnd = rank; fromEnd >= 1; fromEnd--) {
            Size left = fromEnd <= a.rank() ? a.get(-fromEnd) : Size.ONE;
            Size right = fromEnd <= b.rank() ? b.get(-fromEnd) : Size.ONE;
            sizes.add(broadcast(a, b, left, right, fromEnd, why, where));
        }
        return new Shape(sizes);
    }

    public static Shape broadcast(Shape a, Shape b) {
        return broadcast(a, b, "broadcasting", "");
    }

    private static Size broadcast(Shape a, Shape b, Size left, Size right, int fromEnd, String why, String where) {
        if (left.equals(right) || right.equals(Size.ONE)) {
            return left;
        }
        if (left.equals(Size.ONE)) {
            return right;
        }
        Verdict verdict = Stream.of(a, b).flatMap(shape -> shape.environment().stream()).findFirst()
                .map(environment -> environment.require(left, Relation.EQUAL, right, why, where))
                .orElse(Verdict.REFUTED);
        return switch (verdict) {
            case PROVED, ASSUMED -> right.isConstant() ? right : left;
            case REFUTED -> throw new ShapeException("the shapes " + a + " and " + b + " do not broadcast: at axis " + -fromEnd
                    + " the sizes are " + left + " and " + right);
            case PINNED -> throw new ShapeException("the shapes " + a + " and " + b + " do not broadcast: at axis " + -fromEnd
                    + " the sizes are " + left + " and " + right + ", equal for one value only of the dynamic dimension "
                    + pinned(left, right));
        };
    }

    private static String pinned(Size left, Size right) {
        return Stream.of(left, right).flatMap(size -> size.symbols().stream())
                .map(symbol -> symbol.name() + " (" + symbol.declared() + ")").distinct().collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return sizes.stream().map(Size::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
