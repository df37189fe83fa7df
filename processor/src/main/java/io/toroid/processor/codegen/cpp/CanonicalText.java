package io.toroid.processor.codegen.cpp;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A kernel's code without what is arbitrary in it: comments are left out, and the names of the function, of buffers and
 * of sizes are numbers in the order in which they appear. Two kernels with the same text compute the same from what
 * they are given.
 *
 * <p>It is enough to look at whole words of the code, outside strings: {@link io.toroid.processor.loop.Identifiers} sees
 * to it that no buffer or size is called like anything else in generated code. Members and qualified names, which may be, are
 * told by what stands before them.
 */
final class CanonicalText {

    private static final Pattern TOKEN = Pattern.compile("""
            (?<kept> "(?:[^"\\\\]|\\\\.)*" | '(?:[^'\\\\]|\\\\.)+' | (?:\\.|->|::)\\s*[A-Za-z_]\\w* | \\d[\\w.]* )
            | (?<comment> //[^\\n]*\\n )
            | (?<name> [A-Za-z_]\\w* )""", Pattern.COMMENTS);

    /** How the variables are called that a kernel derives from a buffer: its accumulator, its row on the stack. */
    private static final Pattern DERIVED = Pattern.compile("(.+)(_(?:acc|value|result|row))");

    private final Set<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();

    private CanonicalText(Set<String> names) {
        this.names = names;
    }

    /** @param buffers the names of all buffers that the kernel knows */
    static String of(KernelSource kernel, Set<String> buffers) {
        Set<String> names = new HashSet<>(buffers);
        names.add(kernel.name());
        for (KernelSource.Parameter parameter : kernel.parameters()) {
            if (parameter instanceof KernelSource.Parameter.Dimension(var symbol)) {
                names.add(SizeWriter.plain().print(symbol));
            }
        }
        CanonicalText canonical = new CanonicalText(names);
        return TOKEN.matcher(kernel.text()).replaceAll(token -> java.util.regex.Matcher.quoteReplacement(canonical.replacement(token)));
    }

    private String replacement(MatchResult token) {
        if (token.group("comment") != null) {
            return "";
        }
        String name = token.group("name");
        if (name == null) {
            return token.group();
        }
        var derived = DERIVED.matcher(name);
        return derived.matches() && names.contains(derived.group(1))
                ? numbered(derived.group(1)) + derived.group(2)
                : names.contains(name) ? numbered(name) : name;
    }

    private String numbered(String name) {
        Integer number = numbers.computeIfAbsent(name, _ -> numbers.size());
        return "$" + number;
    }
}
