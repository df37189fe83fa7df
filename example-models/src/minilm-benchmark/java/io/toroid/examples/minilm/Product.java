package io.toroid.examples.minilm;

import ai.onnxruntime.OrtEnvironment;
import io.toroid.DType;
import io.toroid.runtime.CompiledModel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What an application with this model ships, put together from this JVM's class path: one jar of the model, its libraries, its
 * constants, its tokenizer's file, and Toroid's runtime. The other models of this module stay out.
 */
final class Product {
    private final List<Path> directories;
    private final Path jar;

    private Product(List<Path> directories, Path jar) {
        this.directories = directories;
        this.jar = jar;
    }

    static Product assemble(Path workDirectory) throws IOException {
        List<Path> directories = Stream.of(CompiledMiniLm.class, CompiledModel.class, DType.class).map(Product::place).toList();
        Product product = new Product(directories, workDirectory.resolve("minilm.jar"));
        Files.createDirectories(workDirectory);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(product.jar))) {
            for (Path directory : directories) {
                for (Path file : files(directory)) {
                    zip.putNextEntry(new ZipEntry(directory.relativize(file).toString()));
                    Files.copy(file, zip);
                }
            }
        }
        return product;
    }

    /** The directory or jar that a class is from. */
    private static Path place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).filter(file -> isShipped(directory.relativize(file).toString())).sorted().toList();
        }
    }

    private static boolean isShipped(String file) {
        return !file.contains("digits") && !file.equals("module-info.class");
    }

    // ---- sizes ----------------------------------------------------------------------------------------------------------

    Path jar() {
        return jar;
    }

    /** Of all files, unpacked: libraries for every kind of CPU, constants, classes. */
    long bytes() throws IOException {
        return bytes(file -> true);
    }

    long constants() throws IOException {
        return bytes(file -> file.getFileName().toString().equals("constants.bin"));
    }

    private long bytes(Predicate<Path> which) throws IOException {
        long sum = 0;
        for (Path directory : directories) {
            for (Path file : files(directory)) {
                sum += which.test(file) ? Files.size(file) : 0;
            }
        }
        return sum;
    }

    /** ONNX Runtime's jar. */
    static Path peer() {
        return place(OrtEnvironment.class);
    }

    // ---- class paths ----------------------------------------------------------------------------------------------------

    String classPathWithJar() {
        return classPath(Stream.of(jar));
    }

    String classPathWithFiles() {
        return classPath(directories.stream());
    }

    /** This harness, the product, ONNX Runtime, all other jars: nobody's classes are looked for in a stranger's jar. */
    private static String classPath(Stream<Path> product) {
        Stream<Path> first = Stream.of(Stream.of(place(Product.class)), product, Stream.of(peer())).flatMap(each -> each);
        Stream<Path> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).filter(Files::isRegularFile);
        Set<Path> all = Stream.concat(first, jars).collect(Collectors.toCollection(LinkedHashSet::new));
        return all.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** Puts ONNX Runtime's libraries into a directory, so that it need not. */
    static Path unpackPeer(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String library : List.of("libonnxruntime.so", "libonnxruntime4j_jni.so")) {
            try (InputStream resource = OrtEnvironment.class.getResourceAsStream("native/linux-x64/" + library)) {
                Files.copy(resource, directory.resolve(library), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return directory;
    }
}
