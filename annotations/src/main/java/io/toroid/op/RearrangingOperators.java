package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Elements in another order, repeated, or in diagonals; of any element type. */
public final class RearrangingOperators {

    /** Each named dimension backwards. */
    public static final Operator FLIP = Operator.define("aten::flip(Tensor self, int[] dims) -> Tensor", arguments -> {
        axes(arguments, "dims");
        return same(arguments);
    });

    /** What leaves a dimension at one end comes in at the other; without dims, of the flattened tensor. */
    public static final Operator ROLL = Operator.define(
            "aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor", arguments -> {
                int shifts = arguments.sizes("shifts").size();
                int dims = arguments.sizes("dims").size();
                if (shifts == 0 || dims != shifts && !(dims == 0 && shifts == 1)) {
                    throw Rules.mistake(Kind.ARGUMENT, arguments, "needs one shift for each dimension, not %s for %s"
                            .formatted(arguments.sizes("shifts"), arguments.sizes("dims")));
                }
                arguments.sizes("dims").forEach(dim -> Rules.axis("roll", arguments.tensor("self"), dim.constant()));
                return same(arguments);
            });

    /** k quarter turns from the first of two dimensions to the second. */
    public static final Operator ROT90 = Operator.define(
            "aten::rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor", RearrangingOperators::rotated);

    /** The tensor again and again along each dimension; new dimensions come in front. */
    public static final Operator REPEAT = Operator.define("aten::repeat(Tensor self, SymInt[] repeats) -> Tensor", RearrangingOperators::repeated);

    /** Windows of {@code size} elements, {@code step} apart, along a dimension; the elements of a window are a new last dimension. */
    public static final Operator UNFOLD = Operator.define(
            "aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)", RearrangingOperators::unfolded);

    /** The elements of two dimensions whose indices differ by the offset, as a new last dimension. */
    public static final Operator DIAGONAL = Operator.define(
            "aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)", RearrangingOperators::diagonal);

    /** The last dimension as a diagonal of matrices in dimensions {@code dim1} and {@code dim2} of the result, else 0. */
    public static final Operator DIAG_EMBED = Operator.define(
            "aten::diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor", RearrangingOperators::embedded);

    /** The sum of a matrix's diagonal; of integers and booleans {@code i64}. */
    public static final Operator TRACE = Operator.define("aten::trace(Tensor self) -> Tensor", arguments -> {
        Rules.requireRank(arguments, "self", 2, "[rows, columns]");
        DType dtype = arguments.tensor("self").dtype();
        return Rules.result(dtype.isFloating() ? dtype : DType.I64, Shape.SCALAR);
    });

    /** Matrices with 0 above the diagonal, counted to the right. */
    public static final Operator TRIL = Operator.define(
            "aten::tril(Tensor self, SymInt diagonal=0) -> Tensor", RearrangingOperators::matrices);

    /** Matrices with 0 below the diagonal, counted to the right. */
    public static final Operator TRIU = Operator.define(
            "aten::triu(Tensor self, SymInt diagonal=0) -> Tensor", RearrangingOperators::matrices);

    /** {@code [..., c * r * r, h, w] -> [..., c, h * r, w * r]}. */
    public static final Operator PIXEL_SHUFFLE = Operator.define(
            "aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor", RearrangingOperators::shuffled);

    /** {@code [..., c, h * r, w * r] -> [..., c * r * r, h, w]}. */
    public static final Operator PIXEL_UNSHUFFLE = Operator.define(
            "aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor", RearrangingOperators::unshuffled);

    /** {@code self} with one index of a dimension replaced by {@code src}. */
    public static final Operator SELECT_SCATTER = Operator.define(
            "aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor", RearrangingOperators::scattered);

    /** {@code self} with a slice of a dimension replaced by {@code src}; bounds as those of {@code slice}. */
    public static final Operator SLICE_SCATTER = Operator.define(
            "aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor",
            arguments -> replaced(arguments, slicedSizes(arguments)));

    /** The elements of {@code src}, broadcast and converted to the sizes and the type of {@code self}. */
    public static final Operator COPY = Operator.define(
            "aten::copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor", arguments -> {
                Tensor self = arguments.tensor("self");
                if (!Rules.broadcast(arguments, List.of(self, arguments.tensor("src"))).equals(self.shape())) {
                    throw Rules.mistake(Kind.SHAPE, arguments, "src %s does not broadcast to %s"
                            .formatted(arguments.tensor("src").type(), self.type()));
                }
                return List.of(self.type());
            });

    /** The vector product along a dimension of size 3; other sizes broadcast. */
    public static final Operator LINALG_CROSS = Operator.define(
            "aten::linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor", RearrangingOperators::cross);

    /** The same elements: a view of PyTorch. */
    public static final Operator ALIAS = Operator.define(
            "aten::alias(Tensor(a) self) -> Tensor(a)", RearrangingOperators::same);

    private RearrangingOperators() {
    }

    private static List<TensorType> same(Arguments arguments) {
        return List.of(arguments.tensor("self").type());
    }

    /** For the compiler: dimensions counted from 0, each named once. */
    public static List<Integer> axes(Arguments arguments, String parameter) {
        Tensor self = arguments.tensor("self");
        List<Integer> axes = Rules.integers(arguments, parameter).stream()
                .map(dim -> Rules.axis(Rules.title(arguments.schema()), self, dim)).toList();
        if (axes.stream().distinct().count() != axes.size()) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "a dimension of %s is named twice in %s"
                    .formatted(self.type(), arguments.sizes(parameter)));
        }
        return axes;
    }

    private static List<TensorType> rotated(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Integer> axes = axes(arguments, "dims");
        if (axes.size() != 2 || self.dim() < 2) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "turns from one dimension to another, not %s of %s"
                    .formatted(arguments.sizes("dims"), self.type()));
        }
        int first = axes.getFirst();
        int second = axes.getLast();
        boolean odd = Rules.integer(arguments, "k") % 2 != 0;
        return odd ? Rules.result(self.dtype(), self.shape().with(first, self.size(second)).with(second, self.size(first)))
                : same(arguments);
    }

    private static List<TensorType> repeated(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Size> repeats = arguments.sizes("repeats");
        int added = repeats.size() - self.dim();
        if (added < 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "needs a number for each dimension of %s, not %s".formatted(self.type(), repeats));
        }
        List<Size> sizes = new ArrayList<>();
        for (int i = 0; i < repeats.size(); i++) {
            Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, repeats.get(i),
                    () -> "the repetitions %s have a negative one".formatted(repeats));
            sizes.add(i < added ? repeats.get(i) : repeats.get(i).times(self.size(i - added)));
        }
        return Rules.result(self.dtype(), sizes);
    }

    private static List<TensorType> unfolded(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        int axis = Rules.axis(arguments, "dimension", self);
        long window = Rules.integer(arguments, "size");
        long step = Rules.integer(arguments, "step");
        Size size = self.dim() == 0 ? Size.ONE : self.size(axis);
        if (window < 0 || step < 1) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "a window has 0 or more elements and a step at least 1, not %d and %d"
                    .formatted(window, step));
        }
        Rules.require(arguments, Size.of(window), Relation.LESS_OR_EQUAL, size, () -> "the window of %d is longer than dimension %d of %s"
                .formatted(window, axis, self.type()));
        if (self.dim() == 0) {
            return Rules.result(self.dtype(), Shape.of(window));
        }
        List<Size> sizes = Rules.sizes(self);
        sizes.set(axis, size.minus(window).floorDiv(step).plus(1));
        sizes.add(Size.of(window));
        return Rules.result(self.dtype(), sizes);
    }

    private static List<TensorType> diagonal(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "takes at least two dimensions, not %s".formatted(self.type()));
        }
        int row = Rules.axis(arguments, "dim1", self);
        int column = Rules.axis(arguments, "dim2", self);
        if (row == column) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "dim1 and dim2 must differ, not both be %d".formatted(row));
        }
        long offset = Rules.integer(arguments, "offset");
        Size rows = self.size(row).plus(Math.min(offset, 0));
        Size columns = self.size(column).minus(Math.max(offset, 0));
        List<Size> sizes = Rules.sizes(self);
        sizes.remove(Math.max(row, column));
        sizes.remove(Math.min(row, column));
        sizes.add(rows.min(columns).max(0));
        return Rules.result(self.dtype(), sizes);
    }

    private static List<TensorType> embedded(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() < 1) {
            throw Rules.mistake(Kind.SHAPE, arguments, "takes at least one dimension, not %s".formatted(self.type()));
        }
        int rank = self.dim() + 1;
        int row = newAxis(arguments, "dim1", rank);
        int column = newAxis(arguments, "dim2", rank);
        if (row == column) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "dim1 and dim2 must differ, not both be %d".formatted(row));
        }
        Size extent = self.size(-1).plus(Math.abs(Rules.integer(arguments, "offset")));
        List<Size> sizes = Rules.sizes(self);
        sizes.removeLast();
        sizes.add(Math.min(row, column), extent);
        sizes.add(Math.max(row, column), extent);
        return Rules.result(self.dtype(), sizes);
    }

    private static int newAxis(Arguments arguments, String parameter, int rank) {
        long dim = Rules.integer(arguments, parameter);
        if (dim < -rank || dim >= rank) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s must be %d to %d, not %d".formatted(parameter, -rank, rank - 1, dim));
        }
        return (int) (dim < 0 ? dim + rank : dim);
    }

    private static List<TensorType> matrices(Arguments arguments) {
        if (arguments.tensor("self").dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "takes matrices [..., rows, columns], not %s".formatted(arguments.tensor("self").type()));
        }
        return same(arguments);
    }

    private static List<TensorType> shuffled(Arguments arguments) {
        Tensor self = image(arguments);
        long factor = factor(arguments, "upscale_factor");
        Rules.requireEqual(arguments, self.size(-3).mod(factor * factor), Size.ZERO, () ->
                "the channels of %s, %s, must be a multiple of %d * %d".formatted(self.type(), self.size(-3), factor, factor));
        return Rules.result(self.dtype(), self.shape().with(-3, self.size(-3).floorDiv(factor * factor))
                .with(-2, self.size(-2).times(factor)).with(-1, self.size(-1).times(factor)));
    }

    private static List<TensorType> unshuffled(Arguments arguments) {
        Tensor self = image(arguments);
        long factor = factor(arguments, "downscale_factor");
        for (int axis = -2; axis < 0; axis++) {
            int shown = axis;
            Rules.requireEqual(arguments, self.size(axis).mod(factor), Size.ZERO, () -> "dimension %d of %s, %s, must be a multiple of %d"
                    .formatted(shown, self.type(), self.size(shown), factor));
        }
        return Rules.result(self.dtype(), self.shape().with(-3, self.size(-3).times(factor * factor))
                .with(-2, self.size(-2).floorDiv(factor)).with(-1, self.size(-1).floorDiv(factor)));
    }

    private static Tensor image(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() < 3) {
            throw Rules.mistake(Kind.SHAPE, arguments, "takes [..., channels, height, width], not %s".formatted(self.type()));
        }
        return self;
    }

    private static long factor(Arguments arguments, String parameter) {
        long factor = Rules.integer(arguments, parameter);
        if (factor < 1) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "%s must be at least 1, not %d".formatted(parameter, factor));
        }
        return factor;
    }

    private static List<TensorType> scattered(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s is a single value, there is nothing to select in it".formatted(self.type()));
        }
        int axis = Rules.axis(arguments, "dim", self);
        Size index = ViewOperators.selectedIndex(arguments);
        String problem = "index %s is out of range for dimension %d of %s, whose size is %s"
                .formatted(arguments.size("index"), axis, self.type(), self.size(axis));
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, index, () -> problem);
        Rules.require(arguments, index, Relation.LESS, self.size(axis), () -> problem);
        return replaced(arguments, self.shape().without(axis));
    }

    private static Shape slicedSizes(Arguments arguments) {
        Slice slice = Slice.of(arguments);
        return arguments.tensor("self").shape().with(slice.axis(), slice.length());
    }

    private static List<TensorType> replaced(Arguments arguments, Shape expected) {
        Tensor source = arguments.tensor("src");
        if (source.dim() != expected.rank()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "src must have the sizes %s, not %s".formatted(expected, source.type()));
        }
        for (int i = 0; i < source.dim(); i++) {
            Rules.requireEqual(arguments, expected.get(i), source.size(i),
                    () -> "src must have the sizes %s, not %s".formatted(expected, source.type()));
        }
        return same(arguments);
    }

    private static List<TensorType> cross(Arguments arguments) {
        Tensor left = arguments.tensor("self");
        Tensor right = arguments.tensor("other");
        DType dtype = Promotion.of(arguments, "self", "other");
        if (left.dim() != right.dim() || left.dim() == 0 || dtype == DType.BOOL) {
            throw Rules.mistake(Kind.SHAPE, arguments, "takes two tensors of numbers with as many dimensions, not %s and %s"
                    .formatted(left.type(), right.type()));
        }
        int axis = Rules.axis(arguments, "dim", left);
        for (Tensor tensor : List.of(left, right)) {
            Rules.requireEqual(arguments, tensor.size(axis), Size.of(3), () -> "dimension %d must have size 3, not %s as in %s"
                    .formatted(axis, tensor.size(axis), tensor.type()));
        }
        return Rules.result(dtype, Rules.broadcast(arguments, List.of(left, right)));
    }

    /** For the compiler: k quarter turns as 0 to 3 of them. */
    public static int quarterTurns(Arguments arguments) {
        return (int) Math.floorMod(arguments.integer("k"), 4L);
    }
}
