package io.toroid.op;

import io.toroid.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

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

    /** The body, once all bodies of the call have been lifted. */
    Body body(List<Tensor> lifted) {
        List<Tensor> inputs = new ArrayList<>(own);
        inputs.addAll(captured.values());
        return new Body(inputs, lifted);
    }

    /** The outputs in terms of the bodies' inputs. */
    List<Tensor> lift(List<Tensor> outputs, long since) {
        Map<Tensor, Tensor> lifted = new HashMap<>();
        own.forEach(input -> lifted.put(input, input));
        for (Tensor output : outputs) {
            lift(output, since, lifted);
        }
        return outputs.stream().map(lifted::get).toList();
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
            known = Tensor.placeholder("captured_" + captured.size(), outer.type());
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
