package io.toroid.processor.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.toroid.DType;
import io.toroid.op.Schema;
import io.toroid.op.TensorData;
import io.toroid.processor.conformance.RecordedCall.RecordedTensor;
import io.toroid.runtime.weights.Safetensors;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A folder of recorded calls: of each overload a JSON file with the calls and a safetensors file, named alike, with their tensors.
 */
public final class Recordings {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";

    private Recordings() {
    }

    /** All calls, by the names of the overloads. */
    public static List<RecordedCall> read(Path folder) throws IOException {
        List<RecordedCall> calls = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path json : files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList()) {
                calls.addAll(overload(json));
            }
        }
        return calls;
    }

    private static List<RecordedCall> overload(Path json) throws IOException {
        String name = json.getFileName().toString();
        JsonNode overload = JSON.readTree(json.toFile());
        Schema schema = Schema.parse(overload.get("schema").asText());
        boolean isCore = overload.path("core").asBoolean();
        List<RecordedCall> calls = new ArrayList<>();
        try (Safetensors tensors = Safetensors.open(json.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".safetensors"))) {
            for (JsonNode call : overload.get("cases")) {
                calls.add(new RecordedCall(schema, isCore, call.get("id").asLong(), arguments(schema, call, tensors),
                        elements(call.get("outs")).map(out -> result(value(out, tensors))).toList()));
            }
        }
        return calls;
    }

    private static SequencedMap<String, Object> arguments(Schema schema, JsonNode call, Safetensors tensors) {
        SequencedMap<String, Object> arguments = new LinkedHashMap<>();
        elements(call.get("args")).forEach(argument ->
                arguments.put(schema.parameters().get(arguments.size()).name(), value(argument, tensors)));
        call.get("kwargs").properties().forEach(named -> arguments.put(named.getKey(), value(named.getValue(), tensors)));
        return arguments;
    }

    private static Object result(Object value) {
        return value instanceof RecordedTensor tensor ? tensor.data() : value;
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** An element type that we do not have stays a text, which no operator takes for one. */
    private static Object value(JsonNode node, Safetensors tensors) {
        String kind = node.fieldNames().next();
        JsonNode value = node.get(kind);
        return switch (kind) {
            case "t" -> new RecordedTensor(data(tensors.get(value.asText())), strides(node));
            case "i" -> value.asLong();
            case "f" -> value.isTextual() ? special(value.asText()) : value.asDouble();
            case "b" -> value.asBoolean();
            case "s" -> value.asText();
            case "n" -> null;
            case "dtype" -> DType.ofText(value.asText()).<Object>map(dtype -> dtype).orElse(value.asText());
            case "l" -> new ArrayList<>(elements(value).map(element -> value(element, tensors)).toList());
            default -> throw new IllegalArgumentException("unknown kind of argument " + node);
        };
    }

    private static TensorData data(WeightTensor tensor) {
        return tensor.values();
    }

    private static long[] strides(JsonNode node) {
        return node.has("strides") ? elements(node.get("strides")).mapToLong(JsonNode::asLong).toArray() : null;
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
