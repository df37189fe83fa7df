package io.toroid.processor.frontend;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Origin;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What a trace begins with: the placeholders, parameters and constants that tensors are computed from. */
final class Leaves {

    private Leaves() {
    }

    /** Each leaf with the line of a call that reads it, or with an unknown line if it is one of the tensors itself. */
    static SequencedMap<Origin, SourcePosition> of(List<Tensor> tensors) {
        SequencedMap<Origin, SourcePosition> leaves = new LinkedHashMap<>();
        Map<Origin, SourcePosition> readers = new IdentityHashMap<>();
        Deque<Tensor> open = new ArrayDeque<>();
        tensors.forEach(tensor -> reach(tensor, SourcePosition.UNKNOWN, readers, open));
        while (!open.isEmpty()) {
            Origin origin = open.pop().origin();
            if (origin instanceof Call call) {
                call.arguments().operands().forEach(operand -> reach(operand, call.position(), readers, open));
            } else {
                leaves.put(origin, readers.get(origin));
            }
        }
        return leaves;
    }

    private static void reach(Tensor tensor, SourcePosition reader, Map<Origin, SourcePosition> readers, Deque<Tensor> open) {
        if (readers.putIfAbsent(tensor.origin(), reader) == null) {
            open.add(tensor);
        }
    }
}
