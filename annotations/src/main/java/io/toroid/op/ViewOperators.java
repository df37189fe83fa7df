package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Rearrangements of elements without arithmetic. Tensors are values here, so a view of PyTorch is an operator like any
 * other: nothing is shared that anyone could see, and {@code view} accepts every tensor, contiguous or not.
 */
public final class ViewOperators {

    /** The elements in row-major order with other sizes; one of them may be -1, which is worked out. */
    public static final Operator VIEW = Operator.define(
            "aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)", ViewOperators::view);

    /** The bits of the elements as elements of another type, which takes as many bytes. */
    public static final Operator VIEW_DTYPE = Operator.define(
            "aten::view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)", ViewOperators::viewAs);

    /** Dimension {@code i} of the result is dimension {@code dims[i]} of the tensor. */
    public static final Operator PERMUTE = Operator.define(
            "aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)", ViewOperators::permute);
    public static final Operator TRANSPOSE = Operator.define(
            "aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)", ViewOperators::transpose);

    /** The transpose of a matrix; a tensor of fewer dimensions stays. */
    public static final Operator T = Operator.define(
            "aten::t(Tensor(a) self) -> Tensor(a)", ViewOperators::matrixTranspose);

    /** Removes dimensions of size 1. A dynamic size is never taken for 1. */
    public static final Operator SQUEEZE = Operator.define(
            "aten::squeeze(Tensor(a) self) -> Tensor(a)", ViewOperators::squeeze);
    public static final Operator SQUEEZE_DIM = Operator.define(
            "aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)", ViewOperators::squeeze);
    public static final Operator SQUEEZE_DIMS = Operator.define(
            "aten::squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)", ViewOperators::squeeze);

    /** Inserts a dimension of size 1 at that place of the result. */
    public static final Operator UNSQUEEZE = Operator.define(
            "aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)", ViewOperators::unsqueeze);

    /** Repeats dimensions of size 1; -1 keeps a size; new dimensions come in front. */
    public static final Operator EXPAND = Operator.define(
            "aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)", ViewOperators::expand);

    /** {@code start} (inclusive) to {@code end} (exclusive); negative ones count from the end, and both are clamped. */
    public static final Operator SLICE = Operator.define(
            "aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)",
            arguments -> {
                Slice slice = Slice.of(arguments);
                Tensor self = arguments.tensor("self");
                return Rules.result(self.dtype(), self.shape().with(slice.axis(), slice.length()));
            });

    /** One index of a dimension, which goes away; a negative index counts from the end. */
    public static final Operator SELECT = Operator.define(
            "aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)", ViewOperators::select);

    private ViewOperators() {
    }

    // ---- view

    private static List<TensorType> viewAs(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        DType dtype = arguments.dtype("dtype").orElseThrow();
        if (self.dtype().bytes() != dtype.bytes()) {
            throw Rules.mistake(Kind.DTYPE, "view",
                    "elements of %s take %d bytes and those of %s %d; bits can be seen as another type of the same size only, and to(%s) converts values"
                            .formatted(self.dtype(), self.dtype().bytes(), dtype, dtype.bytes(), dtype));
        }
        if (dtype == DType.BOOL && self.dtype() != DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, "view", "bits of %s other than 0 and 1 are no bool; write ne(0)".formatted(self.dtype()));
        }
        return Rules.result(dtype, self.shape());
    }

    private static List<TensorType> view(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Size> sizes = new ArrayList<>(arguments.sizes("size"));
        int unknown = unknownSize(arguments, sizes);
        Size count = self.shape().numel();
        if (unknown >= 0) {
            sizes.set(unknown, Size.ONE);
            sizes.set(unknown, remainingSize(arguments, count, sizes));
        } else {
            Size product = Rules.product(sizes);
            Rules.requireEqual(arguments, count, product, () -> elementCounts(arguments, count, product));
        }
        return Rules.result(self.dtype(), sizes);
    }

    private static int unknownSize(Arguments arguments, List<Size> sizes) {
        int unknown = -1;
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i).isConstant() && sizes.get(i).constant() < 0) {
                if (sizes.get(i).constant() != -1 || unknown >= 0) {
                    throw Rules.mistake(Kind.ARGUMENT, arguments, unknown >= 0
                            ? "only one size of %s may be -1".formatted(arguments.sizes("size"))
                            : "a size cannot be %s; -1 stands for the one to be worked out".formatted(sizes.get(i)));
                }
                unknown = i;
            }
        }
        return unknown;
    }

    private static Size remainingSize(Arguments arguments, Size count, List<Size> others) {
        Size known = Rules.product(others);
        if (known.equals(Size.ZERO)) {
            throw Rules.mistake(Kind.SHAPE, arguments,
                    "beside a size of 0 the one written -1 could be anything; give it as a number");
        }
        Rules.requireEqual(arguments, count.mod(known), Size.ZERO,
                () -> "%s elements, as in %s, are not a multiple of %s, so the size written -1 in %s does not exist"
                        .formatted(count, arguments.tensor("self").type(), known, arguments.sizes("size")));
        return count.floorDiv(known);
    }

    private static String elementCounts(Arguments arguments, Size count, Size product) {
        return "%s holds %s elements, the sizes %s need %s; the products must be equal (write one size as -1 to have it worked out)"
                .formatted(arguments.tensor("self").type(), count, arguments.sizes("size"), product);
    }

    /** The dimensions from start to end, both included, into one. */
    public static Tensor flatten(Tensor tensor, int start, int end) {
        int first = Rules.axis("flatten", tensor, start);
        int last = Rules.axis("flatten", tensor, end);
        if (first > last) {
            throw Rules.mistake(Kind.ARGUMENT, "flatten",
                    "dimension %d of %s does not come before dimension %d".formatted(start, tensor.type(), end));
        }
        if (first == last && tensor.dim() > 0) {
            return tensor;
        }
        List<Size> sizes = Rules.sizes(tensor);
        List<Size> joined = tensor.dim() == 0 ? sizes : sizes.subList(first, last + 1);
        Size product = Rules.product(joined);
        joined.clear();
        sizes.add(first, product);
        return VIEW.call(tensor, sizes);
    }

    /** One dimension into several, whose sizes multiply to it; one may be -1. */
    public static Tensor unflatten(Tensor tensor, int dim, long... parts) {
        int axis = Rules.axis("unflatten", tensor, dim);
        List<Size> split = new ArrayList<>(Shape.of(parts).sizes());
        int unknown = split.indexOf(Size.of(-1));
        if (unknown >= 0) {
            split.set(unknown, Size.ONE);
            Size known = Rules.product(split);
            checkDivides(tensor, axis, known, parts);
            split.set(unknown, tensor.size(axis).floorDiv(known));
        }
        Size product = Rules.product(split);
        Rules.requireEqual("unflatten", tensor.size(axis), product,
                () -> "the sizes %s multiply to %s, but dimension %d of %s has size %s"
                        .formatted(Arrays.toString(parts), product, dim, tensor.type(), tensor.size(axis)));
        List<Size> sizes = Rules.sizes(tensor);
        sizes.remove(axis);
        sizes.addAll(axis, split);
        return VIEW.call(tensor, sizes);
    }

    private static void checkDivides(Tensor tensor, int axis, Size known, long[] parts) {
        Supplier<String> problem = () -> "dimension %d of %s, %s, is not a multiple of the %s that the sizes %s leave for -1"
                .formatted(axis, tensor.type(), tensor.size(axis), known, Arrays.toString(parts));
        if (known.constant() < 1) {
            throw Rules.mistake(Kind.ARGUMENT, "unflatten", problem.get());
        }
        Rules.requireEqual("unflatten", tensor.size(axis).mod(known), Size.ZERO, problem);
    }

    // ---- order of dimensions

    private static List<TensorType> permute(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Long> dims = Rules.integers(arguments, "dims");
        List<Integer> axes = dims.stream().map(dim -> Rules.axis(Rules.title(arguments.schema()), self, dim)).toList();
        if (axes.size() != self.dim() || new HashSet<>(axes).size() != self.dim()) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the order %s must name each of the %d dimensions of %s once"
                    .formatted(dims, self.dim(), self.type()));
        }
        return Rules.result(self.dtype(), axes.stream().map(self::size).toList());
    }

    private static List<TensorType> transpose(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        int first = Rules.axis(arguments, "dim0", self);
        int second = Rules.axis(arguments, "dim1", self);
        if (self.dim() == 0) {
            return List.of(self.type());
        }
        return Rules.result(self.dtype(), self.shape().with(first, self.size(second)).with(second, self.size(first)));
    }

    private static List<TensorType> matrixTranspose(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() > 2) {
            throw Rules.mistake(Kind.SHAPE, arguments,
                    "takes a matrix, not %s; name the dimensions: .transpose(-2, -1)".formatted(self.type()));
        }
        return self.dim() < 2 ? List.of(self.type()) : Rules.result(self.dtype(), Shape.of(self.size(1), self.size(0)));
    }

    // ---- dimensions of size 1

    /** For the compiler: the dimensions that a call of a squeeze removes, counted from 0. */
    public static List<Integer> squeezedAxes(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        boolean all = arguments.schema().parameters().size() == 1;
        List<Integer> named = all
                ? IntStream.range(0, self.dim()).boxed().toList()
                : Rules.integers(arguments, "dim").stream()
                        .map(dim -> Rules.axis(Rules.title(arguments.schema()), self, dim))
                        .sorted().distinct().toList();
        return named.stream().filter(axis -> axis < self.dim() && self.size(axis).equals(Size.ONE)).toList();
    }

    private static List<TensorType> squeeze(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Integer> removed = squeezedAxes(arguments);
        return Rules.result(self.dtype(), IntStream.range(0, self.dim())
                .filter(axis -> !removed.contains(axis))
                .mapToObj(self::size)
                .toList());
    }

    private static List<TensorType> unsqueeze(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        long dim = Rules.integer(arguments, "dim");
        if (dim < -self.dim() - 1 || dim > self.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "a new dimension of %s can stand at %d to %d, not at %d"
                    .formatted(self.type(), -self.dim() - 1, self.dim(), dim));
        }
        List<Size> sizes = Rules.sizes(self);
        sizes.add((int) (dim < 0 ? dim + self.dim() + 1 : dim), Size.ONE);
        return Rules.result(self.dtype(), sizes);
    }

    // ---- expand

    private static List<TensorType> expand(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        return Rules.result(self.dtype(), checkExpands(arguments, self, arguments.sizes("size")));
    }

    /** The sizes with every -1 filled in, or the mistake if the tensor cannot be expanded to them. */
    static List<Size> checkExpands(Arguments arguments, Tensor tensor, List<Size> target) {
        int added = target.size() - tensor.dim();
        if (added < 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s has more dimensions than %s".formatted(tensor.type(), target));
        }
        List<Size> sizes = new ArrayList<>(target);
        for (int i = 0; i < target.size(); i++) {
            boolean kept = target.get(i).equals(Size.of(-1));
            if (i < added) {
                if (kept) {
                    throw Rules.mistake(Kind.ARGUMENT, arguments,
                            "dimension %d of %s is new, so its size cannot be -1 (keep)".formatted(i, target));
                }
            } else {
                sizes.set(i, kept ? tensor.size(i - added) : expandedSize(arguments, tensor, i - added, target, i));
            }
        }
        return sizes;
    }

    private static Size expandedSize(Arguments arguments, Tensor tensor, int axis, List<Size> target, int at) {
        Size size = tensor.size(axis);
        if (!size.equals(Size.ONE)) {
            Rules.requireEqual(arguments, size, target.get(at),
                    () -> "%s cannot be expanded to %s: its dimension %d has size %s, not 1 or %s"
                            .formatted(tensor.type(), target, axis, size, target.get(at)));
        }
        return target.get(at);
    }

    // ---- parts

    /** At most that many parts of a dimension, of equal size except the last. */
    public static List<Tensor> chunk(Tensor tensor, int count, int dim) {
        if (count < 1) {
            throw Rules.mistake(Kind.ARGUMENT, "chunk", "the number of parts must be at least 1, not %d".formatted(count));
        }
        long total = tensor.size(knownAxis("chunk", tensor, dim)).constant();
        return SplittingOperators.SPLIT.callAll(tensor, Math.max(1, Math.ceilDiv(total, (long) count)), dim);
    }

    private static int knownAxis(String title, Tensor tensor, int dim) {
        int axis = Rules.axis(title, tensor, dim);
        if (tensor.dim() == 0 || !tensor.size(axis).isConstant()) {
            throw Rules.mistake(Kind.SHAPE, title, tensor.dim() == 0
                    ? "%s is a single value and has no parts".formatted(tensor.type())
                    : "dimension %d of %s is dynamic, so the number of parts is not known; use slice with sizes"
                            .formatted(dim, tensor.type()));
        }
        return axis;
    }

    // ---- select

    /** For the compiler: the index that a select takes, counted from 0. */
    public static Size selectedIndex(Arguments arguments) {
        Size index = arguments.size("index");
        Tensor self = arguments.tensor("self");
        Size size = self.size(Rules.axis(arguments, "dim", self));
        boolean fromEnd = index.isConstant() && index.constant() < 0;
        return fromEnd ? size.plus(index) : mayCountFromEnd(index) ? index.mod(size) : index;
    }

    /** Data decide from which end. */
    private static boolean mayCountFromEnd(Size index) {
        return !index.isConstant() && index.range().min() < 0 && DataSizes.in(index).findAny().isPresent();
    }

    private static List<TensorType> select(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s is a single value, there is nothing to select from".formatted(self.type()));
        }
        int axis = Rules.axis(arguments, "dim", self);
        Size given = arguments.size("index");
        Size index = mayCountFromEnd(given) ? given : selectedIndex(arguments);
        Size first = mayCountFromEnd(given) ? self.size(axis).negate() : Size.ZERO;
        String problem = "index %s is out of range for dimension %d of %s, whose size is %s"
                .formatted(arguments.size("index"), axis, self.type(), self.size(axis));
        Rules.require(arguments, first, Relation.LESS_OR_EQUAL, index, () -> problem);
        Rules.require(arguments, index, Relation.LESS, self.size(axis), () -> problem);
        return Rules.result(self.dtype(), self.shape().without(axis));
    }
}
