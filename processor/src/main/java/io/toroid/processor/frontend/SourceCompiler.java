package io.toroid.processor.frontend;

import io.toroid.processor.model.EntryDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles models and all that they refer to in memory, with a second compiler inside the one that runs the processor.
 * A façade that the sources mention is not there yet; an empty stand-in takes its place.
 *
 * <p>Only public API is used: the sources come from {@code Elements.getFileObjectOf}, see {@link ClassRoots}.
 */
public final class SourceCompiler {

    private final Compilation compilation;
    private final ClassRoots roots;

    public SourceCompiler(Compilation compilation) {
        this.compilation = compilation;
        this.roots = new ClassRoots(compilation);
    }

    /** What came out. */
    public sealed interface Result {

        /** Classes, ready to be loaded. */
        record Compiled(ModelLoader loader) implements Result {
        }

        /**
         * The sources have errors, or what they refer to is not there yet.
         *
         * @param error the first one: file, line and message
         * @param facade whether the sources mention a façade, whose stand-in they may have used as it cannot be used
         */
        record Broken(String error, boolean facade) implements Result {
        }

        /** This compiler does not give what is needed. */
        record Unavailable(String why) implements Result {
        }
    }

    /** Compiles the given models together; {@code all} are the models whose façades the sources may mention. */
    public Result compile(Collection<ParsedModel> models, Collection<ParsedModel> all) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            return new Result.Unavailable("the Java runtime has no compiler");
        }
        List<JavaFileObject> units = new ArrayList<>();
        for (ParsedModel model : models) {
            Optional<JavaFileObject> file = compilation.fileOf(model.element());
            if (file.isEmpty()) {
                return new Result.Unavailable("this compiler does not show its source");
            }
            if (file.get().getKind() == JavaFileObject.Kind.SOURCE && !units.contains(file.get())) {
                units.add(file.get());
            }
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (MemoryFiles files = new MemoryFiles(
                compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8), roots)) {
            all.forEach(model -> files.addSource(model.descriptor().qualifiedFacadeName(), standIn(model)));
            boolean done = units.isEmpty()
                    || compiler.getTask(Writer.nullWriter(), files, diagnostics, options(), null, units).call();
            return done
                    ? new Result.Compiled(new ModelLoader(files.classes(), compilation, roots))
                    : broken(diagnostics, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> options() {
        List<String> options = new ArrayList<>(List.of("-proc:none", "-g", "-nowarn", "-Xlint:none"));
        SourceVersion version = compilation.environment().getSourceVersion();
        if (version.compareTo(SourceVersion.latest()) < 0) {
            String level = String.valueOf(version.runtimeVersion().feature());
            options.addAll(List.of("-source", level, "-target", level));
        }
        if (compilation.environment().isPreviewEnabled()) {
            options.addAll(List.of("--enable-preview", "-source", String.valueOf(version.runtimeVersion().feature())));
        }
        return options;
    }

    private static Result broken(DiagnosticCollector<JavaFileObject> diagnostics, Collection<ParsedModel> models) {
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .findFirst()
                .map(error -> new Result.Broken(describe(error), mentionsFacade(error.getSource(), models)))
                .orElse(new Result.Broken("unknown error", /* facade= */ false));
    }

    private static String describe(Diagnostic<? extends JavaFileObject> error) {
        String message = error.getMessage(Locale.ROOT).replaceAll("\\s*\\R\\s*", ", ");
        if (error.getSource() == null) {
            return message;
        }
        String path = error.getSource().toUri().getPath();
        return "%s:%d: %s".formatted(path.substring(path.lastIndexOf('/') + 1), error.getLineNumber(), message);
    }

    private static boolean mentionsFacade(JavaFileObject source, Collection<ParsedModel> models) {
        try {
            String text = source == null ? "" : source.getCharContent(true).toString();
            return models.stream().anyMatch(model -> text.contains(model.descriptor().facadeName()));
        } catch (IOException _) {
            return false;
        }
    }

    /** Accepts what a façade accepts, and much more; it is never run. */
    private static String standIn(ParsedModel model) {
        String name = model.descriptor().facadeName();
        String packageName = model.descriptor().packageName();
        String methods = model.descriptor().entries().stream()
                .map(EntryDescriptor::name)
                .map("    public <R> R %s(Object... arguments) { throw new UnsupportedOperationException(); }\n"::formatted)
                .collect(Collectors.joining());
        return """
                %spublic final class %s implements AutoCloseable {
                    public static %s load(Object... options) { throw new UnsupportedOperationException(); }
                    public void close() { }
                %s}
                """.formatted(packageName.isEmpty() ? "" : "package " + packageName + ";\n", name, name, methods);
    }
}
