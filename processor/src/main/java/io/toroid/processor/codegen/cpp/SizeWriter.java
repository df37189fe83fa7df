package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Identifiers;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints sizes and indices as C++ expressions of type {@code int64_t}. Division rounds down, as it does in a Size. */
public final class SizeWriter {

    private final Function<Symbol, String> names;

    /** Prints each symbol as {@code names} says. */
    public SizeWriter(Function<Symbol, String> names) {
        this.names = names;
    }

    /** Prints each symbol by its name, where C++ has no other use for that. */
    public static SizeWriter plain() {
        return new SizeWriter(SizeWriter::name);
    }

    private static String name(Symbol symbol) {
        return symbol.owner().isPresent() ? Identifiers.ofDimension(symbol.name()) : symbol.name();
    }

    public String print(Size size) {
        return print(size, /* atomic= */ false);
    }

    /** As an operand of any operator: a sum or product is in parentheses. */
    public String atom(Size size) {
        return print(size, /* atomic= */ true);
    }

    private String print(Size size, boolean atomic) {
        return switch (size) {
            case Size.Constant(long value) -> literal(value);
            case Symbol symbol -> names.apply(symbol);
            case Size.Sum(List<Size> terms) -> parenthesized(sum(terms), atomic);
            case Size.Product(List<Size> factors) ->
                parenthesized(factors.stream().map(this::atom).collect(Collectors.joining(" * ")), atomic);
            case Size.FloorDiv(Size dividend, Size divisor) -> quotient("/", "floor_div", dividend, divisor, atomic);
            case Size.Mod(Size dividend, Size divisor) -> quotient("%", "floor_mod", dividend, divisor, atomic);
            case Size.Min(List<Size> operands) -> nested("size_min", operands);
            case Size.Max(List<Size> operands) -> nested("size_max", operands);
        };
    }

    private String sum(List<Size> terms) {
        StringBuilder text = new StringBuilder();
        for (Size term : terms) {
            String printed = print(term, term instanceof Size.Sum);
            if (text.isEmpty()) {
                text.append(printed);
            } else if (printed.startsWith("-") && !printed.startsWith("-(")) {
                text.append(" - ").append(printed.substring(1));
            } else {
                text.append(" + ").append(printed);
            }
        }
        return text.toString();
    }

    private String quotient(String operator, String function, Size dividend, Size divisor, boolean atomic) {
        boolean simple = dividend.isProvablyNonNegative() && divisor.range().min() > 0;
        return simple
                ? parenthesized(atom(dividend) + " " + operator + " " + atom(divisor), atomic)
                : "%s(%s, %s)".formatted(function, print(dividend), print(divisor));
    }

    private String nested(String function, List<Size> operands) {
        String text = print(operands.getFirst());
        for (Size operand : operands.subList(1, operands.size())) {
            text = "%s(%s, %s)".formatted(function, text, print(operand));
        }
        return text;
    }

    private static String parenthesized(String text, boolean atomic) {
        return atomic ? "(" + text + ")" : text;
    }

    private static String literal(long value) {
        return value == Long.MIN_VALUE ? "INT64_MIN" : Long.toString(value);
    }
}
