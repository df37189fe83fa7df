package io.toroid.processor.graph.pass;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.CustomOperator;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.processor.graph.Graph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Takes out of the entries what depends on no input: it is computed once, when the constants are made, and the entries
 * see the result as one more parameter. Entries that fold the same expression share it.
 *
 * <p>Left in the entries are views of a weight and creations, which cost no work there and would cost memory here; and results much larger
 * than all that they are made of, whose operands are taken out instead. It needs core operators, and stands after all other passes,
 * because it ends the view over the whole model.
 */
public final class SplitConstants {

    private static final String PREFIX = "_folded.";

    /** A folded tensor may have so many elements, or twice as many as the leaves below it. */
    private static final long GROWTH_LIMIT = 1 << 22;

    public SplitGraphs apply(List<Graph> entries) {
        SequencedSet<Tensor> hoisted = new LinkedHashSet<>();
        entries.forEach(entry -> hoisted.addAll(hoistedFrom(entry)));
        SequencedMap<String, Parameter> parameters = allParameters(entries);
        List<Tensor> wanted = List.copyOf(hoisted);
        Graph all = new Graph("constants", List.of(), wanted, parameters);
        List<Tensor> shared = new EliminateCommonSubexpressions().apply(all).outputs();

        SequencedMap<Tensor, Parameter> leaves = new LinkedHashMap<>();
        shared.forEach(tensor -> leaves.computeIfAbsent(tensor,
                missing -> new Parameter(Parameter.Kind.BUFFER, missing.type())));
        SequencedMap<String, Parameter> folded = named(leaves, parameters);
        Map<Tensor, Tensor> replacements = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            replacements.put(wanted.get(i), Tensor.leaf(leaves.get(shared.get(i))));
        }
        List<Graph> mains = entries.stream().map(entry -> main(entry, replacements, folded)).toList();
        Graph constants = new Graph("constants", List.of(), List.copyOf(leaves.keySet()), parameters);
        return new SplitGraphs(mains, constants, folded);
    }

    private static SequencedMap<String, Parameter> allParameters(List<Graph> entries) {
        SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
        entries.forEach(entry -> parameters.putAll(entry.parameters()));
        return parameters;
    }

    /** A folded tensor is named for the largest of the weights that it is made of, and numbered if that is not enough. */
    private static SequencedMap<String, Parameter> named(
            SequencedMap<Tensor, Parameter> leaves, SequencedMap<String, Parameter> parameters) {
        Map<Parameter, String> names = new IdentityHashMap<>();
        parameters.forEach((name, parameter) -> names.put(parameter, name));
        SequencedMap<String, Parameter> folded = new LinkedHashMap<>();
        leaves.forEach((tensor, parameter) -> {
            String stem = PREFIX + largestWeight(tensor, names).orElse("constant");
            String name = stem;
            for (int number = 1; parameters.containsKey(name) || folded.containsKey(name); number++) {
                name = stem + "_" + number;
            }
            folded.put(name, parameter);
        });
        return folded;
    }

    private static Optional<String> largestWeight(Tensor tensor, Map<Parameter, String> names) {
        Optional<Tensor> largest = Optional.empty();
        for (Tensor leaf : new Graph("expression", List.of(), List.of(tensor), new LinkedHashMap<>()).leaves()) {
            if (leaf.origin() instanceof Parameter parameter && names.containsKey(parameter) && largest.filter(known -> elements(known) >= elements(leaf)).isEmpty()) {
                largest = Optional.of(leaf);
            }
        }
        return largest.map(leaf -> names.get((Parameter) leaf.origin()));
    }

    private static long elements(Tensor tensor) {
        return tensor.shape().numel().constant();
    }

    private static Graph main(Graph entry, Map<Tensor, Tensor> replacements, SequencedMap<String, Parameter> folded) {
        SequencedMap<String, Parameter> parameters = new LinkedHashMap<>(entry.parameters());
        parameters.putAll(folded);
        return entry.substitute(replacements).withParameters(parameters);
    }

    // ---- what is taken out of one entry

    private static SequencedSet<Tensor> hoistedFrom(Graph entry) {
        List<Call> calls = entry.calls();
        Set<Call> fixed = fixedCalls(calls);
        Map<Tensor, Long> leafCounts = new HashMap<>();
        SequencedSet<Tensor> frontier = new LinkedHashSet<>();
        for (Call call : calls) {
            if (!fixed.contains(call)) {
                frontier.addAll(call.arguments().operands());
            }
        }
        frontier.addAll(entry.roots());
        SequencedSet<Tensor> hoisted = new LinkedHashSet<>();
        List<Tensor> open = new ArrayList<>(frontier);
        Set<Tensor> seen = new HashSet<>(open);
        for (int i = 0; i < open.size(); i++) {
            Tensor tensor = open.get(i);
            if (!(tensor.origin() instanceof Call call) || !fixed.contains(call) || CoreOperators.isCreation(call.operator())) {
                continue;
            }
            if (CoreOperators.isView(call.operator()) || tooLarge(tensor, leafCounts)) {
                call.arguments().operands().stream().filter(seen::add).forEach(open::add);
            } else {
                hoisted.add(tensor);
            }
        }
        return hoisted;
    }

    /** Calls that depend on no input and on no dynamic size; what runs in Java or PyTorch has no part in making constants. */
    private static Set<Call> fixedCalls(List<Call> calls) {
        Set<Call> fixed = new HashSet<>();
        for (Call call : calls) {
            boolean operandsFixed = call.arguments().operands().stream().allMatch(operand -> switch (operand.origin()) {
                case Placeholder _ -> false;
                case Call below -> fixed.contains(below);
                case Parameter _, Constant _ -> true;
            });
            boolean sizesFixed = call.types().stream().allMatch(type -> type.shape().isStatic());
            boolean runsElsewhere = call.operator().custom().filter(own -> own.host() != CustomOperator.Host.LIBRARY).isPresent();
            if (!runsElsewhere && operandsFixed && sizesFixed && StaticArguments.areAll(call.arguments())) {
                fixed.add(call);
            }
        }
        return fixed;
    }

    private static boolean tooLarge(Tensor tensor, Map<Tensor, Long> leafCounts) {
        long count = tensor.shape().numel().constant();
        return count > GROWTH_LIMIT && count > 2 * leafCounts.computeIfAbsent(tensor, SplitConstants::elementsBelow);
    }

    private static long elementsBelow(Tensor tensor) {
        Graph expression = new Graph("expression", List.of(), List.of(tensor), new LinkedHashMap<>());
        return expression.leaves().stream().mapToLong(leaf -> leaf.shape().numel().constant()).sum();
    }
}
