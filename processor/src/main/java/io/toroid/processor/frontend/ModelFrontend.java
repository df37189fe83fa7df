package io.toroid.processor.frontend;

import io.toroid.TensorException;
import io.toroid.nn.Parameters;
import io.toroid.op.Parameter;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.ModelDescriptor;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.weights.MappedWeights;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.shape.Solver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * From a model's class to the traced model with its weights. Like {@link Tracer} it knows nothing of javac. All
 * problems of all entries and of the weights come out together.
 */
public final class ModelFrontend {

    private final Tracer tracer;
    private final Function<String, WeightSource> weightFiles;

    /**
     * @param solver see {@link Tracer}
     * @param weightFiles opens a weight file by the name that the model gives it, empty if it gives none
     */
    public ModelFrontend(Supplier<Solver> solver, Function<String, WeightSource> weightFiles) {
        this.tracer = new Tracer(solver);
        this.weightFiles = weightFiles;
    }

    /**
     * Constructs and traces a model; whoever calls it closes the weights.
     *
     * @throws ProblemException if anything is wrong
     */
    public TracedModel trace(Class<?> type, ModelDescriptor descriptor) {
        return bound(tracer.trace(type, descriptor), descriptor);
    }

    /**
     * Traces a model that exists; whoever calls it closes the weights.
     *
     * @throws ProblemException if anything is wrong
     */
    public TracedModel traceConstructed(Object model, ModelDescriptor descriptor) {
        return bound(tracer.traceConstructed(model, descriptor), descriptor);
    }

    private TracedModel bound(Tracer.Trace trace, ModelDescriptor descriptor) {
        List<Problem> problems = new ArrayList<>(trace.problems());
        SequencedMap<Parameter, List<String>> names = names(trace.model(), problems);
        problems.addAll(ParameterBinder.unnamed(trace.entries(), names.keySet()));
        Optional<FileNames> fileNames = collect(problems, () -> FileNames.load(descriptor.weightNames(), trace.model().getClass().getClassLoader()));
        Optional<WeightSource> weights = collect(problems, () -> weightFiles.apply(descriptor.weights()));
        if (fileNames.isEmpty() || weights.isEmpty()) {
            weights.ifPresent(WeightSource::close);
            throw new ProblemException(problems);
        }
        Optional<ParameterBinder.Binding> binding = collect(problems,
                () -> ParameterBinder.bind(descriptor.weights(), names, fileNames.get(), weights.get()));
        binding.ifPresent(bound -> problems.addAll(bound.problems()));
        if (!problems.isEmpty()) {
            weights.get().close();
            throw new ProblemException(problems);
        }
        return new TracedModel(descriptor.className(), descriptor.qualifiedFacadeName(), trace.entries(),
                binding.get().parameters(), new MappedWeights(weights.get(), binding.get().stored()), states(names));
    }

    private static SequencedMap<String, Parameter> states(SequencedMap<Parameter, List<String>> names) {
        SequencedMap<String, Parameter> states = new LinkedHashMap<>();
        names.forEach((parameter, all) -> {
            if (parameter.kind() == Parameter.Kind.STATE) {
                states.put(all.getFirst(), parameter);
            }
        });
        return states;
    }

    private static <T> Optional<T> collect(List<Problem> problems, Supplier<T> step) {
        try {
            return Optional.of(step.get());
        } catch (ProblemException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    private static SequencedMap<Parameter, List<String>> names(Object model, List<Problem> problems) {
        SequencedMap<Parameter, List<String>> names = new LinkedHashMap<>();
        try {
            Parameters parameters = Parameters.of(model);
            parameters.named().forEach((name, parameter) -> names.computeIfAbsent(parameter, _ -> new ArrayList<>()).add(name));
            parameters.aliases().forEach((alias, name) -> names.get(parameters.named().get(name)).add(alias));
        } catch (TensorException e) {
            problems.add(Problem.at(Place.of(e.position(), new Place.Model()), Diagnostic.PARAMETER_FIELDS, e.getMessage()));
        }
        return names;
    }
}
