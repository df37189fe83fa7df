package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.shape.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes bodies of what lambdas have computed. What was there before a lambda ran is not computed in it: it becomes an
 * operand of the call, which all bodies of the call see as the same placeholder.
 */
final class BodyBuilder {

    private final List<Tensor> own;
    private final SequencedMap<Tensor, Tensor> captured = new LinkedHashMap<>();

    /** @param own placeholders that all bodies have first */
    BodyBuilder(List<Tensor> own) {
        this.own = List.copyOf(own);
    }

    /** A moment; {@link #lift} takes what was called after it into the body. */
    static long now() {
        return Call.created();
    }

    /** Tensors from outside, in the order of the bodies' further inputs. */
    List<Tensor> captured() {
        return List.copyOf(captured.keySet());
    }

    /** Outputs in terms of a body's inputs, and what gives the sizes that depend on data within the body their values. */
    record Lifted(List<Tensor> outputs, SequencedMap<Symbol, Tensor> sizes) {
    }

    /** The body, once all bodies of the call have been lifted. */
    Body body(Lifted lifted) {
        List<Tensor> inputs = new ArrayList<>(own);
        inputs.addAll(captured.values());
        return new Body(inputs, lifted.outputs(), lifted.sizes());
    }

    /**
     * The outputs in terms of the bodies' inputs.
     *
     * @param since what was called after it belongs to the bodies of this call
     * @param begun when the lambda of this one began
     */
    Lifted lift(List<Tensor> outputs, long since, long begun) {
        Map<Tensor, Tensor> lifted = new LinkedHashMap<>();
        own.forEach(input -> lifted.put(input, input));
        for (Tensor output : outputs) {
            lift(output, since, lifted);
        }
        SequencedMap<Symbol, Tensor> sizes = new LinkedHashMap<>();
        Deque<Symbol> open = new ArrayDeque<>(asserted(lifted.keySet(), begun));
        lifted.keySet().forEach(tensor -> open.addAll(sizesOf(tensor)));
        while (!open.isEmpty()) {
            Symbol size = open.pop();
            Tensor source = (Tensor) size.source().orElseThrow();
            if (sizes.containsKey(size) || !isInner(source, since)) {
                continue;
            }
            Set<Tensor> before = Set.copyOf(lifted.keySet());
            lift(source, since, lifted);
            sizes.put(size, lifted.get(source));
            lifted.keySet().stream().filter(tensor -> !before.contains(tensor)).forEach(tensor -> open.addAll(sizesOf(tensor)));
        }
        return new Lifted(outputs.stream().map(lifted::get).toList(), sizes);
    }

    private boolean isInner(Tensor tensor, long since) {
        return own.contains(tensor) || tensor.origin() instanceof Call call && call.number() > since;
    }

    private static Set<Symbol> sizesOf(Tensor tensor) {
        return tensor.origin() instanceof Call call ? call.dataSizes() : Set.of();
    }

    /** Sizes of this body that an assertion is about, whether the body uses them or not. */
    private List<Symbol> asserted(Set<Tensor> reached, long begun) {
        return Stream.concat(reached.stream(), own.stream()).flatMap(tensor -> tensor.environment().stream()).findFirst().stream()
                .flatMap(environment -> environment.checks().stream())
                .flatMap(check -> Stream.concat(DataSizes.in(check.left()), DataSizes.in(check.right())))
                .filter(size -> isInner((Tensor) size.source().orElseThrow(), begun)).distinct().toList();
    }

    private void lift(Tensor root, long since, Map<Tensor, Tensor> lifted) {
        Deque<Tensor> waiting = new ArrayDeque<>();
        waiting.push(root);
        while (!waiting.isEmpty()) {
            Tensor tensor = waiting.peek();
            int before = waiting.size();
            if (!lifted.containsKey(tensor) && tensor.origin() instanceof Call call && call.number() > since) {
                call.arguments().operands().reversed().stream().filter(operand -> !lifted.containsKey(operand)).forEach(waiting::push);
            }
            if (waiting.size() == before) {
                waiting.pop();
                if (!lifted.containsKey(tensor)) {
                    lift(tensor, since, lifted, tensor.origin());
                }
            }
        }
    }

    private Tensor capture(Tensor outer) {
        Tensor known = captured.get(outer);
        if (known == null) {
            known = Tensor.placeholder("captured_" + captured.size(), outer.type(), outer.environment().orElse(null));
            captured.put(outer, known);
        }
        return known;
    }

    private void lift(Tensor tensor, long since, Map<Tensor, Tensor> lifted, Origin origin) {
        switch (origin) {
            case Call call when call.number() > since -> {
                UpdateOperators.refuseInBody(call);
                List<Tensor> results = call.operator().apply(call.arguments().withTensors(lifted::get), call.source());
                for (int i = 0; i < results.size(); i++) {
                    lifted.put(Tensor.result(call, i), results.get(i));
                }
            }
            case Constant(TensorData data) when data.count() == 1 -> lifted.put(tensor, tensor);
            case Call _, Placeholder _, Parameter _, Constant _ -> lifted.put(tensor, capture(tensor));
        }
    }
}
