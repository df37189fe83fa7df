package io.toroid.nn;

import io.toroid.DType;
import io.toroid.Name;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;

/**
 * Normalization of each channel by the statistics of training: {@code (x - mean) / sqrt(var + eps) * weight + bias} over
 * {@code [batch, channels, height, width]}. Parameters and buffers of {@code [channels]}: {@code weight}, {@code bias},
 * {@code running_mean}, {@code running_var}.
 */
public final class BatchNorm2d implements Layer {

    public final Tensor weight;
    public final Tensor bias;

    @Name("running_mean")
    public final Tensor runningMean;

    @Name("running_var")
    public final Tensor runningVar;

    private final double eps;

    /** PyTorch's {@code eps} of 1e-5. */
    public BatchNorm2d(long channels) {
        this(channels, 1e-5);
    }

    public BatchNorm2d(long channels, double eps) {
        Checks.positive("BatchNorm2d", "channels", channels);
        this.weight = Tensor.parameter(DType.F32, channels);
        this.bias = Tensor.parameter(DType.F32, channels);
        this.runningMean = Tensor.buffer(DType.F32, channels);
        this.runningVar = Tensor.buffer(DType.F32, channels);
        this.eps = eps;
    }

    @Override
    public Tensor apply(Tensor input) {
        if (input.dim() != 4) {
            throw new TensorException(Kind.SHAPE,
                    "BatchNorm2d: input must be [batch, channels, height, width], not %s".formatted(input.type()));
        }
        return input.batchNorm(weight, bias, runningMean, runningVar, eps);
    }
}
