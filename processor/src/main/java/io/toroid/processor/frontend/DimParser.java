package io.toroid.processor.frontend;

import io.toroid.Dim;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.model.DimDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/**
 * Reads the {@code @Dim} annotations of a model and of its entries. A dimension of an entry hides one of the model
 * with the same name; each must be used.
 */
final class DimParser {

    private final Annotations annotations;
    private final Reporter reporter;
    private final Map<String, Declared> ofModel;
    private final Set<Declared> used = new HashSet<>();
    private final List<Declared> all = new ArrayList<>();

    private record Declared(DimDescriptor dim, Element element, AnnotationMirror annotation) {
    }

    DimParser(Annotations annotations, Reporter reporter, TypeElement model) {
        this.annotations = annotations;
        this.reporter = reporter;
        this.ofModel = parse(model);
    }

    /** The dimensions that the specs of one entry may use. */
    Scope scope(ExecutableElement entry) {
        Map<String, Declared> visible = new LinkedHashMap<>(ofModel);
        visible.putAll(parse(entry));
        return new Scope(visible);
    }

    /** To be called when all entries have been read. */
    void reportUnused() {
        for (Declared declared : all) {
            if (!used.contains(declared)) {
                reporter.report(declared.element(), declared.annotation(), null, Diagnostic.DIM_UNUSED, declared.dim().name());
            }
        }
    }

    /** The dimensions visible in one entry. */
    final class Scope {

        private final Map<String, Declared> visible;

        private Scope(Map<String, Declared> visible) {
            this.visible = visible;
        }

        List<DimDescriptor> dims() {
            return visible.values().stream().map(Declared::dim).toList();
        }

        void markUsed(String name) {
            used.add(visible.get(name));
        }

        /** When a spec cannot be read, nobody knows what it would have used. */
        void markAllUsed() {
            used.addAll(visible.values());
        }
    }

    private Map<String, Declared> parse(Element element) {
        Map<String, Declared> dims = new LinkedHashMap<>();
        annotations.repeated(element, Dim.class, Dim.List.class).forEach(annotation -> {
            DimDescriptor dim = new DimDescriptor(
                    annotations.text(annotation, "name"),
                    annotations.number(annotation, "min"),
                    annotations.number(annotation, "max"),
                    annotations.number(annotation, "multipleOf"));
            boolean valid = isValid(dim, element, annotation);
            Declared declared = new Declared(
                    valid ? dim : new DimDescriptor(dim.name(), 0, Integer.MAX_VALUE, 1), element, annotation);
            if (dims.putIfAbsent(dim.name(), declared) != null) {
                reporter.report(element, annotation, "name", Diagnostic.DIM_DUPLICATE, dim.name());
            } else if (valid) {
                all.add(declared);
            }
        });
        return dims;
    }

    private boolean isValid(DimDescriptor dim, Element element, AnnotationMirror annotation) {
        if (!dim.name().matches("[A-Za-z]\\w*") || dim.name().equals("min") || dim.name().equals("max")) {
            reporter.report(element, annotation, "name", Diagnostic.DIM_NAME, dim.name());
            return false;
        }
        if (dim.min() < 0) {
            return refuse(dim, element, annotation, "min", "its smallest size is %d".formatted(dim.min()), "sizes are not negative");
        }
        if (dim.min() > dim.max()) {
            return refuse(dim, element, annotation, "min",
                    "its smallest size, %d, is larger than its largest, %d".formatted(dim.min(), dim.max()), "exchange min and max");
        }
        if (dim.multipleOf() < 1) {
            return refuse(dim, element, annotation, "multipleOf",
                    "it would be a multiple of %d".formatted(dim.multipleOf()), "give a positive number");
        }
        if (Math.ceilDiv(dim.min(), dim.multipleOf()) > dim.max() / dim.multipleOf()) {
            return refuse(dim, element, annotation, "multipleOf",
                    "there is no multiple of %d from %d to %d".formatted(dim.multipleOf(), dim.min(), dim.max()), "widen the range");
        }
        return true;
    }

    private boolean refuse(DimDescriptor dim, Element element, AnnotationMirror annotation, String member, String why, String hint) {
        reporter.report(element, annotation, member, Diagnostic.DIM_RANGE, dim.name(), why, hint);
        return false;
    }
}
