package io.toroid.processor;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.nn.Parameters;
import io.toroid.op.Call;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TensorSpec;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.DynamicModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.eager.Eager;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The compiler in a running JVM: for models that are known only then, and for tests of models. This artifact then stands in the class
 * path, and a C++ compiler is at hand.
 */
public final class Toroid {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
    private static final long LARGEST_SIZE = 4096;

    private Toroid() {
    }

    /**
     * Compiles a model for this machine and loads it. If the same was compiled before, it comes from the cache.
     *
     * <pre>{@code
     * try (DynamicModel model = Toroid.compile(new Classifier(config.layers()))) {
     *     float[][] scores = (float[][]) model.call("classify", (Object) pixels)[0];
     * }
     * }</pre>
     *
     * @param model an instance of a public class with {@code @Model}; other than in a build, its constructor may have parameters
     * @throws io.toroid.runtime.ToroidException if the model is not valid, or something is missing; the message says what and how to mend it
     */
    public static DynamicModel compile(Object model) {
        return DynamicModel.compile(model);
    }

    /**
     * Compiles a model and loads it, as above.
     *
     * @param options of the processor, by their names: {@code Map.of("toroid.instrument", "profile")}. Without {@code toroid.isa} the library
     *     is for this machine only
     * @throws io.toroid.runtime.ToroidException if the model or an option is not valid, or something is missing
     */
    public static DynamicModel compile(Object model, Map<String, String> options, LoadOptions loading) {
        return DynamicModel.compile(model, options, loading);
    }

    /**
     * An input with its values.
     *
     * @param spec as in {@code @Spec}, such as {@code f32[batch, 64]}: its dimensions are dynamic, from 1 to 4,096
     */
    public record Input(String spec, TensorData data) {
    }

    /**
     * Runs an entry eagerly and compiled. If the outputs differ, it is compiled once more with all results of operators as
     * outputs, to find the first one that differs.
     *
     * <pre>{@code
     * Comparison comparison = Toroid.compare(model, weights, x -> List.of(model.classify(x.get(0))),
     *         new Toroid.Input("f32[batch, 64]", TensorData.of(pixels, 2, 64)));
     * assertTrue(comparison.agrees(), comparison.toString());
     * }</pre>
     *
     * @param weights by the names of the model's parameters
     * @param entry calls the entry with tensors that stand for the inputs
     * @throws io.toroid.TensorException if the inputs do not fit the entry
     * @throws io.toroid.processor.diagnostic.ProblemException if there is no C++ compiler
     */
    public static Comparison compare(Object model, WeightSource weights, Function<List<Tensor>, List<Tensor>> entry, Input... inputs) {
        return compare(model, weights, entry, List.of(inputs), LoadedModel::run);
    }

    /** @param compiled what a traced model gives for inputs */
    static Comparison compare(Object model, WeightSource weights, Function<List<Tensor>, List<Tensor>> entry, List<Input> inputs,
            BiFunction<TracedModel, List<TensorData>, List<TensorData>> compiled) {
        TracedEntry traced = trace(entry, inputs);
        List<TensorData> values = inputs.stream().map(Input::data).toList();
        Eager eager = Eager.of(model, weights);
        Function<List<Tensor>, List<Optional<Difference>>> run = outputs -> {
            List<TensorData> expected = eager.run(outputs, bound(traced, values));
            List<TensorData> actual = compiled.apply(traced(model, weights, withOutputs(traced, outputs)), values);
            return IntStream.range(0, outputs.size()).mapToObj(i -> Difference.between(expected.get(i), actual.get(i))).toList();
        };
        SequencedMap<Integer, Difference> differences = new LinkedHashMap<>();
        List<Optional<Difference>> outputs = run.apply(traced.outputs());
        for (int i = 0; i < outputs.size(); i++) {
            int number = i;
            outputs.get(i).ifPresent(difference -> differences.put(number, difference));
        }
        return new Comparison(differences, differences.isEmpty() ? Optional.empty() : first(kept(model, traced), run));
    }

    private static Optional<Comparison.Parting> first(
            List<Tensor> kept, Function<List<Tensor>, List<Optional<Difference>>> run) {
        List<Optional<Difference>> differences = run.apply(kept);
        for (int i = 0; i < kept.size(); i++) {
            if (differences.get(i).isPresent()) {
                return Optional.of(new Comparison.Parting((Call) kept.get(i).origin(), kept.get(i).index(), differences.get(i).get()));
            }
        }
        return Optional.empty();
    }

    /** The results of calls that anything reads, in the order of the calls. */
    private static List<Tensor> kept(Object model, TracedEntry entry) {
        Set<Tensor> read = new LinkedHashSet<>(entry.outputs());
        List<Call> calls = new Graph(entry.name(), entry.inputs(), entry.outputs(), Parameters.named(model)).calls();
        calls.forEach(call -> read.addAll(call.arguments().operands()));
        return calls.stream().flatMap(call -> call.results().stream()).filter(read::contains).toList();
    }

    // ---- what the pipeline takes

    private static TracedEntry trace(Function<List<Tensor>, List<Tensor>> entry, List<Input> inputs) {
        ShapeEnvironment environment = new ShapeEnvironment();
        Set<String> names = new LinkedHashSet<>();
        inputs.forEach(input -> NAME.matcher(sizes(input)).results().map(MatchResult::group).forEach(names::add));
        names.forEach(name -> environment.declare(name, Range.of(1, LARGEST_SIZE)));
        List<Tensor> placeholders = new ArrayList<>();
        List<InputDescriptor> descriptors = new ArrayList<>();
        for (Input input : inputs) {
            String name = "input" + placeholders.size();
            DType dtype = input.data().dtype();
            Shape shape = Shape.parse(sizes(input), environment::symbol);
            placeholders.add(Tensor.placeholder(name, new TensorType(dtype, shape), environment));
            descriptors.add(new InputDescriptor(name, new TensorSpec(dtype, shape.sizes().stream().map(Object::toString).toList())));
        }
        List<Tensor> outputs = entry.apply(List.copyOf(placeholders));
        List<DimDescriptor> dims = names.stream().map(name -> new DimDescriptor(name, 1, LARGEST_SIZE, 1)).toList();
        return new TracedEntry("compared", placeholders, outputs, names(outputs), environment,
                new EntryDescriptor("compared", descriptors, Structure.group("Results", "Results", names(outputs)), dims));
    }

    private static String sizes(Input input) {
        int bracket = input.spec().indexOf('[');
        if (bracket < 0 || !input.spec().substring(0, bracket).strip().equals(input.data().dtype().text())) {
            throw new IllegalArgumentException("the input %s has values of another type, %s".formatted(input.spec(), input.data().type()));
        }
        return input.spec().substring(bracket);
    }

    private static List<String> names(List<Tensor> outputs) {
        return IntStream.range(0, outputs.size()).mapToObj(i -> "output" + i).toList();
    }

    private static TracedEntry withOutputs(TracedEntry entry, List<Tensor> outputs) {
        EntryDescriptor descriptor = new EntryDescriptor(entry.name(), entry.descriptor().inputs(),
                Structure.group("Results", "Results", names(outputs)), entry.descriptor().dims());
        return new TracedEntry(entry.name(), entry.inputs(), outputs, names(outputs), entry.environment(), descriptor);
    }

    private static TracedModel traced(Object model, WeightSource weights, TracedEntry entry) {
        String name = model.getClass().getName();
        return new TracedModel(name, name + "Compared", List.of(entry), Parameters.named(model), weights);
    }

    private static Map<Placeholder, TensorData> bound(TracedEntry entry, List<TensorData> values) {
        Map<Placeholder, TensorData> bound = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            bound.put((Placeholder) entry.inputs().get(i).origin(), values.get(i));
        }
        return bound;
    }
}
