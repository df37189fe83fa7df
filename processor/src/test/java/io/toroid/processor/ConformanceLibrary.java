package io.toroid.processor;

import io.toroid.op.TensorData;
import io.toroid.processor.conformance.Agreement;
import io.toroid.processor.conformance.CallTrace;
import io.toroid.processor.conformance.Outcome;
import io.toroid.processor.conformance.RecordedCall;
import io.toroid.processor.conformance.RecordedCall.RecordedTensor;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Recorded calls as the entries of one library; calls that differ in values only share an entry. What cannot be compiled is found by
 * halving, so that one bad call costs the others nothing.
 */
final class ConformanceLibrary {

    /** Translation units of a library. */
    private static final int UNITS = 4;

    private final Path directory;
    private final String name;
    private final Map<RecordedCall, Outcome> outcomes = new LinkedHashMap<>();
    private int libraries;

    private ConformanceLibrary(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** Calls of one entry. */
    private record Entry(TracedEntry traced, List<RecordedCall> calls) {
    }

    /**
     * Compiles and runs them.
     *
     * @param name of the library, a part of a Java name
     */
    static Map<RecordedCall, Outcome> run(List<RecordedCall> calls, boolean isDynamic, Path directory, String name) {
        ConformanceLibrary library = new ConformanceLibrary(directory, name);
        library.build(library.compilable(library.trace(calls, isDynamic)));
        return library.outcomes;
    }

    private List<Entry> trace(List<RecordedCall> calls, boolean isDynamic) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (RecordedCall call : calls) {
            attempt(List.of(call), () -> CallTrace.of(call, isDynamic)).ifPresent(trace -> entries.computeIfAbsent(trace.key(), _ ->
                    new Entry(trace.entry(call.overload().replace('.', '_') + "_" + call.id()), new ArrayList<>())).calls().add(call));
        }
        return List.copyOf(entries.values());
    }

    /** The entries of which code can be generated. */
    private List<Entry> compilable(List<Entry> entries) {
        if (entries.size() == 1) {
            return attempt(entries.getFirst().calls(), () -> generate(entries)).map(_ -> entries).orElse(List.of());
        }
        try {
            generate(entries);
            return entries;
        } catch (RuntimeException | AssertionError | StackOverflowError _) {
            int middle = entries.size() / 2;
            return Stream.concat(compilable(entries.subList(0, middle)).stream(),
                    compilable(entries.subList(middle, entries.size())).stream()).toList();
        }
    }

    private void build(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        if (entries.size() == 1) {
            attempt(entries.getFirst().calls(), () -> buildAndRun(entries));
            return;
        }
        try {
            buildAndRun(entries);
        } catch (RuntimeException | AssertionError _) {
            int middle = entries.size() / 2;
            build(entries.subList(0, middle));
            build(entries.subList(middle, entries.size()));
        }
    }

    private GeneratedCode generate(List<Entry> entries) {
        String className = "io.toroid.test.conformance." + name + "_" + libraries;
        return Pipeline.generate(new TracedModel(className, className + "Facade",
                entries.stream().map(Entry::traced).toList(), new LinkedHashMap<>(), NoWeights.INSTANCE)).inUnits(UNITS);
    }

    private boolean buildAndRun(List<Entry> entries) {
        GeneratedCode code = generate(entries);
        LoadOptions options = LoadOptions.defaults().withThreads(2).withInstances(1);
        try (NativeModel model = NativeModel.of(code, directory.resolve(name + "_" + libraries++), options)) {
            for (int i = 0; i < entries.size(); i++) {
                int entry = i;
                entries.get(i).calls().forEach(call -> attempt(List.of(call), () -> run(model, entry, call))
                        .ifPresent(difference -> outcomes.put(call, outcome(difference))));
            }
        }
        return true;
    }

    private static Optional<String> run(NativeModel model, int entry, RecordedCall call) {
        List<RecordedTensor> tensors = call.tensors();
        List<TensorData> inputs = tensors.stream().map(RecordedTensor::data).toList();
        List<long[]> strides = tensors.stream().map(tensor -> tensor.strides() != null
                ? tensor.strides() : NativeModel.Inputs.CONTIGUOUS.strides(tensor.data().sizes())).toList();
        boolean areTensors = call.results().stream().allMatch(TensorData.class::isInstance);
        List<TensorData> results = areTensors
                ? model.run(entry, inputs, strides, call.results().stream().map(TensorData.class::cast).toList()) : model.run(entry, inputs);
        return Agreement.difference(call, results);
    }

    private static Outcome outcome(Optional<String> difference) {
        return difference.<Outcome>map(Outcome.Failed::new).orElseGet(Outcome.Passed::new);
    }

    /** What a step gives; if it fails, so do the calls. */
    private <T> Optional<T> attempt(List<RecordedCall> calls, Supplier<T> step) {
        try {
            return Optional.of(step.get());
        } catch (RuntimeException | AssertionError | StackOverflowError problem) {
            calls.forEach(call -> outcomes.put(call, Outcome.Failed.of(problem)));
            return Optional.empty();
        }
    }

    /** A model without weights. */
    private enum NoWeights implements WeightSource {
        INSTANCE;

        @Override
        public Set<String> names() {
            return Set.of();
        }

        @Override
        public WeightTensor get(String name) {
            throw new NoSuchElementException(name);
        }

        @Override
        public void close() {
        }
    }
}
