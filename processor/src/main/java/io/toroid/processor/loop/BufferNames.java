package io.toroid.processor.loop;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Names of buffers, which become variables of the generated C++: unique, valid identifiers, and none that generated
 * code uses for something else.
 */
public final class BufferNames {

    private static final Set<String> RESERVED = Set.of(
            "alignas", "alignof", "and", "asm", "auto", "bool", "break", "case", "catch", "char", "class", "co_await",
            "co_return", "co_yield", "compl", "concept", "const", "consteval", "constexpr", "constinit", "continue",
            "decltype", "default", "delete", "do", "double", "else", "enum", "explicit", "export", "extern", "false",
            "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept",
            "not", "nullptr", "operator", "or", "private", "protected", "public", "register", "requires", "return",
            "short", "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw", "true", "try",
            "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "while", "xor",
            "call", "pool", "arena", "begin", "end", "count", "slot", "sums", "panels", "size", "model", "entry",
            "toroid", "unix", "linux", "main", "bytes", "data",
            // functions and types of the headers
            "abs", "exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "sigmoid", "erf", "sqrt", "rsqrt", "floor",
            "ceil", "trunc", "sign", "pow", "fmod", "remainder", "minimum", "maximum", "select", "convert", "gemm",
            "split", "merged", "fma", "isnan", "few", "lower", "upper", "join", "tile", "target");

    private final Set<String> used = new HashSet<>();

    /** None of these names will be given. */
    public BufferNames(Collection<String> taken) {
        used.addAll(taken);
    }

    /** A name like the wanted one. */
    public String unique(String wanted) {
        String clean = wanted.replaceAll("[^A-Za-z0-9_]", "_").replaceAll("__+", "_");
        if (clean.isEmpty() || !Character.isLetter(clean.charAt(0))) {
            clean = "x" + (clean.startsWith("_") ? "" : "_") + clean;
        }
        boolean isOurs = RESERVED.contains(clean) || clean.length() == 1 || clean.matches("[tijdmr]\\d+|b|co|oh|ow|k[A-Z].*|[A-Z].*");
        String name = isOurs ? clean + "_" : clean;
        for (int number = 1; !used.add(name); number++) {
            name = clean + "_" + number;
        }
        return name;
    }
}
