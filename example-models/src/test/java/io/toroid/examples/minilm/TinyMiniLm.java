package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.nn.Parameters;
import io.toroid.op.Parameter;
import io.toroid.processor.ModelProcessor;
import io.toroid.runtime.weights.SafetensorsWriter;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import javax.annotation.processing.Processor;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * MiniLM made small: the sources of the real model, which are compiled with the profile {@code minilm} alone, with small numbers in the
 * place of theirs and random weights. So the architecture is compiled and run in each build, without the download.
 *
 * @param model the class of the model
 * @param facade that of its façade
 * @param weights its weight file
 */
record TinyMiniLm(Class<?> model, Class<?> facade, Path weights) {

    static final int WIDTH = 32;

    static final int VOCABULARY = 100;

    static final int POSITIONS = 40;

    private static final double SPREAD = 0.2;

    private static final String PACKAGE = "io.toroid.examples.tinyminilm";

    private static final Path SOURCES = Path.of("src", "minilm", "java", "io", "toroid", "examples", "minilm");

    private static final String WEIGHTS = "tiny-minilm.safetensors";

    /** What the sources say, and what is said instead. */
    private static final Map<String, Map<String, String>> EDITS = Map.of(
            "MiniLm", Map.of(
                    "all-minilm-l6-v2.onnx", WEIGHTS,
                    ", names = MiniLmWeights.class", "",
                    "WIDTH = 384", "WIDTH = " + WIDTH,
                    "POSITIONS = 512", "POSITIONS = " + POSITIONS,
                    "LAYERS = 6", "LAYERS = 2"),
            "TransformerLayer", Map.of("HEADS = 12", "HEADS = 4", "INTERMEDIATE = 1536", "INTERMEDIATE = 64"),
            "TokenEmbeddings", Map.of("VOCABULARY = 30522", "VOCABULARY = " + VOCABULARY));

    /** Compiles it into an empty directory: first without the processor, since random weights need to know the parameters. */
    static TinyMiniLm compile(Path directory, Random random) throws IOException, ReflectiveOperationException {
        List<Path> sources = new ArrayList<>();
        for (String name : List.of("MiniLm", "TransformerLayer", "TokenEmbeddings")) {
            sources.add(Files.writeString(directory.resolve(name + ".java"), source(name)));
        }
        Path plain = Files.createDirectory(directory.resolve("plain"));
        javac(sources, List.of(), "-d", plain.toString(), "-proc:none");
        Path weights = directory.resolve(WEIGHTS);
        SafetensorsWriter.write(weights, randomWeights(load(plain, "MiniLm"), random));
        Path classes = Files.createDirectory(directory.resolve("classes"));
        javac(sources, List.of(new ModelProcessor()), "-d", classes.toString(),
                "-Atoroid.isa=native", "-Atoroid.weights.dir=" + directory);
        Class<?> facade = load(classes, "CompiledMiniLm");
        return new TinyMiniLm(Class.forName(PACKAGE + ".MiniLm", /* initialize= */ true, facade.getClassLoader()), facade, weights);
    }

    private static String source(String name) throws IOException {
        String text = Files.readString(SOURCES.resolve(name + ".java")).replace("package io.toroid.examples.minilm;", "package " + PACKAGE + ";");
        for (Map.Entry<String, String> edit : EDITS.get(name).entrySet()) {
            String edited = text.replace(edit.getKey(), edit.getValue());
            assertNotEquals(text, edited, edit.getKey() + " is not in " + name);
            text = edited;
        }
        return text;
    }

    private static void javac(List<Path> sources, List<Processor> processors, String... options) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavaCompiler.CompilationTask task =
                    javac.getTask(messages, files, null, Arrays.asList(options), null, files.getJavaFileObjectsFromPaths(sources));
            task.setProcessors(processors);
            assertTrue(task.call(), messages::toString);
        }
    }

    /** The loader stays open as long as its classes live, for the façade reads its resources by it. */
    @SuppressWarnings("resource")
    private static Class<?> load(Path classes, String name) throws IOException, ClassNotFoundException {
        URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, TinyMiniLm.class.getClassLoader());
        return loader.loadClass(PACKAGE + "." + name);
    }

    /** Normally distributed, around 1 where a norm multiplies by them, else around 0. */
    private static List<WeightTensor> randomWeights(Class<?> model, Random random) throws ReflectiveOperationException {
        List<WeightTensor> weights = new ArrayList<>();
        for (Map.Entry<String, Parameter> parameter : Parameters.of(newInstance(model)).named().entrySet()) {
            long[] sizes = parameter.getValue().type().shape().toArray();
            float[] values = new float[Math.toIntExact(LongStream.of(sizes).reduce(1, Math::multiplyExact))];
            double mean = parameter.getKey().endsWith("LayerNorm.weight") ? 1 : 0;
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian(mean, SPREAD);
            }
            MemorySegment data = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, values.length);
            MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
            weights.add(new WeightTensor(parameter.getKey(), DType.F32, sizes, data));
        }
        return weights;
    }

    static Object newInstance(Class<?> model) throws ReflectiveOperationException {
        return model.getConstructor().newInstance();
    }
}
