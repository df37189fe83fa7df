package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Convolution;
import java.util.List;

/**
 * A convolution of lines {@code [batch, inputs, length] -> [batch, outputs, ...]}:
 * {@code new Conv1d(80, 256, 3, Convolution.DEFAULT.padding(1))}. Parameters:
 * {@code weight [outputs, inputs/groups, kernel]}, {@code bias [outputs]}.
 */
public final class Conv1d extends ConvolutionLayer {

    /** Stride 1, no padding. */
    public Conv1d(long inputs, long outputs, int kernel) {
        this(inputs, outputs, kernel, Convolution.DEFAULT);
    }

    public Conv1d(long inputs, long outputs, int kernel, Convolution options) {
        this(inputs, outputs, List.of(kernel), options, /* biased= */ true);
    }

    private Conv1d(long inputs, long outputs, List<Integer> kernel, Convolution options, boolean biased) {
        super(Direction.FORWARD, inputs, outputs, kernel, options, biased);
    }

    /** As before a batch normalization, which has a bias of its own. */
    public static Conv1d withoutBias(long inputs, long outputs, int kernel, Convolution options) {
        return new Conv1d(inputs, outputs, List.of(kernel), options, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return Functional.conv1d(input, weight, bias, options);
    }
}
