package io.toroid.processor.loop.verify;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An element that a loop reads or writes.
 *
 * @param guards under which it happens
 * @param variables that run
 */
public record Access(Buffer buffer, List<Size> indices, List<Scalar.Guarded.Bound> guards, List<Symbol> variables) {

    private static final long POINTS = 100;

    /** All reads of a scalar. */
    public static List<Access> reads(Scalar scalar, List<Symbol> variables) {
        List<Access> reads = new ArrayList<>();
        collect(scalar, variables, List.of(), reads);
        return reads;
    }

    private static void collect(
            Scalar scalar, List<Symbol> variables, List<Scalar.Guarded.Bound> guards, List<Access> into) {
        List<Scalar.Guarded.Bound> inner = guards;
        switch (scalar) {
            case Scalar.Load load -> into.add(new Access(load.buffer(), load.indices(), guards, variables));
            case Scalar.Gather gather -> into.add(new Access(gather.buffer(), gather.indices(), guards(gather, guards), variables));
            case Scalar.Guarded guarded -> {
                inner = new ArrayList<>(guards);
                inner.addAll(guarded.bounds());
            }
            case Scalar.Literal _, Scalar.Index _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _, Scalar.Convert _ -> { }
        }
        for (Scalar operand : scalar.operands()) {
            collect(operand, variables, inner, into);
        }
    }

    /** Of an axis without elements a gather takes none: every index is out of range, which the run reports. */
    private static List<Scalar.Guarded.Bound> guards(Scalar.Gather gather, List<Scalar.Guarded.Bound> guards) {
        List<Scalar.Guarded.Bound> all = new ArrayList<>(guards);
        gather.lookups().forEach(lookup ->
                all.add(new Scalar.Guarded.Bound(Size.ZERO, gather.buffer().shape().get(lookup.axis()))));
        return all;
    }

    /** Says what is wrong with it, if a sample shows that. */
    public Optional<String> problem(List<Sample> samples) {
        if (indices.size() != buffer.shape().rank()) {
            return Optional.of("%s has %d indices, but %s has the shape %s"
                    .formatted(this, indices.size(), buffer, buffer.shape()));
        }
        List<String> found = new ArrayList<>();
        for (Sample sample : samples) {
            sample.forEachPoint(variables, POINTS, point -> {
                if (found.isEmpty() && happens(point)) {
                    check(point, found);
                }
            });
        }
        return found.stream().findFirst();
    }

    private boolean happens(Sample.Point point) {
        return guards.stream().allMatch(bound -> {
            long index = point.value(bound.index());
            return 0 <= index && index < point.value(bound.limit());
        });
    }

    private void check(Sample.Point point, List<String> found) {
        for (int dim = 0; dim < indices.size(); dim++) {
            long index = point.value(indices.get(dim));
            long size = point.value(buffer.shape().get(dim));
            if (index < 0 || index >= size) {
                found.add("%s is out of bounds: index %d of dimension %d, which has %d%s"
                        .formatted(this, index, dim, size, point.where()));
                return;
            }
        }
    }

    @Override
    public String toString() {
        return buffer + indices.toString();
    }
}
