package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Convolution;
import java.util.List;

/**
 * A transposed convolution of images {@code [batch, inputs, height, width] -> [batch, outputs, ...]}, the way back
 * to the larger input of a {@link Conv2d}:
 * {@code new ConvTranspose2d(64, 32, 4, Convolution.DEFAULT.stride(2).padding(1))}. Parameters:
 * {@code weight [inputs, outputs/groups, kernel height, kernel width]}, {@code bias [outputs]}.
 */
public final class ConvTranspose2d extends ConvolutionLayer {

    /** Stride 1, no padding. */
    public ConvTranspose2d(long inputs, long outputs, int kernel) {
        this(inputs, outputs, kernel, Convolution.DEFAULT);
    }

    public ConvTranspose2d(long inputs, long outputs, int kernel, Convolution options) {
        this(inputs, outputs, List.of(kernel), options, /* biased= */ true);
    }

    /** With a size of the kernel for each dimension. */
    public ConvTranspose2d(long inputs, long outputs, List<Integer> kernel, Convolution options) {
        this(inputs, outputs, kernel, options, /* biased= */ true);
    }

    private ConvTranspose2d(long inputs, long outputs, List<Integer> kernel, Convolution options, boolean biased) {
        super(Direction.TRANSPOSED, inputs, outputs, each("ConvTranspose2d", kernel, 2), options, biased);
    }

    /** As before a batch normalization, which has a bias of its own. */
    public static ConvTranspose2d withoutBias(long inputs, long outputs, int kernel, Convolution options) {
        return new ConvTranspose2d(inputs, outputs, List.of(kernel), options, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return Functional.convTranspose2d(input, weight, bias, options);
    }
}
