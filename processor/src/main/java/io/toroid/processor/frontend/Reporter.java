package io.toroid.processor.frontend;

import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;

/**
 * Shows problems as compile errors: on the very expression if the compiler's trees are at hand, else on the nearest
 * declaration with the line in the text. The same message is shown at the same place once.
 */
public final class Reporter {

    private final Messager messager;
    private final Annotations annotations;
    private final Optional<TreeLocator> trees;
    private final Set<String> shown = new HashSet<>();
    private int count;

    public Reporter(Compilation compilation) {
        this.messager = compilation.environment().getMessager();
        this.annotations = new Annotations(compilation.elements());
        this.trees = compilation.trees();
    }

    /** How many errors have been reported. */
    public int count() {
        return count;
    }

    void report(Element element, Diagnostic diagnostic, Object... arguments) {
        print(diagnostic.message(arguments), element, null, null);
    }

    void report(Element element, AnnotationMirror annotation, String member, Diagnostic diagnostic, Object... arguments) {
        report(element, annotation, member, diagnostic.message(arguments));
    }

    void report(Element element, AnnotationMirror annotation, String member, String message) {
        print(message, element, annotation, member == null ? null : annotations.value(annotation, member));
    }

    /** An error that belongs to no source. */
    public void report(Problem problem) {
        print(problem.message(), null, null, null);
    }

    /** A problem of a model, at its place. */
    public void report(ParsedModel model, Problem problem) {
        report(model, problem.message(), problem.place());
    }

    private void report(ParsedModel model, String message, Place place) {
        switch (place) {
            case Place.Model() -> print(message, model.element(), model.annotation(), null);
            case Place.Weights() -> report(model.element(), model.annotation(), "weights", message);
            case Place.Entry(String name) -> print(message, model.entries().getOrDefault(name, null), null, null);
            case Place.Line line -> reportLine(model, message, line);
        }
    }

    private void reportLine(ParsedModel model, String message, Place.Line line) {
        Optional<TreeLocator.Found> found = trees.flatMap(locator -> locator.find(line));
        if (found.isEmpty()) {
            report(model, "%s (at %s)".formatted(message, line.positions().getFirst()), line.otherwise());
            return;
        }
        if (shown.add(found.get().position() + message)) {
            count++;
            found.get().print(message);
        }
    }

    private void print(String message, Element element, AnnotationMirror annotation, AnnotationValue value) {
        if (!shown.add(element + "|" + annotation + "|" + value + "|" + message)) {
            return;
        }
        count++;
        if (element == null) {
            messager.printError(message);
        } else if (annotation == null) {
            messager.printError(message, element);
        } else if (value == null) {
            messager.printMessage(Kind.ERROR, message, element, annotation);
        } else {
            messager.printMessage(Kind.ERROR, message, element, annotation, value);
        }
    }
}
