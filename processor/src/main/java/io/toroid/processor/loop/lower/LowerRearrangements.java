package io.toroid.processor.loop.lower;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.PaddingOperators;
import io.toroid.op.ResamplingOperators;
import io.toroid.op.StridedOperators;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Elements in another order, in diagonals, in windows, or with a border: loads at other indices, some of them guarded. */
final class LowerRearrangements {

    /** The index along a dimension of the operand, of the size, from one of the result. */
    @FunctionalInterface
    private interface Place {

        Size of(Size at, Size before, Size size);
    }

    private LowerRearrangements() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.flip.default", (call, lowering) -> lowering.pointwise(call, 0, at -> flipped(call, lowering, at)));
        rules.put("aten.roll.default", (call, lowering) -> lowering.pointwise(call, 0, at -> rolled(call, lowering, at)));
        rules.put("aten.unfold.default", (call, lowering) -> lowering.pointwise(call, 0, at -> window(call, lowering, at)));
        rules.put("aten.as_strided.default", (call, lowering) -> lowering.pointwise(call, 0, at -> strided(call, lowering, at)));
        rules.put("aten.diagonal.default", (call, lowering) -> lowering.pointwise(call, 0, at -> diagonal(call, lowering, at)));
        rules.put("aten.diag_embed.default", (call, lowering) -> lowering.pointwise(call, 0, at -> embedded(call, lowering, at)));
        rules.put("aten.constant_pad_nd.default", (call, lowering) -> lowering.pointwise(call, 0, at -> padded(call, lowering, at)));
        rules.put("aten.im2col.default", (call, lowering) -> lowering.pointwise(call, 0, at -> column(call, lowering, at)));
        for (int dims = 1; dims <= 3; dims++) {
            border(rules, "reflection_pad%dd".formatted(dims), LowerRearrangements::mirrored);
            border(rules, "replication_pad%dd".formatted(dims), (at, before, size) -> at.minus(before).max(0).min(size.minus(1)));
        }
    }

    private static Tensor self(Call call) {
        return call.arguments().tensor("self");
    }

    private static Scalar flipped(Call call, Lowering lowering, List<Size> at) {
        List<Size> from = new ArrayList<>(at);
        for (int dim : call.arguments().integers("dims")) {
            from.set(dim, self(call).size(dim).minus(1).minus(at.get(dim)));
        }
        return lowering.load(self(call), from);
    }

    private static Scalar rolled(Call call, Lowering lowering, List<Size> at) {
        List<Size> from = new ArrayList<>(at);
        int[] dims = call.arguments().integers("dims");
        for (int i = 0; i < dims.length; i++) {
            Size size = self(call).size(dims[i]);
            if (!size.equals(Size.ZERO) && !size.equals(Size.ONE)) {
                from.set(dims[i], from.get(dims[i]).minus(call.arguments().sizes("shifts").get(i)).mod(size));
            }
        }
        return lowering.load(self(call), from);
    }

    private static Scalar window(Call call, Lowering lowering, List<Size> at) {
        int dim = (int) call.arguments().integer("dimension");
        List<Size> from = new ArrayList<>(at.subList(0, at.size() - 1));
        from.set(dim, at.get(dim).times(call.arguments().integer("step")).plus(at.getLast()));
        return lowering.load(self(call), from);
    }

    private static Scalar strided(Call call, Lowering lowering, List<Size> at) {
        Size place = StridedOperators.offset(call.arguments());
        for (int dim = 0; dim < at.size(); dim++) {
            place = place.plus(at.get(dim).times(call.arguments().sizes("stride").get(dim)));
        }
        return lowering.load(self(call), List.of(place));
    }

    private static Scalar diagonal(Call call, Lowering lowering, List<Size> at) {
        Arguments arguments = call.arguments();
        int row = (int) arguments.integer("dim1");
        int column = (int) arguments.integer("dim2");
        long offset = arguments.integer("offset");
        List<Size> from = new ArrayList<>(at.subList(0, at.size() - 1));
        from.add(Math.min(row, column), Size.ZERO);
        from.add(Math.max(row, column), Size.ZERO);
        from.set(row, at.getLast().plus(Math.max(-offset, 0)));
        from.set(column, at.getLast().plus(Math.max(offset, 0)));
        return lowering.load(self(call), from);
    }

    /** On the diagonal, where the difference of the two indices is the offset, else 0. */
    private static Scalar embedded(Call call, Lowering lowering, List<Size> at) {
        Arguments arguments = call.arguments();
        int row = (int) arguments.integer("dim1");
        int column = (int) arguments.integer("dim2");
        long offset = arguments.integer("offset");
        List<Size> from = new ArrayList<>(at);
        from.remove(Math.max(row, column));
        from.remove(Math.min(row, column));
        Size along = offset >= 0 ? at.get(row) : at.get(column);
        from.add(self(call).size(-1).equals(Size.ONE) ? Size.ZERO : along);
        List<Scalar.Guarded.Bound> bounds = List.of(
                new Scalar.Guarded.Bound(at.get(column).minus(at.get(row)).minus(offset), Size.ONE),
                new Scalar.Guarded.Bound(along, self(call).size(-1)));
        return Scalar.guarded(bounds, lowering.load(self(call), from), Scalar.literal(self(call).dtype(), 0L));
    }

    private static Scalar padded(Call call, Lowering lowering, List<Size> at) {
        List<Size> from = new ArrayList<>();
        List<Scalar.Guarded.Bound> bounds = new ArrayList<>();
        for (int dim = 0; dim < at.size(); dim++) {
            Size index = at.get(dim).minus(PaddingOperators.before(call.arguments(), "pad", dim));
            from.add(index);
            if (!call.types().getFirst().shape().get(dim).equals(self(call).size(dim)) || !index.equals(at.get(dim))) {
                bounds.add(new Scalar.Guarded.Bound(index, self(call).size(dim)));
            }
        }
        Scalar.Literal border = (Scalar.Literal) Lowering.scalar(call.arguments().get("value"), self(call).dtype());
        return Scalar.guarded(bounds, lowering.load(self(call), from), border);
    }

    /** A window of an image, as {@code unfold} of torch.nn has it: channel and tap along the rows, window along the columns. */
    private static Scalar column(Call call, Lowering lowering, List<Size> at) {
        List<Size> from = new ArrayList<>(at.subList(0, at.size() - 2));
        List<Scalar.Guarded.Bound> bounds = new ArrayList<>();
        List<Long> kernel = ResamplingOperators.pair(call.arguments(), "kernel_size", 1);
        Size row = at.get(at.size() - 2);
        Size perRow = ResamplingOperators.windows(call.arguments(), 1);
        from.add(row.floorDiv(kernel.getFirst() * kernel.getLast()));
        for (int i = 0; i < 2; i++) {
            Size tap = i == 0 ? row.floorDiv(kernel.getLast()).mod(kernel.getFirst()) : row.mod(kernel.getLast());
            Size window = i == 0 ? at.getLast().floorDiv(perRow) : at.getLast().mod(perRow);
            Size position = window.times(ResamplingOperators.pair(call.arguments(), "stride", 1).get(i))
                    .plus(tap.times(ResamplingOperators.pair(call.arguments(), "dilation", 1).get(i)))
                    .minus(ResamplingOperators.pair(call.arguments(), "padding", 0).get(i));
            from.add(position);
            bounds.add(new Scalar.Guarded.Bound(position, self(call).size(i - 2)));
        }
        return Scalar.guarded(bounds, lowering.load(self(call), from), Scalar.literal(self(call).dtype(), 0L));
    }

    private static void border(Map<String, Lower.Rule> rules, String name, Place place) {
        rules.put("aten." + name + ".default", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            List<Size> from = new ArrayList<>(at);
            for (int dim = 0; dim < at.size(); dim++) {
                Size before = PaddingOperators.before(call.arguments(), "padding", dim);
                boolean same = before.equals(Size.ZERO) && call.types().getFirst().shape().get(dim).equals(self(call).size(dim));
                from.set(dim, same ? at.get(dim) : place.of(at.get(dim), before, self(call).size(dim)));
            }
            return lowering.load(self(call), from);
        }));
    }

    /** First at the start, then at the end. */
    private static Size mirrored(Size at, Size before, Size size) {
        Size positive = at.minus(before).max(before.minus(at));
        return positive.min(size.minus(1).times(2).minus(positive));
    }
}
