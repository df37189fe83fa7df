package io.toroid.processor.model;

import io.toroid.op.Parameter;
import io.toroid.op.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that a loaded model keeps between calls: where each state lies in it.
 *
 * @param rows in the order of the model's fields
 * @param bytes of all
 */
public record StateTable(List<Row> rows, long bytes) {

    private static final long ALIGNMENT = 64;

    /** @param offset in bytes, a multiple of 64 */
    public record Row(String name, Parameter state, long offset) {

        public TensorType type() {
            return state.type();
        }

        public long bytes() {
            return type().shape().numel().constant() * type().dtype().bytes();
        }
    }

    public StateTable {
        rows = List.copyOf(rows);
    }

    /** Lays out the states of a model. */
    public static StateTable of(TracedModel model) {
        List<Row> rows = new ArrayList<>();
        long[] place = {0};
        model.states().forEach((name, state) -> {
            Row row = new Row(name, state, place[0]);
            rows.add(row);
            place[0] += Math.ceilDiv(Math.max(1, row.bytes()), ALIGNMENT) * ALIGNMENT;
        });
        return new StateTable(rows, place[0]);
    }

    /** The place of a state. */
    public long offset(String name) {
        return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow().offset();
    }
}
