package io.toroid.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Minimum and maximum: flattened, without the operands that another one provably dominates, sorted. */
final class Extremes {
    private Extremes() {
    }

    static Size min(List<Size> operands) {
        List<Size> flat = operands.stream()
                .flatMap(operand -> operand instanceof Size.Min(List<Size> inner) ? inner.stream() : Stream.of(operand)).toList();
        List<Size> kept = withoutDominated(flat, Bounds::isLessOrEqual);
        return kept.size() == 1 ? kept.getFirst() : new Size.Min(kept);
    }

    static Size max(List<Size> operands) {
        List<Size> flat = operands.stream()
                .flatMap(operand -> operand instanceof Size.Max(List<Size> inner) ? inner.stream() : Stream.of(operand)).toList();
        List<Size> kept = withoutDominated(flat, (a, b) -> Bounds.isLessOrEqual(b, a));
        return kept.size() == 1 ? kept.getFirst() : new Size.Max(kept);
    }

    private static List<Size> withoutDominated(List<Size> operands, BiPredicate<Size, Size> wins) {
        List<Size> kept = new ArrayList<>();
        for (Size candidate : operands.stream().distinct().sorted(SizeOrder::compare).toList()) {
            if (kept.stream().noneMatch(other -> wins.test(other, candidate))) {
                kept.removeIf(other -> wins.test(candidate, other));
                kept.add(candidate);
            }
        }
        return kept;
    }
}
