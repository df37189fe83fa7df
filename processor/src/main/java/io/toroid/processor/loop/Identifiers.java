package io.toroid.processor.loop;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which names generated C++ uses for itself, and what to call things that users have named so. */
public final class Identifiers {

    private static final Set<String> KEYWORDS = Set.of(
            "alignas", "alignof", "and", "asm", "auto", "bool", "break", "case", "catch", "char", "class", "co_await",
            "co_return", "co_yield", "compl", "concept", "const", "consteval", "constexpr", "constinit", "continue",
            "decltype", "default", "delete", "do", "double", "else", "enum", "explicit", "export", "extern", "false",
            "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept",
            "not", "nullptr", "operator", "or", "private", "protected", "public", "register", "requires", "return",
            "short", "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw", "true", "try",
            "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "while", "xor",
            "and_eq", "bitand", "bitor", "not_eq", "or_eq", "xor_eq", "char8_t", "char16_t", "char32_t", "wchar_t",
            "const_cast", "dynamic_cast", "reinterpret_cast", "static_cast", "static_assert", "thread_local",
            "errno", "stdin", "stdout", "stderr", "assert", "offsetof", "unix", "linux", "main");

    /** Functions and variables of the headers and of generated functions. */
    private static final Set<String> OURS = Set.of(
            "call", "pool", "arena", "begin", "end", "row", "count", "slot", "block_begin", "block_end", "rows_begin", "rows_end", "rows_step",
            "column", "change_places", "moved", "part", "parts", "inputs", "sums", "panels", "convolution", "convolution3d", "od", "size", "toroid", "target", "tile",
            "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "size_t",
            "abs", "exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "sigmoid", "erf", "sqrt", "rsqrt", "floor",
            "ceil", "trunc", "round_half_even", "sign", "pow", "fmod", "remainder", "floor_divide", "trunc_divide",
            "minimum", "maximum", "select", "convert", "fma", "isnan", "copysign", "lower", "upper", "join", "few",
            "split", "merged", "gemm", "batched_gemm", "attention", "attend", "packed_size", "pack_panels",
            "pack_convolution", "convolution2d",
            "parallel_for", "parallel_parts", "for_lanes", "for_parts", "for_blocks", "for_rows", "for_columns",
            "for_streams", "streaming", "reduce", "finish", "for_quarters", "line", "lines", "column_parts", "run_parts", "columns_begin", "columns_end", "grain_of", "floor_div", "floor_mod", "size_min", "size_max",
            "store_strided", "store_lanes", "checked_index", "wrapped_index", "check_divisor",
            "tensor", "result", "mutated", "list", "empty_list", "some", "none", "no_tensor", "described", "no_descriptor");

    /** What scalars call. */
    private static final Set<String> FUNCTIONS = Stream.concat(
                    Arrays.stream(UnaryOperation.values()).map(UnaryOperation::function),
                    Arrays.stream(BinaryOperation.values()).map(BinaryOperation::text))
            .collect(Collectors.toUnmodifiableSet());

    /** Loop variables, temporaries, constants and types; and what is derived from the names of buffers and dimensions. */
    private static final String PATTERN =
            "[A-Za-z]|[tijdmr]\\d+|co|oh|ow|k?[A-Z].*|(cpp|pack|arena_of)_.*|"
                    + ".*_(l|acc|value|result|row|column|parts|dim)(_\\d+)?|.*_(packed|panels|channels_last)(_.*[^_])?";

    private Identifiers() {
    }

    /** Whether generated code may use the name for something of its own. */
    public static boolean isTaken(String name) {
        return KEYWORDS.contains(name) || OURS.contains(name) || FUNCTIONS.contains(name) || name.matches(PATTERN);
    }

    /** What a dimension is called in C++; two have the same name only if they are called the same. */
    public static String ofDimension(String name) {
        return isTaken(name) ? name + "_dim" : name;
    }
}
