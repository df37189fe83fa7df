package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Parameter;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.toolchain.Isa;
import io.toroid.runtime.CompiledModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor inside the real compiler, with a stand-in for what comes behind the frontend. */
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
    private final List<CompileOptions> options = new ArrayList<>();

    private ModelProcessor processor() {
        return new ModelProcessor((model, chosen) -> {
            traced.add(model);
            options.add(chosen);
            String directory = "META-INF/toroid/" + model.className();
            return new CompiledFiles(
                    new TreeMap<>(Map.of(
                            directory + "/manifest.properties", new byte[] {1}, directory + "/constants.bin", new byte[] {2, 3})),
                    new TreeMap<>(Map.of("toroid/" + model.className() + "/wrapper.cpp", "// " + model.className() + "\n")));
        });
    }

    private JavacHarness project() {
        return new JavacHarness(directory);
    }

    private static void assertClean(JavacHarness.Outcome outcome) {
        assertEquals(List.of(), outcome.messages());
        assertEquals("", outcome.printed());
        assertTrue(outcome.succeeded());
    }

    @Test
    void aModelIsTracedAndBoundToItsWeights() {
        assertClean(project().option("-Xlint:all").option("-Werror")
                .source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS).compile(processor()));

        TracedModel model = traced.getFirst();
        assertEquals("a.Digits", model.className());
        assertEquals("a.CompiledDigits", model.facadeName());
        assertEquals(List.of("hidden.weight", "hidden.bias", "norm.weight", "norm.bias", "output.weight", "output.bias"),
                List.copyOf(model.parameters().keySet()));
        assertEquals("f32[128, 64]", model.parameters().get("hidden.weight").type().toString());
        TracedEntry entry = model.entries().getFirst();
        assertEquals("[pixels]", entry.inputs().stream().map(input -> input.origin().toString()).toList().toString());
        assertEquals("f32[batch, 10]", entry.outputs().getFirst().type().toString());
        assertEquals("[batch: 1 to 1024]", entry.descriptor().dims().toString());
        Call output = (Call) entry.outputs().getFirst().origin();
        assertEquals("aten.linear.default", output.operator().name());
        assertEquals("Digits.java:12", output.position().toString().replace(":13", ":12"));
        assertEquals(Parameter.Kind.PARAMETER, model.parameters().get("output.bias").kind());
    }

    @Test
    void everyFileGoesThroughTheFiler() {
        JavacHarness project = project().source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS);
        assertClean(project.compile(processor()));
        assertEquals(List.of(
                "classes/META-INF/toroid/a.Digits/constants.bin",
                "classes/META-INF/toroid/a.Digits/manifest.properties",
                "classes/a/CompiledDigits$Weights.class",
                "classes/a/CompiledDigits.class",
                "classes/a/Digits.class",
                "classes/weights/mlp.safetensors",
                "generated/a/CompiledDigits.java",
                "generated/toroid/a.Digits/wrapper.cpp"), project.outputs());
        assertEquals(3, project.written("META-INF/toroid/a.Digits/constants.bin")[1]);
    }

    @Test
    void compilingAgainGivesTheSameFacade() {
        JavacHarness project = project().source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS);
        assertClean(project.compile(processor()));
        String first = project.generatedSource("a/CompiledDigits.java");
        assertClean(project.compile(processor()));
        assertEquals(first, project.generatedSource("a/CompiledDigits.java"));
    }

    @Test
    void theModelAndOthersMayUseTheFacade() {
        JavacHarness project = project().source("a/Twice.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Twice {
                    @Entry
                    public Tensor twice(@Spec("f32[3]") Tensor x) {
                        return Scale.by(x, 2);
                    }
                    public static void main(String[] arguments) {
                        try (CompiledTwice model = CompiledTwice.load()) {
                            float[] y = model.twice(new float[] {1, 2, 3});
                            System.out.println(y[0]);
                        }
                    }
                }
                """).source("a/Scale.java", """
                package a;
                import io.toroid.Tensor;
                class Scale {
                    static Tensor by(Tensor x, double factor) {
                        java.util.function.UnaryOperator<Tensor> scale = new java.util.function.UnaryOperator<>() {
                            @Override public Tensor apply(Tensor t) { return t.mul(factor); }
                        };
                        return new Auxiliary().identity(scale.apply(x));
                    }
                }
                class Auxiliary {
                    Tensor identity(Tensor x) { return x; }
                }
                """).source("b/Main.java", """
                package b;
                import a.CompiledTwice;
                class Main {
                    float first(CompiledTwice model) { return model.twice(new float[3])[0]; }
                }
                """);
        assertClean(project.compile(processor()));
        Call mul = (Call) traced.getFirst().entries().getFirst().outputs().getFirst().origin();
        assertEquals("Scale.java:6", mul.position().toString());
    }

    @Test
    void aFacadeUsedTooCleverlyByItsOwnModelIsExplained() {
        JavacHarness.Outcome outcome = project().source("a/Twice.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Twice {
                    @Entry
                    public Tensor twice(@Spec("f32[3]") Tensor x) {
                        return x.mul(2);
                    }
                    static float first() {
                        return CompiledTwice.load().twice(new float[3])[0];
                    }
                }
                """).compile(processor());
        assertEquals(List.of("[TOROID-310] the model Twice could not be compiled in order to trace it: Twice.java:10: array required, "
                + "but java.lang.Object found; if the façade is used there, assign what it returns to a variable with its type, "
                + "or do it in a class that the model does not refer to"),
                outcome.errors().stream().map(JavacHarness.Message::text).toList());
    }

    @Test
    void layersComeFromTheClassPath() throws IOException {
        Path library = Files.createDirectory(directory.resolve("library"));
        JavacHarness layers = new JavacHarness(library).source("lib/Blocks.java", """
                package lib;
                import io.toroid.*;
                import io.toroid.nn.*;
                public class Blocks {
                    public static class Block implements Layer {
                        public final Linear inner = new Linear(4, 4);
                        public Tensor apply(Tensor x) { return new Object() { Tensor go() { return inner.apply(x).relu(); } }.go(); }
                    }
                }
                """);
        assertClean(layers.compile(processor()));
        Path jar = jar(layers.classes());
        JavacHarness project = project().classPath(jar).source("a/User.java", """
                package a;
                import io.toroid.*;
                import io.toroid.nn.*;
                @Model(weights = "w.safetensors")
                public class User {
                    private final lib.Blocks.Block[] blocks = {new lib.Blocks.Block(), new lib.Blocks.Block()};
                    @Entry
                    public Tensor run(@Spec("f32[2, 4]") Tensor x) {
                        for (Layer block : blocks) { x = block.apply(x); }
                        return x;
                    }
                    @Entry
                    public Tensor wrong(@Spec("f32[2, 5]") Tensor x) {
                        return blocks[0].apply(x);
                    }
                }
                """).weights("w.safetensors", "blocks.0.inner.weight: f32[4, 4]", "blocks.0.inner.bias: f32[4]",
                "blocks.1.inner.weight: f32[4, 4]", "blocks.1.inner.bias: f32[4]");
        assertEquals(List.of("a/User.java:14:25 ERROR: [TOROID-301] linear: the last size of the input, 5 in f32[2, 5], must equal "
                + "the weight's 4 in f32[4, 4]; make the layer for 5 inputs, or reshape the input"),
                project.compile(processor()).errors().stream().map(Object::toString).toList());
    }

    @Test
    void sourcesThatJavacRefusesAreLeftToJavac() {
        JavacHarness.Outcome outcome = project().source("a/Broken.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Broken {
                    @Entry
                    public Tensor run(@Spec("f32[3]") Tensor x) {
                        return x.undefined();
                    }
                }
                """).source("a/Fine.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Fine {
                    @Entry
                    public Tensor run(@Spec("f32[3]") Tensor x) {
                        return x.exp();
                    }
                }
                """).compile(processor());
        assertEquals(List.of("a.Fine"), traced.stream().map(TracedModel::className).toList());
        assertEquals(List.of("a/Broken.java:7:17"), places(outcome));

        JavacHarness other = new JavacHarness(directory.resolve("other"));
        assertEquals(List.of("a/Unresolved.java:6:39"), places(other.source("a/Unresolved.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Unresolved {
                    @Entry
                    public Tensor run(@Spec("f32[3]") Tenso x) {
                        return null;
                    }
                }
                """).compile(processor())));
    }

    private static List<String> places(JavacHarness.Outcome outcome) {
        return outcome.errors().stream().map(error -> "%s:%d:%d".formatted(error.file(), error.line(), error.column())).toList();
    }

    @Test
    void aModelWaitsForWhatOtherProcessorsWrite() {
        JavacHarness.Outcome outcome = project().processor(new GeneratesConstants()).source("a/Needs.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Needs {
                    @Entry
                    public Tensor run(@Spec("f32[3]") Tensor x) {
                        return x.mul(Constants.FACTOR);
                    }
                }
                """).compile(processor());
        assertClean(outcome);
        assertEquals(1, traced.size());
    }

    @Test
    void errorsPointAtTheCallEvenInLongLines() {
        JavacHarness.Outcome outcome = project().source("a/Columns.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Columns {
                    @Entry
                    public Tensor run(@Spec("f32[2, 3]") Tensor x) {
                        return x.relu().matmul(x.exp()).relu();
                    }
                }
                """).compile(processor());
        assertEquals(List.of("a/Columns.java:7:24"), places(outcome));
    }

    @Test
    void severalCallsOfTheSameNameOnALineAreOnePlace() {
        JavacHarness.Outcome outcome = project().source("a/Namesakes.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Namesakes {
                    @Entry
                    public Tensor run(@Spec("f32[2, 3]") Tensor x) {
                        return x.t().matmul(x).matmul(x);
                    }
                }
                """).compile(processor());
        assertEquals(List.of("a/Namesakes.java:7:9"), places(outcome));
    }

    @Test
    void withoutTreesTheLineIsInTheText() {
        JavacHarness.Outcome outcome = project().source("a/Hidden.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Hidden {
                    @Entry
                    public Tensor run(@Spec("f32[2, 3]") Tensor x) {
                        return x.matmul(x);
                    }
                }
                """).compile(new BehindProxy(processor()));
        assertEquals(List.of("a/Hidden.java:6:19 ERROR: [TOROID-301] matmul: the columns of the left, 3 in f32[2, 3], differ from "
                + "the rows of the right, 2 in f32[2, 3]; did you mean the transpose, right.transpose(-2, -1)? (at Hidden.java:7)"),
                outcome.errors().stream().map(Object::toString).toList());
    }

    @Test
    void weightsComeFromTheDirectoryOfTheOptionOrFromAnArchive() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/weights"));
        JavacHarness.weights(elsewhere.resolve("mlp.safetensors"), MLP_WEIGHTS);
        assertClean(project().option("-Atoroid.weights.dir=" + elsewhere.getParent()).source("a/Digits.java", MLP).compile(processor()));

        JavacHarness second = new JavacHarness(Files.createDirectory(directory.resolve("second")));
        assertClean(second.classPath(jar(elsewhere.getParent())).source("a/Digits.java", MLP).compile(processor()));
        assertEquals(2, traced.size());
    }

    @Test
    void optionsReachTheCompiler() {
        assertClean(project().option("-Atoroid.isa=native").option("-Atoroid.cxx=/opt/bin/c++").option("-Atoroid.jobs=3")
                .source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS).compile(processor()));
        assertEquals(List.of(Isa.NATIVE), options.getFirst().isas());
        assertEquals("/opt/bin/c++", options.getFirst().compiler().orElseThrow());
        assertEquals(3, options.getFirst().jobs());
        assertNull(options.getFirst().cache().orElse(null));
    }

    @Test
    void problemsOfTheCompilerAreShownAndBugsAreCalledSo() {
        JavacHarness.Outcome refused = project().source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS)
                .compile(new ModelProcessor((model, chosen) -> {
                    throw new ProblemException(Diagnostic.NATIVE_COMPILER_MISSING, "there is no C++ compiler");
                }));
        assertEquals(List.of("a/Digits.java:4:1 ERROR: [TOROID-502] there is no C++ compiler"),
                refused.errors().stream().map(Object::toString).toList());

        JavacHarness.Outcome bug = project().source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS)
                .compile(new ModelProcessor((model, chosen) -> {
                    throw new IllegalStateException("no such loop");
                }));
        assertEquals(1, bug.errors().size());
        assertTrue(bug.errors().getFirst().text().startsWith("[TOROID-INTERNAL] the compiler failed on a.Digits, which is a bug of "
                + "Toroid: please report it with this text\n  java.lang.IllegalStateException: no such loop\n"), () -> bug.errors().toString());
        assertFalse(Files.exists(project().classes().resolve("META-INF")));
    }

    @Test
    void anOlderSourceLevelIsPassedOn() {
        JavacHarness.Outcome outcome = project().option("--release").option("21")
                .source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS).compile(processor());
        assertEquals(List.of(), outcome.errors());
        assertEquals(1, traced.size());
    }

    @Test
    void previewFeaturesNeedACompilerThatRunsThem() {
        JavacHarness.Outcome outcome = project().option("--enable-preview").option("--release").option("25")
                .source("a/Modern.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Modern {
                    @Entry
                    public Tensor twice(@Spec("f32[3]") Tensor x) {
                        return x.mul(switch (x.dim()) { case 0 -> 1; case int rank -> rank; });
                    }
                }
                """).compile(processor());
        assertEquals(List.of("[TOROID-312] the model Modern cannot be loaded in order to trace it: Preview features are not enabled for "
                + "a/Modern (class file version 69.65535). Try running with '--enable-preview'; the compiler runs the model, so preview "
                + "features must be enabled for the compiler's own Java too: -J--enable-preview"),
                outcome.errors().stream().map(JavacHarness.Message::text).toList());
    }

    /** The nested compiler finds class files by their place, and these have none. */
    @Test
    void aModelThatOnlyTheNestedCompilerRefusesIsNotPassedOverSilently() throws IOException {
        JavacHarness library = new JavacHarness(Files.createDirectory(directory.resolve("library")))
                .source("lib/Scale.java", "package lib; public class Scale { public static final int BY = Integer.parseInt(\"2\"); }");
        assertClean(library.compile(processor()));
        JavacHarness.Outcome outcome = project().classPath(library.classes()).files(Placeless::new).source("a/Remote.java", """
                package a;
                import io.toroid.*;
                @Model
                public class Remote {
                    @Entry
                    public Tensor run(@Spec("f32[3]") Tensor x) {
                        return x.mul(lib.Scale.BY);
                    }
                }
                """).compile(processor());
        assertEquals(List.of(":-1:-1 ERROR: [TOROID-310] the model Remote could not be compiled in order to trace it: "
                + "Remote.java:7: package lib does not exist; the surrounding compile accepts these sources, "
                + "so please report this as a bug of Toroid"), outcome.errors().stream().map(Object::toString).toList());
        assertFalse(outcome.succeeded());
    }

    @Test
    void modelsLiveInModules() {
        String modules = Stream.of(Tensor.class, CompiledModel.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(System.getProperty("path.separator")));
        JavacHarness project = project().withoutClassPath().option("--module-path").option(modules)
                .source("module-info.java", "module digits { requires io.toroid; requires io.toroid.runtime; exports a; }")
                .source("a/Digits.java", MLP).weights("weights/mlp.safetensors", MLP_WEIGHTS);
        assertClean(project.compile(processor()));
        assertTrue(project.outputs().contains("classes/META-INF/toroid/a.Digits/manifest.properties"), () -> project.outputs().toString());
    }

    /** Class files of the package {@code lib} without a place in the file system. */
    private static final class Placeless extends ForwardingJavaFileManager<JavaFileManager> {

        Placeless(JavaFileManager files) {
            super(files);
        }

        @Override
        public Iterable<JavaFileObject> list(Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse)
                throws IOException {
            List<JavaFileObject> files = new ArrayList<>();
            for (JavaFileObject file : super.list(location, packageName, kinds, recurse)) {
                files.add(packageName.equals("lib") ? new Remote(file) : file);
            }
            return files;
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Remote remote ? remote.name(this, location) : super.inferBinaryName(location, file);
        }

        private static final class Remote extends ForwardingJavaFileObject<JavaFileObject> {

            Remote(JavaFileObject file) {
                super(file);
            }

            String name(Placeless files, Location location) {
                return files.inferBinaryName(location, fileObject);
            }

            @Override
            public URI toUri() {
                return URI.create("remote:///" + Path.of(fileObject.toUri()).getFileName());
            }
        }
    }

    private Path jar(Path classes) throws IOException {
        Path jar = directory.resolve("library.jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
            for (Path file : Files.walk(classes).filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                entries.write(Files.readAllBytes(file));
                entries.closeEntry();
            }
        }
        return jar;
    }

    /** Another processor, which writes a class in the first round. */
    private static final class GeneratesConstants extends AbstractProcessor {

        private boolean done;

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latest();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (!done) {
                done = true;
                try (Writer writer = processingEnv.getFiler().createSourceFile("a.Constants").openWriter()) {
                    writer.write("package a; class Constants { static final float FACTOR = 2; }");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
            return false;
        }
    }

    /** Hides the compiler as Gradle and IDEs do: nothing but the interface is visible. */
    private static final class BehindProxy extends AbstractProcessor {

        private final Processor hidden;

        BehindProxy(Processor hidden) {
            this.hidden = hidden;
        }

        @Override
        public synchronized void init(ProcessingEnvironment environment) {
            hidden.init((ProcessingEnvironment) Proxy.newProxyInstance(getClass().getClassLoader(),
                    new Class<?>[] {ProcessingEnvironment.class}, (proxy, method, arguments) -> {
                        try {
                            return method.invoke(environment, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return hidden.getSupportedAnnotationTypes();
        }

        @Override
        public Set<String> getSupportedOptions() {
            return hidden.getSupportedOptions();
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return hidden.getSupportedSourceVersion();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            return hidden.process(annotations, round);
        }
    }
}
