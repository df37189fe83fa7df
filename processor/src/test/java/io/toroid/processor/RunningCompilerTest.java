package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.runtime.DynamicModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.Profile;
import io.toroid.runtime.RuntimeCompiler;
import io.toroid.runtime.ToroidException;
import io.toroid.runtime.weights.SafetensorsWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import models.Mismatched;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are compiled in a running JVM. */
@Tag("native")
public class RunningCompilerTest {

    /** A model whose constructor has a parameter. */
    @Model
    public static class Powers {
        private final int exponent;

        public Powers(int exponent) {
            this.exponent = exponent;
        }

        @Entry
        @Dim(name = "n", min = 1, max = 100)
        public Tensor power(@Spec("f32[n, 2]") Tensor values) {
            Tensor power = values;
            for (int i = 1; i < exponent; i++) {
                power = power.mul(values);
            }
            return power;
        }

        @Entry
        public List<Tensor> range(@Spec("i64[3]") Tensor values, @Spec("i64[]") Tensor shift) {
            return List.of(values.amin(0).add(shift), values.amax(0).add(shift));
        }
    }

    /** What a user writes. */
    public interface Powered extends AutoCloseable {
        float[][] power(float[][] values);

        NativeTensor power(NativeTensor values);

        void power(NativeTensor values, NativeTensor powers);

        Object[] range(long[] values, long shift);

        default float first(float value) {
            return power(new float[][] {{value, 0}})[0][0];
        }

        @Override
        void close();

        /** The name of the model. */
        @Override
        String toString();

        @Override
        boolean equals(Object other);
    }

    @TempDir
    Path directory;

    private DynamicModel compile(Object model, Map<String, String> options) {
        return Toroid.compile(model, options, LoadOptions.defaults().withThreads(1).withInstances(1));
    }

    // ---- the same as in a build

    private static final String SOURCE = """
            package a;

            import io.toroid.Dim;
            import io.toroid.Entry;
            import io.toroid.Model;
            import io.toroid.Spec;
            import io.toroid.Tensor;
            import io.toroid.nn.LayerNorm;
            import io.toroid.nn.Linear;

            @Model(weights = "net.safetensors")
            @Dim(name = "batch", max = 64)
            public class Net {
                public record Both(Tensor scores, Tensor best) {
                }

                public record Sides(@Spec("f32[batch, 8]") Tensor left, @Spec("f32[batch, 8]") Tensor right) {
                }

                private final Linear hidden = new Linear(16, 24);
                private final LayerNorm norm = new LayerNorm(24);

                @Entry
                public Both run(Sides sides) {
                    Tensor scores = norm.apply(hidden.apply(Tensor.cat(1, sides.left(), sides.right()))).softmax(-1);
                    return new Both(scores, scores.argmax(1));
                }

                @Entry
                public Tensor before(@Spec("f32[batch, 16]") Tensor image) {
                    return hidden.apply(image).relu();
                }
            }
            """;

    private static final String[] WEIGHTS = {"hidden.weight: f32[24, 16]", "hidden.bias: f32[24]", "norm.weight: f32[24]", "norm.bias: f32[24]"};

    @Test
    void theFilesAreThoseOfTheProcessorByteForByte() throws Exception {
        JavacHarness project = new JavacHarness(directory.resolve("project")).source("a/Net.java", SOURCE).weights("net.safetensors", WEIGHTS)
                .option("-g").option("-Atoroid.isa=native,x86-64-v3").option("-Atoroid.instrument=nan");
        assertEquals(List.of(), project.compile(new ModelProcessor()).messages());
        try (URLClassLoader loader = new URLClassLoader(new URL[] {project.classes().toUri().toURL()}, getClass().getClassLoader())) {
            Object model = loader.loadClass("a.Net").getConstructor().newInstance();
            RuntimeCompiler.Built built = new RunningCompiler().build(model, Map.of("toroid.isa", "native,x86-64-v3", "toroid.instrument", "nan"));
            assertEquals("a.Net", built.className());
            for (String file : List.of("native.so", "x86-64-v3.so", "constants.bin", "manifest.properties")) {
                assertArrayEquals(project.written("META-INF/toroid/a.Net/" + file),
                        Files.readAllBytes(built.directory().resolve("META-INF/toroid/a.Net/" + file)), file);
            }
        }
    }

    // ---- calls

    @Test
    void entriesAreCalledByName() {
        try (DynamicModel model = compile(new Powers(3), Map.of())) {
            assertEquals("native", model.isa());
            assertEquals(List.of("power", "range"), model.entries());
            assertEquals("values", model.inputs("power").getFirst().name());
            assertArrayEquals(new float[] {8, -27}, ((float[][]) model.call("power", (Object) new float[][] {{2, -3}})[0])[0]);
            assertArrayEquals(new Object[] {5L, 13L}, model.call("range", new long[] {-2, 6, 1}, 7L));
            try (NativeTensor values = NativeTensor.allocate(DType.F32, 1, 2); NativeTensor powers = NativeTensor.allocate(DType.F32, 1, 2)) {
                values.copyFrom(new float[] {1, 4});
                model.run("power", new NativeTensor[] {values}, new NativeTensor[] {powers});
                assertArrayEquals(new float[] {1, 64}, powers.toFloatArray());
                NativeTensor[] results = model.run("power", values);
                assertArrayEquals(new float[] {1, 64}, results[0].toFloatArray());
                results[0].close();
            }
            assertEquals(Powers.class.getName() + " has no entry 'root'; it has [power, range]",
                    assertThrows(IllegalArgumentException.class, () -> model.call("root", 1f)).getMessage());
        }
    }

    @Test
    void anInterfaceIsTheModel() {
        DynamicModel model = compile(new Powers(2), Map.of());
        try (Powered powers = model.as(Powered.class); NativeTensor values = NativeTensor.allocate(DType.F32, 1, 2)) {
            assertArrayEquals(new float[] {25, 36}, powers.power(new float[][] {{5, 6}})[0]);
            assertArrayEquals(new Object[] {1L, 3L}, powers.range(new long[] {1, 2, 3}, 0));
            assertEquals(49, powers.first(7));
            values.copyFrom(new float[] {1, 9});
            try (NativeTensor result = powers.power(values)) {
                assertArrayEquals(new float[] {1, 81}, result.toFloatArray());
                powers.power(result, values);
                assertArrayEquals(new float[] {1, 6561}, values.toFloatArray());
            }
            assertEquals(powers, powers);
            assertEquals(model.toString(), powers.toString());
        }
        assertTrue(model.isClosed());
    }

    private interface OfAnotherName {
        float[][] root(float[][] values);
    }

    private interface OfAnotherType {
        float[] power(float[] values);
    }

    private interface WithCode {
        default float one() {
            return 1;
        }
    }

    @Test
    void anInterfaceThatDoesNotFitIsRefusedWithWhatWould() {
        try (DynamicModel model = compile(new Powers(2), Map.of())) {
            String name = OfAnotherName.class.getName();
            assertEquals(name + " has a method root, and " + Powers.class.getName() + " has no such entry; it has [power, range]",
                    assertThrows(IllegalArgumentException.class, () -> model.as(OfAnotherName.class)).getMessage());
            String message = assertThrows(IllegalArgumentException.class, () -> model.as(OfAnotherType.class)).getMessage();
            assertTrue(message.startsWith(OfAnotherType.class.getName() + ".power (float[]) returning float[] does not fit the entry, which takes "), message);
            assertTrue(message.endsWith(": declare float[][] power(float[][]), or the same with NativeTensor"), message);
            assertEquals(WithCode.class.getName() + " has methods with code, so it must be public",
                    assertThrows(IllegalArgumentException.class, () -> model.as(WithCode.class)).getMessage());
            assertEquals("java.lang.String is no interface", assertThrows(IllegalArgumentException.class, () -> model.as(String.class)).getMessage());
        }
    }

    @Test
    void optionsAreThoseOfTheProcessor() {
        try (DynamicModel model = compile(new Powers(2), Map.of("toroid.instrument", "profile"))) {
            Profile profile = Profile.record(model, () -> model.call("power", (Object) new float[][] {{2, 3}, {4, 5}}));
            assertEquals("mul", profile.calls().getFirst().runs().getFirst().place().operators());
            assertTrue(profile.calls().getFirst().runs().getFirst().place().lines().startsWith("RunningCompilerTest.java:"), profile.toString());
            assertEquals(4, profile.calls().getFirst().runs().getFirst().operations());
        }
        assertEquals("there is no option toroid.profile; there are [toroid.cache, toroid.cxx, toroid.fold, toroid.instrument, toroid.instrument.kernels, toroid.isa, toroid.jobs, toroid.linkage, toroid.weights.dir]",
                assertThrows(ToroidException.class, () -> compile(new Powers(2), Map.of("toroid.profile", "yes"))).getMessage());
        String invalid = assertThrows(ToroidException.class, () -> compile(new Powers(2), Map.of("toroid.jobs", "many"))).getMessage();
        assertTrue(invalid.startsWith("[TOROID-501] the option -Atoroid.jobs=many is not valid"), invalid);
    }

    // ---- the cache

    @Test
    void theSecondTimeNeedsNoCompiler() throws Exception {
        Path compiler = directory.resolve("c++");
        Files.writeString(compiler, "#!/bin/sh\nexec c++ \"$@\"\n");
        assertTrue(compiler.toFile().setExecutable(true));
        Map<String, String> options = Map.of("toroid.cxx", compiler.toString(), "toroid.cache", directory.resolve("cache").toString());
        RuntimeCompiler.Built first = new RunningCompiler().build(new Powers(4), options);
        Files.delete(compiler);
        assertEquals(first.directory(), new RunningCompiler().build(new Powers(4), options).directory());
        try (DynamicModel model = compile(new Powers(4), options)) {
            assertArrayEquals(new float[] {16, 81}, ((float[][]) model.call("power", (Object) new float[][] {{2, 3}})[0])[0]);
        }
        String missing = assertThrows(ToroidException.class, () -> compile(new Powers(5), options)).getMessage();
        assertTrue(missing.startsWith("[TOROID-502] ") && missing.contains(compiler.toString()) && missing.contains("-Atoroid.cxx"), missing);
    }

    /** The same command, which tells of another version after an upgrade. */
    @Test
    void anotherCompilerCompilesAnew() throws Exception {
        Path compiler = directory.resolve("c++");
        Map<String, String> options = Map.of("toroid.cxx", compiler.toString(), "toroid.cache", directory.resolve("cache").toString());
        List<Path> built = new ArrayList<>();
        for (String version : List.of("13.1.0", "13.2.0", "13.1.0")) {
            Files.writeString(compiler, "#!/bin/sh\n[ \"$1\" = --version ] && echo \"c++ %s\" || exec c++ \"$@\"\n".formatted(version));
            assertTrue(compiler.toFile().setExecutable(true));
            built.add(new RunningCompiler().build(new Powers(4), options).directory());
        }
        assertNotEquals(built.get(0), built.get(1));
        assertEquals(built.get(0), built.get(2));
    }

    @Test
    void withoutACacheTheFilesAreTemporary() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Map<String, String> options = Map.of("toroid.cache", file.toString());
        RuntimeCompiler.Built built = new RunningCompiler().build(new Powers(2), options);
        assertTrue(built.isTemporary());
        try (DynamicModel model = DynamicModel.load(built, LoadOptions.defaults())) {
            assertTrue(Files.notExists(built.directory()));
            assertArrayEquals(new float[] {4, 9}, ((float[][]) model.call("power", (Object) new float[][] {{2, 3}})[0])[0]);
        }
    }

    /** A model that holds a tensor of its own. */
    @Model
    public static class Shifted {
        @Entry
        public Tensor shift(@Spec("f32[4]") Tensor x) {
            return x.add(Tensor.of(new float[] {1, 2, 3, 4}, 4));
        }
    }

    @Test
    void literalTensorsOutliveTheFiles() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        RuntimeCompiler.Built built = new RunningCompiler().build(new Shifted(), Map.of("toroid.cache", file.toString()));
        Path none = directory.resolve("none.safetensors");
        SafetensorsWriter.write(none, List.of());
        try (DynamicModel model = DynamicModel.load(built, LoadOptions.defaults())) {
            assertTrue(Files.notExists(built.directory()));
            model.swapWeights(none);
            assertArrayEquals(new float[] {1, 2, 3, 4}, (float[]) model.call("shift", new float[4])[0]);
        }
    }

    // ---- mistakes

    /** Two mistakes of declarations. */
    @Model
    public static class Undeclared {
        @Entry
        public Tensor run(@Spec("f32[n]") Tensor x, Tensor y) {
            return x;
        }
    }

    @Test
    void allMistakesOfAModelAreSaid() {
        List<String> declarations = assertThrows(ToroidException.class, () -> Toroid.compile(new Undeclared())).getMessage().lines().toList();
        assertEquals(2, declarations.size(), declarations.toString());
        assertTrue(declarations.getFirst().startsWith("[TOROID-209] the dimension n is not declared"), declarations.getFirst());
        assertTrue(declarations.getLast().startsWith("[TOROID-207] the parameter y has no @Spec"), declarations.getLast());
        String shapes = assertThrows(ToroidException.class, () -> Toroid.compile(new Mismatched())).getMessage();
        assertTrue(shapes.startsWith("[TOROID-301] ") && shapes.endsWith("(at Mismatched.java:14)"), shapes);
        assertEquals("[TOROID-315] what the class java.util.ArrayList declares cannot be read: it is no model; mark it with @Model",
                assertThrows(ToroidException.class, () -> Toroid.compile(new java.util.ArrayList<>())).getMessage());
    }

    @Test
    void twoObjectsOfAClassAreTwoModels() {
        try (DynamicModel first = compile(new Powers(2), Map.of()); DynamicModel second = compile(new Powers(6), Map.of())) {
            assertEquals(9f, ((float[][]) first.call("power", (Object) new float[][] {{3, 0}})[0])[0][0]);
            assertEquals(729f, ((float[][]) second.call("power", (Object) new float[][] {{3, 0}})[0])[0][0]);
        }
    }
}
