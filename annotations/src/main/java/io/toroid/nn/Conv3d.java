package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Convolution;
import java.util.List;

/**
 * A convolution of volumes {@code [batch, inputs, depth, height, width] -> [batch, outputs, ...]}:
 * {@code new Conv3d(3, 64, List.of(3, 7, 7), Convolution.DEFAULT.stride(1, 2, 2).padding(1, 3, 3))}. Parameters:
 * {@code weight [outputs, inputs/groups, kernel depth, kernel height, kernel width]}, {@code bias [outputs]}.
 */
public final class Conv3d extends ConvolutionLayer {

    /** Stride 1, no padding. */
    public Conv3d(long inputs, long outputs, int kernel) {
        this(inputs, outputs, kernel, Convolution.DEFAULT);
    }

    public Conv3d(long inputs, long outputs, int kernel, Convolution options) {
        this(inputs, outputs, List.of(kernel), options, /* biased= */ true);
    }

    /** With a size of the kernel for each dimension. */
    public Conv3d(long inputs, long outputs, List<Integer> kernel, Convolution options) {
        this(inputs, outputs, kernel, options, /* biased= */ true);
    }

    private Conv3d(long inputs, long outputs, List<Integer> kernel, Convolution options, boolean biased) {
        super(Direction.FORWARD, inputs, outputs, each("Conv3d", kernel, 3), options, biased);
    }

    /** As before a batch normalization, which has a bias of its own. */
    public static Conv3d withoutBias(long inputs, long outputs, int kernel, Convolution options) {
        return new Conv3d(inputs, outputs, List.of(kernel), options, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return Functional.conv3d(input, weight, bias, options);
    }
}
