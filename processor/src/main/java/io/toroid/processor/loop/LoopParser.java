package io.toroid.processor.loop;

import io.toroid.SourcePosition;
import io.toroid.op.TensorType;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what {@link LoopText} prints. */
final class LoopParser {

    private static final Pattern BUFFER =
            Pattern.compile("(input|output|result|constant|intermediate|accumulator) (\\w+): (\\w+\\[.*?])(?: strides (\\[.*]))?(?: updates (\\w+))?");
    private static final Pattern VARIABLES = Pattern.compile("(?:for|convolution) (.+)");
    private static final Pattern REDUCE = Pattern.compile("reduce (.+) over (.+)");
    private static final Pattern COMBINE = Pattern.compile("(.+) at (\\[.*?]) = (\\w+) of (.+)");
    private static final Pattern GEMM = Pattern.compile("gemm batch (.+), rows (.+), column (.+), depth (.+)");
    private static final Pattern OPERAND = Pattern.compile("\\w+ (\\w+) at (.+), rows by (.+), columns by (.+?)(, packed)?");
    private static final Pattern WINDOW = Pattern.compile(
            "window kernel ([\\dx]+) stride ([\\dx]+) padding ([\\dx]+) dilation ([\\dx]+) groups (\\d+)( transposed)?");
    private static final Pattern ATTENTION = Pattern.compile("attention (.+), position (.+), depth (.+), scale (.+)");
    private static final Pattern HEADS = Pattern.compile("\\w+ (\\w+) at (.+), batch by (.+), heads by (.+), tokens by (.+)");
    private static final Pattern EXTERN = Pattern.compile("extern ([\\w:]+) from (\\S+)");
    private static final Pattern SIZE = Pattern.compile("size (\\w+) from (\\w+)");
    private static final Pattern PACK = Pattern.compile("pack (\\w+) -> (\\w+)");
    private static final Pattern PANELS = Pattern.compile(
            "panels of (.+), depth (.+), columns (.+), at (.+), batch by (.+), rows by (.+), columns by (.+)");
    private static final Pattern FILTERS = Pattern.compile("filters of (.+) in (\\d+) out (\\d+)");
    private static final Pattern STORE = Pattern.compile("(\\w+)\\[(.*?)] = (.+)");
    private static final Pattern ORIGINS = Pattern.compile("(.*?)(?:(?: at |^)(\\S+:\\d+(?:, \\S+:\\d+)*))?");

    private final ShapeEnvironment environment;
    private final Map<String, Buffer> buffers;
    /** Those of the program around this one. */
    private final Map<String, Buffer> around;
    private final List<Buffer> inputs = new ArrayList<>();
    private final List<Buffer> outputs = new ArrayList<>();
    private final List<Loop> loops = new ArrayList<>();
    private String name = "";
    /** Of the loop that is being read. */
    private final Map<String, Symbol> variables = new HashMap<>();

    LoopParser() {
        this(new ShapeEnvironment(), Map.of());
    }

    private LoopParser(ShapeEnvironment environment, Map<String, Buffer> around) {
        this.environment = environment;
        this.around = around;
        this.buffers = new HashMap<>(around);
    }

    LoopProgram parse(String text) {
        return parse(text.lines().toList());
    }

    private LoopProgram parse(List<String> lines) {
        for (int i = 0; i < lines.size();) {
            int end = i + 1;
            while (end < lines.size() && lines.get(end).startsWith("  ")) {
                end++;
            }
            try {
                block(lines.get(i), lines.subList(i + 1, end));
            } catch (RuntimeException problem) {
                throw new IllegalArgumentException(
                        "line %d, \"%s\": %s".formatted(i + 1, lines.get(i).strip(), problem.getMessage()), problem);
            }
            i = end;
        }
        return new LoopProgram(name, inputs, outputs, loops);
    }

    private void block(String line, List<String> body) {
        if (line.isBlank()) {
            return;
        }
        if (line.startsWith("loops ")) {
            name = line.substring("loops ".length());
        } else if (line.startsWith("symbol ")) {
            int colon = line.indexOf(':');
            environment.declare(line.substring("symbol ".length(), colon), Range.parse(line.substring(colon + 2)));
        } else if (BUFFER.matcher(line).matches()) {
            buffer(match(BUFFER, line));
        } else {
            loop(line, body);
        }
    }

    /** The programs of a branch or loop: each a line with its name, and its own lines further in. */
    private List<LoopProgram> programs(List<String> lines) {
        List<LoopProgram> programs = new ArrayList<>();
        for (int i = 0; i < lines.size();) {
            int end = i + 1;
            while (end < lines.size() && lines.get(end).startsWith("    ")) {
                end++;
            }
            List<String> inner = new ArrayList<>(List.of(lines.get(i).strip()));
            lines.subList(i + 1, end).forEach(line -> inner.add(line.substring(4)));
            programs.add(new LoopParser(environment, buffers).parse(inner));
            i = end;
        }
        return programs;
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of loops");
        }
        return matcher;
    }

    private void buffer(Matcher matcher) {
        String word = matcher.group(1);
        Buffer known = around.get(matcher.group(2));
        if (known != null) {
            (word.equals("result") ? outputs : inputs).add(known);
            return;
        }
        Buffer.Kind kind = word.equals("accumulator")
                ? Buffer.Kind.INTERMEDIATE : Buffer.Kind.valueOf(word.toUpperCase(Locale.ROOT));
        Buffer buffer = new Buffer(matcher.group(2), kind, TensorType.parse(matcher.group(3), environment::symbol));
        if (matcher.group(4) != null) {
            buffer.choose(new Layout(buffer.shape(), Shape.parse(matcher.group(4), environment::symbol).sizes()));
        }
        if (matcher.group(5) != null) {
            buffer.goesTo(buffers.get(matcher.group(5)));
        }
        buffers.put(buffer.name(), buffer);
        if (kind == Buffer.Kind.INPUT) {
            inputs.add(buffer);
        } else if (kind == Buffer.Kind.OUTPUT) {
            outputs.add(buffer);
        }
    }

    // ---- loops

    private void loop(String line, List<String> lines) {
        List<String> body = lines.stream().map(String::strip).toList();
        variables.clear();
        int comment = line.indexOf("  // ");
        String head = comment < 0 ? line : line.substring(0, comment);
        Loop.Origins origins = comment < 0 ? Loop.Origins.NONE : origins(line.substring(comment + 5));
        loops.add(switch (head.split(" ", 2)[0]) {
            case "for" -> new Loop.Pointwise(
                    variables(match(VARIABLES, head).group(1)), store(body.getFirst()), origins);
            case "reduce" -> reduction(match(REDUCE, head), match(COMBINE, body.getFirst()), origins);
            case "gemm" -> gemm(match(GEMM, head), body, origins);
            case "convolution" -> convolution(variables(match(VARIABLES, head).group(1)), body, origins);
            case "attention" -> attention(match(ATTENTION, head), body, origins);
            case "extern" -> extern(match(EXTERN, head), body, origins);
            case "branch" -> branch(head, programs(lines), origins);
            case "repeat" -> repeat(programs(lines), origins);
            case "size" -> readSize(match(SIZE, head), origins);
            case "pack" -> pack(match(PACK, head), body.getFirst(), origins);
            default -> throw new IllegalArgumentException("not a line of loops");
        });
    }

    private static Loop.Origins origins(String text) {
        Matcher matcher = match(ORIGINS, text);
        List<String> operators = matcher.group(1).isEmpty() ? List.of() : List.of(matcher.group(1).split(", "));
        List<SourcePosition> positions = matcher.group(2) == null ? List.of()
                : Stream.of(matcher.group(2).split(", ")).map(LoopParser::position).toList();
        return new Loop.Origins(operators, positions);
    }

    private static SourcePosition position(String text) {
        int colon = text.lastIndexOf(':');
        return new SourcePosition("", "", text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private Loop reduction(Matcher head, Matcher body, Loop.Origins origins) {
        List<Symbol> own = variables(head.group(1));
        List<Symbol> reduced = variables(head.group(2));
        ReductionOperation operation = Arrays.stream(ReductionOperation.values())
                .filter(candidate -> candidate.text().equals(body.group(3))).findFirst().orElseThrow();
        List<Buffer> targets = Stream.of(body.group(1).split(", ")).map(this::buffer).toList();
        return new Loop.Reduction(own, reduced, operation, scalar(body.group(4)), targets, indices(body.group(2)), origins);
    }

    private Loop gemm(Matcher head, List<String> body, Loop.Origins origins) {
        List<Symbol> batch = variables(head.group(1));
        List<Symbol> rows = variables(head.group(2));
        Symbol column = variables(head.group(3)).getFirst();
        List<Symbol> all = new ArrayList<>(batch);
        all.addAll(rows);
        all.add(column);
        return new Loop.Gemm(batch, rows, column, size(head.group(4)), operand(body.get(0)), operand(body.get(1)),
                buffer(rest(body.get(2), "sums ")), epilogue(all, body.subList(3, body.size())), origins);
    }

    private Loop.Operand operand(String line) {
        Matcher matcher = match(OPERAND, line);
        return new Loop.Operand(buffer(matcher.group(1)), size(matcher.group(2)), size(matcher.group(3)),
                size(matcher.group(4)), matcher.group(5) != null);
    }

    private Loop convolution(List<Symbol> own, List<String> body, Loop.Origins origins) {
        return new Loop.Convolution(buffer(rest(body.get(0), "input ")), buffer(rest(body.get(1), "weight ")),
                window(body.get(2)), groups(body.get(2)), buffer(rest(body.get(3), "sums ")),
                epilogue(own, body.subList(4, body.size())), origins);
    }

    private Loop attention(Matcher head, List<String> body, Loop.Origins origins) {
        List<Symbol> own = variables(head.group(1));
        Symbol position = variables(head.group(2)).getFirst();
        int next = 3;
        Optional<Scalar> mask = Optional.empty();
        if (body.get(next).startsWith("mask ")) {
            mask = Optional.of(scalar(rest(body.get(next), "mask ")));
            next++;
        }
        return new Loop.Attention(heads(body.get(0)), heads(body.get(1)), heads(body.get(2)), size(head.group(3)),
                Double.parseDouble(head.group(4)), position, mask, buffer(rest(body.get(next), "sums ")),
                epilogue(own, body.subList(next + 1, body.size())), origins);
    }

    private Loop.Heads heads(String line) {
        Matcher matcher = match(HEADS, line);
        return new Loop.Heads(buffer(matcher.group(1)), size(matcher.group(2)), size(matcher.group(3)),
                size(matcher.group(4)), size(matcher.group(5)));
    }

    private Loop branch(String head, List<LoopProgram> programs, Loop.Origins origins) {
        return new Loop.Branch(buffer(rest(head, "branch on ")), programs.get(0), programs.get(1), origins);
    }

    private static Loop repeat(List<LoopProgram> programs, Loop.Origins origins) {
        return new Loop.Repeat(programs.get(0), programs.get(1), programs.get(2), origins);
    }

    private Loop readSize(Matcher head, Loop.Origins origins) {
        return new Loop.ReadSize(environment.symbol(head.group(1)), buffer(head.group(2)), origins);
    }

    private Loop extern(Matcher head, List<String> body, Loop.Origins origins) {
        return new Loop.Extern(head.group(1), head.group(2), body.stream().map(this::argument).toList(), origins);
    }

    private Loop.Argument argument(String line) {
        String[] parts = line.split(" ", 2);
        return switch (parts[0]) {
            case "in" -> new Loop.Argument.In(buffer(parts[1]));
            case "out" -> new Loop.Argument.Out(buffer(parts[1]));
            case "extent" -> new Loop.Argument.Extent(size(parts[1]));
            case "number" -> new Loop.Argument.Number((Scalar.Literal) scalar(parts[1]));
            case "name" -> new Loop.Argument.Name(parts[1]);
            case "nested" -> new Loop.Argument.Nested(
                    parts[1].substring(parts[1].indexOf(" of ") + 4), Integer.parseInt(parts[1].substring(0, parts[1].indexOf(' '))));
            case "run" -> new Loop.Argument.Run();
            default -> throw new IllegalArgumentException("\"%s\" is no argument of a function".formatted(line));
        };
    }

    private Loop.Epilogue epilogue(List<Symbol> own, List<String> stores) {
        return new Loop.Epilogue(own, stores.stream().map(this::store).toList());
    }

    private Loop pack(Matcher head, String body, Loop.Origins origins) {
        Buffer source = buffer(head.group(1));
        Buffer target = buffer(head.group(2));
        if (body.startsWith("filters ")) {
            Matcher filters = match(FILTERS, body);
            String window = "window " + filters.group(1);
            return new Loop.Pack(source, target, new Loop.Packing.Filters(window(window), groups(window),
                    Long.parseLong(filters.group(2)), Long.parseLong(filters.group(3))), origins);
        }
        Matcher panels = match(PANELS, body);
        return new Loop.Pack(source, target, new Loop.Packing.Panels(
                size(panels.group(1)), size(panels.group(2)), size(panels.group(3)), size(panels.group(4)),
                size(panels.group(5)), size(panels.group(6)), size(panels.group(7))), origins);
    }

    private static Loop.Window window(String line) {
        Matcher matcher = match(WINDOW, line);
        return new Loop.Window(each(matcher.group(1)), each(matcher.group(2)), each(matcher.group(3)), each(matcher.group(4)),
                matcher.group(6) != null);
    }

    private static long groups(String line) {
        return Long.parseLong(match(WINDOW, line).group(5));
    }

    private static List<Long> each(String text) {
        return Stream.of(text.split("x")).map(Long::valueOf).toList();
    }

    // ---- parts of lines

    private Loop.Store store(String line) {
        Matcher matcher = match(STORE, line);
        return new Loop.Store(buffer(matcher.group(1)), indices("[" + matcher.group(2) + "]"), scalar(matcher.group(3)));
    }

    /** {@code d0 < batch, d1 < 128}; {@code ()} if there are none. */
    private List<Symbol> variables(String text) {
        if (text.equals("()")) {
            return List.of();
        }
        List<Symbol> declared = new ArrayList<>();
        for (String part : split(text)) {
            int less = part.indexOf(" < ");
            Symbol variable = Symbol.variable(part.substring(0, less), size(part.substring(less + 3)));
            declared.add(variable);
        }
        declared.forEach(variable -> variables.put(variable.name(), variable));
        return declared;
    }

    private Buffer buffer(String wanted) {
        Buffer buffer = buffers.get(wanted);
        if (buffer == null) {
            throw new IllegalArgumentException("there is no buffer " + wanted);
        }
        return buffer;
    }

    private Scalar scalar(String text) {
        return new ScalarParser(text, buffers::get, this::symbol).parse();
    }

    private Size size(String text) {
        return Size.parse(text, this::symbol);
    }

    private List<Size> indices(String text) {
        return sizes(text.substring(1, text.length() - 1), this::symbol);
    }

    private Symbol symbol(String wanted) {
        Symbol variable = variables.get(wanted);
        return variable == null ? environment.symbol(wanted) : variable;
    }

    /** {@code d0, 2*d1} as sizes; the empty text as none. */
    static List<Size> sizes(String text, Function<String, Symbol> symbols) {
        return Shape.parse("[" + text + "]", symbols).sizes();
    }

    /** Splits at commas outside parentheses. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }

    private static String rest(String line, String word) {
        if (!line.startsWith(word)) {
            throw new IllegalArgumentException("\"%s\" is expected in \"%s\"".formatted(word.strip(), line));
        }
        return line.substring(word.length());
    }
}
