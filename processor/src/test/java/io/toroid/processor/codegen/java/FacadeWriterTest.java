package io.toroid.processor.codegen.java;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.TensorType;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TensorSpec;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.shape.Range;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.URISyntaxException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Façades: one is compared with its golden text (renewed by {@code -Dtoroid.golden=<directory of the test resources>}),
 * the others compile without a warning and have exactly the methods that they should.
 */
@Tag("javac")
class FacadeWriterTest {

    private final ShapeEnvironment environment = new ShapeEnvironment();

    @TempDir
    private Path directory;

    FacadeWriterTest() {
        environment.declare("batch", new Range(1, 1024, 1));
        environment.declare("tokens", new Range(8, 512, 8));
    }

    @Test
    void theFacadeReadsWell() throws IOException, URISyntaxException {
        TracedModel model = model(
                entry("classify", "pixels: f32[batch, 64]", "output: f32[batch, 10]"),
                group("findAll", "Detection", "image: f32[3, 8, 8]; threshold: f32[]", "boxes: f32[batch, 4]; image: i64[batch]"));
        String text = FacadeWriter.write(model);
        String renew = System.getProperty("toroid.golden");
        if (renew != null) {
            Files.writeString(Path.of(renew, "golden/CompiledDigits.java"), text);
        }
        Path golden = Path.of(FacadeWriterTest.class.getResource("/golden/CompiledDigits.java").toURI());
        assertEquals(Files.readString(golden), text);
    }

    @Test
    void sizesThatTheDataDecideAreExplained() {
        Tensor x = Tensor.placeholder("x", TensorType.parse("f32[batch]", environment::symbol), environment);
        TracedEntry flat = entry("positive", "x: f32[batch]", "output: f32[batch]");
        TracedEntry entry = new TracedEntry("positive", List.of(x), List.of(x.maskedSelect(x.gt(0))), flat.outputNames(), environment, flat.descriptor());
        String text = FacadeWriter.write(model(entry));
        assertEquals(List.of(
                "* @return {@code f32[u0]}; the data decide {@code u0}, which is 0 to 1024, at most {@code batch}",
                "* @return {@code f32[u0]}; the data decide {@code u0}, which is 0 to 1024, at most {@code batch}",
                "* @param output takes {@code f32[u0]}; the data decide {@code u0}, which is 0 to 1024, at most {@code batch}, "
                        + "and the call fails unless it has exactly these sizes"),
                text.lines().map(String::strip).filter(line -> line.contains("u0") && line.matches("\\* @(return|param).*")).sorted(
                        java.util.Comparator.comparing(line -> !line.startsWith("* @return"))).toList());
        compile(text);
    }

    @Test
    void everyTypeAndRankHasItsArrays() {
        assertMethods("""
                public NativeTensor all(float, NativeTensor, NativeTensor, NativeTensor, NativeTensor)
                public boolean[] all(float, double[], long[][], int[][][], boolean[][][][])
                public void all(float, NativeTensor, NativeTensor, NativeTensor, NativeTensor, NativeTensor)""",
                entry("all", "a: f32[]; b: f64[3]; c: i64[3, batch]; d: i32[1, 2, 3]; e: bool[1, 2, 3, 4]", "output: bool[batch]"));
    }

    @Test
    void highRanksHaveTensorsOnly() {
        assertMethods("""
                public NativeTensor high(NativeTensor)
                public void high(NativeTensor, NativeTensor)""",
                entry("high", "a: f32[1, 2, 3, 4, 5]", "output: f32[3]"));
    }

    @Test
    void aSingleValueComesBackUnboxed() {
        assertMethods("""
                public NativeTensor sum(NativeTensor, NativeTensor)
                public long sum(float[], float[])
                public void sum(NativeTensor, NativeTensor, NativeTensor)""",
                entry("sum", "a: f32[3]; b: f32[3]", "output: i64[]"));
    }

    @Test
    void recordsAreSharedOnlyWhenTheirArraysAgree() {
        assertMethods("""
                public Pair first(float[])
                public Pair second(float[])
                public PairTensors first(NativeTensor)
                public PairTensors second(NativeTensor)
                public PairTensors third(NativeTensor)
                public ThirdPair third(float[])
                public void first(NativeTensor, NativeTensor, NativeTensor)
                public void second(NativeTensor, NativeTensor, NativeTensor)
                public void third(NativeTensor, NativeTensor, NativeTensor)
                record Pair(float[] left, long[] right)
                record PairTensors(NativeTensor left, NativeTensor right)
                record ThirdPair(float[] left, long[][] right)""",
                group("first", "Pair", "x: f32[3]", "left: f32[3]; right: i64[2]"),
                group("second", "Pair", "x: f32[3]", "left: f32[4]; right: i64[batch]"),
                group("third", "Pair", "x: f32[3]", "left: f32[4]; right: i64[batch, 2]"));
    }

    @Test
    void namesOfTheRuntimeAreNoTrouble() {
        assertMethods("""
                public NativeTensor inputs(NativeTensor)
                public float[] inputs(float[])
                public int run(int)
                public void inputs(NativeTensor, NativeTensor)
                public void run(int, NativeTensor)""",
                entry("inputs", "options: f32[3]", "output: f32[3]"),
                entry("run", "arena: i32[]", "output: i32[]"));
    }

    @Test
    void structuresHaveRecordsOfArraysAndOfTensors() {
        Structure leaf = new Structure.Leaf(Structure.Kind.TENSOR);
        Structure sample = new Structure.Group("a.Sample", "Sample", List.of(
                new Structure.Member("pixels", leaf), new Structure.Member("weight", new Structure.Leaf(Structure.Kind.VALUE))));
        Structure result = new Structure.Group("a.Found", "Found", List.of(
                new Structure.Member("best", leaf), new Structure.Member("count", new Structure.Leaf(Structure.Kind.SIZE)),
                new Structure.Member("parts", new Structure.Sequence(/* isList= */ true, List.of(leaf, leaf)))));
        assertMethods("""
                public Found find(Sample, float[][][])
                public FoundTensors find(SampleTensors, NativeTensor[])
                public void find(SampleTensors, NativeTensor[], NativeTensor, NativeTensor, NativeTensor[])
                record Found(float[] best, long count, int[][] parts)
                record FoundTensors(NativeTensor best, long count, NativeTensor[] parts)
                record Sample(float[][] pixels, float weight)
                record SampleTensors(NativeTensor pixels, float weight)""",
                structured("find", List.of(new Structure.Member("sample", sample),
                                new Structure.Member("others", new Structure.Sequence(/* isList= */ false, List.of(leaf, leaf)))),
                        "sample.pixels: f32[batch, 2]; sample.weight: f32[]; others.0: f32[2, 3]; others.1: f32[2, 4]", result,
                        "best: f32[2]; count: i64[]; parts.0: i32[3]; parts.1: i32[4]"));
    }

    @Test
    void anArrayOfDifferentArraysHasNone() {
        Structure leaf = new Structure.Leaf(Structure.Kind.TENSOR);
        assertMethods("""
                public NativeTensor mixed(NativeTensor[])
                public void mixed(NativeTensor[], NativeTensor)""",
                structured("mixed", List.of(new Structure.Member("x", new Structure.Sequence(/* isList= */ true, List.of(leaf, leaf)))),
                        "x.0: f32[2]; x.1: i64[2]", leaf, "output: f32[2]"));
    }

    @Test
    void constantsAreNamedInCapitals() {
        assertEquals("CLASSIFY_ALL", FacadeWriter.constantOf("classifyAll"));
        assertEquals("TOP5_SCORES", FacadeWriter.constantOf("top5Scores"));
        assertEquals("EMBED", FacadeWriter.constantOf("embed"));
    }

    // ---- making models

    private TracedModel model(TracedEntry... entries) {
        return new TracedModel("a.Digits", "a.CompiledDigits", List.of(entries), new LinkedHashMap<>(), null);
    }

    private TracedEntry entry(String name, String inputs, String output) {
        return entry(name, inputs, output, new Structure.Leaf(Structure.Kind.TENSOR));
    }

    private TracedEntry group(String name, String record, String inputs, String outputs) {
        List<String> names = tensors(outputs).keySet().stream().toList();
        return entry(name, inputs, outputs, Structure.group("a.Digits$" + record, record, names));
    }

    private TracedEntry entry(String name, String inputs, String outputs, Structure output) {
        List<Tensor> placeholders = List.copyOf(tensors(inputs).values());
        List<InputDescriptor> descriptors = placeholders.stream().map(tensor -> new InputDescriptor(tensor.origin().toString(),
                new TensorSpec(tensor.dtype(), tensor.shape().sizes().stream().map(Size::toString).toList()))).toList();
        List<DimDescriptor> dims = inputs.contains("batch") ? List.of(new DimDescriptor("batch", 1, 1024, 1)) : List.of();
        return new TracedEntry(name, placeholders, List.copyOf(tensors(outputs).values()), output.outputNames(), environment,
                new EntryDescriptor(name, descriptors, output, dims));
    }

    private TracedEntry structured(String name, List<Structure.Member> parameters, String inputs, Structure output, String outputs) {
        TracedEntry flat = entry(name, inputs, outputs, Structure.group("a.Any", "Any", tensors(outputs).keySet().stream().toList()));
        return new TracedEntry(name, flat.inputs(), flat.outputs(), output.outputNames(), environment,
                new EntryDescriptor(name, parameters, flat.descriptor().inputs(), output, flat.descriptor().dims()));
    }

    private Map<String, Tensor> tensors(String text) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String tensor : text.split(";\\s*")) {
            String name = tensor.substring(0, tensor.indexOf(':'));
            String type = tensor.substring(tensor.indexOf(':') + 2);
            int open = type.indexOf('[');
            tensors.put(name, Tensor.placeholder(name, new TensorType(
                    DType.ofText(type.substring(0, open)).orElseThrow(), Shape.parse(type.substring(open), environment::symbol))));
        }
        return tensors;
    }

    // ---- looking at façades

    private void assertMethods(String expected, TracedEntry... entries) {
        assertEquals(expected, methods(compile(FacadeWriter.write(model(entries)))));
    }

    private Class<?> compile(String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<JavaFileObject> sources = List.of(
                source("a.CompiledDigits", text), source("a.Digits", "package a; public class Digits { }"));
        compiler.getTask(null, null, diagnostics, List.of("-d", directory.toString(), "-Xlint:all", "-Xdoclint:all,-missing", "-proc:none",
                "-cp", System.getProperty("java.class.path")), null, sources).call();
        assertEquals("", diagnostics.getDiagnostics().stream().map(d -> d.getMessage(Locale.ROOT)).collect(Collectors.joining("\n")), text);
        try {
            return new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader()).loadClass("a.CompiledDigits");
        } catch (ReflectiveOperationException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("text:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static String methods(Class<?> facade) {
        List<String> found = new ArrayList<>();
        for (Method method : facade.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
                found.add("public %s %s(%s)".formatted(method.getReturnType().getSimpleName(), method.getName(),
                        Stream.of(method.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(", "))));
            }
        }
        for (Class<?> type : facade.getDeclaredClasses()) {
            found.add("record %s(%s)".formatted(type.getSimpleName(), Arrays.stream(type.getRecordComponents())
                    .map(component -> component.getType().getSimpleName() + " " + component.getName()).collect(Collectors.joining(", "))));
        }
        return found.stream().sorted().collect(Collectors.joining("\n"));
    }
}
