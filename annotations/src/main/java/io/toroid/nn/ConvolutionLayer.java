package io.toroid.nn;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.op.Convolution;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** What convolutions have in common: their parameters, and the checks of how many there are. */
abstract sealed class ConvolutionLayer implements Layer
        permits Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d {

    /**
     * {@code [outputs, inputs/groups, ...kernel]}, of a transposed convolution {@code [inputs, outputs/groups, ...kernel]}.
     */
    public final Tensor weight;

    /** {@code [outputs]}; null if the layer has none. */
    public final Tensor bias;

    final Convolution options;

    /** Which of the two numbers of channels stands first in the weight. */
    enum Direction {
        FORWARD, TRANSPOSED
    }

    ConvolutionLayer(Direction direction, long inputs, long outputs, List<Integer> kernel, Convolution options, boolean biased) {
        String name = getClass().getSimpleName();
        Checks.positive(name, "inputs", inputs);
        Checks.positive(name, "outputs", outputs);
        kernel.forEach(size -> Checks.positive(name, "the size of the kernel", size));
        int groups = options.groups();
        if (groups < 1 || inputs % groups != 0 || outputs % groups != 0) {
            throw new TensorException(Kind.ARGUMENT, "%s: %d inputs and %d outputs do not both divide into %d groups"
                    .formatted(name, inputs, outputs, groups));
        }
        LongStream channels = direction == Direction.FORWARD ? LongStream.of(outputs, inputs / groups) : LongStream.of(inputs, outputs / groups);
        long[] sizes = LongStream.concat(channels, kernel.stream().mapToLong(Integer::longValue)).toArray();
        this.weight = Tensor.parameter(DType.F32, sizes);
        this.bias = biased ? Tensor.parameter(DType.F32, outputs) : null;
        this.options = options;
    }

    /** One number for each dimension. */
    static List<Integer> each(String layer, List<Integer> kernel, int dims) {
        if (kernel.size() != 1 && kernel.size() != dims) {
            throw new TensorException(Kind.ARGUMENT, "%s: the kernel has one size or %d, not %s".formatted(layer, dims, kernel));
        }
        return kernel.size() == dims ? kernel : Collections.nCopies(dims, kernel.getFirst());
    }
}
