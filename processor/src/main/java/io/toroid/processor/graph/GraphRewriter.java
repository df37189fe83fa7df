package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Rebuilds expressions with an explicit stack. A call is finished in three steps: its operands, then the call itself
 * on the new operands, then, if the rule gives something else, the calls of which that is made.
 *
 * <p>Operators called inside a rule record themselves and the line of the rule. Calls that a rule has made are therefore
 * applied once more, on behalf of what the author wrote for the call that they replace.
 */
final class GraphRewriter {

    /** Replacements of replacements; a rule that goes beyond is running in circles. */
    private static final int MAXIMUM_DEPTH = 100;

    private final Map<Tensor, Tensor> substitution;
    private final Function<Call, Optional<List<Tensor>>> rule;
    private final Map<Call, List<Tensor>> finished = new IdentityHashMap<>();
    private final Set<Call> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Call> original = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Task> stack = new ArrayDeque<>();

    /** One call on its way. */
    private static final class Task {
        final Call call;
        final Call.Source source;
        final int depth;
        Call rebuilt;
        List<Tensor> replacement;

        Task(Call call, Call.Source source, int depth) {
            this.call = call;
            this.source = source;
            this.depth = depth;
        }
    }

    GraphRewriter(Map<Tensor, Tensor> substitution, Function<Call, Optional<List<Tensor>>> rule) {
        this.substitution = substitution;
        this.rule = rule;
    }

    List<Tensor> rewrite(List<Tensor> outputs) {
        original.addAll(Graph.calls(outputs, Map.of()));
        for (Tensor output : outputs) {
            push(output, null, 0);
            while (!stack.isEmpty()) {
                advance(stack.peek());
            }
        }
        return outputs.stream().map(this::replaced).toList();
    }

    private void advance(Task task) {
        if (finished.containsKey(task.call)) {
            stack.pop();
            return;
        }
        open.add(task.call);
        if (task.rebuilt == null) {
            if (!pushAll(task.call.arguments().operands(), task, task.depth)) {
                rebuild(task);
            }
        } else if (!pushAll(task.replacement, task, task.depth + 1)) {
            finish(task, task.replacement.stream().map(this::replaced).toList());
        }
    }

    private void rebuild(Task task) {
        task.rebuilt = onNewOperands(task.call, task.source);
        List<Tensor> results = task.rebuilt.results();
        List<Tensor> replacement = rule.apply(task.rebuilt).orElse(results);
        if (replacement.equals(results)) {
            finish(task, results);
            return;
        }
        checkTypes(task.rebuilt, replacement);
        if (task.depth == MAXIMUM_DEPTH) {
            throw new IllegalStateException("the rewriting of %s does not settle".formatted(task.call));
        }
        task.replacement = replacement;
    }

    private Call onNewOperands(Call call, Call.Source source) {
        List<Tensor> operands = call.arguments().operands();
        boolean unchanged = operands.stream().allMatch(operand -> operand.equals(replaced(operand)));
        if (unchanged && source.equals(call.source())) {
            return call;
        }
        Arguments arguments = call.arguments().withTensors(this::replaced);
        return (Call) call.operator().apply(arguments, source).getFirst().origin();
    }

    private void finish(Task task, List<Tensor> results) {
        stack.pop();
        open.remove(task.call);
        finished.put(task.call, results);
        finished.put(task.rebuilt, results);
        for (Tensor result : results) {
            if (result.origin() instanceof Call call) {
                finished.putIfAbsent(call, call.results());
            }
        }
    }

    /** Pushes those that are not finished; says whether there were any. */
    private boolean pushAll(List<Tensor> tensors, Task user, int depth) {
        boolean any = false;
        for (Tensor tensor : tensors.reversed()) {
            any |= push(tensor, user, depth);
        }
        return any;
    }

    private boolean push(Tensor tensor, Task user, int depth) {
        Tensor target = substituted(tensor);
        if (!(target.origin() instanceof Call call) || finished.containsKey(call)) {
            return false;
        }
        if (open.contains(call)) {
            throw new IllegalStateException("the replacement of %s depends on itself".formatted(call));
        }
        stack.push(new Task(call, sourceOf(call, tensor, user), depth));
        return true;
    }

    /** What a rule or a substitution has made stands for what the replaced call stood for. */
    private Call.Source sourceOf(Call call, Tensor wanted, Task user) {
        if (original.contains(call)) {
            return call.source();
        }
        if (wanted.origin() instanceof Call replacedCall && original.contains(replacedCall)) {
            return replacedCall.source();
        }
        return user == null ? call.source() : user.source;
    }

    private Tensor replaced(Tensor tensor) {
        Tensor target = substituted(tensor);
        return target.origin() instanceof Call call ? finished.get(call).get(target.index()) : target;
    }

    private Tensor substituted(Tensor tensor) {
        Tensor target = tensor;
        for (int steps = 0; substitution.containsKey(target); steps++) {
            if (steps > substitution.size()) {
                throw new IllegalStateException("the replacement of %s is itself".formatted(tensor.origin()));
            }
            target = substitution.get(target);
        }
        return target;
    }

    private static void checkTypes(Call call, List<Tensor> replacement) {
        List<?> types = replacement.stream().map(Tensor::type).toList();
        if (!types.equals(call.types())) {
            throw new IllegalStateException("%s gives %s, but its replacement gives %s"
                    .formatted(call, call.types(), types));
        }
    }
}
