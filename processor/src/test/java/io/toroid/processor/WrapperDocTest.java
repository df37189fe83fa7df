package io.toroid.processor;

import io.toroid.processor.graph.Graph;
import io.toroid.processor.model.TracedModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/wrapper.md} shows is what the compiler makes of a model with a loop, a branch and a size that depends on data. */
@Tag("javac")
class WrapperDocTest {

    @TempDir
    private Path directory;

    @Test
    void whatTheDocumentShowsIsWhatTheCompilerDoes() throws IOException, URISyntaxException {
        String java = Files.readString(Path.of(WrapperDocTest.class.getResource("/golden/detections/Detections.java").toURI()));
        Map<String, String> blocks = SourceModel.trace(directory, "io/toroid/examples/detections/Detections.java", java,
                "unused.safetensors", List.of(), model -> blocks(java, model));
        DocumentBlocks.check(DocumentBlocks.document("wrapper.md"), blocks);
    }

    private static Map<String, String> blocks(String java, TracedModel model) {
        Map<String, String> graphs = new HashMap<>();
        GeneratedCode code = Pipeline.generate(model, new Observer() {
            @Override
            public void graph(String stage, Graph graph) {
                if (graph.name().equals("keep")) {
                    graphs.put(stage, graph.toString());
                }
            }
        });
        return Map.of("model", DocumentBlocks.fenced("java", java),
                "graph", DocumentBlocks.fenced("text", graphs.get("Trace")),
                "wrapper", DocumentBlocks.fenced("cpp", DocumentBlocks.from(code.wrapper(), "bool keep_run(", "\n}\n")));
    }
}
