package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.CustomOperator;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
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
        calls(model).flatMap(call -> call.operator().custom().stream()).forEach(operator -> {
            CustomOperator other = byTitle.putIfAbsent(operator.title(), operator);
            if (other != null && !(other.getClass() == operator.getClass() && other.cpp().equals(operator.cpp()))) {
                throw new ProblemException(Diagnostic.OPERATOR_TWICE, operator.title(), other.getClass(), operator.getClass());
            }
        });
        byTitle.values().stream().filter(operator -> operator.host() == CustomOperator.Host.JAVA).forEach(CustomOperators::requireConstructor);
        return List.copyOf(byTitle.values());
    }

    /**
     * For a library that has no PyTorch.
     *
     * @throws ProblemException at each line that calls an operator which only PyTorch computes
     */
    public static void requireNoPyTorch(TracedModel model) {
        List<Problem> problems = calls(model).filter(call -> call.operator().custom().filter(own -> own.host() == CustomOperator.Host.PYTORCH).isPresent())
                .map(call -> Problem.at(call.position(), Diagnostic.OPERATOR_NEEDS_PYTORCH, call.operator().custom().orElseThrow().title())).distinct().toList();
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
    }

    /** As often as they are called. */
    public static List<CustomOperator> in(Graph graph) {
        return calls(graph).flatMap(call -> call.operator().custom().stream()).toList();
    }

    private static Stream<Call> calls(TracedModel model) {
        return model.entries().stream().flatMap(entry -> {
            List<Tensor> roots = new ArrayList<>(entry.outputs());
            roots.addAll(entry.updates().values());
            return calls(new Graph(entry.name(), entry.inputs(), roots, new LinkedHashMap<>()));
        });
    }

    private static Stream<Call> calls(Graph graph) {
        Collection<Graph> all = new ArrayList<>(Bodies.all(graph));
        return all.stream().flatMap(each -> each.calls().stream());
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
