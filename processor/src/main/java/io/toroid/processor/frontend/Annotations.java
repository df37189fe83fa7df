package io.toroid.processor.frontend;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.Elements;

/** Reads annotations as mirrors, which keep the positions that messages need. */
final class Annotations {

    private final Elements elements;

    Annotations(Elements elements) {
        this.elements = elements;
    }

    /** The annotation of the given type, if the element has it. */
    static Optional<AnnotationMirror> find(Element element, Class<?> type) {
        return all(element, type).findFirst();
    }

    static boolean has(Element element, Class<?> type) {
        return find(element, type).isPresent();
    }

    /** The annotations of a repeatable type, also when the compiler has put them into their container. */
    Stream<AnnotationMirror> repeated(Element element, Class<?> type, Class<?> container) {
        return Stream.concat(
                all(element, type),
                all(element, container).flatMap(list -> ((List<?>) value(list, "value").getValue()).stream()
                        .map(item -> (AnnotationMirror) ((AnnotationValue) item).getValue())));
    }

    /** A member's value, its default if it is not written. */
    AnnotationValue value(AnnotationMirror annotation, String member) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry
                : elements.getElementValuesWithDefaults(annotation).entrySet()) {
            if (entry.getKey().getSimpleName().contentEquals(member)) {
                return entry.getValue();
            }
        }
        throw new IllegalArgumentException("%s has no member %s".formatted(annotation, member));
    }

    /** A member's value as text; empty if the source is broken there. */
    String text(AnnotationMirror annotation, String member) {
        return value(annotation, member).getValue() instanceof String text ? text : "";
    }

    /** A member's value as texts: one if no array is written. */
    List<String> texts(AnnotationMirror annotation, String member) {
        return value(annotation, member).getValue() instanceof List<?> list
                ? list.stream().map(item -> ((AnnotationValue) item).getValue()).filter(String.class::isInstance).map(String.class::cast).toList()
                : List.of(text(annotation, member));
    }

    /** The class that a member's value names; empty if the source is broken there. */
    Optional<TypeElement> type(AnnotationMirror annotation, String member) {
        return value(annotation, member).getValue() instanceof DeclaredType type
                ? Optional.of((TypeElement) type.asElement()) : Optional.empty();
    }

    /** A member's value as a number; zero if the source is broken there. */
    long number(AnnotationMirror annotation, String member) {
        return value(annotation, member).getValue() instanceof Number number ? number.longValue() : 0;
    }

    private static Stream<AnnotationMirror> all(Element element, Class<?> type) {
        return element.getAnnotationMirrors().stream()
                .filter(mirror -> ((TypeElement) mirror.getAnnotationType().asElement())
                        .getQualifiedName().contentEquals(type.getCanonicalName()))
                .map(AnnotationMirror.class::cast);
    }
}
