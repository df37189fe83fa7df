package io.toroid.processor.loop;

import io.toroid.DType;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link ScalarText} prints, from a place in a text. */
final class ScalarParser {

    private static final Pattern NUMBER =
            Pattern.compile("(-?(?:\\d+(?:\\.\\d+(?:E-?\\d+)?)?|inf|nan)\\b)(?::(f64|f16|bf16|i32|i16|i8|u8))?");
    private static final Pattern NAME = Pattern.compile("\\w+");
    private static final int LOOSEST = ScalarText.precedence(BinaryOperation.EQUAL);
    private static final int TIGHTEST = ScalarText.precedence(BinaryOperation.MULTIPLY);

    private final String text;
    private final Function<String, Buffer> buffers;
    private final Function<String, Symbol> symbols;
    private int at;

    ScalarParser(String text, Function<String, Buffer> buffers, Function<String, Symbol> symbols) {
        this.text = text;
        this.buffers = buffers;
        this.symbols = symbols;
    }

    /** The whole text as one scalar. */
    Scalar parse() {
        Scalar scalar = binary(LOOSEST);
        if (at < text.length()) {
            throw error("the end");
        }
        return scalar;
    }

    private Scalar binary(int precedence) {
        if (precedence > TIGHTEST) {
            return atom();
        }
        Scalar left = binary(precedence + 1);
        Optional<BinaryOperation> operation = operation(precedence);
        while (operation.isPresent()) {
            left = Scalar.binary(operation.get(), left, binary(precedence + 1));
            operation = operation(precedence);
        }
        return left;
    }

    private Optional<BinaryOperation> operation(int precedence) {
        Optional<BinaryOperation> found = Arrays.stream(BinaryOperation.values())
                .filter(operation -> operation.isInfix() && ScalarText.precedence(operation) == precedence)
                .filter(operation -> text.startsWith(" " + operation.text() + " ", at))
                .findFirst();
        found.ifPresent(operation -> at += operation.text().length() + 2);
        return found;
    }

    private Scalar atom() {
        if (accept("(")) {
            Scalar inner = binary(LOOSEST);
            expect(")");
            return inner;
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (number.lookingAt()) {
            at = number.end();
            return literal(number.group(1), number.group(2));
        }
        String name = name();
        if (text.startsWith("[", at)) {
            return new Scalar.Load(buffer(name), sizes());
        }
        return accept("(") ? function(name) : truth(name);
    }

    private static Scalar.Literal literal(String number, String suffix) {
        boolean isWhole = number.chars().allMatch(c -> Character.isDigit(c) || c == '-');
        if (isWhole) {
            return Scalar.literal(type(suffix, DType.I64), Long.parseLong(number));
        }
        double value = switch (number) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(number);
        };
        return Scalar.literal(type(suffix, DType.F32), value);
    }

    private static DType type(String suffix, DType usual) {
        return suffix == null ? usual : DType.ofText(suffix).orElseThrow();
    }

    private Scalar truth(String name) {
        return switch (name) {
            case "true" -> Scalar.literal(DType.BOOL, 1L);
            case "false" -> Scalar.literal(DType.BOOL, 0L);
            default -> throw error("\"(\" or \"[\" after " + name);
        };
    }

    /** What stands in the parentheses behind a name. */
    private Scalar function(String name) {
        Scalar result = switch (name) {
            case "index" -> new Scalar.Index(size(until(")")));
            case "guarded" -> guarded();
            case "gather" -> gather();
            case "select" -> {
                List<Scalar> operands = operands(3);
                yield new Scalar.Select(operands.get(0), operands.get(1), operands.get(2));
            }
            default -> operation(name);
        };
        expect(")");
        return result;
    }

    private Scalar operation(String name) {
        Optional<DType> dtype = DType.ofText(name);
        if (dtype.isPresent()) {
            return new Scalar.Convert(dtype.get(), binary(LOOSEST));
        }
        for (UnaryOperation operation : UnaryOperation.values()) {
            if (ScalarText.name(operation).equals(name)) {
                return Scalar.unary(operation, binary(LOOSEST));
            }
        }
        for (BinaryOperation operation : BinaryOperation.values()) {
            if (ScalarText.name(operation).equals(name)) {
                List<Scalar> operands = operands(2);
                return Scalar.binary(operation, operands.get(0), operands.get(1));
            }
        }
        throw error("a function, not " + name);
    }

    private List<Scalar> operands(int count) {
        List<Scalar> operands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expect(i == 0 ? "" : ", ");
            operands.add(binary(LOOSEST));
        }
        return operands;
    }

    private Scalar guarded() {
        List<Scalar.Guarded.Bound> bounds = new ArrayList<>();
        do {
            expect("0 <= ");
            Size index = size(until(" < "));
            expect(" < ");
            int and = text.indexOf(" and ", at);
            int body = text.indexOf(" ? ", at);
            bounds.add(new Scalar.Guarded.Bound(index, size(until(and >= 0 && and < body ? " and " : " ? "))));
        } while (accept(" and "));
        expect(" ? ");
        Scalar body = binary(LOOSEST);
        expect(" : ");
        return new Scalar.Guarded(bounds, body, (Scalar.Literal) atom());
    }

    private Scalar gather() {
        Buffer buffer = buffer(name());
        List<Size> indices = sizes();
        expect(", ");
        List<Scalar.Gather.Lookup> lookups = new ArrayList<>();
        while (!accept("\"")) {
            lookups.add(lookup());
            expect(", ");
        }
        String operator = until("\"");
        expect("\"");
        return new Scalar.Gather(buffer, indices, lookups, operator);
    }

    private Scalar.Gather.Lookup lookup() {
        int axis = Integer.parseInt(until(" "));
        expect(" ");
        boolean wraps = accept("wraps");
        if (!wraps) {
            expect("is");
        }
        expect(" \"");
        String argument = until("\"");
        expect("\" ");
        return new Scalar.Gather.Lookup(axis, binary(LOOSEST), wraps, argument);
    }

    // ---- words

    private Buffer buffer(String name) {
        Buffer buffer = buffers.apply(name);
        if (buffer == null) {
            throw error("a buffer, not " + name);
        }
        return buffer;
    }

    /** {@code [d0, 2*d1]}. */
    private List<Size> sizes() {
        expect("[");
        List<Size> sizes = LoopParser.sizes(until("]"), symbols);
        expect("]");
        return sizes;
    }

    private Size size(String size) {
        return Size.parse(size, symbols);
    }

    private String name() {
        Matcher name = NAME.matcher(text).region(at, text.length());
        if (!name.lookingAt()) {
            throw error("a name");
        }
        at = name.end();
        return name.group();
    }

    /** The text before the next occurrence of a mark that is not within parentheses. */
    private String until(String mark) {
        int start = at;
        for (int depth = 0; at < text.length(); at++) {
            if (depth == 0 && text.startsWith(mark, at)) {
                return text.substring(start, at);
            }
            depth += text.charAt(at) == '(' ? 1 : text.charAt(at) == ')' ? -1 : 0;
        }
        throw error("\"" + mark + "\"");
    }

    private boolean accept(String word) {
        boolean found = text.startsWith(word, at);
        at += found ? word.length() : 0;
        return found;
    }

    private void expect(String word) {
        if (!accept(word)) {
            throw error("\"" + word + "\"");
        }
    }

    private IllegalArgumentException error(String expected) {
        return new IllegalArgumentException("column %d: %s is expected".formatted(at + 1, expected));
    }
}
