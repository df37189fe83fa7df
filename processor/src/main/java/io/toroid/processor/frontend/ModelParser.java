package io.toroid.processor.frontend;

import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.ModelDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * Reads a {@code @Model} class into a descriptor, or reports everything that its declarations have wrong. What the
 * bodies do is found out later, by running them.
 */
public final class ModelParser {

    private final Elements elements;
    private final Annotations annotations;
    private final Reporter reporter;
    private boolean isConstructed;

    public ModelParser(Compilation compilation, Reporter reporter) {
        this.elements = compilation.elements();
        this.annotations = new Annotations(elements);
        this.reporter = reporter;
    }

    /** For models that exist already, and need no constructor. */
    ModelParser constructed() {
        isConstructed = true;
        return this;
    }

    /**
     * Reads a class marked with {@code @Model}. Empty if something was reported, or if the declarations mention types
     * that do not exist: yet, or at all, which javac will say.
     */
    public Optional<ParsedModel> parse(Element element) {
        int before = reporter.count();
        AnnotationMirror annotation = Annotations.find(element, Model.class).orElseThrow();
        if (!(element instanceof TypeElement type) || element.getKind() != ElementKind.CLASS) {
            reporter.report(element, annotation, null, Diagnostic.MODEL_NOT_A_CLASS, describe(element), element.getSimpleName());
            return Optional.empty();
        }
        checkClass(type);
        String facade = facadeName(type, annotation);
        List<ExecutableElement> entryMethods = entryMethods(type);
        boolean unresolved = entryMethods.stream().anyMatch(EntryParser::isUnresolved);
        Map<String, ExecutableElement> methods = new LinkedHashMap<>();
        List<EntryDescriptor> entries = unresolved ? List.of() : parseEntries(type, entryMethods, methods);
        if (reporter.count() > before || unresolved) {
            return Optional.empty();
        }
        ModelDescriptor descriptor = new ModelDescriptor(
                elements.getBinaryName(type).toString(),
                elements.getPackageOf(type).getQualifiedName().toString(),
                type.getSimpleName().toString(),
                facade,
                annotations.text(annotation, "weights"),
                annotations.type(annotation, "names").map(elements::getBinaryName).map(Object::toString).orElse(""),
                entries);
        return Optional.of(new ParsedModel(descriptor, type, annotation, methods));
    }

    /** Reports entries of classes that are no models. */
    public void checkOutsiders(Collection<? extends Element> entries) {
        for (Element entry : entries) {
            Element owner = entry.getEnclosingElement();
            boolean base = owner.getModifiers().contains(Modifier.ABSTRACT);
            if (!base && !Annotations.has(owner, Model.class)) {
                reporter.report(entry, Diagnostic.ENTRY_OUTSIDE_MODEL, owner.getSimpleName());
            }
        }
    }

    private void checkClass(TypeElement type) {
        String name = type.getSimpleName().toString();
        for (Element at = type; at instanceof TypeElement; at = at.getEnclosingElement()) {
            if (!at.getModifiers().contains(Modifier.PUBLIC)) {
                reporter.report(type, Diagnostic.MODEL_NOT_PUBLIC, name);
                break;
            }
        }
        if (type.getModifiers().contains(Modifier.ABSTRACT)) {
            reporter.report(type, Diagnostic.MODEL_ABSTRACT, name);
        }
        if (type.getNestingKind() != NestingKind.TOP_LEVEL && !type.getModifiers().contains(Modifier.STATIC)) {
            reporter.report(type, Diagnostic.MODEL_INNER, name);
        }
        if (!type.getTypeParameters().isEmpty()) {
            reporter.report(type, Diagnostic.MODEL_GENERIC, name);
        }
        boolean constructible = isConstructed || ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
                .anyMatch(constructor -> constructor.getParameters().isEmpty()
                        && constructor.getModifiers().contains(Modifier.PUBLIC));
        if (!constructible && !type.getModifiers().contains(Modifier.ABSTRACT)
                && type.getModifiers().contains(Modifier.PUBLIC)) {
            reporter.report(type, Diagnostic.MODEL_NO_CONSTRUCTOR, name);
        }
    }

    private String facadeName(TypeElement type, AnnotationMirror annotation) {
        String chosen = annotations.text(annotation, "facade");
        if (chosen.isEmpty()) {
            return "Compiled" + type.getSimpleName();
        }
        if (!SourceVersion.isName(chosen) || chosen.contains(".")) {
            reporter.report(type, annotation, "facade", Diagnostic.MODEL_FACADE_NAME, type.getSimpleName(), chosen,
                    "give the simple name of a class");
        } else if (type.getSimpleName().contentEquals(chosen)) {
            reporter.report(type, annotation, "facade", Diagnostic.MODEL_FACADE_NAME, type.getSimpleName(), chosen,
                    "that is the model itself; give another name");
        }
        return chosen;
    }

    private List<EntryDescriptor> parseEntries(
            TypeElement type, List<ExecutableElement> entryMethods, Map<String, ExecutableElement> methods) {
        DimParser dims = new DimParser(annotations, reporter, type);
        EntryParser parser = new EntryParser(elements, annotations, reporter, dims);
        List<EntryDescriptor> entries = new ArrayList<>();
        for (ExecutableElement method : entryMethods) {
            String name = method.getSimpleName().toString();
            if (methods.putIfAbsent(name, method) != null) {
                reporter.report(method, Diagnostic.ENTRY_DUPLICATE, name);
            } else {
                parser.parse(method).ifPresent(entries::add);
            }
        }
        if (entryMethods.isEmpty()) {
            reporter.report(type, Diagnostic.MODEL_NO_ENTRIES, type.getSimpleName());
        }
        dims.reportUnused();
        return entries;
    }

    /** Inherited ones first, otherwise in the order of the source. */
    private List<ExecutableElement> entryMethods(TypeElement type) {
        return ElementFilter.methodsIn(elements.getAllMembers(type)).stream()
                .filter(method -> Annotations.has(method, Entry.class))
                .sorted(Comparator.<ExecutableElement>comparingInt(method -> method.getEnclosingElement().equals(type) ? 1 : 0)
                        .thenComparing(method -> method.getEnclosingElement().toString())
                        .thenComparingInt(method -> method.getEnclosingElement().getEnclosedElements().indexOf(method)))
                .toList();
    }

    private static String describe(Element element) {
        return switch (element.getKind()) {
            case INTERFACE -> "an interface";
            case ANNOTATION_TYPE -> "an annotation";
            case RECORD -> "a record";
            case ENUM -> "an enum";
            default -> "this";
        };
    }
}
