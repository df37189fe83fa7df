package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights that change while a model runs. The sources among the test resources under {@code swaps} are compiled by one javac with the
 * processor; then each public method of {@code MixedUse} runs in this JVM.
 */
@Tag("native")
class SwapsTest {

    private static final String[] WEIGHTS = {
        "hidden.weight: f32[40, 24]", "hidden.bias: f32[40]", "left: f32[16, 40]", "right: f32[16, 40]", "value.weight: f32[16, 40]", "value.bias: f32[16]",
        "scale: f32[40]", "shift: f32[40]", "convolution.weight: f32[16, 3, 3, 3]", "convolution.bias: f32[16]",
        "norm.weight: f32[16]", "norm.bias: f32[16]", "norm.running_mean: f32[16]", "norm.running_var: f32[16]",
        "back.weight: f32[16, 3, 3, 3]", "back.bias: f32[3]", "table: f32[5, 7]", "nothing: f32[0, 3]", "nobody: f32[0]",
        "_tensor_constant0: f32[4]"};

    @TempDir
    private static Path directory;

    private static URLClassLoader classes;

    @BeforeAll
    static void compile() throws IOException {
        JavacHarness project = new JavacHarness(directory).option("-Xlint:all,-processing").option("-Werror").option("-Atoroid.isa=native")
                .weights("weights/mixed.safetensors", WEIGHTS).weights("weights/remembering.safetensors", "total: f32[3]", "scale: f32[3]");
        for (String name : List.of("Mixed", "Remembering", "MixedUse", "MixedLoad")) {
            try (InputStream source = SwapsTest.class.getResourceAsStream("/swaps/" + name + ".java")) {
                project.source("swaps/" + name + ".java", new String(source.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertEquals(List.of(), project.compile(new ModelProcessor()).messages());
        classes = loader();
    }

    private static URLClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {directory.resolve("classes").toUri().toURL()}, SwapsTest.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        if (classes != null) {
            classes.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> uses() throws ClassNotFoundException {
        return Stream.of(classes.loadClass("swaps.MixedUse").getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getName().matches(System.getProperty("toroid.test.cases", ".*"))).sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> invoke(method, null, Files.createDirectories(directory.resolve(method.getName())))));
    }

    private static Object invoke(Method method, Object object, Object... arguments) throws Throwable {
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Eight threads over three instances, 1,200 swaps; 1,100 loads; 101,000 calls that fail. */
    @Test
    void answersAreOfOneSetOfWeightsAndNothingIsLeftBehind() throws Exception {
        Path log = directory.resolve("load.txt");
        Process program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms128m", "-Xmx128m",
                "-XX:+AlwaysPreTouch", "--enable-native-access=ALL-UNNAMED",
                "-cp", directory.resolve("classes") + File.pathSeparator + System.getProperty("java.class.path"),
                "swaps.MixedLoad", Files.createDirectories(directory.resolve("load")).toString())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertTrue(program.waitFor(10, TimeUnit.MINUTES), () -> "it takes too long: " + text(log));
        assertEquals(0, program.exitValue(), () -> text(log));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    // ---- class loaders

    private static AutoCloseable load(ClassLoader from) throws Throwable {
        return (AutoCloseable) invoke(from.loadClass("swaps.CompiledMixed").getMethod("load"), null);
    }

    private static float[][] literal(AutoCloseable model) throws Throwable {
        return (float[][]) invoke(model.getClass().getMethod("literal", float[][].class), model, (Object) new float[][] {{1, 2, 3, 4}});
    }

    /** Two applications of one server have the same model, each by its own class loader. */
    @Test
    void twoClassLoadersHaveTheSameModel() throws Throwable {
        try (URLClassLoader first = loader(); URLClassLoader second = loader(); AutoCloseable other = load(second)) {
            assertTrue(first.loadClass("swaps.CompiledMixed") != second.loadClass("swaps.CompiledMixed"));
            try (AutoCloseable one = load(first)) {
                assertEquals(0, literal(one)[0][0]);
            }
            assertEquals(0, literal(other)[0][3]);
        }
    }

    @Test
    void nothingIsLeftOfRedeploys() throws Throwable {
        List<WeakReference<ClassLoader>> gone = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            URLClassLoader application = loader();
            try (AutoCloseable model = load(application)) {
                assertEquals(1, literal(model).length);
            }
            application.close();
            gone.add(new WeakReference<>(application));
        }
        for (int patience = 0; patience < 50 && gone.stream().anyMatch(reference -> reference.get() != null); patience++) {
            System.gc();
            Thread.sleep(20);
        }
        assertTrue(gone.stream().filter(reference -> reference.get() != null).count() <= 1, "class loaders are still there");
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            assertEquals(0, maps.filter(line -> line.contains(directory.toString()) && line.endsWith(".so")).count());
        }
    }
}
