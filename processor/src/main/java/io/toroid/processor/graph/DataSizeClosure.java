package io.toroid.processor.graph;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Placeholder;
import io.toroid.shape.Check;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which sizes that depend on data a graph needs: those that its calls and outputs mention, and those of assertions. */
final class DataSizeClosure {

    private final Function<Symbol, Tensor> values;
    private final SequencedMap<Symbol, Tensor> found = new LinkedHashMap<>();
    private final Set<Tensor> seen = new HashSet<>();
    private final Deque<Tensor> open = new ArrayDeque<>();

    private DataSizeClosure(Function<Symbol, Tensor> values) {
        this.values = values;
    }

    /** Of what was just traced, where symbols know their sources. */
    static SequencedMap<Symbol, Tensor> ofTrace(List<Tensor> inputs, List<Tensor> outputs) {
        DataSizeClosure closure = new DataSizeClosure(symbol -> (Tensor) symbol.source().orElseThrow());
        closure.reach(outputs);
        Stream.concat(inputs.stream(), outputs.stream()).flatMap(tensor -> tensor.environment().stream()).findFirst().stream()
                .flatMap(environment -> environment.checks().stream()).flatMap(DataSizeClosure::sizes)
                .filter(size -> dependsOn(inputs, (Tensor) size.source().orElseThrow())).forEach(closure::add);
        closure.run();
        return closure.found;
    }

    /** Those of the given ones that are still used, with their values. */
    static SequencedMap<Symbol, Tensor> used(List<Tensor> outputs, SequencedMap<Symbol, Tensor> given) {
        if (given.isEmpty()) {
            return given;
        }
        DataSizeClosure closure = new DataSizeClosure(given::get);
        closure.reach(outputs);
        given.keySet().stream().flatMap(symbol -> symbol.owner().stream()).distinct()
                .flatMap(environment -> environment.checks().stream()).flatMap(DataSizeClosure::sizes).forEach(closure::add);
        closure.run();
        SequencedMap<Symbol, Tensor> used = new LinkedHashMap<>(given);
        used.keySet().retainAll(closure.found.keySet());
        return used;
    }

    private static Stream<Symbol> sizes(Check check) {
        return Stream.of(check.left(), check.right()).flatMap(size -> size.symbols().stream()).filter(Symbol::isData);
    }

    /** What an assertion within a branch or loop is about depends on that one's own inputs. */
    private static boolean dependsOn(List<Tensor> inputs, Tensor tensor) {
        return reached(List.of(tensor)).stream()
                .allMatch(leaf -> !(leaf.origin() instanceof Placeholder) || inputs.contains(leaf));
    }

    private static Set<Tensor> reached(Collection<Tensor> roots) {
        Set<Tensor> reached = new LinkedHashSet<>();
        Deque<Tensor> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            Tensor tensor = open.pop();
            if (reached.add(tensor) && tensor.origin() instanceof Call call) {
                open.addAll(call.arguments().operands());
            }
        }
        return reached;
    }

    private void reach(List<Tensor> outputs) {
        outputs.forEach(output -> output.shape().sizes().forEach(this::addAll));
        open.addAll(outputs);
        run();
    }

    private void addAll(Size size) {
        size.symbols().stream().filter(Symbol::isData).forEach(this::add);
    }

    private void add(Symbol size) {
        Tensor value = values.apply(size);
        if (value != null && found.putIfAbsent(size, value) == null) {
            open.add(value);
        }
    }

    private void run() {
        while (!open.isEmpty()) {
            Tensor tensor = open.pop();
            if (seen.add(tensor) && tensor.origin() instanceof Call call) {
                call.dataSizes().forEach(this::add);
                open.addAll(call.arguments().operands());
            }
        }
    }
}
