package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/** Several tensors into one. Element types are promoted. */
public final class JoiningOperators {

    /** Along a dimension that all have; the other sizes agree. A tensor of sizes {@code [0]} counts for nothing. */
    public static final Operator CAT = Operator.define(
            "aten::cat(Tensor[] tensors, int dim=0) -> Tensor", JoiningOperators::cat);

    /** Along a new dimension; all sizes agree. */
    public static final Operator STACK = Operator.define(
            "aten::stack(Tensor[] tensors, int dim=0) -> Tensor", JoiningOperators::stack);

    private static final Shape EMPTY = Shape.of(0);

    private JoiningOperators() {
    }

    private static List<TensorType> cat(Arguments arguments) {
        List<Tensor> tensors = parts(arguments);
        DType dtype = Promotion.ofTensors(tensors.stream());
        List<Tensor> counted = tensors.stream().filter(tensor -> !tensor.shape().equals(EMPTY)).toList();
        if (counted.isEmpty()) {
            return Rules.result(dtype, EMPTY);
        }
        Tensor first = counted.getFirst();
        if (first.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s is a single value and has no dimension to join along; use stack"
                    .formatted(first.type()));
        }
        int axis = Rules.axis(arguments, "dim", first);
        counted.forEach(tensor -> checkFits(arguments, first, tensor, axis));
        Size total = counted.stream().map(tensor -> tensor.size(axis)).reduce(Size.ZERO, Size::plus);
        return Rules.result(dtype, first.shape().with(axis, total));
    }

    private static void checkFits(Arguments arguments, Tensor first, Tensor tensor, int joined) {
        if (tensor.dim() != first.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%s and %s have %d and %d dimensions; all must have the same number"
                    .formatted(first.type(), tensor.type(), first.dim(), tensor.dim()));
        }
        for (int axis = 0; axis < first.dim(); axis++) {
            if (axis != joined) {
                int shown = axis;
                Rules.requireEqual(arguments, first.size(axis), tensor.size(axis),
                        () -> "%s and %s differ at dimension %d, %s and %s; only dimension %d, along which they are joined, may differ"
                                .formatted(first.type(), tensor.type(), shown, first.size(shown), tensor.size(shown), joined));
            }
        }
    }

    private static List<TensorType> stack(Arguments arguments) {
        List<Tensor> tensors = parts(arguments);
        Tensor first = tensors.getFirst();
        long dim = Rules.integer(arguments, "dim");
        if (dim < -first.dim() - 1 || dim > first.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "the new dimension of a stack of %s can stand at %d to %d, not at %d"
                    .formatted(first.type(), -first.dim() - 1, first.dim(), dim));
        }
        tensors.forEach(tensor -> checkSame(arguments, first, tensor));
        List<Size> sizes = Rules.sizes(first);
        sizes.add((int) (dim < 0 ? dim + first.dim() + 1 : dim), Size.of(tensors.size()));
        return Rules.result(Promotion.ofTensors(tensors.stream()), sizes);
    }

    private static void checkSame(Arguments arguments, Tensor first, Tensor tensor) {
        String problem = "all tensors must have the same sizes, not %s and %s".formatted(first.type(), tensor.type());
        if (tensor.dim() != first.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, problem);
        }
        for (int axis = 0; axis < first.dim(); axis++) {
            Rules.requireEqual(arguments, first.size(axis), tensor.size(axis), () -> problem);
        }
    }

    private static List<Tensor> parts(Arguments arguments) {
        List<Tensor> tensors = arguments.tensors("tensors");
        if (tensors.isEmpty()) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "takes at least one tensor");
        }
        return tensors;
    }
}
