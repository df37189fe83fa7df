package io.toroid.examples.digits;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.processor.ModelProcessor;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles this module's models as Maven does, into a directory of its own, with a C++ compiler that writes down what it is asked. */
final class Javac {
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "toroid", "examples", "digits");

    private final Path root;
    private final Path cache;

    Javac(Path root, Path cache) throws IOException {
        this.root = root;
        this.cache = cache;
        Files.createDirectories(classes());
        Files.createDirectories(generated());
        Files.createDirectories(root.resolve("src"));
        Files.writeString(calls(), "");
        Files.writeString(compiler(), "#!/bin/sh\necho \"$*\" >> '%s'\nexec ${CXX:-c++} \"$@\"\n".formatted(calls()));
        Files.setPosixFilePermissions(compiler(), PosixFilePermissions.fromString("rwx------"));
    }

    private Path classes() {
        return root.resolve("classes");
    }

    private Path generated() {
        return root.resolve("generated");
    }

    private Path compiler() {
        return root.resolve("c++");
    }

    private Path calls() {
        return root.resolve("calls");
    }

    /** Adds a model of this module. */
    Javac model(String name) throws IOException {
        return model(name, Files.readString(SOURCES.resolve(name + ".java")));
    }

    Javac model(String name, String text) throws IOException {
        Files.writeString(root.resolve("src").resolve(name + ".java"), text);
        return this;
    }

    static String source(String name) throws IOException {
        return Files.readString(SOURCES.resolve(name + ".java"));
    }

    /** Compiles all models that were added; returns how often the C++ compiler was asked to compile or link. */
    int compile(String... options) throws IOException {
        int before = work();
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
                Stream<Path> sources = Files.list(root.resolve("src"))) {
            List<String> all = new ArrayList<>(List.of("-d", classes().toString(), "-s", generated().toString(),
                    "-Atoroid.cache=" + cache, "-Atoroid.cxx=" + compiler(), "-Atoroid.weights.dir=src/main/resources"));
            all.addAll(List.of(options));
            JavaCompiler.CompilationTask task = javac.getTask(messages, files, null, all, null, files.getJavaFileObjectsFromPaths(sources.sorted().toList()));
            task.setProcessors(List.of(new ModelProcessor()));
            assertTrue(task.call(), messages::toString);
        }
        return work() - before;
    }

    private int work() throws IOException {
        return (int) Files.readAllLines(calls()).stream().filter(line -> !line.equals("--version")).count();
    }

    /** All files that a compile has written, by their path. */
    SequencedMap<String, byte[]> outputs() throws IOException {
        SequencedMap<String, byte[]> outputs = new TreeMap<>();
        try (Stream<Path> classes = Files.walk(classes()); Stream<Path> generated = Files.walk(generated())) {
            for (Path file : Stream.concat(classes, generated).filter(Files::isRegularFile).toList()) {
                outputs.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return outputs;
    }
}
