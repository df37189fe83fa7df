package io.toroid.processor.frontend;

import io.toroid.SourcePosition;
import io.toroid.WeightNames.Stored;
import io.toroid.op.Origin;
import io.toroid.op.Parameter;
import io.toroid.op.TensorType;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.diagnostic.Suggestion;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.weights.Transpose;
import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
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
 * what a parameter lacks at the line that makes its layer, what the file has too much at the annotation. The names are
 * those of the model's fields, or what {@link FileNames} makes of them.
 *
 * <p>A parameter that several fields share may stand in the file under any of its names, or under all. PyTorch's
 * {@code num_batches_tracked} counts training steps and is passed over. A state needs no tensor: it begins with zeros.
 */
public final class ParameterBinder {

    private static final int SHOWN = 12;
    private static final String PASSED_OVER = ".num_batches_tracked";

    private final String file;
    private final FileNames fileNames;
    private final WeightSource weights;
    private final Set<String> unclaimed;
    private final SequencedMap<String, Parameter> bound = new LinkedHashMap<>();
    private final SequencedMap<String, Stored> stored = new LinkedHashMap<>();
    /** The parameter that took each tensor. */
    private final Map<String, String> taken = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private ParameterBinder(String file, FileNames fileNames, WeightSource weights) {
        this.file = file;
        this.fileNames = fileNames;
        this.weights = weights;
        this.unclaimed = new LinkedHashSet<>(weights.names());
    }

    /**
     * What came out.
     *
     * @param parameters by the name that was found in the file, in the model's words
     * @param stored what each of these is in the file's words
     * @param problems what does not fit
     */
    public record Binding(
            SequencedMap<String, Parameter> parameters, SequencedMap<String, Stored> stored, List<Problem> problems) {
    }

    /** A parameter under one of its names. */
    private record Wanted(Parameter parameter, String name, Stored stored) {

        /** Its type and, if the file has another name for it, its own. */
        String described() {
            return name.equals(stored.name()) ? parameter.type().toString() : "%s called %s".formatted(parameter.type(), name);
        }
    }

    /**
     * @param file the weight file's name, for messages; empty if the model names none
     * @param names all names of each parameter, in field order
     * @throws ProblemException if the file's names cannot be told
     */
    static Binding bind(
            String file, SequencedMap<Parameter, List<String>> names, FileNames fileNames, WeightSource weights) {
        if (file.isEmpty()) {
            return withoutFile(names);
        }
        ParameterBinder binder = new ParameterBinder(file, fileNames, weights);
        List<Wanted> missing = new ArrayList<>();
        for (Map.Entry<Parameter, List<String>> entry : names.entrySet()) {
            List<Wanted> alternatives = entry.getValue().stream()
                    .map(name -> new Wanted(entry.getKey(), name, fileNames.find(name)))
                    .toList();
            if (!binder.claim(alternatives) && entry.getKey().kind() != Parameter.Kind.STATE) {
                missing.add(alternatives.getFirst());
            }
        }
        binder.unclaimed.removeIf(name -> name.endsWith(PASSED_OVER) || fileNames.isSpare(name));
        missing.stream().limit(SHOWN).forEach(binder::reportMissing);
        binder.unclaimed.stream().limit(SHOWN).forEach(binder::reportSurplus);
        int more = Math.max(0, missing.size() - SHOWN) + Math.max(0, binder.unclaimed.size() - SHOWN);
        if (more > 0) {
            binder.problems.add(Problem.at(new Place.Weights(), Diagnostic.WEIGHTS_MORE, more, file));
        }
        return new Binding(binder.bound, binder.stored, binder.problems);
    }

    /** Parameters that the entries use although no field of the model leads to them; one of each line. */
    public static List<Problem> unnamed(List<TracedEntry> entries, Collection<Parameter> named) {
        Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(named);
        Set<SourcePosition> lines = new HashSet<>();
        List<Problem> problems = new ArrayList<>();
        for (TracedEntry entry : entries) {
            for (Origin leaf : Leaves.of(entry.outputs()).keySet()) {
                if (leaf instanceof Parameter parameter && known.add(parameter) && (lines.add(parameter.position()) || !parameter.position().isKnown())) {
                    problems.add(Problem.at(Place.of(parameter.position(), new Place.Entry(entry.name())),
                            Diagnostic.PARAMETER_UNNAMED, parameter.type()));
                }
            }
        }
        return problems;
    }

    private static Binding withoutFile(SequencedMap<Parameter, List<String>> names) {
        List<Parameter> needed = names.keySet().stream().filter(parameter -> parameter.kind() != Parameter.Kind.STATE).toList();
        List<Problem> problems = needed.isEmpty() ? List.of() : List.of(Problem.at(
                new Place.Model(), Diagnostic.WEIGHTS_UNNAMED, needed.size(), names.get(needed.getFirst()).getFirst()));
        return new Binding(new LinkedHashMap<>(), new LinkedHashMap<>(), problems);
    }

    private boolean claim(List<Wanted> alternatives) {
        Optional<Wanted> found = alternatives.stream()
                .filter(wanted -> weights.names().contains(wanted.stored().name()))
                .findFirst();
        alternatives.forEach(wanted -> unclaimed.remove(wanted.stored().name()));
        found.ifPresent(this::take);
        return found.isPresent();
    }

    private void take(Wanted wanted) {
        bound.put(wanted.name(), wanted.parameter());
        stored.put(wanted.name(), wanted.stored());
        String other = taken.putIfAbsent(wanted.stored().name(), wanted.name());
        if (other != null) {
            problems.add(Problem.at(place(wanted.parameter()), Diagnostic.WEIGHT_TAKEN_TWICE, other, wanted.name(),
                    wanted.stored().name(), file, fileNames.title()));
        } else {
            checkType(wanted);
        }
    }

    private void checkType(Wanted wanted) {
        String expected = wanted.parameter().type().toString();
        Optional<WeightTensor> tensor = read(wanted.stored().name());
        boolean transposed = wanted.stored().transposed();
        boolean fits = tensor.isPresent() && (transposed
                ? tensor.get().shape().length == 2 && Transpose.type(tensor.get()).equals(expected)
                : tensor.get().type().equals(expected));
        if (!fits) {
            String actual = typeOf(wanted.stored().name()) + (transposed ? ", to be transposed" : "");
            problems.add(Problem.at(place(wanted.parameter()), Diagnostic.WEIGHT_TYPE, wanted.name(), expected, file, actual,
                    hint(wanted, tensor)));
        }
    }

    private String hint(Wanted wanted, Optional<WeightTensor> tensor) {
        TensorType type = wanted.parameter().type();
        if (tensor.isEmpty() || tensor.get().dtype() != type.dtype()) {
            return "export the file with elements of %s".formatted(type.dtype());
        }
        if (wanted.stored().transposed()) {
            return tensor.get().type().equals(type.toString()) || tensor.get().shape().length != 2
                    ? "%s should not ask for its transpose".formatted(fileNames.title())
                    : "change the layer's sizes or export other weights";
        }
        List<Long> actual = Arrays.stream(tensor.get().shape()).boxed().toList();
        List<Long> expected = type.shape().sizes().stream().map(Size::constant).toList();
        return actual.size() == 2 && actual.reversed().equals(expected)
                ? "the file's is transposed: export it as PyTorch keeps it, output features first, or have it transposed by @Model(names = ...)"
                : "change the layer's sizes or export other weights";
    }

    private void reportMissing(Wanted wanted) {
        Optional<String> near = Suggestion.nearest(wanted.stored().name(), unclaimed);
        near.ifPresent(unclaimed::remove);
        String remedy = fileNames.title().isEmpty()
                ? "A field's @Name overrides its part of the name" : fileNames.title() + " gives the name";
        String hint = near
                .map(name -> "did you mean %s? %s".formatted(name, remedy))
                .orElseGet(() -> unclaimed.isEmpty()
                        ? "export it too, or take the layer out of the model"
                        : "export it too, or, if the file calls it otherwise, name it so%s; the file's names that nothing takes: %s"
                                .formatted(fileNames.title().isEmpty() ? " by @Name" : " in " + fileNames.title(), some(unclaimed)));
        problems.add(Problem.at(place(wanted.parameter()), Diagnostic.WEIGHT_MISSING, file, wanted.stored().name(),
                wanted.described(), hint));
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
}
