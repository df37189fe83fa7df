package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/**
 * How a window moves over an image: {@code Window.of(3).stride(2).padding(1)}. Convolution and pooling share it.
 *
 * @param kernel size of the window
 * @param stride distance of two positions; for pooling it is the kernel unless set
 * @param padding rows and columns added on either side
 * @param dilation distance of two elements within the window
 * @param ceilMode whether a last, incomplete position counts (pooling)
 */
public record Window(Pair kernel, Pair stride, Pair padding, Pair dilation, boolean ceilMode) {

    /** A square window that moves by its own size, as pooling does. */
    public static Window of(int kernel) {
        return of(Pair.of(kernel));
    }

    /** A window that moves by its own size, as pooling does. */
    public static Window of(Pair kernel) {
        return new Window(kernel, kernel, Pair.of(0), Pair.of(1), /* ceilMode= */ false);
    }

    public Window stride(int stride) {
        return stride(Pair.of(stride));
    }

    public Window stride(Pair stride) {
        return new Window(kernel, stride, padding, dilation, ceilMode);
    }

    public Window padding(int padding) {
        return padding(Pair.of(padding));
    }

    public Window padding(Pair padding) {
        return new Window(kernel, stride, padding, dilation, ceilMode);
    }

    public Window dilation(int dilation) {
        return dilation(Pair.of(dilation));
    }

    public Window dilation(Pair dilation) {
        return new Window(kernel, stride, padding, dilation, ceilMode);
    }

    /** Counts a last, incomplete position too. */
    public Window ceil() {
        return new Window(kernel, stride, padding, dilation, /* ceilMode= */ true);
    }

    /** For the compiler: the window of a call of {@code convolution} or of a pooling operator. */
    public static Window of(Arguments arguments) {
        boolean convolution = arguments.schema().name().equals("convolution");
        Pair kernel = convolution ? kernelOf(arguments, arguments.tensor("weight")) : pair(arguments, "kernel_size", null);
        boolean dilates = arguments.schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("dilation"));
        Window window = new Window(
                kernel,
                pair(arguments, "stride", kernel),
                pair(arguments, "padding", Pair.of(0)),
                dilates ? pair(arguments, "dilation", Pair.of(1)) : Pair.of(1),
                !convolution && arguments.flag("ceil_mode"));
        window.check(arguments);
        return window;
    }

    private static Pair kernelOf(Arguments arguments, Tensor weight) {
        if (!weight.size(-2).isConstant() || !weight.size(-1).isConstant()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "height and width of the kernel must be numbers, not dynamic as in the weight %s"
                    .formatted(weight.type()));
        }
        return new Pair(Math.toIntExact(weight.size(-2).constant()), Math.toIntExact(weight.size(-1).constant()));
    }

    private static Pair pair(Arguments arguments, String parameter, Pair absent) {
        List<Long> values = Rules.integers(arguments, parameter);
        return switch (values.size()) {
            case 0 -> absent;
            case 1 -> Pair.of(Math.toIntExact(values.getFirst()));
            case 2 -> new Pair(Math.toIntExact(values.getFirst()), Math.toIntExact(values.getLast()));
            default -> throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "%s is one number or two (height, width), not %s".formatted(parameter, values));
        };
    }

    private void check(Arguments arguments) {
        requireAtLeast(arguments, "kernel", kernel, 1);
        requireAtLeast(arguments, "stride", stride, 1);
        requireAtLeast(arguments, "padding", padding, 0);
        requireAtLeast(arguments, "dilation", dilation, 1);
        boolean pooling = !arguments.schema().name().equals("convolution");
        if (pooling && (2 * padding.height() > reach(kernel.height(), dilation.height())
                || 2 * padding.width() > reach(kernel.width(), dilation.width()))) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "the padding %s must be at most half of the kernel %s".formatted(padding, kernel));
        }
    }

    private static void requireAtLeast(Arguments arguments, String name, Pair pair, int least) {
        if (pair.height() < least || pair.width() < least) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the %s must be at least %d, not %s".formatted(name, least, pair));
        }
    }

    private static long reach(long kernel, long dilation) {
        return dilation * (kernel - 1) + 1;
    }

    /** Number of positions of the window over the last two dimensions of an image: {@code [height, width]}. */
    Shape positions(Arguments arguments, Tensor image) {
        return Shape.of(
                positions(arguments, image, -2, kernel.height(), stride.height(), padding.height(), dilation.height()),
                positions(arguments, image, -1, kernel.width(), stride.width(), padding.width(), dilation.width()));
    }

    private Size positions(Arguments arguments, Tensor image, int axis, long kernel, long stride, long padding, long dilation) {
        Size size = image.size(axis);
        long reach = reach(kernel, dilation);
        Size room = size.plus(2 * padding).minus(reach);
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, room,
                () -> "the window reaches over %d elements, but dimension %d of %s has %s (and padding of %d on either side); make the kernel smaller or the padding larger"
                        .formatted(reach, axis, image.type(), size, padding));
        return ceilMode
                ? room.ceilDiv(stride).plus(1).min(size.plus(padding).ceilDiv(stride))
                : room.floorDiv(stride).plus(1);
    }
}
