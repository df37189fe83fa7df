package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Elements in another order, repeated, or in diagonals: for each index of the result, where its element comes from; -1
 * stands for none, and a number is put there.
 */
final class RearrangingMeanings {

    /** From an index of the result to the index of the operand; null if there is none. */
    @FunctionalInterface
    interface Origin {

        long[] of(long[] index);
    }

    private RearrangingMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("flip", RearrangingMeanings::flip);
        meanings.add("roll", RearrangingMeanings::roll);
        meanings.add("rot90", RearrangingMeanings::rot90);
        meanings.add("repeat", RearrangingMeanings::repeat);
        meanings.add("unfold", RearrangingMeanings::unfold);
        meanings.add("diagonal", RearrangingMeanings::diagonal);
        meanings.add("diag_embed", RearrangingMeanings::diagEmbed);
        meanings.add("trace", RearrangingMeanings::trace);
        meanings.add("tril", call -> triangle(call, /* below= */ true));
        meanings.add("triu", call -> triangle(call, /* below= */ false));
        meanings.add("pixel_shuffle", RearrangingMeanings::pixelShuffle);
        meanings.add("pixel_unshuffle", RearrangingMeanings::pixelUnshuffle);
        meanings.add("select_scatter", RearrangingMeanings::selectScatter);
        meanings.add("slice_scatter", RearrangingMeanings::sliceScatter);
        meanings.add("copy", call -> call.broadcast("src", call.dtype()));
        meanings.add("linalg_cross", RearrangingMeanings::cross);
        meanings.add("alias", call -> call.data("self"));
        meanings.addAll("split.Tensor", RearrangingMeanings::parts);
        meanings.addAll("split_with_sizes", RearrangingMeanings::parts);
        meanings.addAll("unbind.int", RearrangingMeanings::unbind);
    }

    /** The elements of the data at the origins of all indices of the sizes. */
    static TensorData pick(TensorData data, long[] sizes, Origin origin) {
        return pick(data, sizes, origin, data);
    }

    /** As above, with the first element of {@code otherwise} where there is no origin. */
    static TensorData pick(TensorData data, long[] sizes, Origin origin, TensorData otherwise) {
        long[] strides = Positions.strides(data.sizes());
        int[] positions = new int[Positions.count(sizes)];
        boolean[] missing = new boolean[positions.length];
        long[] index = new long[sizes.length];
        for (int i = 0; i < positions.length; i++) {
            unravel(i, sizes, index);
            long[] from = origin.of(index.clone());
            missing[i] = from == null;
            for (int axis = 0; from != null && axis < from.length; axis++) {
                positions[i] += (int) (from[axis] * strides[axis]);
            }
        }
        return merge(data, sizes, positions, missing, otherwise);
    }

    private static TensorData merge(TensorData data, long[] sizes, int[] positions, boolean[] missing, TensorData otherwise) {
        if (data.dtype().isFloating()) {
            double[] from = Elements.doubles(data);
            double[] result = new double[positions.length];
            for (int i = 0; i < result.length; i++) {
                result[i] = missing[i] ? Elements.doubles(otherwise)[0] : from[positions[i]];
            }
            return Elements.of(data.dtype(), sizes, result);
        }
        long[] from = Elements.longs(data);
        long[] result = new long[positions.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = missing[i] ? Elements.longs(otherwise)[0] : from[positions[i]];
        }
        return Elements.of(data.dtype(), sizes, result);
    }

    private static void unravel(long position, long[] sizes, long[] index) {
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            index[axis] = position % sizes[axis];
            position /= sizes[axis];
        }
    }

    private static TensorData pick(Invocation call, Origin origin) {
        return pick(call.data("self"), call.sizes(), origin);
    }

    private static TensorData zero(Invocation call) {
        return Elements.of(call.dtype(), new long[0], new long[] {0});
    }

    // ---- order

    private static TensorData flip(Invocation call) {
        long[] sizes = call.sizes();
        return pick(call, index -> {
            for (int dim : call.arguments().integers("dims")) {
                int axis = Invocation.axis(dim, Math.max(1, sizes.length));
                if (axis < sizes.length) {
                    index[axis] = sizes[axis] - 1 - index[axis];
                }
            }
            return index;
        });
    }

    private static TensorData roll(Invocation call) {
        int[] dims = call.arguments().integers("dims");
        int[] shifts = call.arguments().integers("shifts");
        if (dims.length == 0) {
            TensorData flat = Elements.reshape(call.data("self"), new long[] {call.data("self").count()});
            TensorData rolled = pick(flat, flat.sizes(), index -> new long[] {Math.floorMod(index[0] - shifts[0], flat.sizes()[0])});
            return Elements.reshape(rolled, call.sizes());
        }
        long[] sizes = call.sizes();
        return pick(call, index -> {
            for (int i = 0; i < dims.length; i++) {
                int axis = Invocation.axis(dims[i], Math.max(1, sizes.length));
                if (axis < sizes.length) {
                    index[axis] = Math.floorMod(index[axis] - shifts[i], sizes[axis]);
                }
            }
            return index;
        });
    }

    private static TensorData rot90(Invocation call) {
        int rank = call.sizes().length;
        int first = Invocation.axis(call.arguments().integers("dims")[0], rank);
        int second = Invocation.axis(call.arguments().integers("dims")[1], rank);
        long turns = Math.floorMod(call.arguments().integer("k"), 4L);
        long[] from = call.data("self").sizes();
        return pick(call, index -> {
            long row = index[first];
            long column = index[second];
            index[first] = turns == 0 ? row : turns == 1 ? column : turns == 2 ? from[first] - 1 - row : from[first] - 1 - column;
            index[second] = turns == 0 ? column : turns == 1 ? from[second] - 1 - row : turns == 2 ? from[second] - 1 - column : row;
            return index;
        });
    }

    private static TensorData repeat(Invocation call) {
        long[] sizes = call.data("self").sizes();
        return pick(call, index -> {
            long[] from = Arrays.copyOfRange(index, index.length - sizes.length, index.length);
            Arrays.setAll(from, axis -> from[axis] % sizes[axis]);
            return from;
        });
    }

    private static TensorData unfold(Invocation call) {
        long step = call.arguments().integer("step");
        int rank = call.data("self").sizes().length;
        if (rank == 0) {
            return pick(call, _ -> new long[0]);
        }
        int axis = call.axis("dimension", rank);
        return pick(call, index -> {
            long[] from = Arrays.copyOf(index, rank);
            from[axis] = index[axis] * step + index[rank];
            return from;
        });
    }

    // ---- diagonals

    private static TensorData diagonal(Invocation call) {
        int rank = call.data("self").sizes().length;
        int row = call.axis("dim1", rank);
        int column = call.axis("dim2", rank);
        long offset = call.arguments().integer("offset");
        return pick(call, index -> {
            long[] from = new long[rank];
            int next = 0;
            for (int axis = 0; axis < rank; axis++) {
                from[axis] = axis == row ? index[rank - 2] + Math.max(-offset, 0)
                        : axis == column ? index[rank - 2] + Math.max(offset, 0) : index[next++];
            }
            return from;
        });
    }

    private static TensorData diagEmbed(Invocation call) {
        int rank = call.sizes().length;
        int row = call.axis("dim1", rank);
        int column = call.axis("dim2", rank);
        long offset = call.arguments().integer("offset");
        return pick(call.data("self"), call.sizes(), index -> {
            if (index[column] - index[row] != offset) {
                return null;
            }
            List<Long> from = new ArrayList<>();
            for (int axis = 0; axis < rank; axis++) {
                if (axis != row && axis != column) {
                    from.add(index[axis]);
                }
            }
            from.add(Math.min(index[row], index[column]));
            return from.stream().mapToLong(Long::longValue).toArray();
        }, zero(call));
    }

    private static TensorData trace(Invocation call) {
        TensorData self = Elements.convert(call.data("self"), call.dtype());
        int extent = (int) Math.min(self.sizes()[0], self.sizes()[1]);
        int step = (int) self.sizes()[1] + 1;
        if (call.dtype().isFloating()) {
            double[] values = Elements.doubles(self);
            double sum = 0;
            for (int i = 0; i < extent; i++) {
                sum += values[i * step];
            }
            return call.result(new double[] {sum});
        }
        long[] values = Elements.longs(self);
        long sum = 0;
        for (int i = 0; i < extent; i++) {
            sum += values[i * step];
        }
        return call.result(new long[] {sum});
    }

    private static TensorData triangle(Invocation call, boolean below) {
        long diagonal = call.arguments().integer("diagonal");
        return pick(call.data("self"), call.sizes(), index -> {
            long right = index[index.length - 1] - index[index.length - 2];
            return (below ? right <= diagonal : right >= diagonal) ? index : null;
        }, zero(call));
    }

    // ---- pixels

    private static TensorData pixelShuffle(Invocation call) {
        long factor = call.arguments().integer("upscale_factor");
        return pick(call, index -> {
            int n = index.length;
            index[n - 3] = (index[n - 3] * factor + index[n - 2] % factor) * factor + index[n - 1] % factor;
            index[n - 2] /= factor;
            index[n - 1] /= factor;
            return index;
        });
    }

    private static TensorData pixelUnshuffle(Invocation call) {
        long factor = call.arguments().integer("downscale_factor");
        return pick(call, index -> {
            int n = index.length;
            index[n - 2] = index[n - 2] * factor + index[n - 3] / factor % factor;
            index[n - 1] = index[n - 1] * factor + index[n - 3] % factor;
            index[n - 3] /= factor * factor;
            return index;
        });
    }

    // ---- parts

    private static TensorData sliceScatter(Invocation call) {
        TensorData source = Elements.convert(call.data("src"), call.dtype());
        int axis = call.axis("dim", call.sizes().length);
        long size = call.sizes()[axis];
        long start = call.has("start") ? bound(call.arguments().integer("start"), size) : 0;
        long step = call.arguments().integer("step");
        long[] strides = Positions.strides(call.sizes());
        long offset = start * strides[axis];
        strides[axis] *= step;
        int[] places = Positions.strided(source.sizes(), strides, offset);
        return Elements.replaced(call.data("self"), places, source);
    }

    /** As Python counts: from the end if negative, and within the dimension. */
    private static long bound(long bound, long size) {
        return Math.clamp(bound < 0 ? Math.max(bound, -size) + size : bound, 0, size);
    }

    private static TensorData selectScatter(Invocation call) {
        TensorData source = Elements.convert(call.data("src"), call.dtype());
        int axis = call.axis("dim", call.sizes().length);
        long size = call.sizes()[axis];
        long chosen = Math.floorMod(call.arguments().integer("index"), size);
        long[] strides = Positions.strides(source.sizes());
        boolean floating = call.dtype().isFloating();
        double[] doubles = Elements.doubles(call.data("self"));
        long[] longs = Elements.longs(call.data("self"));
        long[] index = new long[call.sizes().length];
        for (int i = 0; i < doubles.length; i++) {
            unravel(i, call.sizes(), index);
            if (index[axis] == chosen) {
                int from = 0;
                for (int s = 0; s < strides.length; s++) {
                    from += (int) (strides[s] * index[s < axis ? s : s + 1]);
                }
                doubles[i] = Elements.doubles(source)[from];
                longs[i] = Elements.longs(source)[from];
            }
        }
        return floating ? call.result(doubles) : call.result(longs);
    }

    private static TensorData cross(Invocation call) {
        TensorData left = call.broadcast("self", call.dtype());
        TensorData right = call.broadcast("other", call.dtype());
        int axis = call.axis("dim", call.sizes().length);
        Origin next = index -> moved(index, axis, 1);
        Origin last = index -> moved(index, axis, 2);
        TensorData[] parts = {pick(left, call.sizes(), next), pick(right, call.sizes(), last),
            pick(left, call.sizes(), last), pick(right, call.sizes(), next)};
        if (call.dtype().isFloating()) {
            double[][] v = Arrays.stream(parts).map(Elements::doubles).toArray(double[][]::new);
            double[] result = new double[v[0].length];
            Arrays.setAll(result, i -> v[0][i] * v[1][i] - v[2][i] * v[3][i]);
            return call.result(result);
        }
        long[][] v = Arrays.stream(parts).map(Elements::longs).toArray(long[][]::new);
        long[] result = new long[v[0].length];
        Arrays.setAll(result, i -> v[0][i] * v[1][i] - v[2][i] * v[3][i]);
        return call.result(result);
    }

    private static long[] moved(long[] index, int axis, long by) {
        index[axis] = (index[axis] + by) % 3;
        return index;
    }

    private static List<TensorData> parts(Invocation call) {
        int axis = call.axis("dim", call.data("self").sizes().length);
        List<TensorData> parts = new ArrayList<>();
        long start = 0;
        for (int part = 0; part < call.results().size(); part++) {
            long offset = start;
            parts.add(pick(call.data("self"), call.sizes(part), index -> {
                index[axis] += offset;
                return index;
            }));
            start += call.sizes(part)[axis];
        }
        return parts;
    }

    private static List<TensorData> unbind(Invocation call) {
        int axis = call.axis("dim", call.data("self").sizes().length);
        List<TensorData> parts = new ArrayList<>();
        for (int part = 0; part < call.results().size(); part++) {
            long chosen = part;
            parts.add(pick(call.data("self"), call.sizes(part), index -> {
                List<Long> from = new ArrayList<>();
                Arrays.stream(index).forEach(from::add);
                from.add(axis, chosen);
                return from.stream().mapToLong(Long::longValue).toArray();
            }));
        }
        return Collections.unmodifiableList(parts);
    }
}
