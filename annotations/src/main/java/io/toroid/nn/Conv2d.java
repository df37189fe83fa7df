package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Convolution;
import io.toroid.op.Pair;
import java.util.List;

/**
 * A convolution of images {@code [batch, inputs, height, width] -> [batch, outputs, ...]}:
 * {@code new Conv2d(16, 32, 3, Convolution.DEFAULT.padding(1))}. Parameters:
 * {@code weight [outputs, inputs/groups, kernel height, kernel width]}, {@code bias [outputs]}.
 */
public final class Conv2d extends ConvolutionLayer {

    /** Stride 1, no padding. */
    public Conv2d(long inputs, long outputs, int kernel) {
        this(inputs, outputs, kernel, Convolution.DEFAULT);
    }

    public Conv2d(long inputs, long outputs, int kernel, Convolution options) {
        this(inputs, outputs, List.of(kernel), options, /* biased= */ true);
    }

    public Conv2d(long inputs, long outputs, Pair kernel, Convolution options) {
        this(inputs, outputs, List.of(kernel.height(), kernel.width()), options);
    }

    /** With a size of the kernel for each dimension. */
    public Conv2d(long inputs, long outputs, List<Integer> kernel, Convolution options) {
        this(inputs, outputs, kernel, options, /* biased= */ true);
    }

    private Conv2d(long inputs, long outputs, List<Integer> kernel, Convolution options, boolean biased) {
        super(Direction.FORWARD, inputs, outputs, each("Conv2d", kernel, 2), options, biased);
    }

    /** As before a batch normalization, which has a bias of its own. */
    public static Conv2d withoutBias(long inputs, long outputs, int kernel, Convolution options) {
        return new Conv2d(inputs, outputs, List.of(kernel), options, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return input.conv2d(weight, bias, options);
    }
}
