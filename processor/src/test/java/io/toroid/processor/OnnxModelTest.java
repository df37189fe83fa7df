package io.toroid.processor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.processor.weights.ProtoBytes;
import io.toroid.runtime.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose weights are in an ONNX file, under an exporter's names, inside the real compiler. */
@Tag("javac")
class OnnxModelTest {

    private static final String MODEL = """
            package a;
            import io.toroid.*;
            import io.toroid.nn.*;
            @Model(weights = "net.onnx", names = ExportedNames.class)
            public class Net {
                private final Linear hidden = new Linear(3, 2);
                @Entry
                public Tensor run(@Spec("f32[3]") Tensor x) {
                    return hidden.apply(x);
                }
            }
            """;

    private static final String NAMES = """
            package a;
            import io.toroid.WeightNames;
            final class ExportedNames implements WeightNames {
                @Override
                public Stored find(String parameter) {
                    return parameter.endsWith("weight") ? Stored.transposed("onnx::MatMul_7") : Stored.as(parameter);
                }
                @Override
                public boolean isSpare(String stored) {
                    return stored.equals("position_ids");
                }
            }
            """;

    @TempDir
    private Path directory;

    private final Map<String, String> seen = new TreeMap<>();

    private static ProtoBytes tensor(String name, int type, long... dims) {
        return new ProtoBytes().packed(1, dims).varint(2, type).text(8, name);
    }

    private static byte[] onnx() {
        return new ProtoBytes().message(7, new ProtoBytes()
                .message(5, tensor("hidden.bias", 1, 2).bytes(9, ProtoBytes.floats(10, 20)))
                .message(5, tensor("onnx::MatMul_7", 1, 3, 2).bytes(9, ProtoBytes.floats(1, 2, 3, 4, 5, 6)))
                .message(5, tensor("position_ids", 7, 1).packed(7, 0))).array();
    }

    private JavacHarness project() {
        return new JavacHarness(directory.resolve("project")).source("a/Net.java", MODEL).source("a/ExportedNames.java", NAMES);
    }

    private JavacHarness.Outcome compile(JavacHarness project) {
        return project.compile(new ModelProcessor((model, _) -> {
            model.parameters().forEach((name, parameter) -> seen.put(name + " " + parameter.type(), values(model.weights(), name)));
            return new CompiledFiles(new TreeMap<>(), new TreeMap<>());
        }));
    }

    private static String values(WeightSource weights, String name) {
        return Arrays.toString(weights.get(name).data().toArray(JAVA_FLOAT_UNALIGNED));
    }

    private void assertSeen(JavacHarness.Outcome outcome) {
        assertTrue(outcome.succeeded(), () -> outcome.messages().toString());
        assertEquals("", outcome.printed());
        assertEquals(Map.of("hidden.weight f32[2, 3]", "[1.0, 3.0, 5.0, 2.0, 4.0, 6.0]", "hidden.bias f32[2]", "[10.0, 20.0]"), seen);
    }

    @Test
    void theModelGetsItsWeightsUnderItsOwnNames() throws IOException {
        JavacHarness project = project();
        Files.write(project.classes().resolve("net.onnx"), onnx());
        assertSeen(compile(project));
    }

    @Test
    void theFileMayBeInAnArchiveOfTheClassPathOrInADirectory() throws IOException {
        Path archive = directory.resolve("weights.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(archive))) {
            jar.putNextEntry(new JarEntry("net.onnx"));
            jar.write(onnx());
        }
        assertSeen(compile(project().classPath(archive)));
        seen.clear();
        Path weights = Files.createDirectory(directory.resolve("weights"));
        Files.write(weights.resolve("net.onnx"), onnx());
        assertSeen(compile(project().option("-Atoroid.weights.dir=" + weights)));
    }

    @Test
    void aDamagedFileIsExplainedAtTheAnnotation() throws IOException {
        JavacHarness project = project();
        Files.write(project.classes().resolve("net.onnx"), Arrays.copyOf(onnx(), 40));
        JavacHarness.Outcome outcome = compile(project);
        assertEquals(1, outcome.errors().size(), () -> outcome.messages().toString());
        JavacHarness.Message error = outcome.errors().getFirst();
        assertEquals(4, error.line());
        assertTrue(error.text().startsWith("[TOROID-402] the weight file \"net.onnx\" cannot be read: "), error.text());
        assertTrue(error.text().contains("net.onnx: graph.initializer[1] is cut off at byte 40, 42 bytes before its end"), error.text());
        assertTrue(error.text().endsWith("; export it again, as safetensors or ONNX"), error.text());
    }
}
