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
 * @param states what calls change, by the names of their fields; those with a first value are among the parameters too
 */
public record TracedModel(
        String className,
        String facadeName,
        List<TracedEntry> entries,
        SequencedMap<String, Parameter> parameters,
        WeightSource weights,
        SequencedMap<String, Parameter> states) {

    public TracedModel {
        entries = List.copyOf(entries);
        states = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(states));
        parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    }

    /** Of a model without states. */
    public TracedModel(
            String className, String facadeName, List<TracedEntry> entries, SequencedMap<String, Parameter> parameters,
            WeightSource weights) {
        this(className, facadeName, entries, parameters, weights, new LinkedHashMap<>());
    }
}
