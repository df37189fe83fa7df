package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Reductions over some dimensions or all of them. With {@code keepdim} a reduced dimension stays with size 1.
 * Sums of integers and booleans are {@code i64}; extremes are NaN if an element is; the index of an extreme is that of
 * its first occurrence. Whether any or all are true is {@code bool}, and of {@code u8}, which once stood for it, {@code u8}.
 */
public final class ReductionOperators {

    public static final Operator SUM = Operator.define(
            "aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor", ReductionOperators::sum);
    public static final Operator SUM_DIM = Operator.define(
            "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            ReductionOperators::sum);

    public static final Operator MEAN = Operator.define(
            "aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor", ReductionOperators::mean);
    public static final Operator MEAN_DIM = Operator.define(
            "aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            ReductionOperators::mean);

    /** The sum of squared differences from the mean over {@code count - correction}; 1 if no correction is given. */
    public static final Operator VAR = Operator.define(
            "aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor",
            ReductionOperators::variance);

    /** As {@link #VAR} with a correction of 1 ({@code unbiased}) or 0. */
    public static final Operator VAR_DIM = Operator.define(
            "aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor", ReductionOperators::variance);

    /** The variance, as above, and the mean. */
    public static final Operator VAR_MEAN = Operator.define(
            "aten::var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) "
                    + "-> (Tensor, Tensor)",
            arguments -> List.of(variance(arguments).getFirst(), variance(arguments).getFirst()));

    /** The square root of the variance. */
    public static final Operator STD = Operator.define(
            "aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor",
            ReductionOperators::variance);

    /** The standard deviation and the mean. */
    public static final Operator STD_MEAN = Operator.define(
            "aten::std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) "
                    + "-> (Tensor, Tensor)",
            arguments -> List.of(variance(arguments).getFirst(), variance(arguments).getFirst()));

    /** Products of integers and booleans are {@code i64}; of nothing it is 1. */
    public static final Operator PROD = Operator.define(
            "aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor", ReductionOperators::sum);
    public static final Operator PROD_DIM = Operator.define(
            "aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            ReductionOperators::sum);

    /** {@code log(sum(exp(x)))} without overflow; integers and booleans give {@code f32}. */
    public static final Operator LOGSUMEXP = Operator.define(
            "aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
            arguments -> Rules.result(Promotion.floating(arguments.tensor("self").dtype()), reduced(arguments)));

    /** How many elements are not zero, {@code i64}; NaN is not. */
    public static final Operator COUNT_NONZERO = Operator.define(
            "aten::count_nonzero(Tensor self, int? dim=None) -> Tensor",
            arguments -> Rules.result(DType.I64, reduced(arguments)));

    public static final Operator AMAX = Operator.define(
            "aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", ReductionOperators::extreme);
    public static final Operator AMIN = Operator.define(
            "aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", ReductionOperators::extreme);

    /** {@code amax} of floating types, for axes that may have no elements: of nothing it is minus infinity, which changes no maximum. */
    public static final Operator AMAX_OF_ANY = Operator.define(
            "toroid::amax_of_any(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor", arguments -> {
                Rules.accept(arguments, "self", Accepts.FLOATING);
                return Rules.result(arguments.tensor("self").dtype(), reduced(arguments));
            });

    public static final Operator MAX = Operator.define(
            "aten::max(Tensor self) -> Tensor", ReductionOperators::extreme);
    public static final Operator MIN = Operator.define(
            "aten::min(Tensor self) -> Tensor", ReductionOperators::extreme);

    /** The smallest and the largest element. */
    public static final Operator AMINMAX = Operator.define(
            "aten::aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)",
            arguments -> List.of(extreme(arguments).getFirst(), extreme(arguments).getFirst()));

    public static final Operator MAX_DIM = Operator.define(
            "aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
            ReductionOperators::extremeAndIndex);
    public static final Operator MIN_DIM = Operator.define(
            "aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
            ReductionOperators::extremeAndIndex);

    /** Without a dimension: the index into the flattened tensor. */
    public static final Operator ARGMAX = Operator.define(
            "aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", ReductionOperators::index);
    public static final Operator ARGMIN = Operator.define(
            "aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", ReductionOperators::index);

    public static final Operator ANY = Operator.define("aten::any(Tensor self) -> Tensor", ReductionOperators::truth);
    public static final Operator ANY_DIM = Operator.define(
            "aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", ReductionOperators::truth);

    /** Of an empty list of dimensions each element stays by itself. */
    public static final Operator ANY_DIMS = Operator.define(
            "aten::any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", ReductionOperators::truth);
    public static final Operator ALL = Operator.define("aten::all(Tensor self) -> Tensor", ReductionOperators::truth);
    public static final Operator ALL_DIM = Operator.define(
            "aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", ReductionOperators::truth);

    private ReductionOperators() {
    }

    /**
     * For the compiler: the dimensions that a call of one of these operators reduces, counted from 0 in ascending
     * order; all if it names none.
     */
    public static List<Integer> axes(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Long> dims = has(arguments, "dim") ? Rules.integers(arguments, "dim") : List.of();
        if (dims.isEmpty() && arguments.schema().overload().equals("dims") && arguments.isPresent("dim")) {
            return List.of();
        }
        if (dims.isEmpty()) {
            return IntStream.range(0, self.dim()).boxed().toList();
        }
        SortedSet<Integer> axes = new TreeSet<>();
        for (long dim : dims) {
            if (!axes.add(Rules.axis(Rules.title(arguments.schema()), self, dim))) {
                throw Rules.mistake(Kind.ARGUMENT, arguments,
                        "dimension %d of %s is named twice in %s".formatted(dim, self.type(), dims));
            }
        }
        return self.dim() == 0 ? List.of() : List.copyOf(axes);
    }

    /** For the compiler: whether a call keeps its reduced dimensions. */
    public static boolean keepsDimensions(Arguments arguments) {
        return has(arguments, "keepdim") && arguments.flag("keepdim");
    }

    private static boolean has(Arguments arguments, String parameter) {
        return arguments.schema().parameters().stream().anyMatch(declared -> declared.name().equals(parameter));
    }

    static Shape reduced(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        List<Integer> axes = axes(arguments);
        boolean keep = keepsDimensions(arguments);
        List<Size> sizes = new ArrayList<>();
        for (int axis = 0; axis < self.dim(); axis++) {
            if (!axes.contains(axis)) {
                sizes.add(self.size(axis));
            } else if (keep) {
                sizes.add(Size.ONE);
            }
        }
        return new Shape(sizes);
    }

    private static List<TensorType> sum(Arguments arguments) {
        DType dtype = arguments.tensor("self").dtype();
        DType natural = dtype.isFloating() ? dtype : DType.I64;
        return Rules.result(arguments.dtype("dtype").orElse(natural), reduced(arguments));
    }

    private static List<TensorType> mean(Arguments arguments) {
        DType dtype = arguments.dtype("dtype").orElse(arguments.tensor("self").dtype());
        if (!dtype.isFloating()) {
            throw Rules.mistake(Kind.DTYPE, arguments,
                    "the mean of %s would not be a whole number; convert it with .to(DType.F32)"
                            .formatted(arguments.tensor("self").type()));
        }
        return Rules.result(dtype, reduced(arguments));
    }

    private static List<TensorType> variance(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        return Rules.result(arguments.tensor("self").dtype(), reduced(arguments));
    }

    private static List<TensorType> extreme(Arguments arguments) {
        requireElements(arguments);
        return Rules.result(arguments.tensor("self").dtype(), reduced(arguments));
    }

    private static List<TensorType> extremeAndIndex(Arguments arguments) {
        requireElements(arguments);
        Shape shape = reduced(arguments);
        return List.of(new TensorType(arguments.tensor("self").dtype(), shape), new TensorType(DType.I64, shape));
    }

    private static List<TensorType> index(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.NUMBERS);
        requireElements(arguments);
        return Rules.result(DType.I64, reduced(arguments));
    }

    private static List<TensorType> truth(Arguments arguments) {
        DType dtype = arguments.tensor("self").dtype();
        return Rules.result(dtype == DType.U8 ? dtype : DType.BOOL, reduced(arguments));
    }

    /** Nothing has no largest element. */
    private static void requireElements(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        for (int axis : axes(arguments)) {
            Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, self.size(axis),
                    () -> "dimension %d of %s has no elements to choose from".formatted(axis, self.type()));
        }
    }
}
