package io.toroid.runtime.weights;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the header of a safetensors file, which is JSON of a restricted kind: objects, arrays, strings and non-negative integers.
 *
 * <p>It is a reader of our own because the runtime has no dependencies, and because a strict one is wanted: a key that occurs twice or
 * bytes after the end, which most JSON libraries accept, mean a damaged or forged file here. Objects become maps in the order of the
 * file, arrays lists, numbers {@code Long}; true, false, null, fractions and signs do not occur in this format and are refused.
 */
final class HeaderReader {
    /** What is wrong, and at which byte of the header. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1;
        private final int position;

        SyntaxException(String message, int position) {
            super(message);
            this.position = position;
        }

        int position() {
            return position;
        }
    }

    private static final int MAX_DEPTH = 16;

    private final byte[] text;
    private int at;
    private int depth;

    private HeaderReader(byte[] text) {
        this.text = text;
    }

    /** Reads one object, followed by nothing but spaces. */
    static Map<String, Object> read(byte[] text) throws SyntaxException {
        HeaderReader reader = new HeaderReader(text);
        reader.expect('{');
        Map<String, Object> object = reader.object();
        reader.skipSpace();
        if (reader.at < text.length) {
            throw reader.wrong("the header goes on after its end");
        }
        return object;
    }

    private Object value() throws SyntaxException {
        skipSpace();
        int c = at < text.length ? text[at] : -1;
        if (c >= '0' && c <= '9') {
            return number();
        }
        return switch (c) {
            case '{' -> nested(this::object);
            case '[' -> nested(this::array);
            case '"' -> string();
            default -> throw wrong("expected an object, an array, a string or a number");
        };
    }

    private interface Production {
        Object read() throws SyntaxException;
    }

    private Object nested(Production production) throws SyntaxException {
        if (++depth > MAX_DEPTH) {
            throw wrong("objects and arrays are nested too deeply");
        }
        at++;
        Object result = production.read();
        depth--;
        return result;
    }

    private Map<String, Object> object() throws SyntaxException {
        Map<String, Object> members = new LinkedHashMap<>();
        if (skipped('}')) {
            return members;
        }
        do {
            skipSpace();
            int start = at;
            String key = string();
            expect(':');
            if (members.put(key, value()) != null) {
                at = start;
                throw wrong("the key \"" + key + "\" occurs twice");
            }
        } while (skipped(','));
        expect('}');
        return members;
    }

    private List<Object> array() throws SyntaxException {
        List<Object> items = new ArrayList<>();
        if (skipped(']')) {
            return items;
        }
        do {
            items.add(value());
        } while (skipped(','));
        expect(']');
        return items;
    }

    private Long number() throws SyntaxException {
        int start = at;
        long value = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            long digit = text[at] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                at = start;
                throw wrong("the number is too large");
            }
            value = value * 10 + digit;
            at++;
        }
        boolean leadingZero = text[start] == '0' && at - start > 1;
        if (leadingZero || at < text.length && (text[at] == '.' || text[at] == 'e' || text[at] == 'E')) {
            at = start;
            throw wrong("expected a whole number");
        }
        return value;
    }

    private String string() throws SyntaxException {
        expect('"');
        StringBuilder result = new StringBuilder();
        int start = at;
        while (true) {
            if (at >= text.length) {
                throw wrong("the string does not end");
            }
            int c = text[at];
            if (c >= 0 && c < ' ') {
                throw wrong("a control character in a string");
            }
            if (c == '"' || c == '\\') {
                result.append(utf8(start, at));
                at++;
                if (c == '"') {
                    return result.toString();
                }
                result.append(escaped());
                start = at;
            } else {
                at++;
            }
        }
    }

    private char escaped() throws SyntaxException {
        int c = at < text.length ? text[at++] : -1;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("an escape that JSON does not have");
        };
    }

    private char unicode() throws SyntaxException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length ? Character.digit(text[at], 16) : -1;
            if (digit < 0) {
                throw wrong("expected four hexadecimal digits");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private String utf8(int from, int to) throws SyntaxException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, from, to - from)).toString();
        } catch (CharacterCodingException e) {
            at = from;
            throw wrong("a string that is not UTF-8");
        }
    }

    private void skipSpace() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private boolean skipped(char c) {
        skipSpace();
        boolean found = at < text.length && text[at] == c;
        if (found) {
            at++;
        }
        return found;
    }

    private void expect(char c) throws SyntaxException {
        if (!skipped(c)) {
            throw wrong("expected '" + c + "'");
        }
    }

    private SyntaxException wrong(String what) {
        return new SyntaxException(what, at);
    }
}
