package io.toroid.processor;

import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.processor.compiled.RandomCase;
import io.toroid.processor.graph.Bodies;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.model.TracedEntry;
import io.toroid.runtime.LoadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Random models, many to a library, which makes each cheap. Every problem has the seed, the sizes and the source of its model: a library
 * that cannot be made is made of each half anew. The model that runs is named in a file, which is what remains when the JVM dies of it.
 */
final class RandomLibrary {

    /** Translation units of a library: few, since each instantiates its own templates. */
    private static final int UNITS = 2 * Runtime.getRuntime().availableProcessors();

    private final Path directory;
    private final Path progress;
    private final SortedMap<String, Integer> called = new TreeMap<>();
    private int graphs;
    private int runs;

    /** @param progress the file that names the model which runs */
    RandomLibrary(Path directory, Path progress) {
        this.directory = directory;
        this.progress = progress;
        Operators.all().stream().map(Operator::name).forEach(name -> called.put(name, 0));
    }

    /** Compiles and runs the models of some seeds, and says which problems they had. */
    List<AssertionError> run(List<Long> seeds) {
        tell("compiling the models of seeds %d to %d".formatted(seeds.getFirst(), seeds.getLast()));
        try {
            List<GraphCase> cases = seeds.stream().map(RandomCase::of).toList();
            Batch batch = new Batch("io.toroid.test.Random", cases);
            GeneratedCode code = Pipeline.generate(batch.model(), new VerifyingObserver()).inUnits(UNITS);
            try (NativeModel model = NativeModel.of(code, directory, LoadOptions.defaults().withThreads(2).withInstances(1))) {
                batch.model().entries().forEach(this::count);
                return run(batch, model, seeds);
            }
        } catch (RuntimeException | AssertionError | StackOverflowError problem) {
            if (seeds.size() == 1) {
                return List.of(problem(seeds.getFirst(), "any size", problem));
            }
            int middle = seeds.size() / 2;
            List<AssertionError> problems = new ArrayList<>(run(seeds.subList(0, middle)));
            problems.addAll(run(seeds.subList(middle, seeds.size())));
            return problems;
        }
    }

    private List<AssertionError> run(Batch batch, NativeModel model, List<Long> seeds) {
        List<AssertionError> problems = new ArrayList<>();
        for (int i = 0; i < seeds.size(); i++) {
            for (Map<String, Long> sizes : batch.cases().get(i).runs()) {
                tell("running the model of seed %d for %s".formatted(seeds.get(i), sizes));
                runs++;
                try {
                    CompiledEqualsEagerTest.check(batch, model, i, sizes);
                } catch (RuntimeException | AssertionError problem) {
                    problems.add(problem(seeds.get(i), sizes.toString(), problem));
                }
            }
        }
        return problems;
    }

    private void count(TracedEntry entry) {
        graphs++;
        Bodies.all(new Graph(entry.name(), entry.inputs(), entry.outputs(), new TreeMap<>())).stream()
                .flatMap(graph -> graph.calls().stream()).map(call -> call.operator().name()).distinct()
                .forEach(name -> called.merge(name, 1, Integer::sum));
    }

    private void tell(String what) {
        try {
            Files.createDirectories(progress.getParent());
            Files.writeString(progress, what + System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AssertionError problem(long seed, String sizes, Throwable problem) {
        return new AssertionError("%s%nfor %s in%n%s".formatted(problem, sizes, RandomCase.source(seed)), problem);
    }

    /** How many models ran, and in how many of them each operator was called. */
    String coverage() {
        List<String> never = called.keySet().stream().filter(name -> called.get(name) == 0).toList();
        String counts = called.entrySet().stream().filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.comparingByValue()).map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", "));
        return "random models: %d in %d runs, of %d operators of %d%nmodels that call them: %s%nnever called: %s".formatted(
                graphs, runs, called.size() - never.size(), called.size(), counts, String.join(", ", never));
    }
}
