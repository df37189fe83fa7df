package io.toroid.processor;

import io.toroid.processor.codegen.cpp.KernelSource;
import io.toroid.processor.codegen.java.FacadeWriter;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.processor.schedule.Schedule;
import io.toroid.processor.schedule.ScheduleText;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/architecture.md} shows of a compile is what the compiler does. */
@Tag("javac")
class ArchitectureDocTest {

    private static final List<String> WEIGHTS = List.of(
            "hidden.weight: f32[128, 64]", "hidden.bias: f32[128]", "norm.weight: f32[128]", "norm.bias: f32[128]",
            "output.weight: f32[10, 128]", "output.bias: f32[10]");

    @TempDir
    private Path directory;

    /** What the entry's graph, loops and schedule are after each stage. */
    private static final class Transcript implements Observer {

        private final SequencedMap<String, String> texts = new LinkedHashMap<>();
        private final StringBuilder stages = new StringBuilder();

        @Override
        public void graph(String stage, Graph graph) {
            add(stage, graph.name(), graph.calls().size(), "calls", graph.toString());
        }

        @Override
        public void loops(String stage, LoopProgram program) {
            add(stage, program.name(), program.loops().size(), "loops", program.toString());
        }

        @Override
        public void schedule(LoopProgram program, Schedule schedule, MemoryPlan plan) {
            add("GroupLoops", schedule.name(), schedule.kernels().size(), "kernels", ScheduleText.print(schedule, plan));
        }

        private void add(String stage, String name, int count, String unit, String text) {
            if (name.equals("classify")) {
                texts.put(stage, text);
                stages.append("%-32s%3d %s\n".formatted(stage, count, unit));
            }
        }
    }

    @Test
    void whatTheDocumentShowsIsWhatTheCompilerDoes() throws IOException, URISyntaxException {
        Path source = Path.of(ArchitectureDocTest.class.getResource("/golden/digits/DigitsMlp.java").toURI());
        String java = Files.readString(source);
        Map<String, String> blocks = SourceModel.trace(directory, "io/toroid/examples/digits/DigitsMlp.java", java,
                "weights/digits-mlp.safetensors", WEIGHTS, model -> blocks(java, model));
        DocumentBlocks.check(DocumentBlocks.document("architecture.md"), blocks);
    }

    private static Map<String, String> blocks(String java, TracedModel model) {
        Transcript transcript = new Transcript();
        GeneratedCode code = Pipeline.generate(model, transcript);
        KernelSource kernel = code.kernels().stream().filter(one -> one.name().contains("layer_norm")).findFirst().orElseThrow();
        String facade = FacadeWriter.write(model);
        Map<String, String> blocks = new LinkedHashMap<>();
        blocks.put("model", DocumentBlocks.fenced("java", java));
        blocks.put("trace", DocumentBlocks.fenced("text", transcript.texts.get("Trace")));
        blocks.put("graph", DocumentBlocks.fenced("text", transcript.texts.get("SplitConstants")));
        blocks.put("stages", DocumentBlocks.fenced("text", transcript.stages.toString()));
        blocks.put("loops", DocumentBlocks.fenced("text", transcript.texts.get("FuseEpilogues")));
        blocks.put("schedule", DocumentBlocks.fenced("text", transcript.texts.get("GroupLoops")));
        blocks.put("kernel", DocumentBlocks.fenced("cpp", kernel.text()));
        blocks.put("wrapper", DocumentBlocks.fenced("cpp", DocumentBlocks.from(code.wrapper(), "bool classify_run(", "\n}\n")));
        blocks.put("facade", DocumentBlocks.fenced("java", DocumentBlocks.from(facade, "    /**\n     * Runs the entry on", "\n    /**\n     * Weights")
                .replaceFirst("    /\\*\\*\n     \\* Weights$", "").stripTrailing().stripIndent()));
        return blocks;
    }
}
