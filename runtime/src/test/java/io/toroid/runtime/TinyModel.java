package io.toroid.runtime;

import io.toroid.DType;
import io.toroid.runtime.ConstantInfo.Kind;
import io.toroid.runtime.ModelManifest.EntryInfo;
import io.toroid.runtime.ModelManifest.FileInfo;
import io.toroid.runtime.ModelManifest.Variant;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** The model of {@code tiny_model.h} as the compiler would leave it: a directory or jar with libraries, blob and manifest. */
final class TinyModel {
    static final String NAME = "io.toroid.runtime.Tiny";

    /** Libraries by their compiler options: each is compiled once. */
    private static final Map<List<String>, Path> LIBRARIES = new ConcurrentHashMap<>();

    private TinyModel() {}

    static Path library(String... options) {
        return LIBRARIES.computeIfAbsent(List.of(options), TinyModel::compile);
    }

    private static Path compile(List<String> options) {
        try {
            Path directory = Files.createTempDirectory("toroid-tiny-");
            Path source = Files.writeString(
                    directory.resolve("tiny.cpp"), "#include <toroid/container_exports.h>\n#include \"tiny_model.h\"\n");
            Path library = directory.resolve("tiny.so");
            CppCompiler.library(source, library, options);
            source.toFile().deleteOnExit();
            library.toFile().deleteOnExit();
            directory.toFile().deleteOnExit();
            return library;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** scale = 1, 10, 100; bias = 1, 2, 3; so that y = x * scale + (2.5, 8.5, 18.375). */
    static byte[] blob() {
        ByteBuffer blob = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        blob.putFloat(0, 1).putFloat(4, 10).putFloat(8, 100);
        blob.putFloat(64, 1).putFloat(68, 2).putFloat(72, 3);
        return blob.array();
    }

    /** Writes the model's resources into a directory of classes, with the manifest as {@code change} makes it. */
    static Resources write(Path classes, UnaryOperator<ModelManifest> change) throws IOException {
        Path place = Files.createDirectories(classes.resolve(ModelManifest.directory(NAME)));
        Files.copy(library(), place.resolve("baseline.so"));
        Files.write(place.resolve("constants.bin"), blob());
        ModelManifest manifest = change.apply(manifest(place));
        Files.writeString(classes.resolve(ModelManifest.resource(NAME)), manifest.text());
        return new Resources(classes);
    }

    static Resources write(Path classes) throws IOException {
        return write(classes, UnaryOperator.identity());
    }

    static FileInfo info(Path file) throws IOException {
        return FileInfo.of(file.getFileName().toString(), LibraryCache.hash(file), Files.readAllBytes(file));
    }

    private static ModelManifest manifest(Path place) throws IOException {
        List<Long> three = List.of(3L);
        TensorInfo x = TensorInfo.parse("x", "f32[n, 3]");
        TensorInfo scalar = TensorInfo.parse("x", "f32[]");
        return new ModelManifest(
                NAME, "0.1.0", ModelManifest.ABI,
                List.of(new Variant("baseline", CpuFeatures.current().platform(), List.of(), info(place.resolve("baseline.so")))),
                Optional.of(info(place.resolve("constants.bin"))),
                List.of(
                        new ConstantInfo("layer.scale", Kind.PARAMETER, DType.F32, three, 0, 12, /* embedded= */ false),
                        new ConstantInfo("layer.bias", Kind.PARAMETER, DType.F32, three, 64, 12, /* embedded= */ false),
                        new ConstantInfo("shift", Kind.TENSOR, DType.F32, three, 0, 12, /* embedded= */ true),
                        new ConstantInfo("folded", Kind.FOLDED, DType.F32, three, 0, 12, /* embedded= */ false)),
                List.of(
                        new EntryInfo("scale", List.of(x), List.of(TensorInfo.parse("y", "f32[n, 3]"), TensorInfo.parse("sums", "f64[n]"))),
                        new EntryInfo(
                                "join",
                                List.of(TensorInfo.parse("a", "i64[n]"), TensorInfo.parse("b", "i64[2*n]"), TensorInfo.parse("mask", "bool[n]")),
                                List.of(TensorInfo.parse("result", "i64[n]"))),
                        new EntryInfo("hold", List.of(scalar), List.of(scalar))));
    }

    /** Finds resources in a directory, as a class loader would. */
    record Resources(Path classes) implements Function<String, URL> {
        @Override
        public URL apply(String name) {
            try {
                Path file = classes.resolve(name);
                return Files.exists(file) ? file.toUri().toURL() : null;
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }

        Path file(String name) {
            return classes.resolve(ModelManifest.directory(NAME)).resolve(name);
        }

        /** The same resources in a jar. */
        Function<String, URL> inJar(Path jar) throws IOException {
            try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
                for (String name : List.of("manifest.properties", "baseline.so", "constants.bin")) {
                    out.putNextEntry(new JarEntry(ModelManifest.directory(NAME) + name));
                    out.write(Files.readAllBytes(file(name)));
                    out.closeEntry();
                }
            }
            return name -> {
                try {
                    return URI.create("jar:" + jar.toUri() + "!/" + name).toURL();
                } catch (MalformedURLException e) {
                    throw new IllegalArgumentException(e);
                }
            };
        }
    }
}
