package io.toroid.runtime.eager;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.TensorException;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.Check;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Computes what a tensor's expression graph says. Operands are computed before the calls that need them with a stack of
 * our own, so a graph may be as deep as it likes.
 */
final class GraphEvaluation {

    private final Function<Parameter, TensorData> parameters;
    private final Map<Placeholder, TensorData> inputs;
    private final Map<Symbol, Long> symbols = new LinkedHashMap<>();
    private final Map<Symbol, Tensor> sizes;
    private final Map<Call, List<TensorData>> computed;

    /** @param computed results of calls that are known; more are added */
    GraphEvaluation(
            Function<Parameter, TensorData> parameters,
            Map<Placeholder, TensorData> inputs,
            Map<Call, List<TensorData>> computed) {
        this(parameters, inputs, computed, Map.of(), Map.of());
    }

    /**
     * @param known dynamic sizes of the graph around this one
     * @param sizes what gives sizes that depend on data their values, where that is not what did when they were traced
     */
    GraphEvaluation(
            Function<Parameter, TensorData> parameters,
            Map<Placeholder, TensorData> inputs,
            Map<Call, List<TensorData>> computed,
            Map<Symbol, Long> known,
            Map<Symbol, Tensor> sizes) {
        this.sizes = sizes;
        this.symbols.putAll(known);
        this.parameters = parameters;
        this.inputs = inputs;
        this.computed = computed;
        inputs.forEach(this::bindSymbols);
        inputs.forEach(this::solveForSymbols);
        symbols.forEach(GraphEvaluation::checkRange);
        inputs.forEach(this::check);
    }

    TensorData valueOf(Tensor tensor) {
        if (tensor.origin() instanceof Call call && tensor.values().isEmpty()) {
            compute(call);
        }
        return known(tensor);
    }

    // ---- sizes

    private void bindSymbols(Placeholder placeholder, TensorData data) {
        placeholder.symbol().ifPresent(symbol -> symbols.putIfAbsent(symbol, data.longs()[0]));
        Shape shape = placeholder.type().shape();
        for (int axis = 0; axis < Math.min(shape.rank(), data.sizes().length); axis++) {
            if (shape.get(axis) instanceof Symbol symbol) {
                symbols.putIfAbsent(symbol, data.sizes()[axis]);
            }
        }
    }

    /** {@code 2*batch + 1} gives the value of a symbol that no input has as a size of its own. */
    private void solveForSymbols(Placeholder placeholder, TensorData data) {
        Shape shape = placeholder.type().shape();
        for (int axis = 0; axis < Math.min(shape.rank(), data.sizes().length); axis++) {
            Size size = shape.get(axis);
            List<Symbol> unknown = size.symbols().stream().filter(symbol -> !symbols.containsKey(symbol)).toList();
            if (unknown.size() == 1 && size.coefficientOf(unknown.getFirst()).isPresent()) {
                long scale = size.coefficientOf(unknown.getFirst()).get().evaluate(this::valueOf);
                long rest = size.evaluate(symbol -> symbol.equals(unknown.getFirst()) ? 0 : valueOf(symbol));
                symbols.put(unknown.getFirst(), (data.sizes()[axis] - rest) / scale);
            }
        }
    }

    private static void checkRange(Symbol symbol, long value) {
        if (!symbol.declared().contains(value)) {
            throw new TensorException(Kind.SHAPE, "the dynamic size %s is %d, but is declared as %s; give inputs of such sizes, or change its @Dim"
                    .formatted(symbol, value, symbol.declared()));
        }
    }

    private void check(Placeholder placeholder, TensorData data) {
        TensorType type = placeholder.type();
        if (data.dtype() != type.dtype() || !Arrays.equals(data.sizes(), numbers(type.shape()))) {
            throw new TensorException(Kind.SHAPE, "the input \"%s\" must be %s, not %s%s".formatted(placeholder.name(), type,
                    data.type(), symbols.isEmpty() ? "" : "; the dynamic sizes are " + symbols));
        }
    }

    private long[] numbers(Shape shape) {
        try {
            return shape.evaluate(this::valueOf);
        } catch (ArithmeticException e) {
            throw new TensorException(Kind.SHAPE, "the sizes %s cannot be computed (%s); the dynamic sizes are %s".formatted(shape, e.getMessage(), symbols));
        }
    }

    private long valueOf(Symbol symbol) {
        Long value = symbols.get(symbol);
        if (value == null) {
            throw new TensorException(Kind.SHAPE,
                    "the dynamic size %s is not the size of any input given, which are for %s".formatted(symbol, inputs.keySet()));
        }
        return value;
    }

    // ---- values

    private void compute(Call last) {
        Deque<Call> waiting = new ArrayDeque<>();
        waiting.push(last);
        while (!waiting.isEmpty()) {
            Call call = waiting.peek();
            int before = waiting.size();
            if (!computed.containsKey(call)) {
                needed(call).forEach(operand -> {
                    if (operand.values().isEmpty() && operand.origin() instanceof Call needed && !computed.containsKey(needed)) {
                        waiting.push(needed);
                    }
                });
            }
            if (waiting.size() == before) {
                waiting.pop();
                if (!computed.containsKey(call)) {
                    unknownSizes(call).forEach(this::bind);
                    computed.put(call, run(call));
                }
            }
        }
    }

    /** Its operands, and what gives its sizes their values. */
    private Stream<Tensor> needed(Call call) {
        return Stream.concat(call.arguments().operands().stream(), unknownSizes(call).stream().map(this::source));
    }

    private List<Symbol> unknownSizes(Call call) {
        return call.dataSizes().stream().filter(size -> !symbols.containsKey(size)).toList();
    }

    private Tensor source(Symbol size) {
        return sizes.getOrDefault(size, (Tensor) size.source().orElseThrow());
    }

    private void bind(Symbol size) {
        long value = known(source(size)).longs()[0];
        if (!size.declared().contains(value)) {
            throw new TensorException(Kind.VALUE, "the size %s is %d and must be %s".formatted(size, value, size.declared()));
        }
        symbols.put(size, value);
        size.owner().orElseThrow().checks().stream().filter(check -> completes(size, check)).forEach(this::require);
    }

    private boolean completes(Symbol size, Check check) {
        Set<Symbol> about = new HashSet<>(check.left().symbols());
        about.addAll(check.right().symbols());
        return about.contains(size) && symbols.keySet().containsAll(about);
    }

    private void require(Check check) {
        if (!check.holds(this::valueOf)) {
            throw new TensorException(Kind.SHAPE, "%s: %s does not hold, for the sizes %s".formatted(check.why(), check, symbols));
        }
    }

    private List<TensorData> run(Call call) {
        List<TensorType> results = call.types().stream()
                .map(type -> new TensorType(type.dtype(), Shape.of(numbers(type.shape()))))
                .toList();
        return Meanings.of(call.operator()).of(
                new Invocation(call.operator(), withNumbers(call.arguments()), results, this::known, call::position, symbols));
    }

    private Arguments withNumbers(Arguments arguments) {
        return new Arguments(arguments.schema(), arguments.values().stream().map(this::withNumbers).toList());
    }

    private Argument withNumbers(Argument argument) {
        return switch (argument) {
            case Argument.OfInt(Size value) -> new Argument.OfInt(number(value));
            case Argument.OfInts(List<Size> values) -> new Argument.OfInts(values.stream().map(this::number).toList());
            case Argument.OfTensor _, Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfFloat _, Argument.OfFloats _, Argument.OfBool _, Argument.OfString _,
                 Argument.OfDType _, Argument.OfBody _, Argument.None _ -> argument;
        };
    }

    private Size number(Size size) {
        return size.isConstant() ? size : Size.of(size.evaluate(this::valueOf));
    }

    private TensorData known(Tensor tensor) {
        if (tensor.values().isPresent()) {
            return tensor.data();
        }
        return switch (tensor.origin()) {
            case Constant constant -> constant.data();
            case Parameter parameter -> parameters.apply(parameter);
            case Placeholder placeholder -> input(placeholder);
            case Call call -> computed.get(call).get(tensor.index());
        };
    }

    private TensorData input(Placeholder placeholder) {
        TensorData data = inputs.get(placeholder);
        if (data == null) {
            throw new TensorException(Kind.VALUE, "the input \"%s\", %s, has no values here; %s".formatted(
                    placeholder.name(), placeholder.type(), inputs.isEmpty()
                            ? "only what depends on constants and parameters alone can be computed"
                            : "values are given for " + inputs.keySet()));
        }
        return data;
    }
}
