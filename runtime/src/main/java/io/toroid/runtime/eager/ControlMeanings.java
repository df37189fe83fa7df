package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.op.Body;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Branches and loops of a traced model: they run the graphs that they hold. */
final class ControlMeanings {

    private ControlMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.put("toroid.cond.default", ControlMeanings::branch);
        meanings.put("toroid.while_loop.default", ControlMeanings::repeat);
        // The target is memory of the caller or of the model; the evaluator is asked for what it holds then.
        meanings.put("toroid.updating.default", call -> List.of(call.data("self")));
    }

    private static List<TensorData> branch(Invocation call) {
        String chosen = isTrue(call.data("predicate")) ? "if_true" : "if_false";
        return run(call, chosen, call.allData("captured"));
    }

    private static List<TensorData> repeat(Invocation call) {
        List<TensorData> captured = call.allData("captured");
        List<TensorData> carried = call.allData("carried");
        while (isTrue(run(call, "condition", join(carried, captured)).getFirst())) {
            carried = run(call, "body", join(carried, captured));
        }
        return carried;
    }

    private static List<TensorData> join(List<TensorData> carried, List<TensorData> captured) {
        List<TensorData> all = new ArrayList<>(carried);
        all.addAll(captured);
        return all;
    }

    private static List<TensorData> run(Invocation call, String parameter, List<TensorData> inputs) {
        Body body = call.arguments().body(parameter);
        Map<Placeholder, TensorData> values = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            values.put((Placeholder) body.inputs().get(i).origin(), inputs.get(i));
        }
        GraphEvaluation evaluation = new GraphEvaluation(
                weight -> {
                    throw new IllegalStateException("a body holds the parameter " + weight.type());
                }, values, new HashMap<>(), call.symbols(), body.sizes());
        return body.outputs().stream().map(evaluation::valueOf).toList();
    }

    private static boolean isTrue(TensorData value) {
        return Elements.convert(value, DType.BOOL).booleans()[0];
    }
}
