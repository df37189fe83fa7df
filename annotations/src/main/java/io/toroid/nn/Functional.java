package io.toroid.nn;

import io.toroid.Tensor;
import io.toroid.op.ActivationOperators;
import io.toroid.op.Convolution;
import io.toroid.op.ConvolutionOperators;
import io.toroid.op.HistogramOperators;
import io.toroid.op.LossOperators;
import io.toroid.op.NormOperators;
import io.toroid.op.NormalizationOperators;
import io.toroid.op.PaddingOperators;
import io.toroid.op.PoolingOperators;
import io.toroid.op.RearrangingOperators;
import io.toroid.op.ResamplingOperators;
import io.toroid.op.Window;
import io.toroid.shape.Size;
import java.util.List;

/** Functions that PyTorch has in {@code torch.nn.functional} and not on tensors, under the names that they have there. */
public final class Functional {

    private Functional() {
    }

    // ---- activations

    /** {@code x} above 0, {@code alpha * (exp(x) - 1)} below. */
    public static Tensor elu(Tensor x, double alpha) {
        return ActivationOperators.ELU.call(x, alpha);
    }

    /** {@code elu} scaled such that deep networks keep mean 0 and variance 1. */
    public static Tensor selu(Tensor x) {
        return ActivationOperators.ELU.call(x, 1.6732632423543772848170429916717, 1.0507009873554804934193349852946);
    }

    /** {@code x} above 0, {@code alpha * (exp(x / alpha) - 1)} below. */
    public static Tensor celu(Tensor x, double alpha) {
        return ActivationOperators.CELU.call(x, alpha);
    }

    /** {@code log(1 + exp(x))}: {@code relu} without the corner. */
    public static Tensor softplus(Tensor x) {
        return ActivationOperators.SOFTPLUS.call(x);
    }

    /** {@code log(1 + exp(beta * x)) / beta}; {@code x} itself where {@code beta * x} is above the threshold. */
    public static Tensor softplus(Tensor x, double beta, double threshold) {
        return ActivationOperators.SOFTPLUS.call(x, beta, threshold);
    }

    /** {@code x * tanh(softplus(x))}. */
    public static Tensor mish(Tensor x) {
        return ActivationOperators.MISH.call(x);
    }

    /** {@code min(max(x + 3, 0), 6) / 6}. */
    public static Tensor hardsigmoid(Tensor x) {
        return ActivationOperators.HARDSIGMOID.call(x);
    }

    /** {@code x * hardsigmoid(x)}. */
    public static Tensor hardswish(Tensor x) {
        return ActivationOperators.HARDSWISH.call(x);
    }

    /** {@code min(max(x, min), max)}. */
    public static Tensor hardtanh(Tensor x, Number min, Number max) {
        return ActivationOperators.HARDTANH.call(x, min, max);
    }

    /** {@code min(max(x, 0), 6)}. */
    public static Tensor relu6(Tensor x) {
        return hardtanh(x, 0, 6);
    }

    /** 0 from {@code -lambda} to {@code lambda}, else {@code x}. */
    public static Tensor hardshrink(Tensor x, double lambda) {
        return ActivationOperators.HARDSHRINK.call(x, lambda);
    }

    /** {@code x} moved towards 0 by {@code lambda}, and 0 where it would pass it. */
    public static Tensor softshrink(Tensor x, double lambda) {
        return ActivationOperators.SOFTSHRINK.call(x, lambda);
    }

    /** {@code x} above the threshold, else the value. */
    public static Tensor threshold(Tensor x, Number threshold, Number value) {
        return ActivationOperators.THRESHOLD.call(x, threshold, value);
    }

    /** {@code log(sigmoid(x))}, exact also where that is nearly 0. */
    public static Tensor logsigmoid(Tensor x) {
        return ActivationOperators.LOG_SIGMOID_FORWARD.callAll(x).getFirst();
    }

    /** {@code x} above 0, {@code weight * x} below: one weight, or one for each channel (dimension 1). */
    public static Tensor prelu(Tensor x, Tensor weight) {
        return ActivationOperators.prelu(x, weight);
    }

    /** {@code a * sigmoid(b)} of the two halves of a dimension. */
    public static Tensor glu(Tensor x, int dim) {
        return ActivationOperators.GLU.call(x, dim);
    }

    // ---- distances

    /** The distance of every row from every later one: {@code [n, d] -> [n * (n - 1) / 2]}. */
    public static Tensor pdist(Tensor x, double p) {
        return NormOperators.PDIST.call(x, p);
    }

    // ---- borders and pixels

    /** A number around the last dimensions: pairs (before, after), of the last dimension first. */
    public static Tensor pad(Tensor x, Number value, long... pads) {
        return PaddingOperators.CONSTANT_PAD_ND.call(x, pads, value);
    }

    /** The tensor mirrored at its edges, of the last 1, 2 or 3 dimensions as pairs are given. */
    public static Tensor padReflect(Tensor x, long... pads) {
        return switch (pads.length) {
            case 2 -> PaddingOperators.REFLECTION_PAD1D.call(x, pads);
            case 4 -> PaddingOperators.REFLECTION_PAD2D.call(x, pads);
            default -> PaddingOperators.REFLECTION_PAD3D.call(x, pads);
        };
    }

    /** The edges repeated, of the last 1, 2 or 3 dimensions as pairs are given. */
    public static Tensor padReplicate(Tensor x, long... pads) {
        return switch (pads.length) {
            case 2 -> PaddingOperators.REPLICATION_PAD1D.call(x, pads);
            case 4 -> PaddingOperators.REPLICATION_PAD2D.call(x, pads);
            default -> PaddingOperators.REPLICATION_PAD3D.call(x, pads);
        };
    }

    /** {@code [..., c * r * r, h, w] -> [..., c, h * r, w * r]}. */
    public static Tensor pixelShuffle(Tensor x, int factor) {
        return RearrangingOperators.PIXEL_SHUFFLE.call(x, factor);
    }

    /** {@code [..., c, h * r, w * r] -> [..., c * r * r, h, w]}. */
    public static Tensor pixelUnshuffle(Tensor x, int factor) {
        return RearrangingOperators.PIXEL_UNSHUFFLE.call(x, factor);
    }

    // ---- convolutions and pools

    /** Convolution of lines {@code [batch, channels, length]}, or of one without batch; the weight is {@code [outputs, inputs/groups, ...kernel]}, the bias may be null. */
    public static Tensor conv1d(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return ConvolutionOperators.convolution(1, x, weight, bias, options);
    }

    /** Convolution of images {@code [batch, channels, height, width]}, or of one without batch; the weight is {@code [outputs, inputs/groups, ...kernel]}, the bias may be null. */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return ConvolutionOperators.convolution(2, x, weight, bias, options);
    }

    /** Convolution of volumes {@code [batch, channels, depth, height, width]}, or of one without batch; the weight is {@code [outputs, inputs/groups, ...kernel]}, the bias may be null. */
    public static Tensor conv3d(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return ConvolutionOperators.convolution(3, x, weight, bias, options);
    }

    /** Transposed convolution of lines {@code [batch, channels, length]}, or of one without batch; the weight is {@code [inputs, outputs/groups, ...kernel]}, the bias may be null. */
    public static Tensor convTranspose1d(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return ConvolutionOperators.transposed(1, x, weight, bias, options);
    }

    /** Transposed convolution of images {@code [batch, channels, height, width]}, or of one without batch; the weight is {@code [inputs, outputs/groups, ...kernel]}, the bias may be null. */
    public static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return ConvolutionOperators.transposed(2, x, weight, bias, options);
    }

    /** Transposed convolution of volumes {@code [batch, channels, depth, height, width]}, or of one without batch; the weight is {@code [inputs, outputs/groups, ...kernel]}, the bias may be null. */
    public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias, Convolution options) {
        return ConvolutionOperators.transposed(3, x, weight, bias, options);
    }

    /** The largest element of each window of lines {@code [batch, channels, length]}. */
    public static Tensor maxPool1d(Tensor x, Window window) {
        return PoolingOperators.maxPool1d(x, window);
    }

    /** The largest element of each window of volumes {@code [batch, channels, depth, height, width]}. */
    public static Tensor maxPool3d(Tensor x, Window window) {
        return PoolingOperators.maxPool3d(x, window);
    }

    /** The mean of each window of lines, padding counted as zeros. */
    public static Tensor avgPool1d(Tensor x, Window window) {
        return PoolingOperators.avgPool1d(x, window);
    }

    /** The mean of each window of volumes, padding counted as zeros. */
    public static Tensor avgPool3d(Tensor x, Window window) {
        return PoolingOperators.avgPool3d(x, window);
    }

    /** Means over windows such that every line becomes {@code length} long. */
    public static Tensor adaptiveAvgPool1d(Tensor x, int length) {
        return PoolingOperators.ADAPTIVE_AVG_POOL1D.call(x, length);
    }

    /** Means over windows such that every volume becomes {@code depth x height x width}. */
    public static Tensor adaptiveAvgPool3d(Tensor x, int depth, int height, int width) {
        return PoolingOperators.ADAPTIVE_AVG_POOL3D.call(x, List.of(depth, height, width));
    }

    /** The largest elements of windows such that every image becomes {@code height x width}. */
    public static Tensor adaptiveMaxPool2d(Tensor x, int height, int width) {
        return PoolingOperators.ADAPTIVE_MAX_POOL2D.callAll(x, List.of(height, width)).getFirst();
    }

    /** The largest elements of windows such that every volume becomes {@code depth x height x width}. */
    public static Tensor adaptiveMaxPool3d(Tensor x, int depth, int height, int width) {
        return PoolingOperators.ADAPTIVE_MAX_POOL3D.callAll(x, List.of(depth, height, width)).getFirst();
    }

    // ---- normalizations and losses

    /** {@code (x - mean) / sqrt(var + eps) * weight + bias} over groups of channels; weight and bias may be null. */
    public static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double eps) {
        return NormalizationOperators.groupNorm(x, groups, weight, bias, eps);
    }

    /** {@code (x - mean) / sqrt(var + eps) * weight + bias} for each channel with the statistics of this batch. */
    public static Tensor batchNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        return NormalizationOperators.BATCH_NORM_NO_STATS
                .callAll(x, weight, bias, /* training= */ true, /* momentum= */ 0.1, eps).getFirst();
    }

    /** The mean of {@code -x[i, target[i]]} for log-probabilities {@code [n, classes]}; targets of -100 do not count. */
    public static Tensor nllLoss(Tensor x, Tensor target) {
        return LossOperators.NLL_LOSS_FORWARD.callAll(x, target, null, /* reduction= */ 1, /* ignoreIndex= */ -100).getFirst();
    }

    // ---- images between their pixels

    /** How {@link #interpolate} and {@link #gridSample} read between pixels. */
    public enum Interpolation {
        BILINEAR, NEAREST, BICUBIC
    }

    /** What {@link #gridSample} reads outside of the image. */
    public enum Border {
        ZEROS, BORDER, REFLECTION
    }

    /** Images {@code [batch, channels, h, w]} at another size; {@code alignCorners} keeps the centers of the outermost pixels. */
    public static Tensor interpolate(Tensor x, Size height, Size width, Interpolation mode, boolean alignCorners) {
        List<Size> size = List.of(height, width);
        return switch (mode) {
            case NEAREST -> ResamplingOperators.UPSAMPLE_NEAREST2D.call(x, size);
            case BILINEAR -> ResamplingOperators.UPSAMPLE_BILINEAR2D.call(x, size, alignCorners);
            case BICUBIC -> ResamplingOperators.UPSAMPLE_BICUBIC2D.call(x, size, alignCorners);
        };
    }

    /**
     * The same with {@code floor(h * scaleHeight)} rows and {@code floor(w * scaleWidth)} columns. Of a size that is known in a call only
     * a scale is a binary fraction, such as 2 or 0.75; another is refused.
     */
    public static Tensor interpolate(Tensor x, double scaleHeight, double scaleWidth, Interpolation mode, boolean alignCorners) {
        List<Double> scales = List.of(scaleHeight, scaleWidth);
        return switch (mode) {
            case NEAREST -> ResamplingOperators.UPSAMPLE_NEAREST2D_VEC.call(x, null, scales);
            case BILINEAR -> ResamplingOperators.UPSAMPLE_BILINEAR2D_VEC.call(x, null, alignCorners, scales);
            case BICUBIC -> ResamplingOperators.UPSAMPLE_BICUBIC2D_VEC.call(x, null, alignCorners, scales);
        };
    }

    /** Images at the points of a grid {@code [batch, h, w, 2]}, which run from -1 to 1. */
    public static Tensor gridSample(Tensor x, Tensor grid, Interpolation mode, Border border, boolean alignCorners) {
        return ResamplingOperators.GRID_SAMPLER_2D.call(x, grid, mode.ordinal(), border.ordinal(), alignCorners);
    }

    /** Each window of an image as a column: {@code [n, c, h, w] -> [n, c * kernel, windows]}. */
    public static Tensor unfold(Tensor x, Window window) {
        return ResamplingOperators.IM2COL.call(x, window.kernel(), window.dilation(), window.padding(), window.stride());
    }

    /** Columns back to images of that size, {@code [n, c * kernel, windows] -> [n, c, h, w]}; where windows overlap, they are added. */
    public static Tensor fold(Tensor x, Size height, Size width, Window window) {
        return ResamplingOperators.COL2IM.call(x, List.of(height, width), window.kernel(), window.dilation(), window.padding(), window.stride());
    }

    // ---- rows of tables

    /** What {@link #embeddingBag} makes of the rows of a bag. */
    public enum BagMode {
        SUM, MEAN, MAX
    }

    /**
     * One row for each bag of rows of a table {@code [rows, width]}: those that {@code indices[offsets[b]]} and the following indices
     * name, up to the next offset. A bag without indices gives zeros.
     */
    public static Tensor embeddingBag(Tensor indices, Tensor weight, Tensor offsets, BagMode mode) {
        return HistogramOperators.EMBEDDING_BAG.callAll(weight, indices, offsets, /* scaleGradByFreq= */ false, mode.ordinal()).getFirst();
    }
}
