package io.toroid.processor.frontend;

import io.toroid.DType;
import io.toroid.op.TensorType;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.diagnostic.Suggestion;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a {@code @Spec}: a type and, in brackets, one size for each dimension. A size is an expression of
 * numbers and of the dimensions that the environment declares.
 */
final class SpecParser {

    /** As many dimensions as a tensor descriptor of the native ABI has room for. */
    private static final int MAX_RANK = 8;

    private static final Pattern FORM = Pattern.compile("(\\w+)\\s*\\[(.*)]");
    private static final Map<String, String> OTHER_SPELLINGS = Map.ofEntries(
            Map.entry("float", "f32"), Map.entry("float32", "f32"), Map.entry("double", "f64"),
            Map.entry("float64", "f64"), Map.entry("long", "i64"), Map.entry("int64", "i64"),
            Map.entry("int", "i32"), Map.entry("int32", "i32"), Map.entry("short", "i16"), Map.entry("int16", "i16"),
            Map.entry("byte", "i8"), Map.entry("int8", "i8"), Map.entry("uint8", "u8"), Map.entry("half", "f16"),
            Map.entry("float16", "f16"), Map.entry("bfloat16", "bf16"), Map.entry("boolean", "bool"));
    private static final Set<String> COMPLEX = Set.of("c32", "c64", "c128", "complex", "complex32", "complex64", "complex128", "cfloat", "cdouble");

    private SpecParser() {
    }

    /** @throws ProblemException if the text is malformed or names dimensions that are not declared */
    static TensorType parse(String text, ShapeEnvironment environment) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw malformed(text, "a type and sizes in brackets are expected");
        }
        DType dtype = DType.ofText(matcher.group(1)).orElseThrow(() -> malformed(text, unknownType(matcher.group(1))));
        Undeclared undeclared = new Undeclared(environment);
        Shape shape = sizes(text, matcher.group(2), undeclared);
        if (!undeclared.problems.isEmpty()) {
            throw new ProblemException(undeclared.problems);
        }
        if (shape.rank() > MAX_RANK) {
            throw malformed(text, "it has %d dimensions, and at most %d are possible".formatted(shape.rank(), MAX_RANK));
        }
        for (Size size : shape.sizes()) {
            if (size.range().min() < 0) {
                throw malformed(text, "the size %s can be negative".formatted(size));
            }
        }
        return new TensorType(dtype, shape);
    }

    private static Shape sizes(String text, String inner, Undeclared symbols) {
        try {
            return Shape.parse("[" + inner + "]", symbols::find);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw malformed(text, e.getMessage());
        }
    }

    private static String unknownType(String type) {
        if (COMPLEX.contains(type)) {
            return "there is no type " + type + ": complex numbers are not offered; pass real and imaginary parts as two tensors, or along an axis of size 2";
        }
        Optional<String> other = Optional.ofNullable(OTHER_SPELLINGS.get(type.toLowerCase(java.util.Locale.ROOT)))
                .or(() -> Suggestion.nearest(type, Arrays.stream(DType.values()).map(DType::text).toList()));
        return "there is no type " + type + other.map(name -> " (did you mean " + name + "?)").orElse("");
    }

    private static ProblemException malformed(String text, String why) {
        return new ProblemException(Diagnostic.SPEC_MALFORMED, text, why);
    }

    /** Stands in for names that are not declared, so that all of them are reported at once. */
    private static final class Undeclared {

        private final ShapeEnvironment declared;
        private final ShapeEnvironment standIns = new ShapeEnvironment();
        private final List<Problem> problems = new ArrayList<>();

        Undeclared(ShapeEnvironment declared) {
            this.declared = declared;
        }

        Symbol find(String name) {
            return declared.find(name).orElseGet(() -> {
                if (standIns.find(name).isEmpty()) {
                    problems.add(Problem.of(Diagnostic.DIM_UNDECLARED, name, hint(name)));
                }
                return standIns.declare(name, Range.atLeast(0));
            });
        }

        private String hint(String name) {
            List<String> names = declared.symbols().stream().map(Symbol::name).toList();
            return Suggestion.nearest(name, names)
                    .map(near -> "did you mean %s?".formatted(near))
                    .orElse("declare it with @Dim(name = \"%s\", min = ..., max = ...)".formatted(name));
        }
    }
}
