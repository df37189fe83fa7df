package io.toroid.runtime.eager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.toroid.DType;
import io.toroid.op.Operator;
import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import io.toroid.runtime.weights.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Calls of ATen operators with the results that PyTorch gave, recorded: of each overload a JSON file with the cases and
 * a safetensors file with their tensors. The files hold the cases whose element types Toroid has.
 */
final class Conformance {

    /**
     * One recorded call.
     *
     * @param arguments in the order of the recorded schema, each a {@link TensorData}, a list, a number, a boolean, a
     *     string, a {@link DType} or null; trailing ones may be left out
     * @param results what PyTorch gave
     */
    record Case(String name, List<Object> arguments, List<TensorData> results) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private Conformance() {
    }

    /** The cases of an operator, if any are recorded. */
    static List<Case> of(Operator operator) {
        return of(operator.schema());
    }

    /** The cases of a schema, which may be another operator's with which ours is to agree. */
    static List<Case> of(Schema schema) {
        String name = schema.name() + "." + schema.overload();
        Optional<Path> json = file("/conformance/" + name + ".json");
        if (json.isEmpty()) {
            return List.of();
        }
        try (Safetensors tensors = Safetensors.open(file("/conformance/" + name + ".safetensors").orElseThrow())) {
            List<Case> cases = new ArrayList<>();
            for (JsonNode recorded : JSON.readTree(json.get().toFile()).get("cases")) {
                cases.add(new Case(name + " " + recorded.get("id"),
                        arguments(schema, recorded, tensors),
                        elements(recorded.get("outs")).map(out -> (TensorData) value(out, tensors)).toList()));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> file(String resource) {
        URL url = Conformance.class.getResource(resource);
        try {
            return url == null ? Optional.empty() : Optional.of(Path.of(url.toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Object> arguments(Schema schema, JsonNode recorded, Safetensors tensors) {
        List<Object> arguments = new ArrayList<>();
        elements(recorded.get("args")).forEach(argument -> arguments.add(value(argument, tensors)));
        recorded.get("kwargs").properties().forEach(named -> {
            int index = schema.indexOf(named.getKey());
            while (arguments.size() <= index) {
                arguments.add(null);
            }
            arguments.set(index, value(named.getValue(), tensors));
        });
        return arguments;
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static Object value(JsonNode node, Safetensors tensors) {
        String kind = node.fieldNames().next();
        JsonNode value = node.get(kind);
        return switch (kind) {
            case "t" -> tensors.get(value.asText()).values();
            case "i" -> value.asLong();
            case "f" -> value.isTextual() ? special(value.asText()) : value.asDouble();
            case "b" -> value.asBoolean();
            case "s" -> value.asText();
            case "n" -> null;
            case "dtype" -> DType.ofText(value.asText()).orElseThrow();
            case "l" -> elements(value).map(element -> value(element, tensors)).toList();
            default -> throw new IllegalArgumentException("unknown kind of argument " + node);
        };
    }

    private static double special(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> throw new IllegalArgumentException("not a number: " + text);
        };
    }
}
