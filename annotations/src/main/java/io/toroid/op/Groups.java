package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Equal neighbours, of which the distinct elements of a tensor are found: its elements or slices in order, and which of them
 * begin something new.
 *
 * @param ordered elements in one dimension, or slices as rows; sorted unless they are taken as they come
 * @param order which element or slice of the tensor each is; null if they are taken as they come
 * @param isFirst whether each differs from the one before it
 */
public record Groups(Tensor ordered, Tensor order, Tensor isFirst) {

    /** Of a call of a unique operator. */
    public static Groups of(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        return arguments.schema().name().equals("unique_consecutive") ? of(lines(arguments), null) : isBySlices(arguments) ? ofRows(arguments) : ofElements(self);
    }

    private static Groups ofElements(Tensor self) {
        List<Tensor> sorted = SortingOperators.SORT.callAll(self.flatten(), 0, false);
        return of(sorted.get(0), sorted.get(1));
    }

    private static Groups ofRows(Arguments arguments) {
        Tensor rows = lines(arguments);
        Tensor order = DataSizedOperators.ORDER_ROWS.call(rows);
        return of(rows.indexSelect(0, order), order);
    }

    private static Groups of(Tensor ordered, Tensor order) {
        Tensor places = Tensor.arange(ordered.size(0));
        Tensor differs = ordered.ne(ordered.indexSelect(0, places.sub(1).clampMin(0)));
        Tensor any = ordered.dim() == 1 ? differs : differs.any(1);
        return new Groups(ordered, order, any.logicalOr(places.eq(0)));
    }

    /** The elements as they come, or the slices of the dimension as rows. */
    private static Tensor lines(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (!isBySlices(arguments)) {
            return self.flatten();
        }
        int axis = axis(arguments);
        Size width = self.shape().without(axis).numel();
        return self.permute(inFront(self.dim(), axis)).reshape(self.size(axis), width);
    }

    private static int[] inFront(int rank, int axis) {
        return IntStream.concat(IntStream.of(axis), IntStream.range(0, rank).filter(dim -> dim != axis)).toArray();
    }

    private static boolean isBySlices(Arguments arguments) {
        return arguments.schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("dim"))
                && arguments.isPresent("dim") && arguments.tensor("self").dim() > 0;
    }

    private static int axis(Arguments arguments) {
        return Rules.axis(arguments, "dim", arguments.tensor("self"));
    }

    // ---- results of a unique operator

    static Arguments count(Arguments arguments) {
        if (arguments.isPresent("count")) {
            return arguments;
        }
        Tensor isFirst = of(arguments).isFirst();
        Size all = isFirst.size(0);
        return arguments.with("count", new Argument.OfInt(
                DataSizes.of(isFirst.countNonzero(), Range.of(0, Math.max(0, all.range().max())), all)));
    }

    static List<TensorType> types(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Size count = arguments.size("count");
        boolean bySlices = isBySlices(arguments);
        Shape values = bySlices ? self.shape().with(axis(arguments), count) : Shape.of(count);
        Shape places = bySlices ? Shape.of(self.size(axis(arguments))) : self.shape();
        return List.of(new TensorType(self.dtype(), values),
                new TensorType(DType.I64, wants(arguments, "return_inverse") ? places : Shape.of(0)),
                new TensorType(DType.I64, wants(arguments, "return_counts") ? Shape.of(count) : Shape.of(0)));
    }

    /** What a call of {@code unique_dim} does not ask for it gives nevertheless, as in PyTorch. */
    public static boolean wants(Arguments arguments, String flag) {
        return arguments.schema().name().equals("unique_dim") || arguments.flag(flag);
    }

    /** For the compiler: the results of a call, made of other operators. */
    public static List<Tensor> results(Arguments arguments) {
        Groups groups = of(arguments);
        Size count = arguments.size("count");
        Tensor starts = DataSizedOperators.NONZERO.call(groups.isFirst(), count).select(1, 0);
        Tensor group = groups.isFirst().to(DType.I64).cumsum(0).sub(1);
        Tensor none = Tensor.zeros(DType.I64, 0);
        return List.of(values(arguments, groups.ordered().indexSelect(0, starts), count),
                wants(arguments, "return_inverse") ? inverse(arguments, groups, group) : none,
                wants(arguments, "return_counts") ? HistogramOperators.BINCOUNT.call(group, null, count, count) : none);
    }

    private static Tensor values(Arguments arguments, Tensor firsts, Size count) {
        if (!isBySlices(arguments)) {
            return firsts;
        }
        Shape shape = arguments.tensor("self").shape();
        int axis = axis(arguments);
        Size[] sizes = IntStream.of(inFront(shape.rank(), axis)).mapToObj(shape::get).toArray(Size[]::new);
        sizes[0] = count;
        int[] back = IntStream.range(0, shape.rank()).map(dim -> dim == axis ? 0 : dim < axis ? dim + 1 : dim).toArray();
        return firsts.reshape(sizes).permute(back);
    }

    private static Tensor inverse(Arguments arguments, Groups groups, Tensor group) {
        Tensor places = groups.order() == null ? group : group.scatter(0, groups.order(), group);
        return isBySlices(arguments) ? places : places.reshape(arguments.tensor("self").shape());
    }
}
