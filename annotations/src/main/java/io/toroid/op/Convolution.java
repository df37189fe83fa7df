package io.toroid.op;

import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * Options of a convolution: {@code Convolution.DEFAULT.stride(2).padding(1)}. One number stands for all dimensions; otherwise there
 * is one for each: {@code .stride(1, 2, 2)}.
 *
 * @param stride distance of two positions of the kernel; of a transposed convolution, of two positions in its result
 * @param padding zeros added on either side; of a transposed convolution, elements taken away there
 * @param isSame whether so many zeros are added instead that the size stays the same ({@code padding("same")})
 * @param dilation distance of two elements of the kernel
 * @param groups into how many independent parts the channels are divided
 * @param outputPadding elements added at the end of a transposed convolution's result, less than its stride or its dilation
 */
public record Convolution(
        List<Integer> stride, List<Integer> padding, boolean isSame, List<Integer> dilation, int groups, List<Integer> outputPadding) {

    /** Stride 1, no padding, no dilation, one group. */
    public static final Convolution DEFAULT =
            new Convolution(List.of(1), List.of(0), /* isSame= */ false, List.of(1), 1, List.of(0));

    public Convolution {
        stride = List.copyOf(stride);
        padding = List.copyOf(padding);
        dilation = List.copyOf(dilation);
        outputPadding = List.copyOf(outputPadding);
    }

    public Convolution stride(int... stride) {
        return new Convolution(list(stride), padding, isSame, dilation, groups, outputPadding);
    }

    public Convolution stride(Pair stride) {
        return stride(stride.height(), stride.width());
    }

    public Convolution padding(int... padding) {
        return new Convolution(stride, list(padding), /* isSame= */ false, dilation, groups, outputPadding);
    }

    public Convolution padding(Pair padding) {
        return padding(padding.height(), padding.width());
    }

    /**
     * {@code "valid"} is no padding; {@code "same"} as much as keeps the size, which needs a stride of 1. Of an uneven number of zeros
     * the end gets one more.
     */
    public Convolution padding(String mode) {
        return switch (mode) {
            case "valid" -> padding(0);
            case "same" -> new Convolution(stride, List.of(0), /* isSame= */ true, dilation, groups, outputPadding);
            default -> throw new TensorException(Kind.ARGUMENT,
                    "convolution: the padding is \"same\", \"valid\" or a number, not \"%s\"".formatted(mode));
        };
    }

    public Convolution dilation(int... dilation) {
        return new Convolution(stride, padding, isSame, list(dilation), groups, outputPadding);
    }

    public Convolution dilation(Pair dilation) {
        return dilation(dilation.height(), dilation.width());
    }

    public Convolution groups(int groups) {
        return new Convolution(stride, padding, isSame, dilation, groups, outputPadding);
    }

    public Convolution outputPadding(int... outputPadding) {
        return new Convolution(stride, padding, isSame, dilation, groups, list(outputPadding));
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
