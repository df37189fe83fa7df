package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Convolution;
import java.util.List;

/**
 * A transposed convolution of volumes {@code [batch, inputs, depth, height, width] -> [batch, outputs, ...]}, the way back
 * to the larger input of a {@link Conv3d}:
 * {@code new ConvTranspose3d(64, 32, 2, Convolution.DEFAULT.stride(2))}. Parameters:
 * {@code weight [inputs, outputs/groups, kernel depth, kernel height, kernel width]}, {@code bias [outputs]}.
 */
public final class ConvTranspose3d extends ConvolutionLayer {

    /** Stride 1, no padding. */
    public ConvTranspose3d(long inputs, long outputs, int kernel) {
        this(inputs, outputs, kernel, Convolution.DEFAULT);
    }

    public ConvTranspose3d(long inputs, long outputs, int kernel, Convolution options) {
        this(inputs, outputs, List.of(kernel), options, /* biased= */ true);
    }

    /** With a size of the kernel for each dimension. */
    public ConvTranspose3d(long inputs, long outputs, List<Integer> kernel, Convolution options) {
        this(inputs, outputs, kernel, options, /* biased= */ true);
    }

    private ConvTranspose3d(long inputs, long outputs, List<Integer> kernel, Convolution options, boolean biased) {
        super(Direction.TRANSPOSED, inputs, outputs, each("ConvTranspose3d", kernel, 3), options, biased);
    }

    /** As before a batch normalization, which has a bias of its own. */
    public static ConvTranspose3d withoutBias(long inputs, long outputs, int kernel, Convolution options) {
        return new ConvTranspose3d(inputs, outputs, List.of(kernel), options, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return Functional.convTranspose3d(input, weight, bias, options);
    }
}
