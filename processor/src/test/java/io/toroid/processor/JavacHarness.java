package io.toroid.processor;

import io.toroid.DType;
import io.toroid.runtime.weights.SafetensorsWriter;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A small project in a temporary directory, compiled by the real compiler as a build would. */
final class JavacHarness {

    /** One message. */
    record Message(Diagnostic.Kind kind, String file, long line, long column, String text) {

        @Override
        public String toString() {
            return "%s:%d:%d %s: %s".formatted(file, line, column, kind, text);
        }
    }

    /** What came out of one compile. */
    record Outcome(boolean succeeded, List<Message> messages, String printed) {

        List<Message> errors() {
            return messages.stream().filter(message -> message.kind() == Diagnostic.Kind.ERROR).toList();
        }
    }

    private final Path root;
    private final Map<String, Path> sources = new LinkedHashMap<>();
    private final List<String> options = new ArrayList<>();
    private final List<Processor> others = new ArrayList<>();
    private UnaryOperator<JavaFileManager> files = UnaryOperator.identity();
    private String classPath = System.getProperty("java.class.path");

    JavacHarness(Path root) {
        this.root = root;
        for (Path directory : List.of(classes(), generated(), root.resolve("src"))) {
            make(directory);
        }
    }

    Path classes() {
        return root.resolve("classes");
    }

    Path generated() {
        return root.resolve("generated");
    }

    /** Adds a source; the name is that of the file, such as {@code a/Digits.java}. */
    JavacHarness source(String name, String text) {
        Path file = root.resolve("src").resolve(name);
        make(file.getParent());
        write(file, text);
        sources.put(name, file);
        return this;
    }

    JavacHarness option(String option) {
        options.add(option);
        return this;
    }

    JavacHarness processor(Processor processor) {
        others.add(processor);
        return this;
    }

    JavacHarness classPath(Path entry) {
        classPath = entry + System.getProperty("path.separator") + classPath;
        return this;
    }

    /** Lets the compiler see its files through another file manager. */
    JavacHarness files(UnaryOperator<JavaFileManager> wrapper) {
        files = wrapper;
        return this;
    }

    /** Nothing on the class path; modules are given by options. */
    JavacHarness withoutClassPath() {
        classPath = "";
        return this;
    }

    /** Writes a weight file as a resource of the module; each tensor as {@code name: f32[128, 64]}, filled with zeros. */
    JavacHarness weights(String name, String... tensors) {
        Path file = classes().resolve(name);
        make(file.getParent());
        weights(file, tensors);
        return this;
    }

    static void weights(Path file, String... tensors) {
        List<WeightTensor> written = new ArrayList<>();
        for (String tensor : tensors) {
            String[] parts = tensor.split("[:\\[\\]]");
            DType dtype = DType.ofText(parts[1].strip()).orElseThrow();
            long[] sizes = parts.length < 3 || parts[2].isBlank() ? new long[0]
                    : Stream.of(parts[2].split(",")).mapToLong(size -> Long.parseLong(size.strip())).toArray();
            long bytes = LongStream.of(sizes).reduce(1, Math::multiplyExact) * dtype.bytes();
            written.add(new WeightTensor(parts[0].strip(), dtype, sizes, Arena.ofAuto().allocate(Math.max(1, bytes)).asSlice(0, bytes)));
        }
        try {
            SafetensorsWriter.write(file, written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles with the given processor. */
    Outcome compile(Processor processor) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        StringWriter printed = new StringWriter();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> all = new ArrayList<>(List.of("-d", classes().toString(), "-s", generated().toString(), "-cp", classPath, "-proc:full"));
            all.addAll(options);
            JavaCompiler.CompilationTask task = compiler.getTask(
                    printed, files.apply(standard), diagnostics, all, null, standard.getJavaFileObjectsFromPaths(sources.values()));
            task.setLocale(Locale.ROOT);
            List<Processor> processors = new ArrayList<>(others);
            processors.add(processor);
            task.setProcessors(processors);
            boolean succeeded = task.call();
            return new Outcome(succeeded, diagnostics.getDiagnostics().stream().map(this::message).toList(), printed.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that was written, relative to the class output. */
    byte[] written(String path) {
        try {
            return Files.readAllBytes(classes().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String generatedSource(String path) {
        try {
            return Files.readString(generated().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all files below the class and source outputs, in order. */
    List<String> outputs() {
        try (Stream<Path> classes = Files.walk(classes()); Stream<Path> generated = Files.walk(generated())) {
            return Stream.concat(classes, generated)
                    .filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Message message(Diagnostic<? extends JavaFileObject> diagnostic) {
        String file = diagnostic.getSource() == null ? "" : sources.entrySet().stream()
                .filter(entry -> entry.getValue().toUri().equals(diagnostic.getSource().toUri()))
                .map(Map.Entry::getKey).findFirst().orElse(diagnostic.getSource().getName());
        return new Message(diagnostic.getKind(), file, diagnostic.getLineNumber(), diagnostic.getColumnNumber(),
                diagnostic.getMessage(Locale.ROOT));
    }

    private static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
