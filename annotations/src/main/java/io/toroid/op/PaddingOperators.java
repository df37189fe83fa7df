package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements added around a tensor. Paddings come in pairs (before, after), of the last dimension first, as in PyTorch; a
 * negative one takes elements away.
 */
public final class PaddingOperators {

    /** One number all around; of any number of dimensions. */
    public static final Operator CONSTANT_PAD_ND = Operator.define(
            "aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor", arguments -> {
                if (arguments.sizes("pad").size() % 2 != 0 || arguments.sizes("pad").size() > 2 * arguments.tensor("self").dim()) {
                    throw Rules.mistake(Kind.ARGUMENT, arguments, "pad must hold pairs, one for each of the last dimensions of %s, not %s"
                            .formatted(arguments.tensor("self").type(), arguments.sizes("pad")));
                }
                Rules.requireHolds(arguments.tensor("self").dtype(), arguments, "value");
                return padded(arguments, "pad");
            });

    /** The tensor mirrored at its edges, which are not repeated: a padding is less than the dimension. */
    public static final Operator REFLECTION_PAD1D = reflection(1);
    public static final Operator REFLECTION_PAD2D = reflection(2);
    public static final Operator REFLECTION_PAD3D = reflection(3);

    /** The element at the edge again and again. */
    public static final Operator REPLICATION_PAD1D = replication(1);
    public static final Operator REPLICATION_PAD2D = replication(2);
    public static final Operator REPLICATION_PAD3D = replication(3);

    private PaddingOperators() {
    }

    private static Operator reflection(int dims) {
        return Operator.define("aten::reflection_pad%dd(Tensor self, SymInt[%d] padding) -> Tensor".formatted(dims, 2 * dims),
                arguments -> {
                    checkImage(arguments, dims);
                    Tensor self = arguments.tensor("self");
                    List<Size> pads = arguments.sizes("padding");
                    for (int i = 0; i < pads.size(); i++) {
                        Size pad = pads.get(i);
                        int axis = -1 - i / 2;
                        Rules.require(arguments, pad, Relation.LESS, self.size(axis), () ->
                                "the padding %s of dimension %d must be less than its size, %s in %s".formatted(
                                        pad, axis, self.size(axis), self.type()));
                    }
                    return padded(arguments, "padding");
                });
    }

    private static Operator replication(int dims) {
        return Operator.define("aten::replication_pad%dd(Tensor self, SymInt[%d] padding) -> Tensor".formatted(dims, 2 * dims),
                arguments -> {
                    checkImage(arguments, dims);
                    Tensor self = arguments.tensor("self");
                    for (int axis = -dims; axis < 0; axis++) {
                        int shown = axis;
                        Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, self.size(axis),
                                () -> "dimension %d of %s has no element to repeat".formatted(shown, self.type()));
                    }
                    return padded(arguments, "padding");
                });
    }

    private static void checkImage(Arguments arguments, int dims) {
        Tensor self = arguments.tensor("self");
        if (arguments.sizes("padding").size() != 2 * dims) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "padding must hold %d numbers (before and after, last dimension first), not %s"
                    .formatted(2 * dims, arguments.sizes("padding")));
        }
        if (self.dim() != dims + 1 && self.dim() != dims + 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "self must have %d dimensions after [batch, channels] (or [channels]), not %s"
                    .formatted(dims, self.type()));
        }
    }

    private static List<TensorType> padded(Arguments arguments, String parameter) {
        Tensor self = arguments.tensor("self");
        List<Size> sizes = new ArrayList<>();
        for (int axis = 0; axis < self.dim(); axis++) {
            Size size = self.size(axis).plus(before(arguments, parameter, axis)).plus(after(arguments, parameter, axis));
            int shown = axis;
            Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, size, () -> "the padding %s takes more from dimension %d of %s than it has"
                    .formatted(arguments.sizes(parameter), shown, self.type()));
            sizes.add(size);
        }
        return Rules.result(self.dtype(), sizes);
    }

    /** For the compiler: how many elements come before a dimension, counted from 0. */
    public static Size before(Arguments arguments, String parameter, int axis) {
        return pad(arguments, parameter, axis, 0);
    }

    private static Size after(Arguments arguments, String parameter, int axis) {
        return pad(arguments, parameter, axis, 1);
    }

    private static Size pad(Arguments arguments, String parameter, int axis, int end) {
        List<Size> pads = arguments.sizes(parameter);
        int at = 2 * (arguments.tensor("self").dim() - 1 - axis) + end;
        return at < pads.size() ? pads.get(at) : Size.ZERO;
    }
}
