package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** The {@link UpdateOperators#UPDATING updates} that hang on the results of an entry. */
public final class Updates {

    private Updates() {
    }

    /**
     * What each target holds when the call ends, in the order of their calls.
     *
     * @throws TensorException if a target gets two values
     */
    public static SequencedMap<Tensor, Tensor> of(Tensor... results) {
        return of(List.of(results));
    }

    /** As above. */
    public static SequencedMap<Tensor, Tensor> of(List<Tensor> results) {
        List<Call> updating = new ArrayList<>(calls(results));
        updating.sort((first, second) -> Long.compare(first.number(), second.number()));
        SequencedMap<Tensor, Tensor> updates = new LinkedHashMap<>();
        for (Call call : updating) {
            Tensor target = call.arguments().tensor("target");
            Tensor value = call.arguments().tensor("value");
            Tensor other = updates.putIfAbsent(target, value);
            if (other != null && !other.equals(value)) {
                throw new TensorException(Kind.ARGUMENT,
                        "updating: the target %s gets two values in one call; compute one of both, and update it once"
                                .formatted(target.type()), call.position());
            }
        }
        return updates;
    }

    private static List<Call> calls(List<Tensor> results) {
        List<Call> updating = new ArrayList<>();
        Set<Call> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Tensor> open = new ArrayDeque<>(results);
        while (!open.isEmpty()) {
            if (open.pop().origin() instanceof Call call && seen.add(call)) {
                if (call.operator() == UpdateOperators.UPDATING) {
                    updating.add(call);
                }
                open.addAll(call.arguments().operands());
            }
        }
        return updating;
    }
}
