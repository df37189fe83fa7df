package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.CustomOperator;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The operators of the author's own that a model calls. */
public final class CustomOperators {

    private CustomOperators() {
    }

    /**
     * Each once, in the order of their names.
     *
     * @throws ProblemException if two have the same name, or the façade could not make one that computes in Java
     */
    public static List<CustomOperator> of(TracedModel model) {
        Map<String, CustomOperator> byTitle = new TreeMap<>();
        for (TracedEntry entry : model.entries()) {
            List<Tensor> roots = new ArrayList<>(entry.outputs());
            roots.addAll(entry.updates().values());
            in(new Graph(entry.name(), entry.inputs(), roots, new LinkedHashMap<>())).forEach(operator -> {
                CustomOperator other = byTitle.putIfAbsent(operator.title(), operator);
                if (other != null && !(other.getClass() == operator.getClass() && other.cpp().equals(operator.cpp()))) {
                    throw new ProblemException(Diagnostic.OPERATOR_TWICE, operator.title(), other.getClass(), operator.getClass());
                }
            });
        }
        byTitle.values().stream().filter(operator -> operator.cpp().isEmpty()).forEach(CustomOperators::requireConstructor);
        return List.copyOf(byTitle.values());
    }

    /** As often as they are called. */
    public static List<CustomOperator> in(Graph graph) {
        Collection<Graph> all = new ArrayList<>(Bodies.all(graph));
        return all.stream().flatMap(each -> each.calls().stream()).map(Call::operator)
                .flatMap(operator -> operator.custom().stream()).toList();
    }

    private static void requireConstructor(CustomOperator operator) {
        Class<?> type = operator.getClass();
        String wrong = type.isAnonymousClass() || type.isLocalClass() ? "it has no name outside its method"
                : type.isMemberClass() && !Modifier.isStatic(type.getModifiers()) ? "it is an inner class"
                : Stream.<Class<?>>iterate(type, each -> each != null, Class::getEnclosingClass).anyMatch(each -> !Modifier.isPublic(each.getModifiers()))
                ? "it is not public"
                : Stream.of(type.getConstructors()).noneMatch(constructor -> constructor.getParameterCount() == 0)
                ? "it has no public constructor without parameters" : null;
        if (wrong != null) {
            throw new ProblemException(Diagnostic.OPERATOR_CLASS, operator.title(), type, wrong);
        }
    }
}
