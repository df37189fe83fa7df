package io.toroid.processor;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Name;
import io.toroid.Spec;
import io.toroid.processor.codegen.java.FacadeWriter;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.frontend.Compilation;
import io.toroid.processor.frontend.ModelFrontend;
import io.toroid.processor.frontend.ModelLoader;
import io.toroid.processor.frontend.ModelParser;
import io.toroid.processor.frontend.ParsedModel;
import io.toroid.processor.frontend.Reporter;
import io.toroid.processor.frontend.ResourcePlace;
import io.toroid.processor.frontend.SourceCompiler;
import io.toroid.processor.frontend.WeightFiles;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.symbolic.SymjaSolver;
import io.toroid.runtime.weights.WeightSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/**
 * The annotation processor: javac's rounds, nothing else. A model whose sources are not complete yet, because another
 * processor will write what they refer to, waits for the next round; one whose sources are broken is left to javac's
 * own messages.
 */
public final class ModelProcessor extends AbstractProcessor {

    /** Decisions follow from all that a model reaches, bodies and weights included, which only this mode permits. */
    private static final String GRADLE_AGGREGATING = "org.gradle.annotation.processing.aggregating";

    private final ModelCompiler compiler;
    private final Set<String> waiting = new HashSet<>();
    private final Map<ParsedModel, SourceCompiler.Result.Broken> brokenModels = new LinkedHashMap<>();
    private final Map<String, String> facades = new HashMap<>();
    private Compilation compilation;
    private Reporter reporter;
    private Optional<CompileOptions> options = Optional.empty();

    /** For javac. */
    public ModelProcessor() {
        this(Pipeline::compile);
    }

    /** With another compiler behind the frontend. */
    public ModelProcessor(ModelCompiler compiler) {
        this.compiler = compiler;
    }

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of(Model.class.getCanonicalName(), Entry.class.getCanonicalName(), Spec.class.getCanonicalName(),
                Dim.class.getCanonicalName(), Dim.List.class.getCanonicalName(), Name.class.getCanonicalName());
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public Set<String> getSupportedOptions() {
        Set<String> names = new HashSet<>(CompileOptions.NAMES);
        names.add(GRADLE_AGGREGATING);
        return names;
    }

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        compilation = Compilation.of(environment);
        reporter = new Reporter(compilation);
        try {
            options = Optional.of(CompileOptions.parse(environment.getOptions()));
        } catch (ProblemException e) {
            e.problems().forEach(reporter::report);
        }
    }

    /** Claims the annotations, which are nobody else's; javac would warn otherwise. */
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        if (round.processingOver()) {
            reportBroken();
            return true;
        }
        if (options.isEmpty()) {
            return true;
        }
        List<ParsedModel> models = parse(round);
        if (!models.isEmpty()) {
            compile(models);
        }
        return true;
    }

    private List<ParsedModel> parse(RoundEnvironment round) {
        ModelParser parser = new ModelParser(compilation, reporter);
        parser.checkOutsiders(round.getElementsAnnotatedWith(Entry.class));
        List<Element> elements = new ArrayList<>(round.getElementsAnnotatedWith(Model.class));
        waiting.forEach(name -> elements.add(compilation.elements().getTypeElement(name)));
        waiting.clear();
        brokenModels.clear();
        List<ParsedModel> models = new ArrayList<>();
        for (Element element : elements) {
            int before = reporter.count();
            Optional<ParsedModel> model = parser.parse(element);
            if (model.isEmpty() && reporter.count() == before) {
                wait(element);
            }
            model.filter(this::claimsFacade).ifPresent(models::add);
        }
        return models;
    }

    private boolean claimsFacade(ParsedModel model) {
        String facade = model.descriptor().qualifiedFacadeName();
        String other = facades.putIfAbsent(facade, model.descriptor().className());
        if (other == null || other.equals(model.descriptor().className())) {
            return true;
        }
        reporter.report(model, Problem.of(Diagnostic.MODEL_SAME_FACADE, sourceName(other), sourceName(model.descriptor().className()), facade));
        return false;
    }

    private static String sourceName(String binaryName) {
        return binaryName.replace('$', '.');
    }

    private void wait(Element element) {
        waiting.add(((TypeElement) element).getQualifiedName().toString());
    }

    /** All models in one nested compile; if that fails, each alone, so that a broken one does not hide the others. */
    private void compile(List<ParsedModel> models) {
        SourceCompiler sources = new SourceCompiler(compilation);
        SourceCompiler.Result together = sources.compile(models, models);
        if (together instanceof SourceCompiler.Result.Broken && models.size() > 1) {
            models.forEach(model -> take(List.of(model), sources.compile(List.of(model), models)));
        } else {
            take(models, together);
        }
    }

    private void take(List<ParsedModel> models, SourceCompiler.Result result) {
        switch (result) {
            case SourceCompiler.Result.Compiled(ModelLoader loader) -> build(models, loader);
            case SourceCompiler.Result.Unavailable(String why) -> models.forEach(model ->
                    reporter.report(model, Problem.of(Diagnostic.SOURCES_UNAVAILABLE, model.descriptor().simpleName(), why)));
            case SourceCompiler.Result.Broken broken -> models.forEach(model -> {
                wait(model.element());
                brokenModels.put(model, broken);
            });
        }
    }

    /**
     * At the end, models whose sources did not compile. javac will say why, and saying it twice helps nobody; but not
     * if only the nested compile had errors, and not if it would just say that it cannot find the façade.
     */
    private void reportBroken() {
        brokenModels.forEach((model, broken) -> {
            Problem problem = Problem.of(Diagnostic.SOURCES_DO_NOT_COMPILE, model.descriptor().simpleName(), broken.error(),
                    broken.facade()
                            ? "if the façade is used there, assign what it returns to a variable with its type, or do it in a class that the model does not refer to"
                            : "the surrounding compile accepts these sources, so please report this as a bug of Toroid");
            if (broken.facade()) {
                reporter.report(model, problem);
            } else {
                compilation.whenCompiled(model.element(), () -> reporter.report(model, problem));
            }
        });
    }

    private void build(List<ParsedModel> models, ModelLoader classes) {
        try (ModelLoader loader = classes) {
            for (ParsedModel model : models) {
                build(model, loader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void build(ParsedModel model, ModelLoader loader) {
        try {
            WeightFiles files = new WeightFiles(ResourcePlace.of(compilation.environment().getFiler()), options.get().weightsDirectory());
            TracedModel traced = new ModelFrontend(SymjaSolver::new, files::open)
                    .trace(loader.loadModel(model.descriptor()), model.descriptor());
            try (WeightSource _ = traced.weights()) {
                CompiledFiles compiled = compiler.compile(traced, options.get());
                new OutputFiles(compilation, model.element()).write(traced.facadeName(), FacadeWriter.write(traced), compiled);
            }
        } catch (ProblemException e) {
            e.problems().forEach(problem -> reporter.report(model, problem));
        } catch (RuntimeException | Error e) {
            reporter.report(model, Problem.of(Diagnostic.INTERNAL, model.descriptor().className(), trace(e)));
        }
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return String.join("\n", text.toString().lines().limit(40).toList());
    }
}
