package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The C++ of a model with one entry for each shape of generated code, word for word. What the code computes is tested
 * elsewhere; this shows in a review how a change of the writers changes what a reader sees.
 *
 * <p>{@code -Dtoroid.golden=src/test/resources} writes the files anew.
 */
@Tag("javac")
class GoldenCodeTest {

    private static final String DIRECTORY = "golden/shapes/";
    private static final List<String> WEIGHTS = List.of(
            "linear.weight: f32[40, 24]", "linear.bias: f32[40]", "convolution.weight: f32[16, 3, 3, 3]", "convolution.bias: f32[16]");

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> theCodeIsAsItWas() throws IOException {
        SequencedMap<String, String> sources = SourceModel.trace(directory, "golden/Shapes.java", golden("Shapes.java"),
                "weights.safetensors", WEIGHTS, model -> Pipeline.generate(model, new VerifyingObserver()).sources());
        String renew = System.getProperty("toroid.golden");
        if (renew != null) {
            renew(Path.of(renew, DIRECTORY), sources);
        }
        return Stream.concat(
                Stream.of(dynamicTest("files", () -> assertEquals(files(), new TreeSet<>(
                        sources.keySet().stream().map(name -> name + ".cpp").toList())))),
                sources.entrySet().stream().map(source -> dynamicTest(source.getKey(), () ->
                        assertEquals(golden(source.getKey() + ".cpp"), source.getValue()))));
    }

    private static void renew(Path target, SequencedMap<String, String> sources) throws IOException {
        try (Stream<Path> old = Files.list(target)) {
            for (Path file : old.filter(file -> file.toString().endsWith(".cpp")).toList()) {
                Files.delete(file);
            }
        }
        for (var source : sources.entrySet()) {
            Files.writeString(target.resolve(source.getKey() + ".cpp"), source.getValue());
        }
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(GoldenCodeTest.class.getResource("/" + DIRECTORY + name),
                    name + " is no golden file; -Dtoroid.golden=src/test/resources writes it").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String golden(String name) {
        try {
            return Files.readString(resource(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TreeSet<String> files() throws IOException {
        try (Stream<Path> files = Files.list(resource("Shapes.java").getParent())) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".cpp"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
