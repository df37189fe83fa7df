package io.toroid.processor.conformance;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import io.toroid.processor.conformance.RecordedCall.RecordedTensor;
import io.toroid.runtime.eager.Eager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Recorded calls as calls of our operators. */
public final class Calling {

    private Calling() {
    }

    /** Our operator of the overload. */
    public static Optional<Operator> operator(RecordedCall call) {
        return Operators.byName(call.overload());
    }

    /** What the interpreter gives. */
    public static List<TensorData> eagerly(RecordedCall call) {
        Eager eager = Eager.of();
        return results(call, tensor -> eager.tensor(tensor.data()), eager::tensor).stream().map(eager::force).toList();
    }

    /**
     * Calls our operator; of its results as many as were recorded.
     *
     * @param tensors what stands for a tensor of the call
     * @param numbers what stands for a number where the operator takes a tensor
     */
    static List<Tensor> results(RecordedCall call, Function<RecordedTensor, Tensor> tensors, Function<TensorData, Tensor> numbers) {
        Operator operator = operator(call).orElseThrow();
        List<Tensor> results = operator.callAll(arguments(call, operator.schema(), tensors, numbers));
        if (results.size() < call.results().size()) {
            throw new AssertionError("%d results instead of %d".formatted(results.size(), call.results().size()));
        }
        return results.subList(0, call.results().size());
    }

    private static Object[] arguments(
            RecordedCall call, Schema ours, Function<RecordedTensor, Tensor> tensors, Function<TensorData, Tensor> numbers) {
        List<Object> arguments = new ArrayList<>();
        for (Map.Entry<String, Object> given : call.arguments().entrySet()) {
            int index = index(ours, given.getKey());
            if (index < 0) {
                requireNone(ours, given);
                continue;
            }
            while (arguments.size() <= index) {
                arguments.add(null);
            }
            boolean wantsTensor = ours.parameters().get(index).type().startsWith("Tensor");
            arguments.set(index, wantsTensor && isNumber(given.getValue())
                    ? number(given.getValue(), call, numbers) : withTensors(given.getValue(), tensors));
        }
        return arguments.toArray();
    }

    private static int index(Schema schema, String parameter) {
        return schema.parameters().stream().map(Schema.Parameter::name).toList().indexOf(parameter);
    }

    private static void requireNone(Schema ours, Map.Entry<String, Object> given) {
        if (given.getValue() != null && !given.getValue().equals(false)) {
            throw new AssertionError("%s has no parameter %s, which is %s".formatted(ours, given.getKey(), given.getValue()));
        }
    }

    private static Object withTensors(Object value, Function<RecordedTensor, Tensor> tensors) {
        return switch (value) {
            case RecordedTensor tensor -> tensors.apply(tensor);
            case List<?> list -> {
                List<Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(withTensors(element, tensors)));
                yield elements;
            }
            case null, default -> value;
        };
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** PyTorch takes a number for a tensor: it does not change the type within its category. */
    private static Tensor number(Object value, RecordedCall call, Function<TensorData, Tensor> numbers) {
        List<TensorData> others = call.tensors().stream().map(RecordedTensor::data).toList();
        Tensor number = numbers.apply(switch (value) {
            case Long whole -> TensorData.of(new long[] {whole});
            case Boolean flag -> TensorData.of(new boolean[] {flag});
            default -> {
                double real = ((Number) value).doubleValue();
                boolean hasDoubles = others.stream().anyMatch(other -> other.dtype() == DType.F64);
                yield hasDoubles ? TensorData.of(new double[] {real}) : TensorData.of(new float[] {(float) real});
            }
        });
        boolean isAmongSingles = !others.isEmpty() && others.stream().allMatch(other -> other.sizes().length == 0);
        boolean isOfTheirCategory = isAmongSingles && others.getFirst().dtype().isFloating() == number.dtype().isFloating()
                && others.getFirst().dtype() != DType.BOOL && number.dtype() != DType.BOOL;
        return isOfTheirCategory ? number.to(others.getFirst().dtype()) : number;
    }

    /** The arguments without the values of their tensors: calls with the same text differ in these only. */
    static String textWithoutValues(RecordedCall call) {
        StringBuilder text = new StringBuilder(call.overload());
        call.arguments().forEach((name, value) -> text.append(' ').append(name).append('=').append(textWithoutValues(value)));
        return text.append(" results=").append(call.results().size()).toString();
    }

    private static String textWithoutValues(Object value) {
        return switch (value) {
            case null -> "none";
            case RecordedTensor _ -> "tensor";
            case List<?> list -> Arrays.toString(list.stream().map(Calling::textWithoutValues).toArray());
            default -> value.getClass().getSimpleName() + ":" + value;
        };
    }
}
