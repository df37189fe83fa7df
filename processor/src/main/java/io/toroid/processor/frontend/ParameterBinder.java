package io.toroid.processor.frontend;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Origin;
import io.toroid.op.Parameter;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.Suggestion;
import io.toroid.processor.model.TracedEntry;
import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import io.toroid.shape.Size;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Binds the parameters of a model to the tensors of a weight file, by name. All that does not fit is listed at once:
 * what a parameter lacks at the line that makes its layer, what the file has too much at the annotation.
 *
 * <p>A parameter that several fields share may stand in the file under any of its names, or under all. PyTorch's
 * {@code num_batches_tracked} counts training steps and is passed over.
 */
public final class ParameterBinder {

    private static final int SHOWN = 12;
    private static final String PASSED_OVER = ".num_batches_tracked";

    private final String file;
    private final WeightSource weights;
    private final Set<String> unclaimed;
    private final SequencedMap<String, Parameter> bound = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private ParameterBinder(String file, WeightSource weights) {
        this.file = file;
        this.weights = weights;
        this.unclaimed = new LinkedHashSet<>(weights.names());
    }

    /** Parameters by the name that they have in the file, and what does not fit. */
    public record Binding(SequencedMap<String, Parameter> parameters, List<Problem> problems) {
    }

    /**
     * @param file the weight file's name, for messages; empty if the model names none
     * @param names all names of each parameter, in field order
     */
    public static Binding bind(String file, SequencedMap<Parameter, List<String>> names, WeightSource weights) {
        if (file.isEmpty()) {
            return withoutFile(names);
        }
        ParameterBinder binder = new ParameterBinder(file, weights);
        List<Map.Entry<Parameter, List<String>>> missing = new ArrayList<>();
        for (Map.Entry<Parameter, List<String>> entry : names.entrySet()) {
            if (!binder.claim(entry.getKey(), entry.getValue())) {
                missing.add(entry);
            }
        }
        binder.unclaimed.removeIf(name -> name.endsWith(PASSED_OVER));
        missing.stream().limit(SHOWN).forEach(entry -> binder.reportMissing(entry.getKey(), entry.getValue().getFirst()));
        binder.unclaimed.stream().limit(SHOWN).forEach(binder::reportSurplus);
        int more = Math.max(0, missing.size() - SHOWN) + Math.max(0, binder.unclaimed.size() - SHOWN);
        if (more > 0) {
            binder.problems.add(Problem.at(new Place.Weights(), Diagnostic.WEIGHTS_MORE, more, file));
        }
        return new Binding(binder.bound, binder.problems);
    }

    /** Parameters that the entries use although no field of the model leads to them; one of each line. */
    public static List<Problem> unnamed(List<TracedEntry> entries, Collection<Parameter> named) {
        Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(named);
        Set<SourcePosition> lines = new HashSet<>();
        List<Problem> problems = new ArrayList<>();
        for (TracedEntry entry : entries) {
            for (Parameter parameter : parametersOf(entry.outputs())) {
                if (known.add(parameter) && (lines.add(parameter.position()) || !parameter.position().isKnown())) {
                    problems.add(Problem.at(Place.of(parameter.position(), new Place.Entry(entry.name())),
                            Diagnostic.PARAMETER_UNNAMED, parameter.type()));
                }
            }
        }
        return problems;
    }

    private static Binding withoutFile(SequencedMap<Parameter, List<String>> names) {
        List<Problem> problems = names.isEmpty() ? List.of() : List.of(Problem.at(
                new Place.Model(), Diagnostic.WEIGHTS_UNNAMED, names.size(), names.firstEntry().getValue().getFirst()));
        return new Binding(new LinkedHashMap<>(), problems);
    }

    private boolean claim(Parameter parameter, List<String> names) {
        Optional<String> name = names.stream().filter(weights.names()::contains).findFirst();
        names.forEach(unclaimed::remove);
        name.ifPresent(found -> {
            bound.put(found, parameter);
            checkType(found, parameter);
        });
        return name.isPresent();
    }

    private void checkType(String name, Parameter parameter) {
        String actual = typeOf(name);
        if (!actual.equals(parameter.type().toString())) {
            problems.add(Problem.at(place(parameter), Diagnostic.WEIGHT_TYPE, name, parameter.type(), file, actual,
                    hint(name, parameter)));
        }
    }

    private String hint(String name, Parameter parameter) {
        Optional<WeightTensor> tensor = read(name);
        if (tensor.isEmpty() || tensor.get().dtype() != parameter.type().dtype()) {
            return "export the file with elements of %s".formatted(parameter.type().dtype());
        }
        List<Long> actual = java.util.Arrays.stream(tensor.get().shape()).boxed().toList();
        List<Long> expected = parameter.type().shape().sizes().stream().map(Size::constant).toList();
        return actual.size() == 2 && actual.reversed().equals(expected)
                ? "the file's is transposed: export it as PyTorch keeps it, output features first"
                : "change the layer's sizes or export other weights";
    }

    private void reportMissing(Parameter parameter, String name) {
        Optional<String> near = Suggestion.nearest(name, unclaimed);
        near.ifPresent(unclaimed::remove);
        String hint = near
                .map("did you mean %s? A field's @Name overrides its part of the name"::formatted)
                .orElseGet(() -> unclaimed.isEmpty()
                        ? "export it too, or take the layer out of the model"
                        : "the file's names that nothing takes: " + some(unclaimed));
        problems.add(Problem.at(place(parameter), Diagnostic.WEIGHT_MISSING, file, name, parameter.type(), hint));
    }

    private void reportSurplus(String name) {
        problems.add(Problem.at(new Place.Weights(), Diagnostic.WEIGHT_SURPLUS, file, name, typeOf(name)));
    }

    private String typeOf(String name) {
        return read(name).map(WeightTensor::type).orElse("elements of a type that Toroid does not have");
    }

    private Optional<WeightTensor> read(String name) {
        try {
            return Optional.of(weights.get(name));
        } catch (WeightFormatException _) {
            return Optional.empty();
        }
    }

    private static Place place(Parameter parameter) {
        return Place.of(parameter.position(), new Place.Weights());
    }

    private static String some(Collection<String> names) {
        String text = String.join(", ", names.stream().limit(5).toList());
        return names.size() > 5 ? text + ", ..." : text;
    }

    private static List<Parameter> parametersOf(List<Tensor> outputs) {
        Set<Origin> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Parameter> parameters = new ArrayList<>();
        Deque<Tensor> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            Origin origin = open.pop().origin();
            if (!seen.add(origin)) {
                continue;
            }
            if (origin instanceof Parameter parameter) {
                parameters.add(parameter);
            } else if (origin instanceof Call call) {
                open.addAll(call.arguments().operands());
            }
        }
        return parameters;
    }
}
