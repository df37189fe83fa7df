package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.Convolution;
import java.util.List;

/**
 * A transposed convolution of lines {@code [batch, inputs, length] -> [batch, outputs, ...]}, the way back
 * to the larger input of a {@link Conv1d}:
 * {@code new ConvTranspose1d(256, 128, 4, Convolution.DEFAULT.stride(2).padding(1))}. Parameters:
 * {@code weight [inputs, outputs/groups, kernel]}, {@code bias [outputs]}.
 */
public final class ConvTranspose1d extends ConvolutionLayer {

    /** Stride 1, no padding. */
    public ConvTranspose1d(long inputs, long outputs, int kernel) {
        this(inputs, outputs, kernel, Convolution.DEFAULT);
    }

    public ConvTranspose1d(long inputs, long outputs, int kernel, Convolution options) {
        this(inputs, outputs, List.of(kernel), options, /* biased= */ true);
    }

    private ConvTranspose1d(long inputs, long outputs, List<Integer> kernel, Convolution options, boolean biased) {
        super(Direction.TRANSPOSED, inputs, outputs, kernel, options, biased);
    }

    /** As before a batch normalization, which has a bias of its own. */
    public static ConvTranspose1d withoutBias(long inputs, long outputs, int kernel, Convolution options) {
        return new ConvTranspose1d(inputs, outputs, List.of(kernel), options, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return Functional.convTranspose1d(input, weight, bias, options);
    }
}
