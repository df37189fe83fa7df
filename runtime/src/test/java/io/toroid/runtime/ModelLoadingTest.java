package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.runtime.ModelManifest.Variant;
import io.toroid.runtime.weights.SafetensorsWriter;
import io.toroid.runtime.weights.WeightTensor;
import io.toroid.op.CustomOperator;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading a model: the right variant, from directories and jars, with other weights; and every way in which it is refused. */
@Tag("native")
class ModelLoadingTest {
    private static final LoadOptions OPTIONS = LoadOptions.defaults().withThreads(2).withInstances(1);

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, ThreadPool.count());
    }

    // ---- variants -------------------------------------------------------------------------------------------------------

    @Test
    void theFirstVariantThatTheCpuRuns() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory, manifest -> withVariants(
                manifest, variant(manifest, "x86-64-v9", "avx4096", "avx2"), manifest.variants().getFirst()));
        try (CompiledTiny model = new CompiledTiny(resources, OPTIONS)) {
            assertEquals("baseline", model.isa());
        }
        assertEquals(
                "io.toroid.runtime.Tiny cannot run on this machine (here, Old CPU):\n"
                        + "  the variant x86-64-v9 needs CPU features that are missing: avx4096\n"
                        + "Compile the model for a variant that this machine has.",
                message(resources, OPTIONS.withIsa("x86-64-v9"), new CpuFeatures("here", "Old CPU", Set.of("avx2"))));
        assertEquals(
                "io.toroid.runtime.Tiny was not compiled for x86-64-v5; it has x86-64-v9, baseline", message(resources, OPTIONS.withIsa("x86-64-v5")));
    }

    private static ModelManifest withVariants(ModelManifest manifest, Variant... variants) {
        return new ModelManifest(
                manifest.model(), manifest.toroid(), manifest.abi(), List.of(variants), manifest.blob(), manifest.constants(), manifest.entries());
    }

    private static Variant variant(ModelManifest manifest, String isa, String... flags) {
        return new Variant(isa, "here", List.of(flags), manifest.variants().getFirst().library());
    }

    @Test
    void anotherPlatform() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        assertEquals(
                "io.toroid.runtime.Tiny cannot run on this machine (mac-aarch64, unknown CPU):\n  the variant baseline is for linux-x86_64\n"
                        + "Compile the model for a variant that this machine has.",
                message(resources, OPTIONS, new CpuFeatures("mac-aarch64", "unknown CPU", Set.of())));
    }

    // ---- files ----------------------------------------------------------------------------------------------------------

    @Test
    void aJarIsExtractedOnce() throws IOException {
        Function<String, URL> jar = TinyModel.write(directory.resolve("classes")).inJar(directory.resolve("model.jar"));
        LoadOptions options = OPTIONS.withLibraryDirectory(directory.resolve("cache"));
        List<Path> files;
        try (CompiledTiny model = new CompiledTiny(jar, options)) {
            assertEquals(29.375, model.scale(new float[1][3]).sums()[0]);
            files = files(directory.resolve("cache"));
        }
        assertEquals(2, files.size());
        for (Path file : files) {
            assertEquals(LibraryCache.hash(file), file.getParent().getFileName().toString());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        }
        Object key = Files.getAttribute(files.getFirst(), "unix:ino");
        load(jar, options);
        assertEquals(key, Files.getAttribute(files.getFirst(), "unix:ino"));

        Path library = files.stream().filter(file -> file.endsWith("baseline.so")).findFirst().orElseThrow();
        byte[] good = Files.readAllBytes(library);
        Files.write(library, new byte[] {1, 2, 3});
        load(jar, options);
        assertEquals(good.length, Files.size(library));
        assertEquals(files, files(directory.resolve("cache")));
    }

    @Test
    void aDirectoryThatOthersCanWrite() throws IOException {
        Function<String, URL> jar = TinyModel.write(directory.resolve("classes")).inJar(directory.resolve("model.jar"));
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        String message = message(jar, OPTIONS.withLibraryDirectory(open));
        assertTrue(message.contains(open + " belongs to "), message);
        assertTrue(message.contains("has the permissions rwxrwxrwx, so that others could replace what this process runs\n"
                + "Choose another directory with the system property toroid.library.dir or with LoadOptions.withLibraryDirectory."), message);
    }

    @Test
    void aDirectoryThatIsAFile() throws IOException {
        Function<String, URL> jar = TinyModel.write(directory.resolve("classes")).inJar(directory.resolve("model.jar"));
        Path file = Files.createFile(directory.resolve("file"));
        String message = message(jar, OPTIONS.withLibraryDirectory(file.resolve("below")));
        assertTrue(message.contains("cannot be extracted to " + file.resolve("below")), message);
    }

    @Test
    void damagedFiles() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path library = resources.file("baseline.so");
        byte[] good = Files.readAllBytes(library);
        Files.write(library, java.util.Arrays.copyOf(good, good.length / 2));
        assertEquals(
                "%s is damaged: it has %d bytes instead of %d. Compile the model again.".formatted(library, good.length / 2, good.length),
                message(resources, OPTIONS));
        byte[] changed = good.clone();
        changed[changed.length / 2] ^= 1;
        Files.write(library, changed);
        assertEquals(
                "%s is damaged: its checksum is %s instead of %s. Compile the model again."
                        .formatted(library, SampledChecksum.of(changed), SampledChecksum.of(good)),
                message(resources, OPTIONS));
        Files.delete(library);
        assertEquals(
                "the resource META-INF/toroid/io.toroid.runtime.Tiny/baseline.so is missing: the build is incomplete, or the jar left it out",
                message(resources, OPTIONS));
        Files.write(library, good);
        Files.write(resources.file("constants.bin"), new byte[5]);
        assertEquals(
                "%s is damaged: it has 5 bytes instead of 128. Compile the model again.".formatted(resources.file("constants.bin")),
                message(resources, OPTIONS));
    }

    /** What a load looks at is little: a byte in the middle of long constants is found only where every byte is looked at. */
    @Test
    void longFilesAreSampled() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path blob = resources.file("constants.bin");
        byte[] large = java.util.Arrays.copyOf(Files.readAllBytes(blob), 16 << 20);
        Files.write(blob, large);
        ModelManifest.FileInfo info = TinyModel.info(blob);
        LibraryCache sampling = LibraryCache.of(Optional.of(directory), /* full= */ false);
        LibraryCache complete = LibraryCache.of(Optional.of(directory), /* full= */ true);
        try (var channel = java.nio.channels.FileChannel.open(blob)) {
            assertEquals((2 * 64 + 64 * 4) << 10, SampledChecksum.of(channel).bytesRead());
        }
        assertEquals(blob, sampling.file(blob.toUri().toURL(), info));
        assertEquals(blob, complete.file(blob.toUri().toURL(), info));

        large[300_000] ^= 1;
        Files.write(blob, large);
        assertEquals(blob, sampling.file(blob.toUri().toURL(), info));
        String message = assertThrows(ToroidException.class, () -> complete.file(blob.toUri().toURL(), info)).getMessage();
        assertTrue(message.startsWith(blob + " is damaged: its SHA-256 is "), message);

        large[300_000] ^= 1;
        java.util.Arrays.fill(large, 8 << 20, large.length - (1 << 20), (byte) 7);
        Files.write(blob, large);
        message = assertThrows(ToroidException.class, () -> sampling.file(blob.toUri().toURL(), info)).getMessage();
        assertTrue(message.startsWith(blob + " is damaged: its checksum is "), message);
    }

    @Test
    void manyLoadsOfAJarAtOnce() throws Exception {
        Function<String, URL> jar = TinyModel.write(directory.resolve("classes")).inJar(directory.resolve("model.jar"));
        LoadOptions options = OPTIONS.withLibraryDirectory(directory.resolve("cache"));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Double>> sums = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                sums.add(threads.submit(() -> {
                    try (CompiledTiny model = new CompiledTiny(jar, options)) {
                        return model.scale(new float[1][3]).sums()[0];
                    }
                }));
            }
            for (Future<Double> sum : sums) {
                assertEquals(29.375, sum.get());
            }
        }
        assertEquals(2, files(directory.resolve("cache")).size());
    }

    @Test
    void aDamagedJar() throws IOException {
        TinyModel.Resources classes = TinyModel.write(directory.resolve("classes"));
        Files.write(classes.file("constants.bin"), new byte[128]);
        Function<String, URL> jar = classes.inJar(directory.resolve("model.jar"));
        Path cache = directory.resolve("cache");
        String message = message(jar, OPTIONS.withLibraryDirectory(cache));
        assertTrue(message.contains("constants.bin is damaged: its SHA-256 is "), message);
        assertEquals(1, files(cache).size());
    }

    @Test
    void aLibraryThatNeedsAnotherOne() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path source = Files.writeString(directory.resolve("other.cpp"), "extern \"C\" int other() { return 1; }\n");
        Path needed = directory.resolve("libneeded.so");
        CppCompiler.compile(source, needed, List.of("-shared", "-fPIC", "-Wl,-soname,libneeded.so"));
        Path library = resources.file("baseline.so");
        CppCompiler.compile(source, library, List.of("-shared", "-fPIC", "-Wl,--no-as-needed", needed.toString()));
        rewrite(resources, manifest -> withLibrary(manifest, library));
        assertEquals(
                "the library " + library + " cannot be loaded: libneeded.so: cannot open shared object file: No such file or directory",
                message(resources, OPTIONS));
    }

    @Test
    void otherLibraries() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path library = resources.file("baseline.so");
        replace(resources, TinyModel.library("-DTINY_ISA=\"x86-64-v3\""));
        assertEquals(
                library + " is the library of Tiny for x86-64-v3, and its manifest states io.toroid.runtime.Tiny for baseline: compile the model again",
                message(resources, OPTIONS));
        replace(resources, TinyModel.library("-DTINY_ABI=2"));
        assertEquals("Tiny was generated for version 2 of Toroid's ABI, and its library was built with version 1", message(resources, OPTIONS));
        Path source = Files.writeString(directory.resolve("other.cpp"), "extern \"C\" int unrelated() { return 1; }\n");
        Path other = directory.resolve("other.so");
        CppCompiler.compile(source, other, List.of("-shared", "-fPIC"));
        replace(resources, other);
        assertEquals(
                library + " is not a library of this version of Toroid: it has no function toroid_container_run", message(resources, OPTIONS));
    }

    private static void replace(TinyModel.Resources resources, Path library) throws IOException {
        Files.write(resources.file("baseline.so"), Files.readAllBytes(library));
        rewrite(resources, manifest -> withLibrary(manifest, resources.file("baseline.so")));
    }

    private static ModelManifest withLibrary(ModelManifest manifest, Path library) {
        try {
            Variant variant = manifest.variants().getFirst();
            return withVariants(manifest, new Variant(variant.isa(), variant.platform(), variant.flags(), TinyModel.info(library)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void rewrite(TinyModel.Resources resources, java.util.function.UnaryOperator<ModelManifest> change) throws IOException {
        Path file = resources.file("manifest.properties");
        try (var reader = Files.newBufferedReader(file)) {
            ModelManifest manifest = ModelManifest.read(reader, "test");
            Files.writeString(file, change.apply(manifest).text());
        }
    }

    @Test
    void anotherVersion() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory, manifest -> new ModelManifest(
                manifest.model(), "0.9.0", 2, manifest.variants(), manifest.blob(), manifest.constants(), manifest.entries()));
        assertEquals(
                "io.toroid.runtime.Tiny was compiled by Toroid 0.9.0 for version 2 of the native interface, and this runtime has version 1: "
                        + "use the same version of Toroid's runtime and processor",
                message(resources, OPTIONS));
    }

    @Test
    void noResources() {
        assertEquals(
                "the resource META-INF/toroid/io.toroid.runtime.Tiny/manifest.properties is missing: the model was not compiled, or the jar left"
                        + " its resources out. Run the build with Toroid's annotation processor.",
                message(name -> null, OPTIONS));
    }

    // ---- weights --------------------------------------------------------------------------------------------------------

    @Test
    void weightsOfAFile() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path file = directory.resolve("other.safetensors");
        SafetensorsWriter.write(file, List.of(weight("layer.bias", 0, 0, 0), weight("layer.scale", 2, 2, 2)));
        try (CompiledTiny model = new CompiledTiny(resources, OPTIONS.withWeights(file))) {
            assertEquals(12, model.scale(new float[][] {{1, 2, 3}}).sums()[0]);
        }
        SafetensorsWriter.write(file, List.of(weight("layer.bias", 1, 1, 1), weight("shift", 0, 0, 4), weight("layer.scale", 1, 1, 1)));
        try (CompiledTiny model = new CompiledTiny(resources, OPTIONS.withWeights(file))) {
            assertEquals(6 + 2 + 2 + 6, model.scale(new float[][] {{1, 2, 3}}).sums()[0]);
        }
    }

    /** The blob's own is used as it is: here it is not what would be computed, and computing it would be refused. */
    @Test
    void aConstantThatTheCompilerComputed() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        ByteBuffer blob = ByteBuffer.allocate(192).order(ByteOrder.LITTLE_ENDIAN).put(TinyModel.blob());
        blob.putFloat(64, -1).putFloat(128, 100).putFloat(132, 200).putFloat(136, 300);
        Files.write(resources.file("constants.bin"), blob.array());
        replace(resources, TinyModel.library("-DTINY_PREPARED"));
        rewrite(resources, manifest -> withBlob(manifest, resources.file("constants.bin")));
        try (CompiledTiny model = new CompiledTiny(resources, OPTIONS)) {
            assertEquals(-100 + 2 * 200 + 3 * 300, model.scale(new float[1][3]).sums()[0]);
        }
        Path file = directory.resolve("other.safetensors");
        SafetensorsWriter.write(file, List.of(weight("layer.bias", 1, 1, 1), weight("layer.scale", 1, 1, 1)));
        try (CompiledTiny model = new CompiledTiny(resources, OPTIONS.withWeights(file))) {
            assertEquals(6 + 0.875, model.scale(new float[1][3]).sums()[0]);
        }
    }

    private static ModelManifest withBlob(ModelManifest manifest, Path blob) {
        try {
            return new ModelManifest(
                    manifest.model(), manifest.toroid(), manifest.abi(), manifest.variants(), Optional.of(TinyModel.info(blob)),
                    manifest.constants(), manifest.entries());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void misalignedWeights() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path file = directory.resolve("odd.safetensors");
        SafetensorsWriter.write(file, List.of(weight("layer.bias", 0, 0, 0), weight("layer.scale", 2, 2, 2)));
        byte[] aligned = Files.readAllBytes(file);
        byte[] shifted = new byte[aligned.length + 1];
        int header = aligned[0] & 0xff | (aligned[1] & 0xff) << 8;
        System.arraycopy(aligned, 0, shifted, 0, 8 + header);
        shifted[8 + header] = ' ';
        System.arraycopy(aligned, 8 + header, shifted, 9 + header, aligned.length - 8 - header);
        shifted[0]++;
        Files.write(file, shifted);
        try (CompiledTiny model = new CompiledTiny(resources, OPTIONS.withWeights(file))) {
            assertEquals(12, model.scale(new float[][] {{1, 2, 3}}).sums()[0]);
        }
    }

    @Test
    void weightsThatDoNotFitAreListedTogether() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path file = directory.resolve("wrong.safetensors");
        SafetensorsWriter.write(file, List.of(
                new WeightTensor("layer.scale", DType.F32, new long[] {1, 3}, MemorySegment.ofArray(new float[3])),
                new WeightTensor("shift", DType.I32, new long[] {3}, MemorySegment.ofArray(new int[3])),
                weight("head.bias", 1, 2, 3)));
        assertEquals(
                "the weight file " + file + " does not fit io.toroid.runtime.Tiny:\n  layer.scale must be f32[3] but is f32[1, 3]\n"
                        + "  missing: layer.bias f32[3]\n  shift must be f32[3] but is i32[3]\n  not in the model: head.bias\n"
                        + "A weight file has the model's parameters, by their names there and with their shapes, and no others. Rename or reshape"
                        + " what is listed; or, if the model's source was changed for these weights, compile it again.",
                message(resources, OPTIONS.withWeights(file)));
        Files.write(file, new byte[3]);
        assertEquals(
                "the weights of io.toroid.runtime.Tiny cannot be loaded: " + file
                        + ": has 3 bytes, and a safetensors file begins with 8 bytes of length",
                message(resources, OPTIONS.withWeights(file)));
        Path absent = directory.resolve("absent.safetensors");
        assertEquals("the weight file " + absent + " does not exist", message(resources, OPTIONS.withWeights(absent)));
        assertEquals("the weight file " + directory + " is a directory; name the .safetensors file in it", message(resources, OPTIONS.withWeights(directory)));
    }

    @Test
    void weightsThatTheModelRefuses() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        Path file = directory.resolve("refused.safetensors");
        SafetensorsWriter.write(file, List.of(weight("layer.bias", -1, 0, 0), weight("layer.scale", 2, 2, 2)));
        assertEquals("Tiny.constants: bias[0] must not be -1", message(resources, OPTIONS.withWeights(file)));
    }

    private static WeightTensor weight(String name, float... values) {
        return new WeightTensor(name, DType.F32, new long[] {values.length}, MemorySegment.ofArray(values));
    }

    // ---- native access --------------------------------------------------------------------------------------------------

    /** Runs in a JVM or class loader of its own. */
    public static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            try {
                System.out.println("sum " + sum(arguments[0]));
            } catch (ToroidException e) {
                System.out.println("refused " + e.getMessage());
            }
        }

        public static double sum(String directory) {
            try (CompiledTiny model = new CompiledTiny(new TinyModel.Resources(Path.of(directory)), LoadOptions.defaults().withThreads(2))) {
                return model.scale(new float[1][3]).sums()[0];
            }
        }
    }

    @Test
    void withoutNativeAccess() throws IOException {
        TinyModel.write(directory);
        assertEquals(
                "refused compiled models are native code, and this JVM does not allow the class path to call it: "
                        + "start java with --enable-native-access=ALL-UNNAMED\n",
                java("--illegal-native-access=deny"));
        assertEquals("sum 29.375\n", java("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void withoutNativeAccessOnTheModulePath() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(Path.of(location(CompiledModel.class).getPath(), "module-info.class")), "the runtime was compiled as a module");
        TinyModel.write(directory);
        List<String> modules = List.of(
                "-p", location(CompiledModel.class).getPath() + File.pathSeparator + location(DType.class).getPath(),
                "--patch-module", "io.toroid.runtime=" + location(ModelLoadingTest.class).getPath(),
                "-m", "io.toroid.runtime/" + Main.class.getName(), directory.toString());
        assertEquals(
                "refused compiled models are native code, and this JVM does not allow module io.toroid.runtime to call it: "
                        + "start java with --enable-native-access=io.toroid.runtime\n",
                java(List.of("--illegal-native-access=deny"), modules));
        assertEquals(
                "sum 29.375\n", java(List.of("--illegal-native-access=deny", "--enable-native-access=io.toroid.runtime"), modules));
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static List<URL> classPath() {
        return Stream.of(ModelLoadingTest.class, CompiledModel.class, DType.class).map(ModelLoadingTest::location).distinct().toList();
    }

    private String java(String... options) {
        String classPath = classPath().stream().map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        return java(List.of(options), List.of("-cp", classPath, Main.class.getName(), directory.toString()));
    }

    private static String java(List<String> options, List<String> program) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(program);
        CppCompiler.Outcome outcome = CppCompiler.run(command, 60);
        assertEquals(0, outcome.code(), outcome.output());
        return outcome.output();
    }

    // ---- class loaders --------------------------------------------------------------------------------------------------

    @Test
    void severalClassLoadersHaveTheSameLibraryAndTheLastOneUnloadsIt() throws Exception {
        TinyModel.Resources resources = TinyModel.write(directory);
        try (CompiledTiny model = new CompiledTiny(resources, OPTIONS);
                URLClassLoader first = new URLClassLoader(classPath().toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
                URLClassLoader second = new URLClassLoader(classPath().toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            for (URLClassLoader loader : List.of(first, second)) {
                assertEquals(29.375, loader.loadClass(Main.class.getName()).getMethod("sum", String.class).invoke(null, directory.toString()));
            }
            assertEquals(29.375, model.scale(new float[1][3]).sums()[0]);
            assertTrue(isMapped(resources.file("baseline.so")));
        }
        assertFalse(isMapped(resources.file("baseline.so")));
        assertFalse(isMapped(resources.file("constants.bin")));
    }

    @Test
    void whatCannotHaveItsOperatorsLeavesNothing() throws IOException {
        TinyModel.Resources resources = TinyModel.write(directory);
        assertThrows(NullPointerException.class, () -> new CompiledModel(resources, TinyModel.NAME, LoadOptions.defaults(), (CustomOperator) null) { });
        assertEquals(0, ThreadPool.count());
        assertFalse(isMapped(resources.file("baseline.so")));
    }

    private static boolean isMapped(Path file) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().anyMatch(line -> line.endsWith(file.toString()));
    }

    // ---- of all ---------------------------------------------------------------------------------------------------------

    private static void load(Function<String, URL> resources, LoadOptions options) {
        try (CompiledTiny model = new CompiledTiny(resources, options)) {
            assertFalse(model.isClosed());
        }
    }

    private static String message(Function<String, URL> resources, LoadOptions options) {
        return message(resources, options, CpuFeatures.current());
    }

    private static String message(Function<String, URL> resources, LoadOptions options, CpuFeatures cpu) {
        return assertThrows(ToroidException.class, () -> new CompiledTiny(resources, options, cpu).close()).getMessage();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
