package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.shape.Symbol;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A graph that a call runs: a branch, or what a loop repeats. It is closed: its calls reach nothing but its own inputs and
 * single numbers. Weights are operands of the call, as is all else that it uses; only sizes it may have from outside.
 *
 * @param inputs placeholders
 * @param sizes the sizes that depend on data within the body, each with the tensor that gives it its value
 */
public record Body(List<Tensor> inputs, List<Tensor> outputs, SequencedMap<Symbol, Tensor> sizes) {
    public Body {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        sizes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sizes));
    }

    /** Types of the outputs. */
    public List<TensorType> types() {
        return outputs.stream().map(Tensor::type).toList();
    }

    /** The sizes depending on data that it has from outside. */
    public Set<Symbol> outerSizes() {
        Set<Symbol> used = new LinkedHashSet<>();
        Set<Tensor> seen = new HashSet<>();
        Deque<Tensor> open = new ArrayDeque<>(outputs);
        open.addAll(sizes.values());
        while (!open.isEmpty()) {
            Tensor tensor = open.pop();
            if (seen.add(tensor) && tensor.origin() instanceof Call call) {
                used.addAll(call.dataSizes());
                open.addAll(call.arguments().operands());
            }
        }
        inputs.forEach(input -> input.shape().sizes().forEach(size -> DataSizes.in(size).forEach(used::add)));
        used.removeAll(sizes.keySet());
        return used;
    }
}
