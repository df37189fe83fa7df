package io.toroid.processor.compiled;

import io.toroid.Tensor;
import io.toroid.shape.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * One small graph, and the sizes and values for which it is run.
 *
 * <pre>{@code
 * GraphCase.of("bias", "f32[n, 4], f32[4]", x -> x.get(0).add(x.get(1))).dim("n", 1, 5, 33)
 * }</pre>
 */
public final class GraphCase {

    private final String name;
    private final List<String> inputs;
    private final Function<Operands, List<Tensor>> body;
    private final SequencedMap<String, long[]> dims = new LinkedHashMap<>();
    private final Map<String, Range> ranges = new HashMap<>();
    private final Map<Integer, Values> inputValues = new HashMap<>();
    private Values values = Values.NORMAL;
    private String failure;
    private boolean isRefused;
    private double slack = 1;

    private GraphCase(String name, List<String> inputs, Function<Operands, List<Tensor>> body) {
        this.name = name;
        this.inputs = inputs;
        this.body = body;
    }

    /** A case with one output. */
    public static GraphCase of(String name, String inputs, Function<Operands, Tensor> body) {
        return several(name, inputs, operands -> List.of(body.apply(operands)));
    }

    /** A case with several outputs. */
    public static GraphCase several(String name, String inputs, Function<Operands, List<Tensor>> body) {
        return new GraphCase(name, types(inputs), body);
    }

    /** {@code f32[n, 4], i64[]} as two types. */
    private static List<String> types(String text) {
        List<String> types = new ArrayList<>();
        for (int from = 0; from < text.length();) {
            int end = text.indexOf(']', from) + 1;
            types.add(text.substring(from, end).replaceFirst("^[, ]+", ""));
            from = end;
        }
        return types;
    }

    /** A dynamic dimension, and its sizes in the runs; one with fewer sizes keeps its last. */
    public GraphCase dim(String dim, long... sizes) {
        dims.put(dim, sizes);
        return this;
    }

    /** Declares a range for a dimension; 1 to 4096 otherwise, or from 0 if a run has that size. */
    public GraphCase range(String dim, long min, long max, long multipleOf) {
        ranges.put(dim, new Range(min, max, multipleOf));
        return this;
    }

    public GraphCase values(Values chosen) {
        values = chosen;
        return this;
    }

    /** Values of one input. */
    public GraphCase values(int input, Values chosen) {
        inputValues.put(input, chosen);
        return this;
    }

    /** The compiled model must fail with a message that contains this; the eager one must fail too. */
    public GraphCase fails(String message) {
        failure = message;
        return this;
    }

    /** The compiled model must refuse the sizes with a message that contains this. */
    public GraphCase refuses(String message) {
        failure = message;
        isRefused = true;
        return this;
    }

    /** Multiplies the tolerances: where a sum is long or a difference cancels. */
    public GraphCase slack(double factor) {
        slack = factor;
        return this;
    }

    public String name() {
        return name;
    }

    public List<String> inputs() {
        return inputs;
    }

    public List<Tensor> outputs(Operands operands) {
        return body.apply(operands);
    }

    public SequencedMap<String, Range> ranges() {
        SequencedMap<String, Range> all = new LinkedHashMap<>();
        dims.forEach((dim, sizes) -> all.put(dim, ranges.getOrDefault(dim,
                Range.of(java.util.Arrays.stream(sizes).anyMatch(size -> size == 0) ? 0 : 1, 4096))));
        return all;
    }

    /** Sizes of the dimensions in each run. */
    public List<Map<String, Long>> runs() {
        int count = dims.values().stream().mapToInt(sizes -> sizes.length).max().orElse(1);
        List<Map<String, Long>> runs = new ArrayList<>();
        for (int run = 0; run < count; run++) {
            Map<String, Long> sizes = new LinkedHashMap<>();
            for (Map.Entry<String, long[]> dim : dims.entrySet()) {
                sizes.put(dim.getKey(), dim.getValue()[Math.min(run, dim.getValue().length - 1)]);
            }
            runs.add(sizes);
        }
        return runs;
    }

    public Values valuesOf(int input) {
        return inputValues.getOrDefault(input, values);
    }

    /** Null if it succeeds. */
    public String failure() {
        return failure;
    }

    /** Whether it fails for its sizes, about which the interpreter need not be asked. */
    public boolean isRefused() {
        return isRefused;
    }

    public double slack() {
        return slack;
    }

    @Override
    public String toString() {
        return name;
    }
}
