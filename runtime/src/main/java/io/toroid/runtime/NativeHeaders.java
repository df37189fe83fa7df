package io.toroid.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The fixed C++ of Toroid, which lies in this module as resources: headers that generated code includes as {@code
 * <toroid/name.h>}, and the linker's list of exported functions.
 *
 * <p>There is no list of the headers. They are found as the compiler would find them, by following the include directives
 * from the source that needs them; so a source depends on exactly the headers that can change its meaning.
 */
public final class NativeHeaders {
    /** Below this path in the class path lies what the compiler gets by {@code -I}. */
    public static final String INCLUDE = "META-INF/toroid/include/";

    private static final String EXPORTS = "META-INF/toroid/exports.map";
    private static final Pattern DIRECTIVE = Pattern.compile("^\\s*#\\s*include\\s*[<\"](toroid/[\\w./-]+)[>\"]", Pattern.MULTILINE);

    private NativeHeaders() {
    }

    /**
     * The text of a header.
     *
     * @param name as it is included, such as {@code toroid/vec.h}
     * @throws IllegalArgumentException if there is none of this name
     */
    public static String text(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("there is no header <" + name + ">"));
    }

    /** The headers that a C++ source includes, directly or through others: their texts by name. */
    public static SortedMap<String, String> includedBy(String source) {
        SortedMap<String, String> headers = new TreeMap<>();
        Deque<String> unread = new ArrayDeque<>();
        unread.add(source);
        while (!unread.isEmpty()) {
            Matcher directive = DIRECTIVE.matcher(unread.remove());
            while (directive.find()) {
                String name = directive.group(1);
                if (!headers.containsKey(name)) {
                    String text = text(name);
                    headers.put(name, text);
                    unread.add(text);
                }
            }
        }
        return Collections.unmodifiableSortedMap(headers);
    }

    /** The linker's version script: the functions that a compiled model exports, and nothing else. */
    public static String exports() {
        return read(EXPORTS).orElseThrow(() -> new IllegalStateException("the resource " + EXPORTS + " is missing"));
    }

    /** The same with functions that only some models export. */
    public static String exports(List<String> more) {
        String others = more.stream().map(name -> "    " + name + ";\n").collect(Collectors.joining());
        return exports().replace("  local:", others + "  local:");
    }

    private static Optional<String> find(String name) {
        return read(INCLUDE + name);
    }

    private static Optional<String> read(String resource) {
        try (InputStream stream = NativeHeaders.class.getClassLoader().getResourceAsStream(resource)) {
            return stream == null ? Optional.empty() : Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + resource + " cannot be read", e);
        }
    }
}
