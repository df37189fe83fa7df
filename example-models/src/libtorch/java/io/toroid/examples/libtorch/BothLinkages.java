package io.toroid.examples.libtorch;

import io.toroid.DType;
import io.toroid.processor.ModelProcessor;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.weights.Safetensors;
import io.toroid.runtime.weights.SafetensorsWriter;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Models compiled in both linkages, below {@code target/libtorch}. As a program it also writes what the standalone libraries give, for
 * {@code compare.py}: of each model {@code NAME.safetensors} with the inputs {@code in.0} and so on and the output {@code out} of its
 * first entry, and with other weights, where the model has some, {@code other}; {@code NAME.ENTRY.safetensors} of another entry.
 */
final class BothLinkages {

    /** An entry of a model and inputs of it. */
    record Sample(String name, String entry, List<Object> inputs) {

        /** The model's simple name; for its second entry, with that one's. */
        String file() {
            return name.substring(name.lastIndexOf('.') + 1) + (entry.equals("darken") ? "." + entry : "");
        }
    }

    static final Path ROOT = Path.of("target/libtorch");
    static final Path DIGITS = Path.of("src/main/resources/weights/digits-mlp.safetensors");
    static final Path OTHER_DIGITS = ROOT.resolve("digits-other.safetensors");

    private static final Path MODELS = Path.of("src/libtorch/models/io/toroid/examples/libtorch");
    private static final Path MINILM = Path.of("src/minilm/java/io/toroid/examples/minilm");
    private static final Path MINILM_WEIGHTS = Path.of("target/minilm");

    private BothLinkages() {
    }

    public static void main(String[] arguments) throws Exception {
        compile();
        for (Sample sample : samples("standalone")) {
            List<WeightTensor> tensors = new ArrayList<>();
            for (int i = 0; i < sample.inputs.size(); i++) {
                tensors.add(tensor("in." + i, sample.inputs.get(i)));
            }
            tensors.add(tensor("out", run("standalone", sample, LoadOptions.defaults())));
            if (sample.file().equals("Sharpened")) {
                tensors.add(tensor("other", run("standalone", sample, LoadOptions.defaults().withWeights(OTHER_DIGITS))));
            }
            SafetensorsWriter.write(ROOT.resolve(sample.file() + ".safetensors"), tensors);
        }
        System.out.println("compiled for both linkages, in " + ROOT.toAbsolutePath());
    }

    /** Compiles all models for {@code libtorch}, and those that need no PyTorch standalone. */
    static void compile() throws IOException {
        Files.createDirectories(ROOT);
        writeOtherDigits();
        List<Path> both = new ArrayList<>(List.of(MODELS.resolve("Sharpened.java")));
        if (hasMiniLm()) {
            Stream.of("MiniLm", "MiniLmWeights", "TokenEmbeddings", "TransformerLayer").forEach(name -> both.add(MINILM.resolve(name + ".java")));
        }
        compile("standalone", both);
        both.add(MODELS.resolve("Whitened.java"));
        compile("libtorch", both);
    }

    /** Weights of MiniLM come with the profile {@code minilm}. */
    static boolean hasMiniLm() {
        return Files.exists(MINILM_WEIGHTS.resolve("all-minilm-l6-v2.onnx"));
    }

    private static void compile(String linkage, List<Path> sources) throws IOException {
        Path classes = Files.createDirectories(ROOT.resolve(linkage));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavaCompiler.CompilationTask task = compiler.getTask(null, files, null, List.of(
                    "-d", classes.toString(), "-Atoroid.isa=native", "-Atoroid.linkage=" + linkage,
                    "-Atoroid.weights.dir=" + weights()),
                    null, files.getJavaFileObjectsFromPaths(sources));
            task.setProcessors(List.of(new ModelProcessor()));
            if (!task.call()) {
                throw new IllegalStateException("the models do not compile for linkage " + linkage);
            }
        }
    }

    /** One directory with the weights of all models. */
    private static Path weights() throws IOException {
        Path directory = Files.createDirectories(ROOT.resolve("weights"));
        Files.write(directory.resolve(DIGITS.getFileName()), Files.readAllBytes(DIGITS));
        if (hasMiniLm() && Files.notExists(directory.resolve("all-minilm-l6-v2.onnx"))) {
            Files.copy(MINILM_WEIGHTS.resolve("all-minilm-l6-v2.onnx"), directory.resolve("all-minilm-l6-v2.onnx"));
        }
        return directory;
    }

    /** The weights of the digits, halved. */
    private static void writeOtherDigits() throws IOException {
        try (Safetensors weights = Safetensors.open(DIGITS); Arena arena = Arena.ofConfined()) {
            List<WeightTensor> halved = new ArrayList<>();
            for (String name : weights.names()) {
                WeightTensor tensor = weights.get(name);
                MemorySegment data = arena.allocate(tensor.data().byteSize(), 64);
                for (long i = 0; i < data.byteSize(); i += 4) {
                    data.set(ValueLayout.JAVA_FLOAT, i, tensor.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, i) / 2);
                }
                halved.add(new WeightTensor(name, tensor.dtype(), tensor.shape(), data));
            }
            SafetensorsWriter.write(OTHER_DIGITS, halved);
        }
    }

    // ---- running

    /** What is run in each linkage. */
    static List<Sample> samples(String linkage) {
        Random random = new Random(0);
        float[][] images = new float[5][64];
        float[][] points = new float[20][4];
        long[][] ids = new long[4][24];
        long[][] mask = new long[4][24];
        Stream.of(images).forEach(row -> fill(row, random, 100));
        Stream.of(points).forEach(row -> fill(row, random, 1));
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < 24 - 5 * i; j++) {
                ids[i][j] = random.nextInt(30000);
                mask[i][j] = 1;
            }
        }
        List<Sample> samples = new ArrayList<>(List.of(
                new Sample("io.toroid.examples.libtorch.Sharpened", "classify", List.<Object>of((Object) images)),
                new Sample("io.toroid.examples.libtorch.Sharpened", "darken", List.<Object>of((Object) images))));
        if (hasMiniLm()) {
            samples.add(new Sample("io.toroid.examples.minilm.MiniLm", "embed", List.<Object>of(ids, mask)));
        }
        if (linkage.equals("libtorch")) {
            samples.add(new Sample("io.toroid.examples.libtorch.Whitened", "distances", List.<Object>of((Object) points)));
        }
        return samples;
    }

    private static void fill(float[] row, Random random, float most) {
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextFloat() * most;
        }
    }

    /** Loads the model in a class loader of its own and calls it. */
    static Object run(String linkage, Sample sample, LoadOptions options) throws Exception {
        URL[] classes = {ROOT.resolve(linkage).toUri().toURL()};
        try (URLClassLoader loader = new ModelsFirst(classes)) {
            int dot = sample.name.lastIndexOf('.') + 1;
            Class<?> facade = loader.loadClass(sample.name.substring(0, dot) + "Compiled" + sample.name.substring(dot));
            Class<?>[] types = sample.inputs.stream().map(Object::getClass).toArray(Class<?>[]::new);
            try (AutoCloseable model = (AutoCloseable) facade.getMethod("load", LoadOptions.class).invoke(null, options)) {
                return facade.getMethod(sample.entry, types).invoke(model, sample.inputs.toArray());
            }
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Looks for examples here before the class path, which may have MiniLM too. */
    private static final class ModelsFirst extends URLClassLoader {

        ModelsFirst(URL[] classes) {
            super(classes, BothLinkages.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return findResource(name.replace('.', '/') + ".class") == null || findLoadedClass(name) != null
                    ? super.loadClass(name, resolve) : findClass(name);
        }

        @Override
        public URL getResource(String name) {
            URL own = findResource(name);
            return own == null ? super.getResource(name) : own;
        }
    }

    private static WeightTensor tensor(String name, Object array) {
        return switch (array) {
            case float[][] rows -> {
                MemorySegment data = Arena.ofAuto().allocate(4L * rows.length * rows[0].length, 64);
                for (int i = 0; i < rows.length; i++) {
                    MemorySegment.copy(rows[i], 0, data, ValueLayout.JAVA_FLOAT, 4L * i * rows[i].length, rows[i].length);
                }
                yield new WeightTensor(name, DType.F32, new long[] {rows.length, rows[0].length}, data);
            }
            case long[][] rows -> {
                MemorySegment data = Arena.ofAuto().allocate(8L * rows.length * rows[0].length, 64);
                for (int i = 0; i < rows.length; i++) {
                    MemorySegment.copy(rows[i], 0, data, ValueLayout.JAVA_LONG, 8L * i * rows[i].length, rows[i].length);
                }
                yield new WeightTensor(name, DType.I64, new long[] {rows.length, rows[0].length}, data);
            }
            default -> throw new IllegalArgumentException("no rows: " + array);
        };
    }
}
