package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.IndexingOperators.BUCKETIZE;
import static io.toroid.op.IndexingOperators.GATHER;
import static io.toroid.op.IndexingOperators.INDEX;
import static io.toroid.op.IndexingOperators.INDEX_SELECT;
import static io.toroid.op.IndexingOperators.SEARCHSORTED;
import static io.toroid.op.IndexingOperators.TAKE;
import static io.toroid.op.IndexingOperators.UNSAFE_INDEX;
import static io.toroid.op.RearrangingOperators.ALIAS;
import static io.toroid.op.RearrangingOperators.COPY;
import static io.toroid.op.RearrangingOperators.DIAGONAL;
import static io.toroid.op.RearrangingOperators.DIAG_EMBED;
import static io.toroid.op.RearrangingOperators.FLIP;
import static io.toroid.op.RearrangingOperators.LINALG_CROSS;
import static io.toroid.op.RearrangingOperators.PIXEL_SHUFFLE;
import static io.toroid.op.RearrangingOperators.PIXEL_UNSHUFFLE;
import static io.toroid.op.RearrangingOperators.REPEAT;
import static io.toroid.op.RearrangingOperators.ROLL;
import static io.toroid.op.RearrangingOperators.ROT90;
import static io.toroid.op.RearrangingOperators.SELECT_SCATTER;
import static io.toroid.op.RearrangingOperators.SLICE_SCATTER;
import static io.toroid.op.RearrangingOperators.TRACE;
import static io.toroid.op.RearrangingOperators.TRIL;
import static io.toroid.op.RearrangingOperators.TRIU;
import static io.toroid.op.RearrangingOperators.UNFOLD;
import static io.toroid.op.ReductionOperators.SUM_DIM;
import static io.toroid.op.ScatterOperators.INDEX_PUT;
import static io.toroid.op.SplittingOperators.SPLIT;
import static io.toroid.op.SplittingOperators.SPLIT_WITH_SIZES;
import static io.toroid.op.SplittingOperators.UNBIND;
import static io.toroid.processor.graph.pass.PointwiseDecompositions.convert;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.ComparisonOperators;
import io.toroid.op.IndexingOperators;
import io.toroid.op.Operator;
import io.toroid.op.RearrangingOperators;
import io.toroid.op.Slice;
import io.toroid.op.TensorType;
import io.toroid.op.ViewOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Elements in another order or at other places: dimension numbers counted from 0, single values made vectors. */
final class RearrangingDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.ofEntries(
            Map.entry(ALIAS, call -> List.of(self(call))),
            Map.entry(FLIP, call -> List.of(flip(call))),
            Map.entry(ROLL, call -> List.of(roll(call))),
            Map.entry(ROT90, call -> List.of(rotate(call))),
            Map.entry(REPEAT, call -> List.of(repeat(call))),
            Map.entry(UNFOLD, call -> List.of(unfold(call))),
            Map.entry(DIAGONAL, call -> DIAGONAL.callAll(self(call), call.arguments().get("offset"), axis(call, "dim1"), axis(call, "dim2"))),
            Map.entry(DIAG_EMBED, RearrangingDecompositions::embed),
            Map.entry(TRACE, call -> List.of(SUM_DIM.call(DIAGONAL.call(self(call), 0, 0, 1), List.of(0)))),
            Map.entry(TRIL, call -> List.of(triangle(call, ComparisonOperators.LE_SCALAR))),
            Map.entry(TRIU, call -> List.of(triangle(call, ComparisonOperators.GE_SCALAR))),
            Map.entry(PIXEL_SHUFFLE, call -> List.of(shuffle(call))),
            Map.entry(PIXEL_UNSHUFFLE, call -> List.of(unshuffle(call))),
            Map.entry(SELECT_SCATTER, call -> List.of(scatter(call))),
            Map.entry(SLICE_SCATTER, call -> List.of(scatterSlice(call))),
            Map.entry(COPY, call -> List.of(convert(call.arguments().tensor("src"), self(call).dtype()).expand(self(call).shape()))),
            Map.entry(LINALG_CROSS, call -> List.of(cross(call))),
            Map.entry(SPLIT, RearrangingDecompositions::parts),
            Map.entry(SPLIT_WITH_SIZES, RearrangingDecompositions::parts),
            Map.entry(UNBIND, call -> IntStream.range(0, call.types().size()).mapToObj(i -> self(call).select(axis(call, "dim"), i)).toList()),
            Map.entry(INDEX_SELECT, call -> List.of(indexSelect(call))),
            Map.entry(INDEX, call -> List.of(index(call))),
            Map.entry(UNSAFE_INDEX, call -> List.of(index(call))),
            Map.entry(GATHER, call -> List.of(gather(call))),
            Map.entry(TAKE, call -> List.of(take(call))),
            Map.entry(SEARCHSORTED, call -> List.of(searchSorted(call))),
            Map.entry(BUCKETIZE, call -> List.of(places(call, call.arguments().tensor("boundaries"), self(call)))));

    private RearrangingDecompositions() {
    }

    private static Tensor self(Call call) {
        return call.arguments().tensor("self");
    }

    private static int axis(Call call, String parameter) {
        return self(call).shape().axis((int) call.arguments().integer(parameter));
    }

    private static Shape shape(Call call) {
        return call.types().getFirst().shape();
    }

    // ---- order

    private static Tensor flip(Call call) {
        List<Integer> axes = RearrangingOperators.axes(call.arguments(), "dims");
        return self(call).dim() == 0 || axes.isEmpty() ? self(call) : FLIP.call(self(call), axes);
    }

    private static Tensor roll(Call call) {
        Arguments arguments = call.arguments();
        Tensor x = self(call);
        if (x.dim() == 0) {
            return x;
        }
        if (arguments.sizes("dims").isEmpty()) {
            Tensor flat = ViewOperators.VIEW.call(x, List.of(x.shape().numel()));
            return ROLL.call(flat, arguments.sizes("shifts"), List.of(0)).view(x.shape());
        }
        List<Integer> axes = arguments.sizes("dims").stream().map(dim -> x.shape().axis((int) dim.constant())).toList();
        return ROLL.call(x, arguments.sizes("shifts"), axes);
    }

    private static Tensor rotate(Call call) {
        List<Integer> axes = RearrangingOperators.axes(call.arguments(), "dims");
        int first = axes.getFirst();
        int second = axes.getLast();
        return switch (RearrangingOperators.quarterTurns(call.arguments())) {
            case 0 -> self(call);
            case 1 -> self(call).flip(second).transpose(first, second);
            case 2 -> self(call).flip(first, second);
            default -> self(call).flip(first).transpose(first, second);
        };
    }

    /** A new dimension before each, expanded and joined with it. */
    private static Tensor repeat(Call call) {
        List<Size> repeats = call.arguments().sizes("repeats");
        int added = repeats.size() - self(call).dim();
        List<Size> single = new ArrayList<>(Collections.nCopies(added, Size.ONE));
        List<Size> expanded = new ArrayList<>(repeats.subList(0, added));
        for (int i = added; i < repeats.size(); i++) {
            Size size = self(call).size(i - added);
            single.addAll(List.of(Size.ONE, size));
            expanded.addAll(List.of(repeats.get(i), size));
        }
        return self(call).view(new Shape(single)).expand(new Shape(expanded)).view(shape(call));
    }

    private static Tensor unfold(Call call) {
        Arguments arguments = call.arguments();
        Tensor x = self(call);
        if (x.dim() == 0) {
            return x.view(1).slice(0, Size.ZERO, arguments.size("size"));
        }
        return UNFOLD.call(x, axis(call, "dimension"), arguments.get("size"), arguments.get("step"));
    }

    private static List<Tensor> embed(Call call) {
        Shape shape = shape(call);
        int row = shape.axis((int) call.arguments().integer("dim1"));
        int column = shape.axis((int) call.arguments().integer("dim2"));
        return DIAG_EMBED.callAll(self(call), call.arguments().get("offset"), row, column);
    }

    private static Tensor triangle(Call call, Operator comparison) {
        Tensor x = self(call);
        Tensor rows = Tensor.arange(x.size(-2)).unsqueeze(1);
        Tensor right = Tensor.arange(x.size(-1)).sub(rows);
        return Tensor.where(comparison.call(right, call.arguments().get("diagonal")), x, zero(x.dtype()));
    }

    private static Tensor zero(DType dtype) {
        return FULL.call(List.of(), 0, dtype);
    }

    // ---- pixels

    private static Tensor shuffle(Call call) {
        Shape to = shape(call);
        Size factor = call.arguments().size("upscale_factor");
        List<Size> batch = to.sizes().subList(0, to.rank() - 3);
        Tensor apart = self(call).view(join(batch, to.get(-3), factor, factor, self(call).size(-2), self(call).size(-1)));
        return apart.permute(order(batch.size(), 0, 3, 1, 4, 2)).view(to);
    }

    private static Tensor unshuffle(Call call) {
        Shape to = shape(call);
        Size factor = call.arguments().size("downscale_factor");
        List<Size> batch = to.sizes().subList(0, to.rank() - 3);
        Tensor apart = self(call).view(join(batch, self(call).size(-3), to.get(-2), factor, to.get(-1), factor));
        return apart.permute(order(batch.size(), 0, 2, 4, 1, 3)).view(to);
    }

    private static Shape join(List<Size> batch, Size... more) {
        List<Size> sizes = new ArrayList<>(batch);
        sizes.addAll(List.of(more));
        return new Shape(sizes);
    }

    private static int[] order(int batch, int... last) {
        return IntStream.concat(IntStream.range(0, batch), IntStream.of(last).map(dim -> batch + dim)).toArray();
    }

    // ---- parts

    private static Tensor scatter(Call call) {
        Tensor x = self(call);
        int axis = axis(call, "dim");
        List<Size> sizes = new ArrayList<>(Collections.nCopies(x.dim(), Size.ONE));
        sizes.set(axis, x.size(axis));
        Tensor here = ComparisonOperators.EQ_SCALAR.call(Tensor.arange(x.size(axis)), ViewOperators.selectedIndex(call.arguments()));
        Tensor source = convert(call.arguments().tensor("src"), x.dtype());
        return Tensor.where(here.view(new Shape(sizes)), source.unsqueeze(axis), x);
    }

    /** What stands before it, the slice, and what stands behind it; with gaps between, what is written at the places. */
    private static Tensor scatterSlice(Call call) {
        Tensor x = self(call);
        Slice slice = Slice.of(call.arguments());
        Tensor source = convert(call.arguments().tensor("src"), x.dtype());
        int axis = slice.axis();
        if (slice.step() == 1) {
            return Tensor.cat(axis, x.slice(axis, Size.ZERO, slice.start()), source,
                    x.slice(axis, slice.start().plus(slice.length()), x.size(axis)));
        }
        Tensor places = Tensor.arange(slice.length()).mul(slice.step()).add(FULL.call(List.of(), slice.start(), DType.I64));
        List<Tensor> indices = new ArrayList<>(Collections.nCopies(axis, null));
        indices.add(places);
        return INDEX_PUT.call(x, indices, source, false);
    }

    /** Each component is a difference of products of the two others. */
    private static Tensor cross(Call call) {
        DType dtype = call.types().getFirst().dtype();
        Tensor left = convert(self(call), dtype);
        Tensor right = convert(call.arguments().tensor("other"), dtype);
        int axis = axis(call, "dim");
        BiFunction<Tensor, Integer, Tensor> moved = (tensor, by) -> tensor.roll(-by, axis);
        return moved.apply(left, 1).mul(moved.apply(right, 2)).sub(moved.apply(left, 2).mul(moved.apply(right, 1)));
    }

    private static List<Tensor> parts(Call call) {
        int axis = axis(call, "dim");
        List<Tensor> parts = new ArrayList<>();
        Size start = Size.ZERO;
        for (TensorType type : call.types()) {
            Size end = start.plus(type.shape().get(axis));
            parts.add(self(call).slice(axis, start, end));
            start = end;
        }
        return parts;
    }

    // ---- places

    private static Tensor indexSelect(Call call) {
        Tensor x = self(call);
        Tensor index = call.arguments().tensor("index");
        Tensor vector = index.dim() == 1 ? index : index.view(1);
        return x.dim() == 0 ? INDEX_SELECT.call(x.view(1), 0, vector).view(Shape.SCALAR)
                : INDEX_SELECT.call(x, axis(call, "dim"), vector);
    }

    private static Tensor gather(Call call) {
        Tensor x = self(call).dim() == 0 ? self(call).view(1) : self(call);
        Tensor index = call.arguments().tensor("index");
        if (index.shape().sizes().contains(Size.ZERO)) {
            return FULL.call(index.shape().sizes(), 0, x.dtype());
        }
        Tensor places = index.dim() == 0 ? index.view(1) : index;
        Tensor result = GATHER.call(x, x.shape().axis((int) call.arguments().integer("dim")), places);
        return index.dim() == 0 ? result.view(Shape.SCALAR) : result;
    }

    /** Without any index it is the tensor itself. */
    private static Tensor index(Call call) {
        Arguments arguments = call.arguments();
        return arguments.optionalTensors("indices").stream().allMatch(Optional::isEmpty)
                ? self(call) : INDEX.call(self(call), arguments.get("indices"));
    }

    private static Tensor take(Call call) {
        return INDEX.call(ViewOperators.VIEW.call(self(call), List.of(self(call).shape().numel())), List.of(call.arguments().tensor("index")));
    }

    private static Tensor searchSorted(Call call) {
        Tensor sequence = call.arguments().tensor("sorted_sequence");
        Tensor ordered = call.arguments().optionalTensor("sorter")
                .map(sorter -> GATHER.call(sequence, sequence.dim() - 1, sorter)).orElse(sequence);
        return places(call, ordered, self(call));
    }

    /** A search without sorter or side, for values of the sequence's type. */
    private static Tensor places(Call call, Tensor sequence, Tensor values) {
        DType common = sequence.dtype().promote(values.dtype());
        return SEARCHSORTED.call(convert(sequence, common), convert(values, common), call.arguments().flag("out_int32"),
                IndexingOperators.isRight(call.arguments()));
    }
}
