package io.toroid.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Recursive descent over the text of one size; {@code * // %} bind alike and from the left, as in Python. */
final class SizeParser {
    private final String text;
    private final Function<String, Symbol> symbols;
    private int at;

    SizeParser(String text, Function<String, Symbol> symbols) {
        this.text = text;
        this.symbols = symbols;
    }

    Size parse() {
        Size size = sum();
        if (peek() != 0) {
            throw error("unexpected '" + peek() + "'");
        }
        return size;
    }

    private Size sum() {
        Size size = term();
        while (true) {
            if (accept("+")) {
                size = size.plus(term());
            } else if (accept("-")) {
                size = size.minus(term());
            } else {
                return size;
            }
        }
    }

    private Size term() {
        Size size = factor();
        while (true) {
            if (accept("*")) {
                size = size.times(factor());
            } else if (accept("//")) {
                size = size.floorDiv(divisor());
            } else if (accept("%")) {
                size = size.mod(divisor());
            } else {
                return size;
            }
        }
    }

    private Size divisor() {
        Size divisor = factor();
        if (divisor.equals(Size.ZERO)) {
            throw error("division by zero");
        }
        return divisor;
    }

    private Size factor() {
        if (accept("-")) {
            return Character.isDigit(peek()) ? number("-") : factor().negate();
        }
        if (accept("(")) {
            Size size = sum();
            expect(")");
            return size;
        }
        char next = peek();
        if (Character.isDigit(next)) {
            return number("");
        }
        if (Character.isJavaIdentifierStart(next)) {
            return named();
        }
        throw error(next == 0 ? "a number or a name is missing" : "unexpected '" + next + "'");
    }

    private Size number(String sign) {
        int start = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        try {
            return Size.of(Long.parseLong(sign + text.substring(start, at)));
        } catch (NumberFormatException tooLarge) {
            throw error("the number " + sign + text.substring(start, at) + " is too large");
        }
    }

    private Size named() {
        int start = at;
        while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at);
        if ((name.equals("min") || name.equals("max")) && accept("(")) {
            List<Size> operands = operands();
            return name.equals("min") ? Extremes.min(operands) : Extremes.max(operands);
        }
        Symbol symbol = symbols.apply(name);
        if (symbol == null) {
            throw error("unknown symbol '" + name + "'");
        }
        return symbol;
    }

    private List<Size> operands() {
        List<Size> operands = new ArrayList<>();
        do {
            operands.add(sum());
        } while (accept(","));
        expect(")");
        return operands;
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean accept(String token) {
        peek();
        boolean found = text.startsWith(token, at);
        at += found ? token.length() : 0;
        return found;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw error("'" + token + "' is missing");
        }
    }

    private IllegalArgumentException error(String what) {
        return new IllegalArgumentException("size '" + text + "', column " + (at + 1) + ": " + what);
    }
}
