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
import java.util.Optional;
import java.util.Set;

/**
 * Writing at places that are themselves tensors. The result is a copy of {@code self} with what was written; an index out
 * of range is an error. Where several elements meet at one place, they are taken in row-major order, so the last one stays.
 */
public final class ScatterOperators {

    /** {@code result[i][index[i][j]] = src[i][j]}, here for {@code dim = 1}; indices are not negative. */
    public static final Operator SCATTER = Operator.define(
            "aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor", ScatterOperators::scatter);

    /** As {@code scatter} of a tensor of which all elements are the value. */
    public static final Operator SCATTER_VALUE = Operator.define(
            "aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor", arguments -> {
                Rules.requireHolds(arguments.tensor("self").dtype(), arguments, "value");
                return scatter(arguments);
            });

    /** {@code result[i][index[i][j]] += src[i][j]}, here for {@code dim = 1}; indices are not negative. */
    public static final Operator SCATTER_ADD = Operator.define(
            "aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor", ScatterOperators::scatter);

    /**
     * Combines what {@code scatter} would write to one place: by {@code sum}, {@code prod}, {@code mean}, {@code amax} or
     * {@code amin}, with or without what stood there before. The mean of integers is rounded down.
     */
    public static final Operator SCATTER_REDUCE = Operator.define(
            "aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, "
                    + "bool include_self=True) -> Tensor",
            ScatterOperators::reduced);

    /**
     * {@code result[index[j]] += alpha * source[j]}, here for {@code dim = 0}; indices are not negative. Of integers, {@code alpha} is
     * rounded towards zero first.
     */
    public static final Operator INDEX_ADD = Operator.define(
            "aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor",
            ScatterOperators::added);

    /** {@code result[index[j]] = source[j]}, here for {@code dim = 0}; indices are not negative. */
    public static final Operator INDEX_COPY = Operator.define(
            "aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor", ScatterOperators::rows);

    /** {@code result[index[j]] = value}, here for {@code dim = 0}; negative indices count from the end. */
    public static final Operator INDEX_FILL = Operator.define(
            "aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
            ScatterOperators::filled);

    /**
     * {@code result[indices[0][j], indices[1][j], ...] = values[j]}, or {@code +=}: the values broadcast to what
     * {@link IndexingOperators#INDEX} would select. A boolean mask of the leading dimensions that stands alone, with values that
     * are the same for all places where it holds, stays a mask; how many these are need not be known.
     */
    public static final Operator INDEX_PUT = Operator.define(
            "aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor",
            ScatterOperators::withPlaces, ScatterOperators::put);

    /** Where the mask holds, the next of the source's elements; {@code self} and the mask broadcast. */
    public static final Operator MASKED_SCATTER = Operator.define(
            "aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor", ScatterOperators::masked);

    private static final Set<String> REDUCTIONS = Set.of("sum", "prod", "mean", "amax", "amin");

    private ScatterOperators() {
    }

    // ---- an index for each element

    private static List<TensorType> scatter(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Tensor index = arguments.tensor("index");
        int axis = Rules.axis(arguments, "dim", self);
        Rules.accept(arguments, "index", Accepts.INTEGERS);
        requireRank(arguments, "index", self, index);
        if (hasNone(index)) {
            return List.of(self.type());
        }
        for (int dim = 0; dim < Math.min(self.dim(), index.dim()); dim++) {
            if (dim != axis) {
                requireFits(arguments, "self", self, index, dim);
            }
        }
        if (arguments.schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("src"))) {
            Tensor source = arguments.tensor("src");
            requireSameType(arguments, "src");
            requireRank(arguments, "src", self, source);
            for (int dim = 0; dim < Math.min(source.dim(), index.dim()); dim++) {
                requireFits(arguments, "src", source, index, dim);
            }
            if (source.dim() < index.dim()) {
                Rules.require(arguments, index.size(0), Relation.LESS_OR_EQUAL, Size.ONE,
                        () -> "index %s is larger than src %s, a single value".formatted(index.type(), source.type()));
            }
        }
        return List.of(self.type());
    }

    private static List<TensorType> reduced(Arguments arguments) {
        String reduction = arguments.text("reduce");
        if (!REDUCTIONS.contains(reduction)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "reduce must be sum, prod, mean, amax or amin, not " + reduction);
        }
        if (reduction.equals("mean") && arguments.tensor("self").dtype() == DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, arguments, "booleans have no mean; convert them with .to(DType.F32)");
        }
        return scatter(arguments);
    }

    private static boolean hasNone(Tensor index) {
        return index.shape().sizes().contains(Size.ZERO);
    }

    private static void requireFits(Arguments arguments, String parameter, Tensor tensor, Tensor index, int dim) {
        Rules.require(arguments, index.size(dim), Relation.LESS_OR_EQUAL, tensor.size(dim),
                () -> "index %s is larger than %s %s in dimension %d, %s against %s".formatted(
                        index.type(), parameter, tensor.type(), dim, index.size(dim), tensor.size(dim)));
    }

    /** A single value and a line of one are alike. */
    private static void requireRank(Arguments arguments, String parameter, Tensor self, Tensor tensor) {
        if (Math.max(1, tensor.dim()) != Math.max(1, self.dim())) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s must have as many dimensions as self, %d, not %d as in %s"
                    .formatted(parameter, self.dim(), tensor.dim(), tensor.type()));
        }
    }

    private static void requireSameType(Arguments arguments, String parameter) {
        Tensor self = arguments.tensor("self");
        Tensor tensor = arguments.tensor(parameter);
        if (self.dtype() != tensor.dtype()) {
            throw Rules.mistake(Kind.DTYPE, arguments, "self is %s, but %s is %s; convert it with .to(DType.%s)"
                    .formatted(self.type(), parameter, tensor.type(), self.dtype().name()));
        }
    }

    // ---- an index for each row

    private static List<TensorType> filled(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Rules.axis(arguments, "dim", self);
        Rules.requireHolds(self.dtype(), arguments, "value");
        requireLine(arguments);
        return List.of(self.type());
    }

    private static void requireLine(Arguments arguments) {
        Rules.accept(arguments, "index", Accepts.INTEGERS);
        Tensor index = arguments.tensor("index");
        if (index.dim() > 1) {
            throw Rules.mistake(Kind.SHAPE, arguments, "index must have one dimension, not %d as in %s"
                    .formatted(index.dim(), index.type()));
        }
    }

    private static List<TensorType> added(Arguments arguments) {
        Rules.requireHolds(arguments.tensor("self").dtype(), arguments, "alpha");
        return rows(arguments);
    }

    private static List<TensorType> rows(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Tensor index = arguments.tensor("index");
        Tensor source = arguments.tensor("source");
        int axis = Rules.axis(arguments, "dim", self);
        requireLine(arguments);
        requireSameType(arguments, "source");
        requireRank(arguments, "source", self, source);
        for (int dim = 0; dim < Math.min(self.dim(), source.dim()); dim++) {
            int shown = dim;
            Size wanted = dim == axis ? index.shape().numel() : self.size(dim);
            Rules.requireEqual(arguments, wanted, source.size(dim), () -> "source %s must have size %s in dimension %d, not %s"
                    .formatted(source.type(), wanted, shown, source.size(shown)));
        }
        if (self.dim() == 0 || source.dim() == 0) {
            Rules.requireEqual(arguments, index.shape().numel(), source.shape().numel(),
                    () -> "index %s and source %s must have as many elements".formatted(index.type(), source.type()));
        }
        return List.of(self.type());
    }

    // ---- several indices, masks

    private static List<TensorType> put(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        requireSameType(arguments, "values");
        if (isMask(arguments)) {
            checkMask(arguments, arguments.tensors("indices").getFirst());
        } else {
            requireExpands(arguments, arguments.tensor("values"), IndexPlan.of(arguments).result().sizes());
        }
        return List.of(self.type());
    }

    private static Arguments withPlaces(Arguments arguments) {
        return isMask(arguments) ? arguments : Masks.asPlaces(arguments);
    }

    /** Whether there is one index, a mask, and what is written does not depend on the place. */
    public static boolean isMask(Arguments arguments) {
        List<Optional<Tensor>> indices = arguments.optionalTensors("indices");
        if (indices.size() != 1 || indices.getFirst().filter(index -> index.dtype() == DType.BOOL).isEmpty()) {
            return false;
        }
        Tensor values = arguments.tensor("values");
        int rest = arguments.tensor("self").dim() - indices.getFirst().get().dim();
        return values.dim() <= rest || values.dim() == rest + 1 && values.size(0).equals(Size.ONE);
    }

    private static void checkMask(Arguments arguments, Tensor mask) {
        Tensor self = arguments.tensor("self");
        Masks.requireFits(arguments, mask, /* from= */ 0);
        List<Size> row = new ArrayList<>(self.shape().sizes().subList(mask.dim(), self.dim()));
        row.addFirst(Size.ONE);
        requireExpands(arguments, arguments.tensor("values"), row);
    }

    private static void requireExpands(Arguments arguments, Tensor values, List<Size> target) {
        if (values.dim() > target.size()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "values %s do not broadcast to the selected %s"
                    .formatted(values.type(), new Shape(target)));
        }
        for (int dim = -values.dim(); dim < 0; dim++) {
            Size wanted = target.get(target.size() + dim);
            if (!values.size(dim).equals(Size.ONE)) {
                Rules.requireEqual(arguments, values.size(dim), wanted, () -> "values %s do not broadcast to the selected %s"
                        .formatted(values.type(), new Shape(target)));
            }
        }
    }

    /** For the compiler: the shape that a mask and what it masks broadcast to. */
    public static Shape broadcast(Arguments arguments, Tensor... tensors) {
        return Rules.broadcast(arguments, List.of(tensors));
    }

    private static List<TensorType> masked(Arguments arguments) {
        Rules.accept(arguments, "mask", Accepts.BOOLEANS);
        requireSameType(arguments, "source");
        Tensor self = arguments.tensor("self");
        return Rules.result(self.dtype(), broadcast(arguments, self, arguments.tensor("mask")));
    }
}
