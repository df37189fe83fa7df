package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import java.util.List;

/**
 * Elements by their places in memory. An operator's {@code self} lies row-major; {@link #asStrided} finds what a view is a
 * view of, so that the places are those of PyTorch.
 */
public final class StridedOperators {

    /** {@code result[i, j, ...] = storage[offset + i * stride[0] + j * stride[1] + ...]}; places may be shared. */
    public static final Operator AS_STRIDED = Operator.define(
            "aten::as_strided(Tensor(a) self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor(a)",
            StridedOperators::strided);

    /** As {@link #AS_STRIDED}. */
    public static final Operator AS_STRIDED_COPY = Operator.define(
            "aten::as_strided_copy(Tensor self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor",
            StridedOperators::strided);

    /** {@code self} with {@code src} written where {@link #AS_STRIDED} would read; of a shared place the last one stays. */
    public static final Operator AS_STRIDED_SCATTER = Operator.define(
            "aten::as_strided_scatter(Tensor self, Tensor src, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor",
            StridedOperators::scattered);

    private StridedOperators() {
    }

    /** {@code aten::as_strided} of the storage of a tensor that may be a view. */
    public static Tensor asStrided(Tensor tensor, List<Size> size, List<Size> stride, Size storageOffset) {
        Storage storage = Storage.of(tensor);
        return AS_STRIDED.call(storage.base(), size, stride, storageOffset == null ? storage.offset() : storageOffset);
    }

    /** For the compiler: the place of the first element. */
    public static Size offset(Arguments arguments) {
        return arguments.isPresent("storage_offset") ? arguments.size("storage_offset") : Size.ZERO;
    }

    private static List<TensorType> strided(Arguments arguments) {
        List<Size> sizes = arguments.sizes("size");
        List<Size> strides = arguments.sizes("stride");
        if (sizes.size() != strides.size()) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "needs one stride for each size, not %s for %s".formatted(strides, sizes));
        }
        Size offset = offset(arguments);
        Size last = offset;
        boolean isEmpty = false;
        for (int dim = 0; dim < sizes.size(); dim++) {
            Size size = sizes.get(dim);
            Size stride = strides.get(dim);
            notNegative(arguments, "sizes " + sizes, size);
            notNegative(arguments, "strides " + strides, stride);
            last = last.plus(size.minus(1).times(stride));
            isEmpty |= size.equals(Size.ZERO);
        }
        notNegative(arguments, "storage_offset " + offset, offset);
        Tensor self = arguments.tensor("self");
        Size reached = last;
        if (!isEmpty) {
            Rules.require(arguments, last, Relation.LESS, self.shape().numel(), () ->
                    "sizes %s, strides %s and offset %s reach element %s, but %s has %s"
                            .formatted(sizes, strides, offset, reached, self.type(), self.shape().numel()));
        }
        return Rules.result(self.dtype(), sizes);
    }

    private static void notNegative(Arguments arguments, String what, Size size) {
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, size, () -> what + " must not be negative");
    }

    private static List<TensorType> scattered(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Tensor source = arguments.tensor("src");
        TensorType written = strided(arguments).getFirst();
        if (source.dtype() != self.dtype() || source.dim() != written.shape().rank()) {
            throw Rules.mistake(source.dtype() != self.dtype() ? Kind.DTYPE : Kind.SHAPE, arguments,
                    "src must be %s, not %s".formatted(written, source.type()));
        }
        for (int dim = 0; dim < source.dim(); dim++) {
            Rules.requireEqual(arguments, source.size(dim), written.shape().get(dim),
                    () -> "src must be %s, not %s".formatted(written, source.type()));
        }
        return List.of(self.type());
    }
}
