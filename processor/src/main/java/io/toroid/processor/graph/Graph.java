package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.shape.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * One entry at the graph level. The IR is the tensors' own expression graph: what the outputs reach, and nothing else,
 * so dead code never needs removing, and a pass rewrites by calling operators again.
 *
 * <p>Nothing here recurses over the graph: a chain of a hundred thousand calls is walked as easily as a short one.
 *
 * @param name of the entry
 * @param inputs the placeholders, in the order of the entry's parameters; an output need not depend on each
 * @param outputs in the order of the entry's results; one tensor may stand here twice
 * @param sizes the sizes that depend on data, each with the tensor that gives it its value: an {@code i64} of one element
 * @param parameters the model's weights by their qualified names; all that the outputs reach are among them
 */
public record Graph(
        String name, List<Tensor> inputs, List<Tensor> outputs, SequencedMap<Symbol, Tensor> sizes,
        SequencedMap<String, Parameter> parameters) {

    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        sizes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sizes));
        parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    }

    /** A traced graph: its sizes that depend on data are those that it uses or that assertions are about. */
    public Graph(String name, List<Tensor> inputs, List<Tensor> outputs, SequencedMap<String, Parameter> parameters) {
        this(name, inputs, outputs, DataSizeClosure.ofTrace(inputs, outputs), parameters);
    }

    /** What must be computed: the outputs, then the values of sizes. */
    public List<Tensor> roots() {
        List<Tensor> roots = new ArrayList<>(outputs);
        roots.addAll(sizes.values());
        return roots;
    }

    /** All calls that the roots reach, each after those it uses; the same order for the same graph. */
    public List<Call> calls() {
        return calls(roots(), sizes);
    }

    /**
     * All calls that the given tensors reach, each after those it uses.
     *
     * @param sizes gives sizes that depend on data their values; a call stands after those by which it knows its sizes
     */
    public static List<Call> calls(List<Tensor> roots, Map<Symbol, Tensor> sizes) {
        List<Call> order = new ArrayList<>();
        Set<Call> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Call> placed = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Call> stack = new ArrayDeque<>();
        for (Tensor root : roots) {
            pushUnseen(root, seen, stack);
            while (!stack.isEmpty()) {
                Call call = stack.peek();
                if (seen.add(call)) {
                    call.dataSizes().stream().filter(sizes::containsKey).forEach(size -> pushUnseen(sizes.get(size), seen, stack));
                    call.arguments().operands().reversed().forEach(operand -> pushUnseen(operand, seen, stack));
                } else {
                    stack.pop();
                    if (placed.add(call)) {
                        order.add(call);
                    }
                }
            }
        }
        return order;
    }

    private static void pushUnseen(Tensor tensor, Set<Call> seen, Deque<Call> stack) {
        if (tensor.origin() instanceof Call call && !seen.contains(call)) {
            stack.push(call);
        }
    }

    /** The calls that use a tensor, in order, once for each argument; tensors that only outputs use are absent. */
    public Map<Tensor, List<Call>> users() {
        Map<Tensor, List<Call>> users = new LinkedHashMap<>();
        for (Call call : calls()) {
            for (Tensor operand : call.arguments().operands()) {
                users.computeIfAbsent(operand, _ -> new ArrayList<>()).add(call);
            }
        }
        return users;
    }

    /** What depends on an input. */
    public Set<Tensor> dynamicTensors() {
        Set<Tensor> dynamic = new HashSet<>();
        for (Tensor leaf : leaves()) {
            if (leaf.origin() instanceof Placeholder) {
                dynamic.add(leaf);
            }
        }
        for (Call call : calls()) {
            if (call.arguments().operands().stream().anyMatch(dynamic::contains)) {
                dynamic.addAll(call.results());
            }
        }
        return dynamic;
    }

    /** The constants that the outputs reach, in order of first use. */
    public List<Constant> constants() {
        Set<Constant> found = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Constant> constants = new ArrayList<>();
        for (Tensor leaf : leaves()) {
            if (leaf.origin() instanceof Constant constant && found.add(constant)) {
                constants.add(constant);
            }
        }
        return constants;
    }

    /** Placeholders, parameters and constants that the outputs reach, in order of first use. */
    public List<Tensor> leaves() {
        SequencedMap<Tensor, Boolean> leaves = new LinkedHashMap<>();
        for (Call call : calls()) {
            call.arguments().operands().forEach(operand -> addLeaf(operand, leaves));
        }
        roots().forEach(root -> addLeaf(root, leaves));
        return List.copyOf(leaves.keySet());
    }

    private static void addLeaf(Tensor tensor, SequencedMap<Tensor, Boolean> leaves) {
        if (!(tensor.origin() instanceof Call)) {
            leaves.putIfAbsent(tensor, true);
        }
    }

    /**
     * Rebuilds the graph from the leaves up. The rule is offered each call after its operands have been rewritten; it
     * gives other tensors for the call's results, or nothing to leave the call alone. What it makes is offered to it
     * again, so that rules may build on each other, and keeps the source of the call that it replaces. Calls whose
     * operands did not change stay the same objects.
     *
     * @throws IllegalStateException if a rule gives results of other types, or never settles
     */
    public Graph rewrite(Function<Call, Optional<List<Tensor>>> rule) {
        return withRoots(new GraphRewriter(Map.of(), rule).rewrite(roots()));
    }

    /**
     * Rebuilds the graph with some tensors replaced. Replacements are written in terms of this graph: the keys that
     * they use themselves are replaced as well, so they must not depend on what they replace. New calls keep the source
     * of the call that they replace.
     */
    public Graph substitute(Map<Tensor, Tensor> replacements) {
        return withRoots(new GraphRewriter(replacements, _ -> Optional.empty()).rewrite(roots()));
    }

    /** Sizes that nothing uses any more are forgotten. */
    private Graph withRoots(List<Tensor> changed) {
        SequencedMap<Symbol, Tensor> values = new LinkedHashMap<>();
        int next = outputs.size();
        for (Symbol size : sizes.keySet()) {
            values.put(size, changed.get(next++));
        }
        List<Tensor> results = changed.subList(0, outputs.size());
        return new Graph(name, inputs, results, DataSizeClosure.used(results, values), parameters);
    }

    public Graph withParameters(SequencedMap<String, Parameter> changed) {
        return new Graph(name, inputs, outputs, sizes, changed);
    }

    /** Names for every value, unique and the same for the same graph. */
    public GraphNames names() {
        return GraphNames.of(this);
    }

    /** The text form. */
    @Override
    public String toString() {
        return GraphText.print(this);
    }
}
