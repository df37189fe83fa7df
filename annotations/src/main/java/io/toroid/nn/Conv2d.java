package io.toroid.nn;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.op.Convolution;
import io.toroid.op.Pair;

/**
 * A convolution of images {@code [batch, inputs, height, width] -> [batch, outputs, ...]}:
 * {@code new Conv2d(16, 32, 3, Convolution.DEFAULT.padding(1))}. Parameters:
 * {@code weight [outputs, inputs/groups, kernel height, kernel width]}, {@code bias [outputs]}.
 */
public final class Conv2d implements Layer {

    public final Tensor weight;

    /** Null if the layer has none. */
    public final Tensor bias;

    private final Convolution options;

    /** Stride 1, no padding. */
    public Conv2d(long inputs, long outputs, int kernel) {
        this(inputs, outputs, kernel, Convolution.DEFAULT);
    }

    public Conv2d(long inputs, long outputs, int kernel, Convolution options) {
        this(inputs, outputs, Pair.of(kernel), options);
    }

    public Conv2d(long inputs, long outputs, Pair kernel, Convolution options) {
        this(inputs, outputs, kernel, options, /* biased= */ true);
    }

    private Conv2d(long inputs, long outputs, Pair kernel, Convolution options, boolean biased) {
        Checks.positive("Conv2d", "inputs", inputs);
        Checks.positive("Conv2d", "outputs", outputs);
        Checks.positive("Conv2d", "the kernel's height", kernel.height());
        Checks.positive("Conv2d", "the kernel's width", kernel.width());
        int groups = options.groups();
        if (groups < 1 || inputs % groups != 0 || outputs % groups != 0) {
            throw new TensorException(Kind.ARGUMENT, "Conv2d: %d inputs and %d outputs do not both divide into %d groups"
                    .formatted(inputs, outputs, groups));
        }
        this.weight = Tensor.parameter(DType.F32, outputs, inputs / groups, kernel.height(), kernel.width());
        this.bias = biased ? Tensor.parameter(DType.F32, outputs) : null;
        this.options = options;
    }

    /** As before a batch normalization, which has a bias of its own. */
    public static Conv2d withoutBias(long inputs, long outputs, int kernel, Convolution options) {
        return new Conv2d(inputs, outputs, Pair.of(kernel), options, /* biased= */ false);
    }

    @Override
    public Tensor apply(Tensor input) {
        return input.conv2d(weight, bias, options);
    }
}
