package io.toroid.runtime.eager;

import io.toroid.SourcePosition;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.nn.Parameters;
import io.toroid.op.Parameter;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Brings a model's parameters and the weights of their names together; a state without one is zeros. Weights that no parameter has are left alone. */
final class BoundWeights {

    private BoundWeights() {
    }

    static Map<Parameter, TensorData> bind(Object model, Set<String> names, Function<String, TensorData> weights) {
        Map<Parameter, TensorData> bound = new IdentityHashMap<>();
        List<String> problems = new ArrayList<>();
        Map<String, Parameter> parameters = Parameters.named(model);
        Set<String> unused = new TreeSet<>(names);
        unused.removeAll(parameters.keySet());
        parameters.forEach((name, parameter) -> {
            if (!names.contains(name) && parameter.kind() == Parameter.Kind.STATE) {
                bound.put(parameter, Elements.zeros(parameter.type()));
                return;
            }
            if (!names.contains(name)) {
                problems.add("%s %s is missing".formatted(name, parameter.type()));
                return;
            }
            TensorData data = weights.apply(name);
            TensorType type = data.type();
            if (!type.equals(parameter.type())) {
                problems.add("%s must be %s, not %s".formatted(name, parameter.type(), type));
            }
            bound.put(parameter, data);
        });
        if (!problems.isEmpty()) {
            throw new TensorException(Kind.ARGUMENT, "the weights do not fit %s: %s%s".formatted(
                    model.getClass().getSimpleName(), String.join("; ", problems), hint(unused)), SourcePosition.UNKNOWN);
        }
        return bound;
    }

    private static String hint(Set<String> unused) {
        return unused.isEmpty() ? "" : ". Weights without a parameter: " + String.join(", ", unused);
    }
}
