package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.processor.model.TracedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** A model from its Java source, traced by the processor inside the real compiler; its weights are zeros. */
final class SourceModel {

    private SourceModel() {
    }

    /**
     * Traces a model and hands it on.
     *
     * @param file such as {@code a/Digits.java}
     * @param weightFile as the model names it
     * @param weights each as {@code hidden.weight: f32[128, 64]}
     */
    static <T> T trace(
            Path directory, String file, String source, String weightFile, List<String> weights, Function<TracedModel, T> use) {
        List<T> results = new ArrayList<>();
        JavacHarness project = new JavacHarness(directory).source(file, source)
                .weights(weightFile, weights.toArray(String[]::new));
        JavacHarness.Outcome outcome = project.compile(new ModelProcessor((model, _) -> {
            results.add(use.apply(model));
            return new CompiledFiles(new TreeMap<>(), new TreeMap<>());
        }));
        assertEquals(List.of(), outcome.errors());
        return results.getFirst();
    }
}
