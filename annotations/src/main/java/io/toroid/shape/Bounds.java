package io.toroid.shape;

import java.util.List;
import java.util.Optional;

/**
 * Proofs that an expression is never negative.
 *
 * <p>Intervals first. Then loop variables, residues and quotients are replaced one by one by the end of their symbolic
 * bounds that makes the expression smallest ({@code batch - d0 - 1} becomes {@code batch - (batch - 1) - 1 = 0} for {@code
 * d0 < batch}), minima and maxima by one of their operands, and at last every atom is written as its least value plus
 * something that is not negative: if no coefficient is then negative, neither is the expression. Each step goes to a smaller
 * or equal expression, so a proof holds; failing to prove, or running out of steps, says nothing.
 */
final class Bounds {
    private static final int DEPTH = 6;
    private static final int STEPS = 200;

    private int stepsLeft = STEPS;

    private Bounds() {
    }

    static boolean isNonNegative(Size size) {
        try {
            return new Bounds().prove(Polynomial.of(size), DEPTH);
        } catch (ArithmeticException overflow) {
            return false;
        }
    }

    static boolean isLess(Size a, Size b) {
        return isNonNegative(b.minus(a).minus(1));
    }

    static boolean isLessOrEqual(Size a, Size b) {
        return isNonNegative(b.minus(a));
    }

    private boolean prove(Polynomial value, int depth) {
        if (value.range().min() >= 0 || isNonNegativeShifted(value)) {
            return true;
        }
        if (depth == 0 || --stepsLeft < 0) {
            return false;
        }
        for (Size atom : value.atoms()) {
            if (proveWithout(value, atom, depth - 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean proveWithout(Polynomial value, Size atom, int depth) {
        Optional<Polynomial> slope = value.linear(atom);
        if (slope.isEmpty()) {
            return false;
        }
        boolean falling = slope.get().range().max() <= 0;
        boolean rising = slope.get().range().min() >= 0;
        if (!falling && !rising) {
            return false;
        }
        return switch (atom) {
            case Symbol symbol -> falling && symbol.below().isPresent() && prove(value.replace(atom, last(symbol.below().get())), depth);
            case Size.Mod(Size _, Size divisor) -> falling && divisor.range().min() >= 0
                    && prove(value.replace(atom, last(divisor)), depth);
            case Size.FloorDiv(Size dividend, Size divisor) -> divisor.range().min() >= 0
                    && prove(scaled(value, atom, slope.get(), falling ? dividend : dividend.minus(divisor).plus(1), divisor), depth);
            case Size.Min(List<Size> operands) -> falling && proveWithAny(value, atom, operands, depth)
                    || rising && proveWithAll(value, atom, operands, depth);
            case Size.Max(List<Size> operands) -> rising && proveWithAny(value, atom, operands, depth)
                    || falling && proveWithAll(value, atom, operands, depth);
            case Size.Constant _, Size.Sum _, Size.Product _ -> false;
        };
    }

    private boolean proveWithAny(Polynomial value, Size atom, List<Size> operands, int depth) {
        return operands.stream().anyMatch(operand -> prove(value.replace(atom, Polynomial.of(operand)), depth));
    }

    private boolean proveWithAll(Polynomial value, Size atom, List<Size> operands, int depth) {
        return operands.stream().allMatch(operand -> prove(value.replace(atom, Polynomial.of(operand)), depth));
    }

    private static Polynomial last(Size below) {
        return Polynomial.of(below.minus(1));
    }

    /** {@code divisor*value} with {@code divisor*(x//divisor)} replaced by its bound. */
    private static Polynomial scaled(Polynomial value, Size atom, Polynomial slope, Size bound, Size divisor) {
        Polynomial rest = value.minus(slope.times(Polynomial.of(atom)));
        return rest.times(Polynomial.of(divisor)).plus(slope.times(Polynomial.of(bound)));
    }

    private static boolean isNonNegativeShifted(Polynomial value) {
        Polynomial shifted = value;
        for (Size atom : value.atoms()) {
            Range range = atom.range();
            boolean falls = value.terms().entrySet().stream()
                    .allMatch(term -> term.getValue() < 0 || !term.getKey().atoms().contains(atom));
            Polynomial variable = Polynomial.of(atom);
            if (falls && range.hasMax()) {
                shifted = shifted.replace(atom, Polynomial.constant(range.max()).minus(variable));
            } else if (range.hasMin()) {
                shifted = shifted.replace(atom, Polynomial.constant(range.min()).plus(variable));
            } else {
                return false;
            }
        }
        return shifted.terms().values().stream().allMatch(coefficient -> coefficient >= 0);
    }
}
