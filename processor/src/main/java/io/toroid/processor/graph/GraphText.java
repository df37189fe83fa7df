package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Body;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Operator;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Symbol;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The text form of a graph: what it depends on, then one line for each call, then what it returns.
 *
 * <pre>
 * graph classify
 * symbol batch: 1 to 1024
 * input %pixels: f32[batch, 64]
 * input %count: i64[] is count
 * parameter %hidden.weight: f32[128, 64]
 * constant %constant_0: f32[2] = 1.0 0.5
 *
 * %linear_0: f32[batch, 128] = aten.linear.default(%pixels, %hidden.weight)  // DigitsMlp.java:17
 * %sigmoid_0: f32[batch, 128] = aten.sigmoid.default(%linear_0)  // silu at DigitsMlp.java:17
 * %mul_0: f32[batch, 128] = aten.mul.Tensor(%linear_0, %sigmoid_0)  // silu at DigitsMlp.java:17
 *
 * return %mul_0
 * </pre>
 *
 * <p>The operator that the author called stands before the line where it is another one. Arguments that have the schema's default are left out; a floating-point number is told from an integer by its
 * point ({@code .inf} and {@code .nan} too). Parameters that the outputs do not reach are not shown.
 * A size that depends on data stands before the first call that uses it: {@code size u0: 0 to 64 = %count_0}, with
 * {@code at most 8*batch} after the range if that is known too.
 * What a call runs stands below it, as {@code body if_true}, with inputs of its own. {@link #parse} reads the form back; printing
 * that gives the same text.
 */
public final class GraphText {

    private static final int SUMMARY_VALUES = 8;

    private final Graph graph;
    private final GraphNames names;
    private final int shownValues;
    private final StringBuilder text = new StringBuilder();
    private final Set<Symbol> printed = new HashSet<>();

    private GraphText(Graph graph, int shownValues) {
        this.graph = graph;
        this.names = graph.names();
        this.shownValues = shownValues;
    }

    /** Everything, such that {@link #parse} can read it. */
    public static String print(Graph graph) {
        return new GraphText(graph, Integer.MAX_VALUE).print();
    }

    /** For people: of a long constant the first values only. It does not parse. */
    public static String summary(Graph graph) {
        return new GraphText(graph, SUMMARY_VALUES).print();
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException naming the line that it does not understand
     */
    public static Graph parse(String text) {
        return parse(text, List.of());
    }

    /**
     * Reads the text form of a graph with operators of an author's own.
     *
     * @param operators those that it may call
     */
    public static Graph parse(String text, Collection<Operator> operators) {
        Map<String, Operator> byName = new HashMap<>();
        operators.forEach(operator -> byName.put(operator.name(), operator));
        return new GraphParser(byName).parse(text);
    }

    private String print() {
        text.append("graph ").append(graph.name()).append('\n');
        symbols().forEach(symbol ->
                text.append("symbol ").append(symbol).append(": ").append(symbol.declared()).append('\n'));
        graph.inputs().forEach(this::input);
        List<Tensor> leaves = graph.leaves();
        leaves.forEach(this::parameter);
        leaves.forEach(this::constant);
        text.append('\n');
        graph.calls().forEach(this::call);
        graph.sizes().keySet().forEach(this::size);
        text.append("\nreturn ").append(list(graph.outputs())).append('\n');
        return text.toString();
    }

    private SequencedSet<Symbol> symbols() {
        SequencedSet<Symbol> symbols = new LinkedHashSet<>();
        for (Tensor input : graph.inputs()) {
            input.environment().map(ShapeEnvironment::dimensions).ifPresent(symbols::addAll);
        }
        return symbols;
    }

    /** {@code input %count: i64[] is count}, if it is the value of a symbol. */
    private void input(Tensor input) {
        String value = value(input).map(symbol -> " is " + symbol).orElse("");
        text.append("input %").append(names.of(input)).append(": ").append(input.type()).append(value).append('\n');
    }

    private static Optional<Symbol> value(Tensor input) {
        return input.origin() instanceof Placeholder placeholder ? placeholder.symbol() : Optional.empty();
    }

    private void leaf(String kind, Tensor tensor, TensorType type) {
        text.append(kind).append(" %").append(names.of(tensor)).append(": ").append(type).append('\n');
    }

    private void parameter(Tensor tensor) {
        if (tensor.origin() instanceof Parameter parameter) {
            String kind = switch (parameter.kind()) {
                case PARAMETER -> "parameter";
                case BUFFER -> "buffer";
                case STATE -> "state";
            };
            leaf(kind, tensor, parameter.type());
        }
    }

    private void constant(Tensor tensor) {
        if (tensor.origin() instanceof Constant(TensorData data)) {
            text.append("constant %").append(names.of(tensor)).append(": ").append(data.type()).append(" =");
            IntStream.range(0, Math.min(data.count(), shownValues))
                    .forEach(i -> text.append(' ').append(value(data, i)));
            text.append(data.count() > shownValues ? " ..." : "").append('\n');
        }
    }

    private static String value(TensorData data, int i) {
        return switch (data.dtype()) {
            case F32, F16, BF16 -> Float.toString(data.floats()[i]);
            case F64 -> Double.toString(data.doubles()[i]);
            case I64 -> Long.toString(data.longs()[i]);
            case I32 -> Integer.toString(data.ints()[i]);
            case I16 -> Short.toString(data.shorts()[i]);
            case I8 -> Byte.toString(data.bytes()[i]);
            case U8 -> Integer.toString(Byte.toUnsignedInt(data.bytes()[i]));
            case BOOL -> Boolean.toString(data.booleans()[i]);
        };
    }

    /** A size whose value is known by now. */
    private void size(Symbol size) {
        Tensor value = graph.sizes().get(size);
        if (value != null && printed.add(size)) {
            String most = size.below().map(below -> ", at most " + below.minus(1)).orElse("");
            text.append("size ").append(size).append(": ").append(size.declared()).append(most)
                    .append(" = %").append(names.of(value)).append('\n');
        }
    }

    private void call(Call call) {
        call.dataSizes().forEach(this::size);
        String types = call.types().stream().map(TensorType::toString).collect(Collectors.joining(", "));
        text.append('%').append(names.of(call)).append(": ").append(types)
                .append(" = ").append(call.operator().name()).append('(').append(arguments(call.arguments())).append(')');
        String source = source(call);
        text.append(source.isEmpty() ? "" : "  // " + source).append('\n');
        Bodies.of(call).forEach((parameter, body) -> body(call, parameter, body));
    }

    /** Two spaces further in than the call: its inputs, its calls, what it returns. */
    private void body(Call call, String parameter, Body body) {
        GraphText inner = new GraphText(Bodies.graph(parameter, body), shownValues);
        text.append("  body ").append(parameter).append('\n');
        inner.graph.inputs().forEach(input -> inner.leaf("input", input, input.type()));
        inner.graph.leaves().forEach(inner::constant);
        inner.graph.calls().forEach(inner::call);
        inner.graph.sizes().keySet().forEach(inner::size);
        inner.text.append("return ").append(inner.list(inner.graph.outputs())).append('\n');
        inner.text.toString().lines().forEach(line -> text.append("    ").append(line).append('\n'));
    }

    private static String source(Call call) {
        String wrote = call.source().operator().equals(call.operator().schema().name()) ? "" : call.source().operator();
        String line = call.position().isKnown() ? call.position().toString() : "";
        return wrote.isEmpty() || line.isEmpty() ? wrote + line : wrote + " at " + line;
    }

    private String arguments(Arguments arguments) {
        StringBuilder list = new StringBuilder();
        boolean positional = true;
        for (int i = 0; i < arguments.values().size(); i++) {
            Schema.Parameter parameter = arguments.schema().parameters().get(i);
            Argument value = arguments.values().get(i);
            if (value.equals(parameter.fallback())) {
                positional = false;
                continue;
            }
            positional &= switch (value) {
                case Argument.OfTensor _, Argument.OfTensors _, Argument.OfOptionalTensors _ -> true;
                default -> false;
            };
            list.append(list.isEmpty() ? "" : ", ").append(positional ? "" : parameter.name() + "=").append(argument(value));
        }
        return list.toString();
    }

    private String argument(Argument argument) {
        return switch (argument) {
            case Argument.OfTensor(Tensor tensor) -> "%" + names.of(tensor);
            case Argument.OfTensors(List<Tensor> tensors) -> "[" + list(tensors) + "]";
            case Argument.OfOptionalTensors(var tensors) -> tensors.stream()
                    .map(tensor -> tensor.map(present -> "%" + names.of(present)).orElse("none"))
                    .collect(Collectors.joining(", ", "[", "]"));
            case Argument.OfInt(var value) -> value.toString();
            case Argument.OfInts(var values) -> values.toString();
            case Argument.OfFloat(double value) -> number(value);
            case Argument.OfFloats(List<Double> values) ->
                values.stream().map(GraphText::number).collect(Collectors.joining(", ", "[", "]"));
            case Argument.OfBool(boolean value) -> Boolean.toString(value);
            case Argument.OfString(String value) -> "\"" + value + "\"";
            case Argument.OfDType(var value) -> value.text();
            case Argument.OfBody _ -> "{}";
            case Argument.None() -> "none";
        };
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return ".nan";
        }
        return Double.isInfinite(value) ? value > 0 ? ".inf" : "-.inf" : Double.toString(value);
    }

    private String list(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> "%" + names.of(tensor)).collect(Collectors.joining(", "));
    }
}
