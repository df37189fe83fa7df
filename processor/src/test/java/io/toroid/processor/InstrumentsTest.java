package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.Profile;
import io.toroid.runtime.ToroidException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's model, compiled with {@code -Atoroid.instrument}. */
@Tag("native")
class InstrumentsTest {

    private static final String SOURCE = """
            package a;

            import io.toroid.Dim;
            import io.toroid.Entry;
            import io.toroid.Model;
            import io.toroid.Spec;
            import io.toroid.Tensor;
            import java.util.Arrays;

            @Model
            public class Logs {
                @Entry
                @Dim(name = "n", min = 1, max = 100)
                public Tensor run(@Spec("f32[n, 4]") Tensor image, @Spec("f32[4, 3]") Tensor weight) {
                    Tensor product = image.matmul(weight);
                    return product.log()
                            .softmax(-1);
                }

                public static void main(String[] arguments) {
                    try (CompiledLogs model = CompiledLogs.load()) {
                        System.out.println(Arrays.deepToString(model.run(new float[][] {{1, 0, 0, 1}}, new float[][] {{1, 2, 3}, {0, 0, 0}, {0, 0, 0}, {1, 2, 3}})));
                    }
                }
            }
            """;

    private static final float[][] WEIGHT = {{1, 2, 3}, {0, 0, 0}, {0, 0, 0}, {1, 2, 3}};

    @TempDir
    Path directory;

    private JavacHarness compile(String... options) {
        JavacHarness project = new JavacHarness(directory).source("a/Logs.java", SOURCE).option("-Atoroid.isa=native");
        Stream.of(options).forEach(project::option);
        assertEquals(List.of(), project.compile(new ModelProcessor()).messages());
        return project;
    }

    private interface Use {
        void run(CompiledModel model) throws Exception;
    }

    private void use(JavacHarness project, Use use) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {project.classes().toUri().toURL()}, getClass().getClassLoader());
                CompiledModel model = (CompiledModel) loader.loadClass("a.CompiledLogs").getMethod("load").invoke(null)) {
            use.run(model);
        }
    }

    private static float[][] call(CompiledModel model, float[][] x) {
        try {
            return (float[][]) model.getClass().getMethod("run", float[][].class, float[][].class).invoke(model, x, WEIGHT);
        } catch (InvocationTargetException e) {
            throw (RuntimeException) e.getCause();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static float[][] rows(int count) {
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = new float[] {1, 0, 0, 1};
        }
        return rows;
    }

    // ---- off

    @Test
    void withoutTheOptionGeneratedCodeHasNoTraceOfIt() throws Exception {
        JavacHarness project = compile();
        StringBuilder all = new StringBuilder();
        for (String output : project.outputs()) {
            if (output.endsWith(".cpp")) {
                all.append(Files.readString(directory.resolve(output)));
            }
        }
        assertTrue(all.toString().contains("run_run(") && all.toString().contains("cpp_fused_"), all.toString());
        for (String trace : List.of("profile", "Profiled", "kernel_values", "kernel_value", "print_", "save_value", "expect_finite", "ToroidKernel")) {
            assertFalse(all.toString().contains(trace), trace);
        }
        String library = new String(project.written("META-INF/toroid/a.Logs/native.so"), StandardCharsets.ISO_8859_1);
        for (String trace : List.of("profile", "toroid-values", "Logs.java")) {
            assertFalse(library.contains(trace), trace);
        }
        use(project, model -> assertEquals("a.Logs was not compiled for profiles: compile it with -Atoroid.instrument=profile",
                assertThrows(IllegalStateException.class, () -> Profile.record(model, () -> { })).getMessage()));
    }

    // ---- profile

    @Test
    void aProfileHasEveryKernelWithItsLinesTimeBytesAndOperations() throws Exception {
        use(compile("-Atoroid.instrument=profile"), model -> {
            call(model, rows(1));
            Profile profile = Profile.record(model, () -> {
                call(model, rows(100));
                call(model, rows(10));
            });
            assertEquals("a.Logs", profile.model());
            assertEquals(List.of("mm", "mm, log", "_softmax"), profile.places().stream().map(place -> place.operators()).toList());
            assertEquals(List.of("Logs.java:15", "Logs.java:15, Logs.java:16", "Logs.java:17"), profile.places().stream().map(place -> place.lines()).toList());
            assertEquals(List.of(2L, 3L), profile.calls().stream().map(Profile.Call::number).toList());
            assertEquals(0, profile.lost());
            Profile.Call call = profile.calls().getFirst();
            assertEquals("run", call.entry());
            assertEquals(profile.places(), call.runs().stream().map(Profile.Run::place).toList());
            Profile.Run packing = call.runs().getFirst();
            Profile.Run product = call.runs().get(1);
            assertEquals(0, packing.operations());
            assertEquals(4 * (4 * 3 + 4 * 16), packing.bytes(), "the weight and a panel of it");
            assertEquals(2 * 100 * 4 * 3 + 100 * 3, product.operations(), "multiplications, additions and logarithms");
            assertEquals(4 * (100 * 4 + 4 * 16 + 100 * 3), product.bytes());
            assertEquals(4 * (10 * 4 + 4 * 16 + 10 * 3), profile.calls().getLast().runs().get(1).bytes());
            assertEquals(4 * (100 * 3 + 100 * 3), call.runs().getLast().bytes());
            assertTrue(call.runs().getLast().operations() >= 5 * 300, call.toString());
            long end = call.start();
            for (Profile.Run run : call.runs()) {
                assertTrue(run.start() >= end && run.nanoseconds() > 0, call.toString());
                end = run.start() + run.nanoseconds();
            }
            assertTrue(end <= call.start() + call.nanoseconds() && call.start() + call.nanoseconds() <= System.nanoTime(), call.toString());
            assertTrue(call.kernelNanoseconds() <= call.nanoseconds(), call.toString());
            checkTable(profile);
            checkTrace(profile);
        });
    }

    private static void checkTable(Profile profile) {
        List<String> lines = profile.toString().lines().toList();
        assertEquals(6, lines.size(), profile.toString());
        assertTrue(lines.get(1).startsWith("     2 ") && lines.get(1).contains(" %") && lines.get(1).contains(" at Logs.java:1"), profile.toString());
        assertTrue(lines.get(4).endsWith("  all kernels") && lines.get(5).endsWith("  calls"), profile.toString());
    }

    private void checkTrace(Profile profile) throws IOException {
        Path file = directory.resolve("trace.json");
        profile.writeChromeTrace(file);
        List<String> lines = Files.readAllLines(file);
        assertEquals("{\"displayTimeUnit\": \"ns\", \"otherData\": {\"model\": \"a.Logs\"}, \"traceEvents\": [", lines.getFirst());
        assertEquals(10, lines.size(), lines.toString());
        assertTrue(lines.get(1).startsWith("{\"name\": \"run\", \"cat\": \"call\", \"ph\": \"X\", \"ts\": 0.000, \"dur\": "), lines.get(1));
        assertTrue(lines.get(3).contains("\"cat\": \"kernel\"") && lines.get(3).endsWith(
                "\"operators\": \"mm, log\", \"lines\": \"Logs.java:15, Logs.java:16\", \"bytes\": 3056, \"operations\": 2700, \"call\": 2}},"), lines.get(3));
    }

    @Test
    void aRecordingOfTheFlightRecorderHasCallsAndKernelsAsEvents() throws Exception {
        use(compile("-Atoroid.instrument=profile"), model -> {
            call(model, rows(5));
            Path file = directory.resolve("calls.jfr");
            try (Recording recording = new Recording()) {
                recording.enable("io.toroid.Kernel");
                recording.enable("io.toroid.Call");
                recording.start();
                call(model, rows(100));
                call(model, rows(10));
                recording.stop();
                recording.dump(file);
            }
            call(model, rows(7));
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            List<RecordedEvent> kernels = events.stream().filter(event -> event.getEventType().getName().equals("io.toroid.Kernel")).toList();
            assertEquals(6, kernels.size(), events.toString());
            RecordedEvent first = kernels.stream().filter(event -> event.getLong("operations") == 2700).findFirst().orElseThrow();
            assertEquals("a.Logs", first.getString("model"));
            assertEquals("run", first.getString("entry"));
            assertEquals("mm, log", first.getString("operators"));
            assertEquals("Logs.java:15, Logs.java:16", first.getString("lines"));
            assertEquals(3056, first.getLong("bytes"));
            assertTrue(first.getDuration("time").toNanos() > 0, first.toString());
            assertEquals(2, events.stream().filter(event -> event.getEventType().getName().equals("io.toroid.Call")).count());
        });
    }

    @Test
    void aModelThatIsClosedBeforeTheRecordingEndsHasItsEventsInIt() throws Exception {
        Path file = directory.resolve("closed.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.toroid.Kernel");
            recording.start();
            use(compile("-Atoroid.instrument=profile"), model -> call(model, rows(9)));
            recording.stop();
            recording.dump(file);
        }
        assertEquals(List.of(9L * 3 * 9), RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("io.toroid.Kernel") && event.getString("operators").equals("mm, log"))
                .map(event -> event.getLong("operations")).toList());
    }

    /** The weight's exponentials are computed when the model is loaded, and packed. */
    private static final String WEIGHTED = """
            package a;

            import io.toroid.*;

            @Model(weights = "weighted.safetensors")
            public class Logs {
                private final Tensor weight = Tensor.parameter(DType.F32, 4, 3);

                @Entry
                @Dim(name = "n", min = 1, max = 100)
                public Tensor run(@Spec("f32[n, 4]") Tensor image, @Spec("f32[4, 3]") Tensor more) {
                    return image.matmul(weight.exp()).add(image.matmul(more));
                }
            }
            """;

    private JavacHarness compileWeighted(String... options) {
        JavacHarness project = new JavacHarness(directory).source("a/Logs.java", WEIGHTED).option("-Atoroid.isa=native");
        project.weights("weighted.safetensors", "weight: f32[4, 3]");
        Stream.of(options).forEach(project::option);
        assertEquals(List.of(), project.compile(new ModelProcessor()).messages());
        return project;
    }

    @Test
    void foldingAtLoadAndAfterASwapIsACallOfTheProfile() throws Exception {
        use(compileWeighted("-Atoroid.instrument=profile", "-Atoroid.fold=load"), model -> {
            Profile loading = Profile.ofLoad(model);
            checkFolding(loading.calls());
            assertTrue(loading.toString().contains(" (exp at Logs.java:12)"), loading.toString());
            Profile profile = Profile.record(model, () -> {
                call(model, rows(2));
                model.swapWeights(Map.of("weight", model.constant("weight")));
            });
            assertEquals(List.of("run", Profile.FOLDING), profile.calls().stream().map(Profile.Call::entry).toList());
            assertTrue(profile.calls().getFirst().runs().stream().allMatch(run -> run.place().entry().equals("run")), profile::toString);
            checkFolding(profile.calls().subList(1, 2));
        });
    }

    private static void checkFolding(List<Profile.Call> calls) {
        assertEquals(List.of(Profile.FOLDING), calls.stream().map(Profile.Call::entry).toList());
        List<Profile.Run> runs = calls.getFirst().runs();
        assertEquals(List.of(Profile.FOLDING, Profile.FOLDING), runs.stream().map(run -> run.place().entry()).toList());
        assertEquals(4 * 3, runs.getFirst().operations(), "exponentials");
        assertEquals(4 * (4 * 3 + 4 * 3), runs.getFirst().bytes());
        assertEquals("Logs.java:12", runs.getFirst().place().lines());
        assertEquals(4 * (4 * 3 + 4 * 16), runs.getLast().bytes(), "the exponentials and a panel of them");
        assertTrue(runs.getFirst().nanoseconds() > 0 && calls.getFirst().kernelNanoseconds() <= calls.getFirst().nanoseconds(), runs::toString);
    }

    @Test
    void whatWasFoldedWhileCompilingIsNoCallOfALoad() throws Exception {
        use(compileWeighted("-Atoroid.instrument=profile"), model -> assertEquals(List.of(), Profile.ofLoad(model).calls()));
    }

    @Test
    void aRecordingThatRunsWhenAModelIsLoadedHasItsFolding() throws Exception {
        Path file = directory.resolve("loaded.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.toroid.Kernel");
            recording.start();
            use(compileWeighted("-Atoroid.instrument=profile", "-Atoroid.fold=load"), model -> { });
            recording.stop();
            recording.dump(file);
        }
        assertEquals(List.of("constants 12", "constants 0"), RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("io.toroid.Kernel"))
                .map(event -> event.getString("entry") + " " + event.getLong("operations")).toList());
    }

    // ---- assertions

    @Test
    void whatIsNotANumberEndsTheCallWithTheOperatorAndItsLine() throws Exception {
        use(compile("-Atoroid.instrument=nan"), model -> {
            assertEquals(1f / 3, call(model, new float[][] {{0.5f, 0, 0, 0.5f}})[0][0] * 2, 1e-6f);
            String input = assertThrows(ToroidException.class, () -> call(model, new float[][] {{1, 0, 0, 1}, {1, 2, Float.NaN, 0}})).getMessage();
            assertEquals("a.Logs.run: the input image[1, 2] = nan, of f32", input);
            String kernel = assertThrows(ToroidException.class, () -> call(model, new float[][] {{1, 0, 0, 1}, {-1, 0, 0, 0}})).getMessage();
            assertTrue(kernel.matches("a\\.Logs\\.run: cpp_fused_mm_log_\\d+ \\(mm, log at Logs\\.java:15, Logs\\.java:16\\) has left log_0\\[1, 0\\] = -?nan, of f32"), kernel);
        });
    }

    /** In C++ the input is called x_ and the output log_, because generated code uses these names. */
    @Test
    void whatIsNotANumberIsCalledAsTheModelCallsIt() throws Exception {
        JavacHarness project = new JavacHarness(directory).option("-Atoroid.isa=native").option("-Atoroid.instrument=nan").source("a/Logs.java", """
                package a;

                import io.toroid.Entry;
                import io.toroid.Model;
                import io.toroid.Spec;
                import io.toroid.Tensor;

                @Model
                public class Logs {
                    public record Results(@Spec("f32[2]") Tensor log) {
                    }

                    @Entry
                    public Results run(@Spec("f32[2]") Tensor x) {
                        return new Results(x.log());
                    }
                }
                """);
        assertEquals(List.of(), project.compile(new ModelProcessor()).messages());
        use(project, model -> {
            assertEquals("a.Logs.run: the input x[1] = nan, of f32", refused(model, 1, Float.NaN));
            String kernel = refused(model, -1, 1);
            assertTrue(kernel.matches("a\\.Logs\\.run: cpp_fused_log_\\d+ \\(log at Logs\\.java:15\\) has left log\\[0\\] = -?nan, of f32"), kernel);
        });
    }

    private static String refused(CompiledModel model, float... x) {
        return assertThrows(ToroidException.class, () -> {
            try {
                model.getClass().getMethod("run", float[].class).invoke(model, x);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }).getMessage();
    }

    @Test
    void whatIsInfiniteEndsTheCallWithTheOperatorAndItsLine() throws Exception {
        use(compile("-Atoroid.instrument=inf", "-Atoroid.instrument.kernels=mm"), model -> {
            String input = assertThrows(ToroidException.class, () -> call(model, new float[][] {{1, Float.NEGATIVE_INFINITY, 0, 1}})).getMessage();
            assertEquals("a.Logs.run: the input image[0, 1] = -inf, of f32", input);
            String kernel = assertThrows(ToroidException.class, () -> call(model, new float[][] {{3e38f, 0, 0, 3e38f}})).getMessage();
            assertTrue(kernel.matches("a\\.Logs\\.run: cpp_fused_mm_log_\\d+ \\(mm, log at Logs\\.java:15, Logs\\.java:16\\) has left log_0\\[0, 0\\] = inf, of f32"), kernel);
            assertTrue(Float.isNaN(call(model, new float[][] {{-1, 0, 0, 0}})[0][0]), "nan passes, and so do kernels of other names");
        });
    }

    // ---- printing and saving, which are the process's

    private String run(JavacHarness project, Map<String, String> environment) throws Exception {
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", project.classes() + System.getProperty("path.separator") + System.getProperty("java.class.path"), "a.Logs");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    @Test
    void valuesArePrintedBeforeAndAfterEachKernel() throws Exception {
        List<String> lines = run(compile("-Atoroid.instrument=print,names"), Map.of()).lines().toList();
        String product = "cpp_fused_mm_log_\\d+ \\(mm, log at Logs\\.java:15, Logs\\.java:16\\)";
        List<String> expected = List.of(
                "toroid: cpp_pack_weight_\\d+ \\(mm at Logs\\.java:15\\)",
                "toroid: before cpp_pack_weight_\\d+ \\(.*\\): weight f32\\[4, 3\\] from 0 to 3, mean 1: 1, 2, 3, 0, 0, 0, 0, 0, \\.\\.\\.",
                "toroid: " + product,
                "toroid: before " + product + ": image f32\\[1, 4\\] from 0 to 1, mean 0.5: 1, 0, 0, 1",
                "toroid: after " + product + ": log_0 f32\\[1, 3\\] from 0\\.6931472 to 1\\.791759, mean 1\\.2904: 0\\.6931472, 1\\.386294, 1\\.791759",
                "toroid: cpp_fused_softmax_\\d+ \\(_softmax at Logs\\.java:17\\)",
                "toroid: before cpp_fused_softmax_.*: log_0 f32.*",
                "toroid: after cpp_fused_softmax_.*: output f32\\[1, 3\\] from 0\\.1666667 to 0\\.5, mean 0\\.3333333: 0\\.1666667, 0\\.3333333, 0\\.5",
                "\\[\\[0\\.1666.*");
        assertEquals(expected.size(), lines.size(), lines.toString());
        for (int i = 0; i < lines.size(); i++) {
            assertTrue(lines.get(i).matches(expected.get(i)), lines.get(i));
        }
    }

    @Test
    void namesAreOfTheKernelsThatTheFilterFinds() throws Exception {
        List<String> lines = run(compile("-Atoroid.instrument=names", "-Atoroid.instrument.kernels=softmax|gelu"), Map.of()).lines().toList();
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.getFirst().matches("toroid: cpp_fused_softmax_\\d+ \\(_softmax at Logs\\.java:17\\)"), lines.getFirst());
    }

    @Test
    void valuesAreSavedForNumPy() throws Exception {
        Path values = directory.resolve("values");
        run(compile("-Atoroid.instrument=save", "-Atoroid.instrument.kernels=fused_mm"), Map.of("TOROID_VALUES", values.toString()));
        Map<String, byte[]> saved = new TreeMap<>();
        try (Stream<Path> files = Files.list(values)) {
            for (Path file : files.toList()) {
                saved.put(file.getFileName().toString().replaceAll("log_\\d+-", "log-"), Files.readAllBytes(file));
            }
        }
        List<String> names = new ArrayList<>(saved.keySet());
        assertEquals(List.of("000000-before-cpp_fused_mm_log-image.npy", "000001-after-cpp_fused_mm_log-log_0.npy"), names);
        byte[] product = saved.get(names.getLast());
        assertTrue(new String(product, 10, 60, StandardCharsets.US_ASCII).startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1,3,), }"));
        ByteBuffer elements = ByteBuffer.wrap(product, 128, 12).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 3; i++) {
            assertEquals(Math.log(2 * i), elements.getFloat(), 1e-6);
        }
    }
}
