package io.toroid.processor.model;

import io.toroid.op.Parameter;
import io.toroid.runtime.weights.WeightSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What the frontend hands to the compiler: the expression graphs of a model's entries with its parameters bound to a
 * weight file. Nothing in it knows of javac, so it can be made by any frontend.
 *
 * @param className binary name of the model's class, such as {@code a.b.Digits}
 * @param facadeName qualified name of the façade, such as {@code a.b.CompiledDigits}
 * @param entries in the order in which the class declares them
 * @param parameters by the name that they have in {@code weights}, in field order; a parameter that several fields
 *     share stands once, under its first name
 * @param weights holds a tensor of the right type for each of the parameters; empty if there are none
 */
public record TracedModel(
        String className,
        String facadeName,
        List<TracedEntry> entries,
        SequencedMap<String, Parameter> parameters,
        WeightSource weights) {

    public TracedModel {
        entries = List.copyOf(entries);
        parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    }
}
