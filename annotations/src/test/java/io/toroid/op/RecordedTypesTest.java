package io.toroid.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Types and sizes of results as PyTorch gave them, one call on a line:
 * {@code aten.sum.dim_IntList | f32[2, 3] | [int:1] | keepdim=bool:true | -> f32[2, 1]}.
 */
@Tag("unit")
class RecordedTypesTest {

    /** Raises the sizes of its inputs from {@code k} to a symbol of {@code k} to {@code k + 7}. */
    private static final class DynamicSizes implements LongFunction<Size> {

        private final ShapeEnvironment environment = new ShapeEnvironment();

        @Override
        public Size apply(long size) {
            return size < 2 ? Size.of(size) : environment.declare("d" + size, Range.of(size, size + 7));
        }

        static long recorded(Symbol symbol) {
            return Long.parseLong(symbol.name().substring(1));
        }
    }

    private static List<String> calls() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                RecordedTypesTest.class.getResourceAsStream("aten-types.txt"), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    @Test
    void resultsAreThoseOfPyTorch() throws IOException {
        Map<String, String> wrong = new TreeMap<>();
        for (String call : calls()) {
            String[] parts = call.split(" \\| ");
            String expected = results(parts);
            String actual;
            try {
                actual = call(parts, Size::of).stream().map(tensor -> tensor.type().toString()).collect(Collectors.joining(" "));
            } catch (TensorException e) {
                actual = e.getMessage();
            }
            if (!expected.equals(actual)) {
                wrong.put(call, actual);
            }
        }
        assertEquals(Map.of(), wrong, () -> wrong.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n")));
    }

    /** The same calls on dynamic sizes: where they are accepted, the sizes of the results evaluate to those recorded. */
    @Test
    void dynamicSizesEvaluateToTheRecordedOnes() throws IOException {
        int accepted = 0;
        TreeSet<String> operators = new TreeSet<>();
        for (String call : calls()) {
            String[] parts = call.split(" \\| ");
            List<Tensor> results;
            try {
                results = call(parts, new DynamicSizes());
            } catch (TensorException tooDynamic) {
                continue;
            }
            assertEquals(results(parts), results.stream()
                    .map(tensor -> new TensorType(tensor.dtype(), Shape.of(tensor.shape().evaluate(DynamicSizes::recorded))).toString())
                    .collect(Collectors.joining(" ")), call);
            accepted++;
            operators.add(parts[0]);
        }
        assertTrue(accepted > 1000, "accepted " + accepted);
        assertTrue(operators.size() > 80, operators::toString);
    }

    private static String results(String[] parts) {
        int arrow = Arrays.asList(parts).indexOf(Stream.of(parts).filter(part -> part.startsWith("-> ")).findFirst().orElseThrow());
        return String.join(" ", Arrays.asList(parts).subList(arrow, parts.length)).substring(3);
    }

    private static List<Tensor> call(String[] parts, LongFunction<Size> size) {
        Operator operator = Operators.byName(parts[0]).orElseThrow();
        List<Schema.Parameter> parameters = operator.schema().parameters();
        Object[] values = parameters.stream().map(Schema.Parameter::fallback).toArray();
        for (int i = 1; !parts[i].startsWith("->"); i++) {
            String part = parts[i];
            int equals = part.indexOf('=');
            int at = equals < 0 ? i - 1 : operator.schema().indexOf(part.substring(0, equals));
            values[at] = value(part.substring(equals + 1), size, parameters.get(at).type());
        }
        return operator.callAll(values);
    }

    private static Object value(String text, LongFunction<Size> size, String type) {
        if (text.startsWith("[")) {
            return list(text.substring(1, text.length() - 1), size, type);
        }
        int colon = text.indexOf(':');
        String content = text.substring(colon + 1);
        return switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "int" -> Long.parseLong(content);
            case "float" -> Double.parseDouble(content.replace("inf", "Infinity").replace("nan", "NaN"));
            case "bool" -> Boolean.parseBoolean(content);
            case "str" -> content;
            case "dtype" -> DType.ofText(content).orElseThrow();
            case "" -> text.equals("none") ? null : tensor(text, size);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Object list(String content, LongFunction<Size> size, String type) {
        List<Object> values = new ArrayList<>();
        for (String part : content.isEmpty() ? new String[0] : content.split("; ")) {
            values.add(value(part, size, type));
        }
        return values;
    }

    private static Tensor tensor(String text, LongFunction<Size> size) {
        int bracket = text.indexOf('[');
        String sizes = text.substring(bracket + 1, text.length() - 1);
        Shape shape = sizes.isEmpty() ? Shape.SCALAR
                : new Shape(Stream.of(sizes.split(", ")).map(part -> size.apply(Long.parseLong(part))).toList());
        return Tensor.placeholder("x", new TensorType(DType.ofText(text.substring(0, bracket)).orElseThrow(), shape));
    }
}
