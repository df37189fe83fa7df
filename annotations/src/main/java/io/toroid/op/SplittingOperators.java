package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One tensor into several; how many must be known when the model is compiled. */
public final class SplittingOperators {

    /** Parts of that size each, the last one smaller if it does not divide. */
    public static final Operator SPLIT = Operator.define(
            "aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]", SplittingOperators::split);

    /** Parts of these sizes, whose sum is the dimension's. */
    public static final Operator SPLIT_WITH_SIZES = Operator.define(
            "aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]",
            SplittingOperators::splitWithSizes);

    /** Each index of a dimension, which goes away. */
    public static final Operator UNBIND = Operator.define(
            "aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]", SplittingOperators::unbind);

    private SplittingOperators() {
    }

    private static List<TensorType> split(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        long size = Rules.integer(arguments, "split_size");
        int axis = knownAxis(arguments);
        long total = self.size(axis).constant();
        if (size < 1 && !(size == 0 && total == 0)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the size of a part must be at least 1, not %d".formatted(size));
        }
        List<TensorType> parts = new ArrayList<>();
        for (long start = 0; start < Math.max(1, total); start += Math.max(1, size)) {
            parts.add(part(self, axis, Size.of(Math.min(total - start, size))));
        }
        return parts;
    }

    private static List<TensorType> splitWithSizes(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        requireDimensions(arguments, self);
        int axis = Rules.axis(arguments, "dim", self);
        List<Size> sizes = arguments.sizes("split_sizes");
        Size sum = sizes.stream().reduce(Size.ZERO, Size::plus);
        Rules.requireEqual(arguments, sum, self.size(axis), () -> "the sizes %s add up to %s, but dimension %d of %s has size %s"
                .formatted(sizes, sum, axis, self.type(), self.size(axis)));
        return sizes.stream().map(size -> part(self, axis, size)).toList();
    }

    private static TensorType part(Tensor self, int axis, Size size) {
        return new TensorType(self.dtype(), self.shape().with(axis, size));
    }

    private static List<TensorType> unbind(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        int axis = knownAxis(arguments);
        int count = Math.toIntExact(self.size(axis).constant());
        return Collections.nCopies(count, new TensorType(self.dtype(), self.shape().without(axis)));
    }

    private static int knownAxis(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        requireDimensions(arguments, self);
        int axis = Rules.axis(arguments, "dim", self);
        if (!self.size(axis).isConstant()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "dimension %d of %s is dynamic, so the number of parts is not known; use slice with sizes"
                    .formatted(Rules.integer(arguments, "dim"), self.type()));
        }
        return axis;
    }

    private static void requireDimensions(Arguments arguments, Tensor self) {
        if (self.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s is a single value and has no parts".formatted(self.type()));
        }
    }
}
