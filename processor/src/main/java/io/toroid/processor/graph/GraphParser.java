package io.toroid.processor.graph;

import io.toroid.DType;
import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Body;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.Parameter;
import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link GraphText} prints. */
final class GraphParser {

    private static final Pattern LEAF = Pattern.compile("(input|parameter|buffer|state|constant) %(\\S+): (.+)");
    private static final Pattern CALL =
            Pattern.compile("%(\\S+): (.+?) = ([\\w.]+)\\((.*)\\)(?:  // (?:(\\w+)(?: at |$))?(?:(\\S+):(\\d+))?)?");
    private static final Pattern SIZE = Pattern.compile("size (\\w+): (.+?)(?:, at most (.+))? = (%\\S+)");
    private static final Pattern NAMED = Pattern.compile("(\\w+)=(.*)");

    private final ShapeEnvironment environment;
    /** Below the call that is being read, by parameter. */
    private final Map<String, Body> bodies = new HashMap<>();
    private final Map<String, Tensor> values = new HashMap<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();
    private final SequencedMap<Symbol, Tensor> sizes = new LinkedHashMap<>();
    private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    private String name = "";

    private final Map<String, Operator> more;

    /** @param more operators of the author's own, by name */
    GraphParser(Map<String, Operator> more) {
        this(new ShapeEnvironment(), more);
    }

    private GraphParser(ShapeEnvironment environment, Map<String, Operator> more) {
        this.environment = environment;
        this.more = more;
    }

    Graph parse(String text) {
        return parse(text.lines().toList(), 0);
    }

    private Graph parse(List<String> lines, int before) {
        for (int i = 0; i < lines.size(); ) {
            int end = i + 1;
            while (end < lines.size() && lines.get(end).startsWith("  ")) {
                end++;
            }
            String line = lines.get(i).strip();
            readBodies(lines.subList(i + 1, end), before + i + 1);
            try {
                line(line);
            } catch (RuntimeException problem) {
                throw new IllegalArgumentException(
                        "line %d, \"%s\": %s".formatted(before + i + 1, line, problem.getMessage()), problem);
            }
            i = end;
        }
        return new Graph(name, inputs, outputs, sizes, parameters);
    }

    /** The lines below a call, each body with its head. */
    private void readBodies(List<String> lines, int before) {
        bodies.clear();
        for (int i = 0; i < lines.size(); ) {
            int end = i + 1;
            while (end < lines.size() && lines.get(end).startsWith("    ")) {
                end++;
            }
            List<String> inner = lines.subList(i + 1, end).stream().map(line -> line.substring(4)).toList();
            Graph graph = new GraphParser(environment, more).parse(inner, before + i + 1);
            bodies.put(lines.get(i).strip().substring("body ".length()), new Body(graph.inputs(), graph.outputs(), graph.sizes()));
            i = end;
        }
    }

    private void line(String line) {
        if (line.isEmpty()) {
            return;
        }
        if (line.startsWith("graph ")) {
            name = line.substring("graph ".length());
        } else if (line.startsWith("symbol ")) {
            int colon = line.indexOf(':');
            environment.declare(line.substring("symbol ".length(), colon), Range.parse(line.substring(colon + 1).strip()));
        } else if (line.startsWith("size ")) {
            size(match(SIZE, line));
        } else if (line.startsWith("return")) {
            outputs.addAll(tensors(line.substring("return".length())));
        } else if (line.startsWith("%")) {
            call(match(CALL, line));
        } else {
            leaf(match(LEAF, line));
        }
    }

    private void size(Matcher matcher) {
        Tensor value = value(matcher.group(4));
        Size most = matcher.group(3) == null ? null : size(matcher.group(3));
        sizes.put(environment.ofData(matcher.group(1), Range.parse(matcher.group(2)), most, value), value);
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of a graph");
        }
        return matcher;
    }

    private void leaf(Matcher matcher) {
        String leaf = matcher.group(2);
        String rest = matcher.group(3);
        switch (matcher.group(1)) {
            case "input" -> {
                inputs.add(input(leaf, rest));
                values.put(leaf, inputs.getLast());
            }
            case "constant" -> values.put(leaf, constant(rest));
            case String kind -> {
                Parameter parameter = new Parameter(Parameter.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), type(rest));
                parameters.put(leaf, parameter);
                values.put(leaf, Tensor.leaf(parameter));
            }
        }
    }

    private Tensor input(String leaf, String text) {
        int is = text.indexOf(" is ");
        return is < 0 ? Tensor.placeholder(leaf, type(text), environment)
                : Tensor.placeholder(leaf, environment.symbol(text.substring(is + " is ".length())));
    }

    private TensorType type(String text) {
        return TensorType.parse(text, environment::symbol);
    }

    private Tensor constant(String text) {
        int equals = text.indexOf('=');
        TensorType type = type(text.substring(0, equals).strip());
        String list = text.substring(equals + 1).strip();
        String[] words = list.isEmpty() ? new String[0] : list.split(" ");
        Object array = switch (type.dtype()) {
            case F32, F16, BF16 -> floats(words);
            case F64 -> Arrays.stream(words).mapToDouble(Double::parseDouble).toArray();
            case I64 -> Arrays.stream(words).mapToLong(Long::parseLong).toArray();
            case I32 -> Arrays.stream(words).mapToInt(Integer::parseInt).toArray();
            case I16 -> shorts(words);
            case I8, U8 -> bytes(words);
            case BOOL -> booleans(words);
        };
        return Tensor.constant(new TensorData(type.dtype(), type.shape().toArray(), array));
    }

    private static float[] floats(String[] words) {
        float[] values = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            values[i] = Float.parseFloat(words[i]);
        }
        return values;
    }

    private static short[] shorts(String[] words) {
        short[] values = new short[words.length];
        for (int i = 0; i < words.length; i++) {
            values[i] = Short.parseShort(words[i]);
        }
        return values;
    }

    private static byte[] bytes(String[] words) {
        byte[] values = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            values[i] = (byte) Integer.parseInt(words[i]);
        }
        return values;
    }

    private static boolean[] booleans(String[] words) {
        boolean[] values = new boolean[words.length];
        for (int i = 0; i < words.length; i++) {
            values[i] = Boolean.parseBoolean(words[i]);
        }
        return values;
    }

    private void call(Matcher matcher) {
        Operator operator = Operators.byName(matcher.group(3)).or(() -> Optional.ofNullable(more.get(matcher.group(3))))
                .orElseThrow(() -> new IllegalArgumentException("there is no operator " + matcher.group(3)));
        SourcePosition position = matcher.group(6) == null ? SourcePosition.UNKNOWN
                : new SourcePosition("", "", matcher.group(6), Integer.parseInt(matcher.group(7)));
        String wrote = matcher.group(5) == null ? operator.schema().name() : matcher.group(5);
        List<Tensor> results = operator.apply(
                arguments(operator.schema(), matcher.group(4)), new Call.Source(wrote, position));
        List<TensorType> stated = split(matcher.group(2)).stream().map(this::type).toList();
        List<TensorType> inferred = results.stream().map(Tensor::type).toList();
        if (!stated.equals(inferred)) {
            throw new IllegalArgumentException("the operator gives " + inferred);
        }
        for (Tensor result : results) {
            values.put(results.size() == 1 ? matcher.group(1) : matcher.group(1) + "#" + result.index(), result);
        }
    }

    private Arguments arguments(Schema schema, String text) {
        Argument[] found = new Argument[schema.parameters().size()];
        int position = 0;
        for (String part : split(text)) {
            Matcher named = NAMED.matcher(part);
            int index = named.matches() ? schema.indexOf(named.group(1)) : position++;
            String value = named.matches() ? named.group(2) : part;
            Schema.Parameter parameter = schema.parameters().get(index);
            found[index] = parameter.type().equals("Body")
                    ? new Argument.OfBody(bodies.get(parameter.name())) : argument(parameter.type(), value);
        }
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            Schema.Parameter parameter = schema.parameters().get(i);
            if (found[i] == null && parameter.fallback() == null) {
                throw new IllegalArgumentException("argument " + parameter.name() + " is missing");
            }
            arguments.add(found[i] == null ? parameter.fallback() : found[i]);
        }
        return new Arguments(schema, arguments);
    }

    private Argument argument(String type, String text) {
        if (text.equals("none")) {
            return Argument.None.NONE;
        }
        if (type.startsWith("Tensor[") || type.startsWith("Tensor?[")) {
            return Argument.ofTensors(split(text.substring(1, text.length() - 1)).stream()
                    .map(part -> part.equals("none") ? null : value(part)).toList());
        }
        if (text.startsWith("%")) {
            return new Argument.OfTensor(value(text));
        }
        if (type.startsWith("ScalarType")) {
            return new Argument.OfDType(DType.ofText(text).orElseThrow());
        }
        if (text.startsWith("\"")) {
            return new Argument.OfString(text.substring(1, text.length() - 1));
        }
        if (type.startsWith("float[") && text.startsWith("[")) {
            return new Argument.OfFloats(split(text.substring(1, text.length() - 1)).stream().map(GraphParser::floating).toList());
        }
        if (text.startsWith("[")) {
            return new Argument.OfInts(Shape.parse(text, environment::symbol).sizes());
        }
        if (text.equals("true") || text.equals("false")) {
            return new Argument.OfBool(text.equals("true"));
        }
        return text.contains(".") ? new Argument.OfFloat(floating(text)) : new Argument.OfInt(size(text));
    }

    private static double floating(String text) {
        return switch (text) {
            case ".nan" -> Double.NaN;
            case ".inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private Size size(String text) {
        return Size.parse(text, environment::symbol);
    }

    private List<Tensor> tensors(String text) {
        return split(text).stream().map(this::value).toList();
    }

    private Tensor value(String text) {
        Tensor tensor = values.get(text.substring(1));
        if (tensor == null) {
            throw new IllegalArgumentException("there is no " + text);
        }
        return tensor;
    }

    /** Splits at commas outside brackets and quotes. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (char c : text.toCharArray()) {
            quoted ^= c == '"';
            depth += quoted ? 0 : c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
            if (c == ',' && depth == 0 && !quoted) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (!part.toString().isBlank()) {
            parts.add(part.toString().strip());
        }
        return parts;
    }
}
