package io.toroid.processor.frontend;

import io.toroid.processor.model.ModelDescriptor;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/**
 * A model's descriptor with the elements of this round that it was read from: where its problems are shown.
 *
 * @param annotation the {@code @Model} on the class
 * @param entries the entry methods by name
 */
public record ParsedModel(
        ModelDescriptor descriptor,
        TypeElement element,
        AnnotationMirror annotation,
        Map<String, ExecutableElement> entries) {

    public ParsedModel {
        entries = Map.copyOf(entries);
    }
}
