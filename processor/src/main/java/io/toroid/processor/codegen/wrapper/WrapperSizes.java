package io.toroid.processor.codegen.wrapper;

import io.toroid.processor.codegen.cpp.SizeWriter;
import io.toroid.shape.Range;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;

/**
 * Sizes in wrappers. Those that may exceed an {@code int64_t}, such as the bytes of {@code f32[n, m]} for any n and m, are computed
 * with a type that notices; nearly all others have ranges that say they fit, and are plain expressions.
 */
final class WrapperSizes {

    private final SizeWriter plain = SizeWriter.plain();
    private final SizeWriter checked = new SizeWriter(symbol -> "CheckedSize(" + plain.print(symbol) + ")");

    /** An expression for a size that fits. */
    String print(Size size) {
        return plain.print(size);
    }

    /** An expression that is {@code INT64_MAX} where the size does not fit. */
    String fitting(Size size) {
        return mayOverflow(size) ? "(" + checked.print(size) + ").saturated()" : plain.print(size);
    }

    /** An expression to compare; no comparison holds where the size does not fit. */
    String checked(Size size) {
        return mayOverflow(size) ? checked.print(size) : plain.print(size);
    }

    private static boolean mayOverflow(Size size) {
        return switch (size) {
            case Size.Constant _, Symbol _ -> false;
            case Size.Sum(List<Size> terms) -> isUnbounded(size.range()) || terms.stream().anyMatch(WrapperSizes::mayOverflow);
            case Size.Product(List<Size> factors) -> isUnbounded(size.range()) || factors.stream().anyMatch(WrapperSizes::mayOverflow);
            case Size.FloorDiv(Size dividend, Size divisor) -> mayOverflow(dividend) || mayOverflow(divisor);
            case Size.Mod(Size dividend, Size divisor) -> mayOverflow(dividend) || mayOverflow(divisor);
            case Size.Min(List<Size> operands) -> operands.stream().anyMatch(WrapperSizes::mayOverflow);
            case Size.Max(List<Size> operands) -> operands.stream().anyMatch(WrapperSizes::mayOverflow);
        };
    }

    private static boolean isUnbounded(Range range) {
        return !range.hasMin() || !range.hasMax();
    }
}
