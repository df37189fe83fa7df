package io.toroid.shape;

import java.util.List;
import java.util.stream.Collectors;

/** Prints sizes the way Python writes them; {@link SizeParser} reads the text back. */
final class SizeText {
    private SizeText() {
    }

    static String print(Size size) {
        return switch (size) {
            case Size.Constant(long value) -> Long.toString(value);
            case Symbol symbol -> symbol.name();
            case Size.Sum(List<Size> terms) -> sum(terms);
            case Size.Product(List<Size> factors) -> product(factors);
            case Size.FloorDiv(Size dividend, Size divisor) -> operand(dividend) + "//" + operand(divisor);
            case Size.Mod(Size dividend, Size divisor) -> operand(dividend) + "%" + operand(divisor);
            case Size.Min(List<Size> operands) -> call("min", operands);
            case Size.Max(List<Size> operands) -> call("max", operands);
        };
    }

    private static String sum(List<Size> terms) {
        StringBuilder text = new StringBuilder(print(terms.getFirst()));
        for (Size term : terms.subList(1, terms.size())) {
            String printed = print(term);
            boolean negative = printed.startsWith("-");
            text.append(negative ? " - " : " + ").append(negative ? printed.substring(1) : printed);
        }
        return text.toString();
    }

    private static String product(List<Size> factors) {
        long coefficient = factors.getFirst() instanceof Size.Constant(long value) ? value : 1;
        String atoms = factors.stream().filter(factor -> !factor.isConstant()).map(SizeText::operand).collect(Collectors.joining("*"));
        return coefficient == 1 ? atoms : coefficient == -1 ? "-" + atoms : coefficient + "*" + atoms;
    }

    private static String call(String name, List<Size> operands) {
        return operands.stream().map(SizeText::print).collect(Collectors.joining(", ", name + "(", ")"));
    }

    private static String operand(Size size) {
        return switch (size) {
            case Size.Constant(long value) -> value < 0 ? "(" + value + ")" : Long.toString(value);
            case Symbol _, Size.Min _, Size.Max _ -> print(size);
            case Size.Sum _, Size.Product _, Size.FloorDiv _, Size.Mod _ -> "(" + print(size) + ")";
        };
    }
}
