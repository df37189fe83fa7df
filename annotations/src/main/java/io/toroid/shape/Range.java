package io.toroid.shape;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values that a size can take: {@code min <= value <= max}, and a multiple of {@code multipleOf}.
 *
 * <p>{@link Long#MIN_VALUE} and {@link Long#MAX_VALUE} stand for "no bound"; the arithmetic saturates at them, so that a
 * range is never narrower than the truth. What the arithmetic returns contains every value that the operation can give; it
 * is exact for one operation on independent operands and wider when a symbol occurs more than once.
 */
public record Range(long min, long max, long multipleOf) {
    public static final Range ANY = new Range(Long.MIN_VALUE, Long.MAX_VALUE, 1);

    private static final Pattern TEXT = Pattern.compile(
            "(?:(-?\\d+) to (-?\\d+)|at least (-?\\d+)|at most (-?\\d+)|(-?\\d+)|any)(?:, a multiple of (\\d+))?");

    public Range {
        if (min > max) {
            throw new IllegalArgumentException("a range from " + min + " to " + max + " holds no value");
        }
        if (multipleOf < 1) {
            throw new IllegalArgumentException("multipleOf must be at least 1, not " + multipleOf);
        }
    }

    /**
     * Reads what {@link #toString} prints.
     *
     * @throws IllegalArgumentException if it is no range
     */
    public static Range parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a range: \"%s\"; \"1 to 64\" or \"at least 1, a multiple of 8\" is expected".formatted(text));
        }
        if (matcher.group(5) != null) {
            return exactly(Long.parseLong(matcher.group(5)));
        }
        return new Range(
                number(matcher.group(1), number(matcher.group(3), Long.MIN_VALUE)),
                number(matcher.group(2), number(matcher.group(4), Long.MAX_VALUE)),
                number(matcher.group(6), 1));
    }

    private static long number(String text, long fallback) {
        return text == null ? fallback : Long.parseLong(text);
    }

    public static Range of(long min, long max) {
        return new Range(min, max, 1);
    }

    public static Range atLeast(long min) {
        return new Range(min, Long.MAX_VALUE, 1);
    }

    public static Range exactly(long value) {
        return new Range(value, value, value == Long.MIN_VALUE || value == 0 ? 1 : Math.abs(value));
    }

    public boolean contains(long value) {
        return min <= value && value <= max && value % multipleOf == 0;
    }

    public boolean isSingle() {
        return min == max;
    }

    public boolean hasMin() {
        return min != Long.MIN_VALUE;
    }

    public boolean hasMax() {
        return max != Long.MAX_VALUE;
    }

    /** The same values with the ends moved inwards to multiples; unchanged where no multiple lies between them. */
    public Range aligned() {
        if (multipleOf == 1) {
            return this;
        }
        long low = hasMin() ? Math.ceilDiv(min, multipleOf) : min;
        long high = hasMax() ? Math.floorDiv(max, multipleOf) : max;
        long alignedMin = hasMin() ? multiply(low, multipleOf) : min;
        long alignedMax = hasMax() ? multiply(high, multipleOf) : max;
        return alignedMin > alignedMax ? this : new Range(alignedMin, alignedMax, multipleOf);
    }

    Range plus(Range other) {
        long multiple = isZero() ? other.multipleOf : other.isZero() ? multipleOf : gcd(multipleOf, other.multipleOf);
        return new Range(addLow(min, other.min), addHigh(max, other.max), multiple);
    }

    Range times(Range other) {
        long a = multiply(min, other.min);
        long b = multiply(min, other.max);
        long c = multiply(max, other.min);
        long d = multiply(max, other.max);
        long product = multiply(multipleOf, other.multipleOf);
        long multiple = product == Long.MAX_VALUE ? Math.max(multipleOf, other.multipleOf) : product;
        return new Range(Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)), multiple);
    }

    /** Floor division; a divisor whose range touches zero from one side counts as not zero. */
    Range floorDiv(Range divisor) {
        if (divisor.min < 0 && divisor.max > 0) {
            long bound = hasMin() && hasMax() && min != -Long.MAX_VALUE ? Math.max(Math.abs(min), Math.abs(max)) : Long.MAX_VALUE;
            return bound == Long.MAX_VALUE ? ANY : Range.of(-bound, bound);
        }
        if (divisor.max <= 0) {
            return divisor.min == Long.MIN_VALUE || min == Long.MIN_VALUE || max == Long.MAX_VALUE
                    ? ANY : Range.of(-max, -min).floorDiv(Range.of(Math.max(1, -divisor.max), Math.max(1, -divisor.min)));
        }
        long smallest = Math.max(1, divisor.min);
        long largest = divisor.max;
        long low = !hasMin() ? min : min >= 0 ? divideBy(min, largest) : divideBy(min, smallest);
        long high = !hasMax() ? max : max >= 0 ? divideBy(max, smallest) : divideBy(max, largest);
        boolean exact = divisor.isSingle() && multipleOf % smallest == 0;
        return new Range(low, high, exact ? multipleOf / smallest : 1);
    }

    /** Remainder of floor division: it has the sign of the divisor. */
    Range mod(Range divisor) {
        long common = gcd(multipleOf, divisor.multipleOf);
        if (divisor.min >= 0) {
            long high = divisor.hasMax() ? Math.max(0, divisor.max - 1) : Long.MAX_VALUE;
            return new Range(0, min >= 0 ? Math.min(max, high) : high, common);
        }
        if (divisor.max <= 0) {
            return new Range(divisor.hasMin() ? Math.min(0, divisor.min + 1) : Long.MIN_VALUE, 0, common);
        }
        return new Range(divisor.hasMin() ? divisor.min + 1 : Long.MIN_VALUE, divisor.hasMax() ? divisor.max - 1 : Long.MAX_VALUE, common);
    }

    Range min(Range other) {
        return new Range(Math.min(min, other.min), Math.min(max, other.max), gcd(multipleOf, other.multipleOf));
    }

    Range max(Range other) {
        return new Range(Math.max(min, other.min), Math.max(max, other.max), gcd(multipleOf, other.multipleOf));
    }

    private boolean isZero() {
        return min == 0 && max == 0;
    }

    private static long divideBy(long value, long divisor) {
        return divisor == Long.MAX_VALUE ? (value < 0 ? -1 : 0) : Math.floorDiv(value, divisor);
    }

    private static long addLow(long a, long b) {
        return a == Long.MIN_VALUE || b == Long.MIN_VALUE ? Long.MIN_VALUE : saturatingSum(a, b);
    }

    private static long addHigh(long a, long b) {
        return a == Long.MAX_VALUE || b == Long.MAX_VALUE ? Long.MAX_VALUE : saturatingSum(a, b);
    }

    private static long saturatingSum(long a, long b) {
        long sum = a + b;
        boolean overflowed = ((a ^ sum) & (b ^ sum)) < 0;
        return !overflowed ? sum : a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static long multiply(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        boolean negative = (a < 0) != (b < 0);
        boolean unbounded = a == Long.MIN_VALUE || a == Long.MAX_VALUE || b == Long.MIN_VALUE || b == Long.MAX_VALUE;
        if (!unbounded) {
            long high = Math.multiplyHigh(a, b);
            long low = a * b;
            if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
                return low;
            }
        }
        return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    static long gcd(long a, long b) {
        long x = Math.abs(a);
        long y = Math.abs(b);
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }

    /** For messages: {@code 1 to 1024}, {@code at least 1, a multiple of 8}. */
    @Override
    public String toString() {
        String interval = isSingle() ? Long.toString(min)
                : hasMin() && hasMax() ? min + " to " + max
                : hasMin() ? "at least " + min
                : hasMax() ? "at most " + max : "any";
        return multipleOf == 1 || isSingle() ? interval : interval + ", a multiple of " + multipleOf;
    }
}
