package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.Schema;
import io.toroid.op.TensorType;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A call of any operator with arguments that its schema allows. What the operator refuses is thrown away, so that no list of what
 * fits which operator is needed; an operator that is added takes part at once.
 */
final class RandomOperator {

    /** Integers divided by zero, places without a bound, masks that hold at too many places; what is written twice, in an order that is left open. */
    private static final Pattern MAY_FAIL = Pattern.compile(
            ".*(index_put|index_copy|scatter.src|nll|embedding_bag|(div|fmod|remainder).Tensor.*|histc|shift|masked_scatter).*");

    /** Places in a dimension, of which each static one of the inputs has two. */
    private static final Pattern PLACES = Pattern.compile("index|indices");

    private static final Map<String, List<String>> WORDS = Map.of("reduce", List.of("sum", "prod", "mean", "amax", "amin"),
            "approximate", List.of("none", "tanh"), "rounding_mode", List.of("trunc", "floor"));

    /** What depends on more than its arguments, says nothing about a result, has sizes that depend on data, or wants something sorted; {@link RandomRecipes} has most of it. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            ".*(rand|bernoulli|normal_|dropout|uniform|multinomial|bincount|empty|_local_scalar|repeat_interleave|nonzero|masked_select|unique|as_strided|bucketize|searchsorted|cond|while|assert).*");

    private static final List<Number> NUMBERS = List.of(0.5, 2, -1.5, 1, 3, 0.25, 1e-5);

    /** The order of a norm, whose inverse is an exponent: the last number would magnify each rounding a hundred thousand times. */
    private static final Pattern ORDER = Pattern.compile("p|ord");

    private static final int ATTEMPTS = 40;

    private static final List<Operator> OPERATORS = Operators.all().stream()
            .filter(operator -> operator.schema().namespace().equals("aten") && !LEFT_OUT.matcher(operator.name()).matches())
            .toList();

    /** A result and the Java that makes it. */
    record Made(Tensor value, String text) {
    }

    private record Call(Operator operator, Object[] arguments, String text) {
    }

    private final Random random;

    RandomOperator(Random random) {
        this.random = random;
    }

    /** Calls some operator of some of the inputs; nothing if none would do. */
    List<Made> make(List<Tensor> inputs) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Call call = call(OPERATORS.get(random.nextInt(OPERATORS.size())), inputs);
            if (call == null) {
                continue;
            }
            try {
                return results(call);
            } catch (TensorException | IllegalArgumentException refused) {
                // another one
            }
        }
        return List.of();
    }

    private static List<Made> results(Call call) {
        requireNoAssumption(call);
        List<Tensor> results = call.operator().callAll(call.arguments());
        List<Made> made = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Tensor result = results.get(i);
            if (result.shape().numel().range().min() == 0) {
                throw new IllegalArgumentException("may be empty, and other operators refuse that");
            }
            String text = "Operators.byName(\"%s\").orElseThrow().callAll(%s).get(%d)".formatted(call.operator().name(), call.text(), i);
            boolean isUsedFurther = result.dtype().isFloating() && !result.dtype().isReducedFloating();
            made.add(isUsedFurther
                    ? new Made(moderate(result), "moderate(%s)".formatted(text)) : new Made(result, text));
        }
        return made;
    }

    /** Sizes that cannot be proved to fit are checked when the model runs; whether they do is another test's matter. */
    private static void requireNoAssumption(Call call) {
        ShapeEnvironment environment = new ShapeEnvironment();
        Object[] arguments = call.arguments().clone();
        Map<Tensor, Tensor> copies = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = switch (arguments[i]) {
                case Tensor tensor -> copies.computeIfAbsent(tensor, _ -> copy(tensor, environment));
                case List<?> list when !list.isEmpty() && list.getFirst() instanceof Tensor ->
                    list.stream().map(each -> copies.computeIfAbsent((Tensor) each, tensor -> copy(tensor, environment))).toList();
                case null -> null;
                case Object other -> other;
            };
        }
        call.operator().callAll(arguments);
        if (!environment.checks().isEmpty()) {
            throw new IllegalArgumentException("assumes " + environment.checks());
        }
    }

    private static Tensor copy(Tensor tensor, ShapeEnvironment environment) {
        tensor.shape().sizes().forEach(size -> size.symbols().forEach(symbol -> {
            if (environment.find(symbol.name()).isEmpty()) {
                environment.declare(symbol.name(), symbol.declared());
            }
        }));
        return Tensor.placeholder("x", new TensorType(tensor.dtype(), Shape.parse(tensor.shape().toString(), environment::symbol)));
    }

    /** {@code x} between -3 and 3; 0.5 elsewhere, and for what is not a number. */
    static Tensor moderate(Tensor x) {
        return Tensor.where(x.abs().lt(3), x, 0.5);
    }

    // ---- arguments

    /** Null if a parameter is of a kind that is not made here, or the call might fail when it runs. */
    private Call call(Operator operator, List<Tensor> inputs) {
        List<Schema.Parameter> parameters = operator.schema().parameters();
        Object[] values = new Object[parameters.size()];
        StringJoiner text = new StringJoiner(", ");
        boolean isOfOne = parameters.stream()
                .filter(parameter -> parameter.type().startsWith("Tensor") && !PLACES.matcher(parameter.name()).matches()).count() == 1;
        Tensor first = null;
        for (int i = 0; i < values.length; i++) {
            Argument argument = argument(parameters.get(i), inputs, first, isOfOne);
            if (argument == null) {
                return null;
            }
            values[i] = argument.value();
            text.add(argument.text());
            if (first == null && argument.value() instanceof Tensor tensor) {
                first = tensor;
            }
        }
        boolean isFloating = first != null && first.dtype().isFloating();
        if (MAY_FAIL.matcher(operator.name()).matches() && !(isFloating && operator.name().matches(".*(div|fmod|remainder).*"))) {
            return null;
        }
        boolean hasPlaces = parameters.stream().anyMatch(parameter -> PLACES.matcher(parameter.name()).matches());
        if (hasPlaces && (first == null || first.dim() == 0 || first.shape().sizes().stream().anyMatch(size -> size.range().min() < 2))) {
            return null;
        }
        return new Call(operator, values, text.toString());
    }

    private record Argument(Object value, String text) {
    }

    private Argument argument(Schema.Parameter parameter, List<Tensor> inputs, Tensor first, boolean isOfOne) {
        String type = parameter.type();
        if (parameter.isOptional() && random.nextBoolean()) {
            return new Argument(null, "null");
        }
        String plain = type.replace("?", "").replaceAll("\\(.*?\\)", "");
        boolean isDim = parameter.name().startsWith("dim") || parameter.name().equals("axis");
        return switch (plain) {
            case "Tensor" -> PLACES.matcher(parameter.name()).matches() ? places(inputs) : tensor(inputs, isOfOne);
            case "str" -> word(parameter);
            case "bool" -> literal(random.nextBoolean());
            case "float", "Scalar" -> literal(NUMBERS.get(random.nextInt(ORDER.matcher(parameter.name()).matches() ? NUMBERS.size() - 1 : NUMBERS.size())));
            case "int", "SymInt" -> literal((long) (isDim ? dim(first) : random.nextInt(4)));
            case "ScalarType" -> dtype(List.of(DType.F32, DType.F64, DType.I64).get(random.nextInt(3)));
            case "Tensor[]" -> PLACES.matcher(parameter.name()).matches() ? place(inputs) : tensors(inputs);
            default -> plain.matches("(Sym)?[Ii]nt\\[\\d*\\]") ? integers(plain, isDim, first) : null;
        };
    }

    /** Dynamic shapes that differ would have to be assumed equal, which they are not; so several operands have static ones. */
    private Argument tensor(List<Tensor> inputs, boolean isOfOne) {
        List<Integer> fitting = IntStream.range(0, inputs.size()).filter(i -> isOfOne || inputs.get(i).shape().isStatic()).boxed().toList();
        int chosen = fitting.get(random.nextInt(fitting.size()));
        return new Argument(inputs.get(chosen), "v" + chosen);
    }

    private Argument places(List<Tensor> inputs) {
        Argument any = tensor(inputs, /* isOfOne= */ false);
        return new Argument(((Tensor) any.value()).to(DType.I64).remainder(2), any.text() + ".to(DType.I64).remainder(2)");
    }

    private Argument place(List<Tensor> inputs) {
        Argument places = places(inputs);
        return new Argument(List.of(places.value()), "List.of(%s)".formatted(places.text()));
    }

    private Argument word(Schema.Parameter parameter) {
        List<String> words = WORDS.getOrDefault(parameter.name(), List.of());
        if (words.isEmpty()) {
            return null;
        }
        String word = words.get(random.nextInt(words.size()));
        return new Argument(word, '"' + word + '"');
    }

    private Argument tensors(List<Tensor> inputs) {
        Argument one = tensor(inputs, /* isOfOne= */ true);
        int count = 1 + random.nextInt(3);
        return new Argument(Collections.nCopies(count, one.value()),
                "List.of(%s)".formatted(String.join(", ", Collections.nCopies(count, one.text()))));
    }

    private Argument integers(String type, boolean isDim, Tensor first) {
        String length = type.replaceAll("\\D", "");
        int count = length.isEmpty() ? random.nextInt(3) : Integer.parseInt(length);
        Long[] values = new Long[count];
        Arrays.setAll(values, _ -> (long) (isDim ? dim(first) : random.nextInt(4)));
        List<Long> list = List.of(values);
        return new Argument(list, "List.of(%s)".formatted(list.toString().replaceAll("[\\[\\]]", "")));
    }

    private int dim(Tensor first) {
        int rank = first == null ? 1 : Math.max(1, first.dim());
        return random.nextInt(2 * rank) - rank;
    }

    private static Argument literal(Object value) {
        return new Argument(value, value.toString());
    }

    private static Argument dtype(DType dtype) {
        return new Argument(dtype, "DType." + dtype.name());
    }
}
