package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * For the compiler: how a call of {@code convolution} moves its kernel, with one number for each dimension of the kernel.
 *
 * @param isTransposed each input spreads over the result by the kernel, at {@code index * stride - padding + tap * dilation}
 * @param outputPadding 0 unless transposed
 */
public record ConvolutionGeometry(
        List<Size> kernel, List<Long> stride, List<Long> padding, List<Long> dilation, boolean isTransposed,
        List<Long> outputPadding, long groups) {

    /** Reads and checks the arguments of a call. */
    public static ConvolutionGeometry of(Arguments arguments) {
        Tensor weight = arguments.tensor("weight");
        boolean transposed = arguments.flag("transposed");
        int dims = weight.dim() - 2;
        if (dims < 1 || dims > 3) {
            throw Rules.mistake(Kind.SHAPE, arguments, "the weight must have 3, 4 or 5 dimensions, two for channels and one to three for its kernel, not %d as in %s"
                    .formatted(weight.dim(), weight.type()));
        }
        List<Long> none = Collections.nCopies(dims, 0L);
        ConvolutionGeometry geometry = new ConvolutionGeometry(
                weight.shape().sizes().subList(2, 2 + dims), each(arguments, "stride", dims, 1), each(arguments, "padding", dims, 0),
                each(arguments, "dilation", dims, 1), transposed, transposed ? each(arguments, "output_padding", dims, 0) : none,
                Rules.integer(arguments, "groups"));
        geometry.check(arguments, weight);
        return geometry;
    }

    private static List<Long> each(Arguments arguments, String parameter, int dims, long least) {
        List<Long> values = Rules.each(arguments, parameter, dims);
        if (values.stream().anyMatch(value -> value < least)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the %s must be at least %d, not %s".formatted(
                    parameter.replace('_', ' '), least, Window.shown(values)));
        }
        return values;
    }

    private void check(Arguments arguments, Tensor weight) {
        for (int i = 0; i < dims(); i++) {
            int dim = 2 + i;
            Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, kernel.get(i),
                    () -> "the kernel must have elements, but dimension %d of the weight %s is %s".formatted(dim, weight.type(), weight.size(dim)));
            if (outputPadding.get(i) >= Math.max(stride.get(i), dilation.get(i))) {
                throw Rules.mistake(Kind.ARGUMENT, arguments, "the output padding %s must be less than the stride %s or the dilation %s"
                        .formatted(Window.shown(outputPadding), Window.shown(stride), Window.shown(dilation)));
            }
        }
        if (groups < 1) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the number of groups must be at least 1, not %d".formatted(groups));
        }
    }

    /** Dimensions of the kernel. */
    public int dims() {
        return kernel.size();
    }

    /** Over how many elements the kernel reaches. */
    public Size reach(int i) {
        return kernel.get(i).minus(1).times(dilation.get(i)).plus(1);
    }

    /** Channels of the result. */
    public Size outputs(Tensor weight) {
        return isTransposed ? weight.size(1).times(groups) : weight.size(0);
    }

    /** Channels that the weight takes. */
    public Size inputs(Tensor weight) {
        return isTransposed ? weight.size(0) : weight.size(1).times(groups);
    }

    /** Sizes of the result behind its channels. */
    List<Size> positions(Arguments arguments, Tensor input) {
        List<Size> sizes = new ArrayList<>();
        for (int i = 0; i < dims(); i++) {
            sizes.add(isTransposed ? spread(arguments, input, i) : fitting(arguments, input, i));
        }
        return sizes;
    }

    private Size fitting(Arguments arguments, Tensor input, int i) {
        int axis = i - dims();
        Size size = input.size(axis);
        Size room = size.plus(2 * padding.get(i)).minus(reach(i));
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, room, () -> Window.tooLarge(reach(i), axis, input, padding.get(i)));
        return room.floorDiv(stride.get(i)).plus(1);
    }

    private Size spread(Arguments arguments, Tensor input, int i) {
        int axis = i - dims();
        Size size = input.size(axis).minus(1).times(stride.get(i)).minus(2 * padding.get(i)).plus(reach(i)).plus(outputPadding.get(i));
        Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, size,
                () -> "of dimension %d of %s, which has %s, %s are left in the result when the padding %d is taken away on either side; make it smaller"
                        .formatted(axis, input.type(), input.size(axis), size, padding.get(i)));
        return size;
    }
}
