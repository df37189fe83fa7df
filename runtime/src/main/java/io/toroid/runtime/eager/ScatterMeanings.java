package io.toroid.runtime.eager;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.op.ScatterOperators;
import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;

/**
 * Writing at places that are themselves tensors: each operator becomes a list of writes, an element of a source to a place
 * of the result, which are done one after the other.
 */
final class ScatterMeanings {

    private ScatterMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("scatter.src", call -> write(call, REPLACE, elementwise(call, call.data("src"))));
        meanings.add("scatter.value", call -> write(call, REPLACE, elementwise(call, call.operand("value", call.dtype()))));
        meanings.add("scatter_add", call -> write(call, SUM, elementwise(call, call.data("src"))));
        meanings.add("scatter_reduce.two", ScatterMeanings::reduce);
        meanings.add("index_add", call -> write(call, SUM, rows(call, scaled(call), /* wraps= */ false)));
        meanings.add("index_copy", call -> write(call, REPLACE, rows(call, call.data("source"), /* wraps= */ false)));
        meanings.add("index_fill.int_Scalar",
                call -> write(call, REPLACE, rows(call, call.operand("value", call.dtype()), /* wraps= */ true)));
        meanings.add("index_put", call -> write(call, call.flag("accumulate") ? SUM : REPLACE, put(call)));
        meanings.add("masked_scatter", ScatterMeanings::masked);
    }

    /** How an element meets what stands at its place. */
    private record Combination(DoubleBinaryOperator floats, LongBinaryOperator integers) {
    }

    private static final Combination REPLACE = new Combination((_, x) -> x, (_, x) -> x);
    private static final Combination SUM = new Combination(Double::sum, Long::sum);
    private static final Combination PRODUCT = new Combination((a, x) -> a * x, (a, x) -> a * x);
    private static final Combination LARGEST = new Combination(Math::max, Math::max);
    private static final Combination SMALLEST = new Combination(Math::min, Math::min);

    /** Element {@code from[i]} of the source goes to place {@code to[i]}. */
    private record Writes(TensorData source, int[] to, int[] from) {
    }

    private static TensorData write(Invocation call, Combination combination, Writes writes) {
        TensorData self = call.data("self");
        TensorData source = Elements.convert(writes.source(), self.dtype());
        if (self.dtype().isFloating()) {
            double[] values = Elements.doubles(self);
            double[] coming = Elements.doubles(source);
            for (int i = 0; i < writes.to().length; i++) {
                int to = writes.to()[i];
                values[to] = combination.floats().applyAsDouble(values[to], coming[writes.from()[i]]);
            }
            return call.result(values);
        }
        long[] values = Elements.longs(self);
        long[] coming = Elements.longs(source);
        for (int i = 0; i < writes.to().length; i++) {
            int to = writes.to()[i];
            values[to] = combination.integers().applyAsLong(values[to], coming[writes.from()[i]]);
        }
        return call.result(values);
    }

    // ---- an index for each element

    private static Writes elementwise(Invocation call, TensorData source) {
        TensorData index = call.data("index");
        long[] indices = Elements.longs(index);
        long[] sizes = atLeastOne(call.sizes());
        int axis = call.axis("dim", sizes.length);
        long[] strides = Positions.strides(sizes);
        long[] across = strides.clone();
        across[axis] = 0;
        int[] starts = Positions.strided(atLeastOne(index.sizes()), across, 0);
        int[] to = new int[indices.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = Math.toIntExact(starts[i] + checked(call, indices[i], sizes[axis]) * strides[axis]);
        }
        boolean isValue = source.sizes().length == 0;
        return new Writes(source, to, isValue ? new int[to.length]
                : Positions.strided(atLeastOne(index.sizes()), Positions.strides(source.sizes()), 0));
    }

    private static long[] atLeastOne(long[] sizes) {
        return sizes.length == 0 ? new long[] {1} : sizes;
    }

    private static long checked(Invocation call, long index, long size) {
        if (index < 0 || index >= size) {
            throw call.mistake(Kind.INDEX, "index %d is out of range for an axis of %d elements".formatted(index, size));
        }
        return index;
    }

    private static long wrapped(Invocation call, long index, long size) {
        return checked(call, index < 0 && index >= -size ? index + size : index, size);
    }

    private static TensorData reduce(Invocation call) {
        Writes writes = elementwise(call, call.data("src"));
        boolean includes = call.flag("include_self");
        String reduction = call.arguments().text("reduce");
        Combination combination = switch (reduction) {
            case "sum", "mean" -> SUM;
            case "prod" -> PRODUCT;
            case "amax" -> LARGEST;
            case "amin" -> SMALLEST;
            default -> throw new IllegalArgumentException(reduction);
        };
        Writes rest = includes ? writes : writeFirst(call, writes);
        TensorData combined = includes
                ? write(call, combination, writes) : write(replaced(call, writes), combination, rest);
        return reduction.equals("mean") ? divided(call, combined, writes, includes) : combined;
    }

    /** The writes without the first one to each place. */
    private static Writes writeFirst(Invocation call, Writes writes) {
        boolean[] seen = new boolean[call.data("self").count()];
        int[] later = IntStream.range(0, writes.to().length).filter(i -> {
            boolean isLater = seen[writes.to()[i]];
            seen[writes.to()[i]] = true;
            return isLater;
        }).toArray();
        return new Writes(writes.source(), pick(writes.to(), i -> later[i], later.length), pick(writes.from(), i -> later[i], later.length));
    }

    private static int[] pick(int[] values, IntUnaryOperator which, int count) {
        return IntStream.range(0, count).map(i -> values[which.applyAsInt(i)]).toArray();
    }

    /** The same call on a tensor that has the first write of each place already: the last of those in reverse order. */
    private static Invocation replaced(Invocation call, Writes writes) {
        int last = writes.to().length - 1;
        Writes backwards = new Writes(writes.source(),
                pick(writes.to(), i -> last - i, last + 1), pick(writes.from(), i -> last - i, last + 1));
        TensorData begun = write(call, REPLACE, backwards);
        return new Invocation(call.operator(), call.arguments(), call.results(),
                tensor -> tensor == call.arguments().tensor("self") ? begun : call.values().apply(tensor), call.position());
    }

    private static TensorData divided(Invocation call, TensorData sums, Writes writes, boolean includes) {
        long[] counts = new long[sums.count()];
        Arrays.fill(counts, includes ? 1 : 0);
        for (int to : writes.to()) {
            counts[to]++;
        }
        if (sums.dtype().isFloating()) {
            double[] values = Elements.doubles(sums);
            Arrays.setAll(values, i -> values[i] / Math.max(1, counts[i]));
            return call.result(values);
        }
        long[] values = Elements.longs(sums);
        Arrays.setAll(values, i -> Math.floorDiv(values[i], Math.max(1, counts[i])));
        return call.result(values);
    }

    // ---- an index for each row

    private static TensorData scaled(Invocation call) {
        TensorData source = call.data("source");
        TensorData alpha = call.operand("alpha", source.dtype());
        if (source.dtype().isFloating()) {
            double[] values = Elements.doubles(source);
            double factor = Elements.doubles(alpha)[0];
            Arrays.setAll(values, i -> values[i] * factor);
            return Elements.of(source.dtype(), source.sizes(), values);
        }
        long[] values = Elements.longs(source);
        long factor = Elements.longs(alpha)[0];
        Arrays.setAll(values, i -> values[i] * factor);
        return Elements.of(source.dtype(), source.sizes(), values);
    }

    /** Of a source with the sizes of the result but along the dimension, or of one value. */
    private static Writes rows(Invocation call, TensorData source, boolean wraps) {
        long[] indices = Elements.longs(call.data("index"));
        long[] sizes = atLeastOne(call.sizes());
        int axis = call.axis("dim", sizes.length);
        long[] strides = Positions.strides(sizes);
        long[] sourceSizes = sizes.clone();
        sourceSizes[axis] = indices.length;
        long[] across = strides.clone();
        across[axis] = 0;
        long[] along = new long[sizes.length];
        along[axis] = 1;
        int[] starts = Positions.strided(sourceSizes, across, 0);
        int[] row = Positions.strided(sourceSizes, along, 0);
        int[] to = new int[starts.length];
        for (int i = 0; i < to.length; i++) {
            long index = indices[row[i]];
            long at = wraps ? wrapped(call, index, sizes[axis]) : checked(call, index, sizes[axis]);
            to[i] = Math.toIntExact(starts[i] + at * strides[axis]);
        }
        boolean isValue = source.count() == 1 && to.length != 1;
        return new Writes(source, to, isValue ? new int[to.length] : IntStream.range(0, to.length).toArray());
    }

    // ---- several indices, masks

    private static Writes put(Invocation call) {
        Selection selection = Selection.of(call);
        TensorData values = call.data("values");
        return new Writes(values, selection.positions(), Positions.broadcast(values.sizes(), selection.sizes()));
    }

    private static TensorData masked(Invocation call) {
        boolean[] mask = call.broadcast("mask", DType.BOOL).booleans();
        TensorData self = call.broadcast("self", call.dtype());
        TensorData source = call.data("source");
        int[] to = IntStream.range(0, mask.length).filter(i -> mask[i]).toArray();
        if (to.length > source.count()) {
            throw call.mistake(Kind.SHAPE, "the mask holds at %d places, but the source has only %d elements"
                    .formatted(to.length, source.count()));
        }
        Invocation broadcast = new Invocation(call.operator(), call.arguments(), call.results(), _ -> self, call.position());
        return write(broadcast, REPLACE, new Writes(source, to, IntStream.range(0, to.length).toArray()));
    }
}
