package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a window of a pool moves over lines, images or volumes: {@code Window.of(3).stride(2).padding(1)}. One number stands for all
 * dimensions; otherwise there is one for each: {@code Window.of(1, 3, 3)}.
 *
 * @param kernel size of the window
 * @param stride distance of two positions; the kernel unless set
 * @param padding elements added on either side
 * @param dilation distance of two elements within the window
 * @param ceilMode whether a last, incomplete position counts
 */
public record Window(List<Integer> kernel, List<Integer> stride, List<Integer> padding, List<Integer> dilation, boolean ceilMode) {

    public Window {
        kernel = List.copyOf(kernel);
        stride = List.copyOf(stride);
        padding = List.copyOf(padding);
        dilation = List.copyOf(dilation);
    }

    /** A window that moves by its own size. */
    public static Window of(int... kernel) {
        return new Window(list(kernel), list(kernel), List.of(0), List.of(1), /* ceilMode= */ false);
    }

    /** A window that moves by its own size. */
    public static Window of(Pair kernel) {
        return of(kernel.height(), kernel.width());
    }

    public Window stride(int... stride) {
        return new Window(kernel, list(stride), padding, dilation, ceilMode);
    }

    public Window stride(Pair stride) {
        return stride(stride.height(), stride.width());
    }

    public Window padding(int... padding) {
        return new Window(kernel, stride, list(padding), dilation, ceilMode);
    }

    public Window padding(Pair padding) {
        return padding(padding.height(), padding.width());
    }

    public Window dilation(int... dilation) {
        return new Window(kernel, stride, padding, list(dilation), ceilMode);
    }

    public Window dilation(Pair dilation) {
        return dilation(dilation.height(), dilation.width());
    }

    /** Counts a last, incomplete position too. */
    public Window ceil() {
        return new Window(kernel, stride, padding, dilation, /* ceilMode= */ true);
    }

    /** For the compiler: the window of a call of a pool over the last {@code dims} dimensions, with a number for each of them. */
    public static Window of(Arguments arguments, int dims) {
        List<Integer> kernel = each(arguments, "kernel_size", dims);
        boolean dilates = arguments.schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("dilation"));
        Window window = new Window(
                kernel,
                arguments.sizes("stride").isEmpty() ? kernel : each(arguments, "stride", dims),
                each(arguments, "padding", dims),
                dilates ? each(arguments, "dilation", dims) : Collections.nCopies(dims, 1),
                arguments.flag("ceil_mode"));
        window.check(arguments);
        return window;
    }

    private static List<Integer> each(Arguments arguments, String parameter, int dims) {
        return Rules.each(arguments, parameter, dims).stream().map(Math::toIntExact).toList();
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** One number for each dimension, as PyTorch writes them. */
    static List<Integer> repeated(List<Integer> values, int dims) {
        return values.size() == 1 ? Collections.nCopies(dims, values.getFirst()) : values;
    }

    private void check(Arguments arguments) {
        requireAtLeast(arguments, "kernel", kernel, 1);
        requireAtLeast(arguments, "stride", stride, 1);
        requireAtLeast(arguments, "padding", padding, 0);
        requireAtLeast(arguments, "dilation", dilation, 1);
        for (int i = 0; i < kernel.size(); i++) {
            if (2L * padding.get(i) > kernel.get(i)) {
                throw Rules.mistake(Kind.ARGUMENT, arguments,
                        "the padding %s must be at most half of the kernel %s".formatted(shown(padding), shown(kernel)));
            }
        }
    }

    private static void requireAtLeast(Arguments arguments, String name, List<Integer> values, int least) {
        if (values.stream().anyMatch(value -> value < least)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the %s must be at least %d, not %s".formatted(name, least, shown(values)));
        }
    }

    private long reach(int i) {
        return (long) dilation.get(i) * (kernel.get(i) - 1) + 1;
    }

    /** {@code 3}, or {@code 3x2} where dimensions differ. */
    static String shown(List<? extends Number> values) {
        return values.stream().distinct().count() == 1 ? values.getFirst().toString()
                : values.stream().map(Object::toString).collect(Collectors.joining("x"));
    }

    /** Number of positions of the window over each of the last dimensions. */
    List<Size> positions(Arguments arguments, Tensor image) {
        List<Size> positions = new ArrayList<>();
        for (int i = 0; i < kernel.size(); i++) {
            positions.add(positions(arguments, image, i));
        }
        return positions;
    }

    private Size positions(Arguments arguments, Tensor image, int i) {
        int axis = i - kernel.size();
        Size size = image.size(axis);
        Size room = size.plus(2L * padding.get(i)).minus(reach(i));
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, room, () -> tooLarge(Size.of(reach(i)), axis, image, padding.get(i)));
        return ceilMode
                ? room.ceilDiv(stride.get(i)).plus(1).min(size.plus(padding.get(i)).ceilDiv(stride.get(i)))
                : room.floorDiv(stride.get(i)).plus(1);
    }

    /** What is wrong where a window does not fit. */
    static String tooLarge(Size reach, int axis, Tensor image, long padding) {
        return "the window reaches over %s elements, but dimension %d of %s has %s (and padding of %d on either side); make the kernel smaller or the padding larger"
                .formatted(reach, axis, image.type(), image.size(axis), padding);
    }
}
