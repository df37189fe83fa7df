package io.toroid.processor.frontend;

import io.toroid.Model;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.ModelDescriptor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What a model's class declares, in a running JVM: read from its class file by the Java compiler, so that it is checked and understood as
 * in a build. Names of parameters are there if the class was compiled with {@code -g} or {@code -parameters}, as builds do.
 */
public final class ClassDeclarations {

    private ClassDeclarations() {
    }

    /** @throws ProblemException if the class is no valid model, or cannot be read */
    public static ModelDescriptor of(Class<?> type) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw unreadable(type, "this Java runtime has no compiler", "run it on a JDK, or with the module jdk.compiler in the runtime image");
        }
        Reading reading = new Reading(type);
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = List.of("-proc:only", "-implicit:none", "-parameters", "-cp", classPath(type));
            JavaCompiler.CompilationTask task = compiler.getTask(Writer.nullWriter(), files, diagnostics, options, List.of(type.getName()), null);
            task.setLocale(Locale.ROOT);
            task.setProcessors(List.of(reading));
            task.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reading.model.map(ParsedModel::descriptor).orElseThrow(() -> failure(type, reading.isFound, errors(diagnostics)));
    }

    /** What the parser reported, or what the compiler says. */
    private static ProblemException failure(Class<?> type, boolean isFound, List<String> errors) {
        if (isFound && !errors.isEmpty()) {
            return new ProblemException(errors.stream().map(text -> new Problem(Diagnostic.CLASS_NOT_READ, text, new Place.Model())).toList());
        }
        return isFound ? unreadable(type, "it is no model", "mark it with @Model") : unreadable(type,
                errors.isEmpty() ? "there is no class file" : String.join("; ", errors), "its class loader must load from directories and archives");
    }

    private static ProblemException unreadable(Class<?> type, String why, String hint) {
        return new ProblemException(Diagnostic.CLASS_NOT_READ, type.getName(), why, hint);
    }

    private static List<String> errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        return diagnostics.getDiagnostics().stream()
                .filter(each -> each.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(Locale.ROOT).strip()).distinct().toList();
    }

    /** Wherever the class, what it extends and what its methods mention come from, then the class path of the JVM. */
    private static String classPath(Class<?> type) {
        Set<String> entries = new LinkedHashSet<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            addSource(each, entries);
            for (Method method : each.getDeclaredMethods()) {
                mentioned(method).forEach(used -> addSource(used, entries));
            }
        }
        addSource(Model.class, entries);
        entries.add(System.getProperty("java.class.path"));
        return entries.stream().filter(entry -> !entry.isEmpty()).collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Class<?>> mentioned(Method method) {
        List<Type> types = new ArrayList<>(List.of(method.getParameterTypes()));
        types.add(method.getReturnType());
        return types.stream().filter(Class.class::isInstance).<Class<?>>map(each -> (Class<?>) each).toList();
    }

    private static void addSource(Class<?> type, Set<String> entries) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source != null && source.getLocation() != null && "file".equals(source.getLocation().getProtocol())) {
            entries.add(Path.of(URI.create(source.getLocation().toString().replace(" ", "%20"))).toString());
        }
    }

    /** Looks at the one class that the compiler is given. */
    private static final class Reading extends AbstractProcessor {

        private final Class<?> type;
        private Optional<ParsedModel> model = Optional.empty();
        private boolean isFound;

        Reading(Class<?> type) {
            this.type = type;
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (round.processingOver()) {
                return false;
            }
            Compilation compilation = Compilation.of(processingEnv);
            Reporter reporter = new Reporter(compilation);
            Optional<TypeElement> element = compilation.find(type.getName());
            isFound = element.isPresent();
            model = element.filter(found -> Annotations.has(found, Model.class)).flatMap(found -> new ModelParser(compilation, reporter).constructed().parse(found));
            return false;
        }
    }
}
