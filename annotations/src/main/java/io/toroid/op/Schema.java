package io.toroid.op;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An operator's ATen schema, as PyTorch prints it:
 * {@code aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor}.
 *
 * @param namespace {@code aten}, or {@code toroid} for operators of our own
 * @param name the operator
 * @param overload its overload, {@code default} if the schema names none
 * @param parameters in order; keyword-only ones too
 * @param results type of each result, such as {@code Tensor}
 */
public record Schema(
        String namespace, String name, String overload, List<Parameter> parameters, List<String> results) {

    /**
     * One parameter.
     *
     * @param type as written, such as {@code Tensor?} or {@code int[2]}
     * @param fallback the default as an argument, or null if it must be given
     */
    public record Parameter(String type, String name, Argument fallback) {

        /** May be none. */
        public boolean isOptional() {
            return type.endsWith("?");
        }
    }

    private static final Pattern FORM =
            Pattern.compile("(\\w+)::(\\w+)(?:\\.(\\w+))?\\((.*)\\)\\s*->\\s*(.+)");

    public Schema {
        parameters = List.copyOf(parameters);
        results = List.copyOf(results);
    }

    /** Reads the text form. */
    public static Schema parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an operator schema: " + text);
        }
        List<Parameter> parameters = split(matcher.group(4)).stream()
                .filter(part -> !part.equals("*"))
                .map(Schema::parseParameter)
                .toList();
        String results = matcher.group(5).strip();
        if (results.startsWith("(")) {
            results = results.substring(1, results.length() - 1);
        }
        List<String> types = split(results).stream().map(result -> result.split("\\s+")[0]).toList();
        String overload = matcher.group(3) == null ? "default" : matcher.group(3);
        return new Schema(matcher.group(1), matcher.group(2), overload, parameters, types);
    }

    /** {@code aten.sum.dim_IntList}. */
    public String qualifiedName() {
        return namespace + "." + name + "." + overload;
    }

    public boolean hasParameter(String parameter) {
        return parameters.stream().anyMatch(candidate -> candidate.name().equals(parameter));
    }

    /** Position of a parameter. */
    public int indexOf(String parameter) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(parameter)) {
                return i;
            }
        }
        throw new IllegalArgumentException(qualifiedName() + " has no parameter " + parameter);
    }

    /** Wraps Java values, given in order, and fills up with defaults. */
    public Arguments bind(Object... values) {
        if (values.length > parameters.size()) {
            throw new IllegalArgumentException("%s takes %d arguments, not %d: %s"
                    .formatted(qualifiedName(), parameters.size(), values.length, Arrays.toString(values)));
        }
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (i < values.length) {
                arguments.add(coerce(parameter, Argument.of(values[i])));
            } else if (parameter.fallback() != null) {
                arguments.add(parameter.fallback());
            } else {
                throw new IllegalArgumentException("%s needs its argument %s".formatted(qualifiedName(), parameter.name()));
            }
        }
        return new Arguments(this, arguments);
    }

    private Argument coerce(Parameter parameter, Argument argument) {
        if (argument instanceof Argument.None && parameter.fallback() != null) {
            return parameter.fallback();
        }
        if (argument instanceof Argument.None && !parameter.isOptional()) {
            throw Rules.mistake(Kind.ARGUMENT, Rules.title(this), "%s must not be null".formatted(parameter.name()));
        }
        boolean wantsTensors = parameter.type().startsWith("Tensor") && parameter.type().contains("[]");
        if (wantsTensors && argument instanceof Argument.OfInts(List<Size> sizes) && sizes.isEmpty()) {
            return new Argument.OfTensors(List.of());
        }
        return argument;
    }

    private static Parameter parseParameter(String text) {
        int equals = text.indexOf('=');
        String declaration = (equals < 0 ? text : text.substring(0, equals)).strip();
        int space = declaration.lastIndexOf(' ');
        String type = declaration.substring(0, space).strip();
        String name = declaration.substring(space + 1);
        return new Parameter(type, name, equals < 0 ? null : parseDefault(type, text.substring(equals + 1).strip()));
    }

    private static Argument parseDefault(String type, String text) {
        if (text.equals("None")) {
            return Argument.None.NONE;
        }
        if (text.equals("True") || text.equals("False")) {
            return new Argument.OfBool(text.equals("True"));
        }
        if (text.startsWith("[")) {
            String inner = text.substring(1, text.length() - 1).strip();
            return new Argument.OfInts(inner.isEmpty() ? List.of() : split(inner).stream()
                    .map(Long::parseLong).map(Size::of).toList());
        }
        if (text.startsWith("\"") || text.startsWith("'")) {
            return new Argument.OfString(text.substring(1, text.length() - 1));
        }
        if (text.matches("-?\\d+")) {
            long value = Long.parseLong(text);
            if (type.startsWith("float")) {
                return new Argument.OfFloat(value);
            }
            return type.contains("[") ? new Argument.OfInts(List.of(Size.of(value))) : new Argument.OfInt(Size.of(value));
        }
        if (DType.ofText(text).isPresent()) {
            return new Argument.OfDType(DType.ofText(text).get());
        }
        return text.matches("-?[0-9.]+([eE][-+]?\\d+)?")
                ? new Argument.OfFloat(Double.parseDouble(text)) : new Argument.OfString(text);
    }

    /** Splits at commas outside brackets. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '[', '(' -> depth++;
                case ']', ')' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(text.substring(start, i).strip());
                        start = i + 1;
                    }
                }
                default -> { }
            }
        }
        String last = text.substring(start).strip();
        if (!last.isEmpty()) {
            parts.add(last);
        }
        return parts;
    }

    /** The qualified name. */
    @Override
    public String toString() {
        return qualifiedName();
    }
}
