package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.processor.model.TracedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("javac")
class ModelProcessorTest {

    private static final String MLP = """
            package a;
            import io.toroid.*;
            import io.toroid.nn.*;
            @Model(weights = "weights/mlp.safetensors")
            public class Digits {
                private final Linear hidden = new Linear(64, 128);
                private final LayerNorm norm = new LayerNorm(128);
                private final Linear output = new Linear(128, 10);
                @Entry
                @Dim(name = "batch", min = 1, max = 1024)
                public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
                    return output.apply(norm.apply(hidden.apply(pixels)).gelu());
                }
            }
            """;
    private static final String[] MLP_WEIGHTS = {
        "hidden.bias: f32[128]", "hidden.weight: f32[128, 64]", "norm.bias: f32[128]", "norm.weight: f32[128]",
        "output.bias: f32[10]", "output.weight: f32[10, 128]"};

    @TempDir
    private Path directory;
    private final List<TracedModel> traced = new ArrayList<>();

    private ModelProcessor processor() {
        return new ModelProcessor((model, options) -> {
            traced.add(model);
            return new CompiledFiles(Map.of("META-INF/toroid/" + model.className() + "/manifest.properties", new byte[] {1}),
                    Map.of("toroid/" + model.className() + "/wrapper.cpp", "// source"));
        });
    }

    @Test
    void aModelIsTracedWithItsWeightsAndGetsAFacade() {
        JavacHarness project = new JavacHarness(directory).source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS);
        JavacHarness.Outcome outcome = project.compile(processor());
        assertEquals("", String.join("\n", outcome.messages().stream().map(Object::toString).toList()));
        assertTrue(outcome.succeeded());
        System.out.println(project.generatedSource("a/CompiledDigits.java"));
    }
}
