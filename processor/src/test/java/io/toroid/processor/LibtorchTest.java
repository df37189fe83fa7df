package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Linkage {@code libtorch}, without PyTorch: its C functions are those of {@code mock_libtorch.h}, in a library of the name of PyTorch's. */
@Tag("native")
class LibtorchTest {

    /** A branch, a loop, weights; everything of ours. */
    private static final String STEPS = """
            package a;
            import io.toroid.*;
            import io.toroid.nn.*;
            import io.toroid.op.*;
            import java.util.List;
            @Model(weights = "steps.safetensors")
            public class Steps {
                private final Linear layer = new Linear(3, 3);
                @Entry
                @Dim(name = "n", max = 100)
                public Tensor run(@Spec("f32[n, 3]") Tensor x) {
                    Tensor halved = ControlFlow.whileLoop(List.of(x), s -> s.get(0).abs().amax().gt(1), s -> List.of(s.get(0).mul(0.5))).get(0);
                    return ControlFlow.cond(halved.sum().gt(0), () -> layer.apply(halved).add(halved), () -> halved.neg());
                }
            }
            """;

    /** Operators of the mock between ours. */
    private static final String CALLS = """
            package a;
            import io.toroid.*;
            import io.toroid.op.*;
            import java.util.*;
            @Model
            public class Calls {
                public static class Doubled extends TorchOperator {
                    public Doubled() { super("mock::doubled(Tensor[] xs) -> Tensor[]"); }
                    protected List<TensorType> infer(Arguments arguments) { return arguments.tensors("xs").stream().map(Tensor::type).toList(); }
                }
                public static class Increase extends TorchOperator {
                    public Increase() { super("mock::increase_(Tensor(a!) x, float by) -> ()"); }
                    protected List<TensorType> infer(Arguments arguments) { return List.of(); }
                }
                public static class Refused extends TorchOperator {
                    public Refused() { super("mock::refused(Tensor x) -> Tensor"); }
                    protected List<TensorType> infer(Arguments arguments) { return List.of(arguments.tensor("x").type()); }
                }
                public static class Counted extends TorchOperator {
                    public Counted() { super("mock::counted(Tensor?[] xs, Device where, Device? other) -> Tensor"); }
                    protected List<TensorType> infer(Arguments arguments) { return List.of(new TensorType(DType.F32, io.toroid.shape.Shape.of(3))); }
                }
                public static class Unknown extends TorchOperator {
                    public Unknown() { super("mock::unknown.out(Tensor x) -> Tensor"); }
                    protected List<TensorType> infer(Arguments arguments) { return List.of(arguments.tensor("x").type()); }
                }
                private final TorchOperator doubled = new Doubled();
                private final TorchOperator counted = new Counted();
                private final TorchOperator unknown = new Unknown();
                private final TorchOperator increase = new Increase();
                private final TorchOperator refused = new Refused();
                @Entry
                @Dim(name = "n", max = 100)
                public Tensor run(@Spec("f32[n, 3]") Tensor x) {
                    List<Tensor> both = doubled.callAll(List.of(x.add(1), x.transpose(0, 1)));
                    return both.get(0).sub(increase.call(both.get(1), 0.25).transpose(0, 1));
                }
                @Entry
                public Tensor fails(@Spec("f32[2]") Tensor x) {
                    return refused.call(x.exp());
                }
                @Entry
                public Tensor gaps(@Spec("f32[2]") Tensor x) {
                    return counted.call(Arrays.asList(null, x.exp(), x.gt(0), null), "cpu", null).add(counted.call(List.of(), "cpu", "cpu").mul(10));
                }
                @Entry
                public Tensor notThere(@Spec("f32[2]") Tensor x) {
                    return unknown.call(x.exp());
                }
            }
            """;

    /** Two entries with the same weights. */
    private static final String TWICE = """
            package a;
            import io.toroid.*;
            import io.toroid.nn.*;
            @Model(weights = "steps.safetensors")
            public class Twice {
                private final Linear layer = new Linear(3, 3);
                @Entry
                @Dim(name = "n", max = 100)
                public Tensor first(@Spec("f32[n, 3]") Tensor x) {
                    return layer.apply(x);
                }
                @Entry
                @Dim(name = "n", max = 100)
                public Tensor second(@Spec("f32[n, 3]") Tensor x, @Spec("f32[n, 3]") Tensor y) {
                    return layer.apply(x).add(layer.apply(y));
                }
            }
            """;

    @TempDir
    private static Path directory;

    private static Path mock;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        compile("libtorch", STEPS, "a/Steps.java");
        compile("libtorch", CALLS, "a/Calls.java");
        compile("libtorch", TWICE, "a/Twice.java");
        compile("libtorch", TWICE.replace("Twice", "Named").replace("second", "model"), "a/Named.java");
        compile("standalone", STEPS, "a/Steps.java");
        mock = directory.resolve("libtorch_cpu.so");
        Path source = Files.writeString(directory.resolve("mock.cpp"), "#include \"mock_libtorch.h\"\n");
        run("c++", "-std=c++20", "-shared", "-fPIC", "-Wl,-soname,libtorch_cpu.so", "-I../runtime/src/main/resources/META-INF/toroid/include",
                "-I../runtime/src/test/cpp", "-o", mock.toString(), source.toString());
    }

    private static void compile(String linkage, String source, String file) {
        JavacHarness project = new JavacHarness(directory.resolve(linkage)).option("-Atoroid.isa=native").option("-Atoroid.linkage=" + linkage)
                .source(file, source);
        project.weights("steps.safetensors", "layer.weight: f32[3, 3]", "layer.bias: f32[3]");
        JavacHarness.Outcome outcome = project.compile(new ModelProcessor());
        assertEquals(List.of(), outcome.errors());
    }

    private static List<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        return lines;
    }

    private static Path file(String linkage, String model, String name) {
        return directory.resolve(linkage).resolve("classes/META-INF/toroid/a." + model).resolve(name);
    }

    // ---- what is built

    @Test
    void itTakesTheShimFromPyTorchAndAllElseFromLibcAndTheLibraryOfMaps() throws IOException, InterruptedException {
        Set<String> taken = new TreeSet<>();
        for (String line : run("nm", "-D", "--undefined-only", file("libtorch", "Calls", "native.so").toString())) {
            String name = line.strip().substring(2);
            if (!name.matches(".*@(GLIBC|GLIBCXX|CXXABI)_.*") && !line.strip().startsWith("w ")) {
                taken.add(name);
            }
        }
        assertTrue(taken.containsAll(Set.of("aoti_torch_get_data_ptr", "aoti_torch_empty_strided", "aoti_torch_call_dispatcher")), taken::toString);
        assertEquals(List.of(), taken.stream().filter(name -> !name.matches("(aoti_)?torch_\\w+")).toList());
        assertEquals(Set.of("libtorch_cpu.so", "libstdc++.so.6"), needed("libtorch"));
        assertEquals(Set.of(), needed("standalone"));
    }

    private static Set<String> needed(String linkage) throws IOException, InterruptedException {
        return run("readelf", "-d", file(linkage, "Steps", "native.so").toString()).stream().filter(line -> line.contains("(NEEDED)"))
                .map(line -> line.replaceAll(".*\\[(.*)]", "$1")).filter(name -> !name.matches("lib[cm]\\.so\\.6|ld-linux.*")).collect(Collectors.toSet());
    }

    @Test
    void theArchiveIsLaidOutAsPyTorchReadsIt() throws IOException {
        TreeMap<String, byte[]> files = archive("Steps");
        String model = "native/data/aotinductor/model/";
        assertEquals(List.of("native/.data/serialization_id", "native/.data/version", "native/archive_format", "native/archive_version",
                "native/byteorder", model + "native.wrapper.so", model + "native.wrapper_metadata.json", model + "native_weights.blob"),
                List.copyOf(files.keySet()));
        assertEquals("pt2", new String(files.get("native/archive_format")));
        assertEquals("0", new String(files.get("native/archive_version")));
        assertEquals("{\"AOTI_DEVICE_KEY\": \"cpu\"}", new String(files.get(model + "native.wrapper_metadata.json")));
        assertArrayEquals(Files.readAllBytes(file("libtorch", "Steps", "native.so")), files.get(model + "native.wrapper.so"));
        assertArrayEquals(Files.readAllBytes(file("libtorch", "Steps", "constants.bin")), files.get(model + "native_weights.blob"));
        assertTrue(Files.notExists(file("standalone", "Steps", "native.pt2")));
    }

    private static TreeMap<String, byte[]> archive(String model) throws IOException {
        TreeMap<String, byte[]> files = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file("libtorch", model, "native.pt2").toFile())) {
            for (ZipEntry entry : List.copyOf(zip.stream().toList())) {
                assertEquals(ZipEntry.STORED, entry.getMethod(), entry.getName());
                files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return files;
    }

    @Test
    void eachEntryIsAModelOfTheArchiveAndAllShareTheConstants() throws Throwable {
        TreeMap<String, byte[]> files = archive("Twice");
        files.keySet().removeIf(name -> !name.contains("aotinductor") && !name.contains("constants"));
        String models = "native/data/aotinductor/";
        assertEquals(List.of(models + "model/native.wrapper.so", models + "model/native.wrapper_metadata.json", models + "second/native.wrapper.so",
                models + "second/native.wrapper_metadata.json", "native/data/constants/native_weights.blob"), List.copyOf(files.keySet()));
        assertArrayEquals(Files.readAllBytes(file("libtorch", "Twice", "native.so")), files.get(models + "model/native.wrapper.so"));
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(mock, arena);
            assertEquals(1, inputsByAotInductorsFunctions(files.get(models + "model/native.wrapper.so"), "first.so", arena));
            assertEquals(2, inputsByAotInductorsFunctions(files.get(models + "second/native.wrapper.so"), "second.so", arena));
        }
        TreeMap<String, byte[]> named = archive("Named");
        assertArrayEquals(Files.readAllBytes(file("libtorch", "Named", "native.so")), named.get(models + "first/native.wrapper.so"));
        assertTrue(named.containsKey(models + "model/native.wrapper.so"), named::toString);
    }

    private static long inputsByAotInductorsFunctions(byte[] library, String name, Arena arena) throws Throwable {
        SymbolLookup functions = SymbolLookup.libraryLookup(Files.write(directory.resolve(name), library), arena);
        MemorySegment container = arena.allocate(ValueLayout.ADDRESS);
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        assertEquals(0, function(functions, "toroid_container_create", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                .invoke(1, MemorySegment.NULL, container));
        MemorySegment made = container.get(ValueLayout.ADDRESS, 0);
        assertEquals(0, function(functions, "AOTInductorModelContainerGetNumInputs", ValueLayout.ADDRESS, ValueLayout.ADDRESS).invoke(made, count));
        assertEquals(0, function(functions, "AOTInductorModelContainerDelete", ValueLayout.ADDRESS).invoke(made));
        return count.get(ValueLayout.JAVA_LONG, 0);
    }

    private static MethodHandle function(SymbolLookup functions, String name, MemoryLayout... parameters) {
        return Linker.nativeLinker().downcallHandle(functions.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
    }

    @Test
    void compilingAgainGivesTheSameArchive() throws IOException {
        byte[] first = Files.readAllBytes(file("libtorch", "Steps", "native.pt2"));
        compile("libtorch", STEPS, "a/Steps.java");
        assertArrayEquals(first, Files.readAllBytes(file("libtorch", "Steps", "native.pt2")));
    }

    // ---- what it does

    /** Calls an entry of a model in a class loader of its own. */
    private static Object call(String linkage, String model, String entry, Object input) throws Throwable {
        try (URLClassLoader classes = new URLClassLoader(
                new URL[] {directory.resolve(linkage).resolve("classes").toUri().toURL()}, LibtorchTest.class.getClassLoader())) {
            Class<?> facade = classes.loadClass("a.Compiled" + model);
            try (AutoCloseable loaded = (AutoCloseable) facade.getMethod("load").invoke(null)) {
                return facade.getMethod(entry, input.getClass()).invoke(loaded, input);
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void itGivesWhatTheStandaloneLibraryGives() throws Throwable {
        try (Arena arena = Arena.ofShared()) {
            SymbolLookup.libraryLookup(mock, arena);
            for (float[][] x : List.of(new float[][] {{1, 2, 3}, {-4, 5, 6}}, new float[][] {{-0.5f, 0, -0.25f}})) {
                assertArrayEquals((float[][]) call("standalone", "Steps", "run", x), (float[][]) call("libtorch", "Steps", "run", x));
            }
        }
    }

    @Test
    void itCallsPyTorchsOperators() throws Throwable {
        try (Arena arena = Arena.ofShared()) {
            SymbolLookup.libraryLookup(mock, arena);
            float[][] x = {{1, 2, 3}, {4, 5, 6}};
            List<float[]> rows = new ArrayList<>(List.of(new float[] {1.75f, 1.75f, 1.75f}, new float[] {1.75f, 1.75f, 1.75f}));
            assertArrayEquals(rows.toArray(float[][]::new), (float[][]) call("libtorch", "Calls", "run", x));
            RuntimeException refused = assertThrows(RuntimeException.class, () -> call("libtorch", "Calls", "fails", new float[2]));
            assertEquals("a.Calls.fails: mock::refused at Calls.java:40: mock::refused never works", refused.getMessage());
            assertArrayEquals(new float[] {2, 4, 1 + 20}, (float[]) call("libtorch", "Calls", "gaps", new float[2]));
            RuntimeException unknown = assertThrows(RuntimeException.class, () -> call("libtorch", "Calls", "notThere", new float[2]));
            assertEquals("a.Calls.notThere: mock::unknown.out at Calls.java:48: PyTorch has no such operator (Could not find schema for mock::unknown.out): "
                    + "correct the schema, or load the library that registers it before the model runs", unknown.getMessage());
        }
    }

    @Test
    void withoutPyTorchItSaysWhatIsMissing() {
        RuntimeException missing = assertThrows(RuntimeException.class, () -> call("libtorch", "Steps", "run", new float[][] {{1, 2, 3}}));
        String message = missing.getMessage();
        assertTrue(message.contains("libtorch_cpu.so: cannot open shared object file"), message);
        assertTrue(message.endsWith("\nIt was compiled with -Atoroid.linkage=libtorch and runs where PyTorch is. Load PyTorch first, as by "
                + "Loader.load(torch.class) of org.bytedeco:pytorch, or compile the model without that option."), message);
    }
}
