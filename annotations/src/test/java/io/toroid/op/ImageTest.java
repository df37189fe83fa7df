package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static io.toroid.op.Traced.assertTypes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.nn.Functional;
import io.toroid.shape.Size;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Convolution, pooling, normalization. */
@Tag("unit")
class ImageTest {

    private final Traced trace = new Traced();
    private final Tensor image = trace.input("f32[batch, 3, 8, 10]");

    @Test
    void convolutionSizes() {
        Tensor weight = trace.input("f32[16, 3, 3, 3]");
        assertType("f32[batch, 16, 6, 8]", image.conv2d(weight, null, Convolution.DEFAULT));
        assertType("f32[batch, 16, 8, 10]", image.conv2d(weight, trace.input("f32[16]"), Convolution.DEFAULT.padding(1)));
        assertType("f32[batch, 16, 4, 5]", image.conv2d(weight, null, Convolution.DEFAULT.padding(1).stride(2)));
        assertType("f32[batch, 16, 4, 8]", image.conv2d(weight, null, Convolution.DEFAULT.dilation(Pair.of(2, 1))));
        assertType("f32[16, 6, 8]", trace.input("f32[3, 8, 10]").conv2d(weight, null, Convolution.DEFAULT));
        assertType("f32[batch, 6, 8, 10]", image.conv2d(trace.input("f32[6, 1, 1, 1]"), null, Convolution.DEFAULT.groups(3)));
        assertType("f32[1, 16, (n + 1)//2, n]", trace.input("f32[1, 3, n, n + 2]")
                .conv2d(weight, null, Convolution.DEFAULT.padding(Pair.of(1, 0)).stride(Pair.of(2, 1))));
    }

    @Test
    void convolutionSizesInOtherDimensions() {
        Tensor line = trace.input("f32[batch, 3, n]");
        Tensor volume = trace.input("f32[batch, 4, 5, 8, 10]");
        Convolution plain = Convolution.DEFAULT;
        assertType("f32[batch, 16, n - 2]", Functional.conv1d(line, trace.input("f32[16, 3, 3]"), null, plain));
        assertType("f32[16, n]", Functional.conv1d(trace.input("f32[3, n]"), trace.input("f32[16, 3, 3]"), null, plain.padding(1)));
        assertType("f32[batch, 6, 2, 8, 5]", Functional.conv3d(volume, trace.input("f32[6, 2, 3, 3, 3]"), trace.input("f32[6]"),
                plain.groups(2).stride(2, 1, 2).padding(0, 1, 1)));
        assertType("i64[batch, 16, n - 2]", Functional.conv1d(trace.input("i64[batch, 3, n]"), trace.input("i64[16, 3, 3]"), null, plain));
        assertType("f32[batch, 16, n - 2*tokens + 2]", Functional.conv1d(line, trace.input("f32[16, 3, tokens]"), null, plain.dilation(2)));
    }

    @Test
    void sizesByScales() {
        Tensor images = trace.input("f32[batch, 3, 8, n]");
        assertType("f32[batch, 3, 4, (3*n)//4]", Functional.interpolate(images, 0.5, 0.75, Functional.Interpolation.BILINEAR, false));
        assertType("f32[batch, 3, 13, 2*n]", Functional.interpolate(images, 1.7, 2, Functional.Interpolation.BICUBIC, true));
        assertMistake(Kind.ARGUMENT, "interpolate: the scale 1.7 is no binary fraction, and dimension -1 of f32[batch, 3, 8, n] is only "
                + "known in a call; give output_size instead",
                () -> Functional.interpolate(images, 1, 1.7, Functional.Interpolation.NEAREST, false));
        assertMistake(Kind.ARGUMENT, "interpolate: scale_factors must be above 0 and at most 65536, not -1.0",
                () -> Functional.interpolate(images, -1, 1, Functional.Interpolation.NEAREST, false));
        assertMistake(Kind.ARGUMENT, "interpolate: either output_size or scale_factors must be given",
                () -> ResamplingOperators.UPSAMPLE_NEAREST2D_VEC.call(images, null, null));
    }

    @Test
    void columnsToImages() {
        Tensor columns = trace.input("f32[batch, 12, 20]");
        assertType("f32[batch, 3, 5, 6]", Functional.fold(columns, Size.of(5), Size.of(6), Window.of(2).stride(1)));
        assertMistake(Kind.SHAPE, "col2im: an image of [6, 6] has 25 windows, not 20 as f32[batch, 12, 20]",
                () -> Functional.fold(columns, Size.of(6), Size.of(6), Window.of(2).stride(1)));
        assertMistake(Kind.SHAPE, "col2im: the rows of f32[batch, 12, 20] must be channels of a kernel of 10 elements",
                () -> Functional.fold(columns, Size.of(5), Size.of(6), Window.of(Pair.of(2, 5)).stride(1)));
    }

    @Test
    void dropoutInTrainingNeedsAKey() {
        Tensor x = trace.input("f32[n]");
        assertTypes("f32[n] bool[n]", RandomOperators.DROPOUT_WITHOUT_KEY.callAll(x, 0.5, false));
        assertMistake(Kind.ARGUMENT, "nativeDropout: dropout in training draws random numbers; take them from a seed with Generator.dropout, "
                + "or give train = false", () -> RandomOperators.DROPOUT_WITHOUT_KEY.callAll(x, 0.5, true));
    }

    @Test
    void paddingInWords() {
        Tensor line = trace.input("f32[batch, 3, n]");
        Convolution same = Convolution.DEFAULT.padding("same");
        assertType("f32[batch, 16, n]", Functional.conv1d(line, trace.input("f32[16, 3, 3]"), null, same.dilation(5)));
        assertType("f32[batch, 16, n]", Functional.conv1d(line, trace.input("f32[16, 3, 4]"), null, same));
        assertType("f32[batch, 16, 8, 10]", Functional.conv2d(image, trace.input("f32[16, 3, 2, 5]"), null, same));
        assertType("f32[batch, 16, n - 2]", Functional.conv1d(line, trace.input("f32[16, 3, 3]"), null, same.padding("valid")));
        assertMistake(Kind.ARGUMENT, "conv1d: the padding \"same\" needs a stride of 1, not 2",
                () -> Functional.conv1d(line, trace.input("f32[16, 3, 3]"), null, same.stride(2)));
        assertMistake(Kind.ARGUMENT, "convolution: the padding is \"same\", \"valid\" or a number, not \"full\"",
                () -> Convolution.DEFAULT.padding("full"));
        assertMistake(Kind.ARGUMENT, "convTranspose1d: the padding must be a number, not \"same\"",
                () -> Functional.convTranspose1d(line, trace.input("f32[3, 16, 3]"), null, same));
    }

    @Test
    void transposedConvolutionSizes() {
        Tensor line = trace.input("f32[batch, 3, n]");
        Convolution twice = Convolution.DEFAULT.stride(2).padding(1);
        assertType("f32[batch, 16, 2*n]", Functional.convTranspose1d(line, trace.input("f32[3, 16, 4]"), trace.input("f32[16]"), twice));
        assertType("f32[batch, 16, 2*n]", Functional.convTranspose1d(line, trace.input("f32[3, 16, 3]"), null, twice.outputPadding(1)));
        assertType("f32[batch, 6, 10, 12]", Functional.convTranspose2d(image, trace.input("f32[3, 2, 3, 3]"), null, Convolution.DEFAULT.groups(3)));
        assertType("f32[batch, 6, 9, 15, 19]", Functional.convTranspose3d(trace.input("f32[batch, 3, 5, 8, 10]"),
                trace.input("f32[3, 6, 3, 3, 3]"), null, twice));
        assertMistake(Kind.ARGUMENT, "convTranspose1d: the output padding 2 must be less than the stride 2 or the dilation 1",
                () -> Functional.convTranspose1d(line, trace.input("f32[3, 16, 3]"), null, twice.outputPadding(2)));
        assertMistake(Kind.SHAPE, "convTranspose2d: the input has 3 channels in f32[batch, 3, 8, 10], the weight f32[4, 16, 3, 3] takes 4; "
                + "make the layer for 3 channels", () -> Functional.convTranspose2d(image, trace.input("f32[4, 16, 3, 3]"), null, twice));
        assertMistake(Kind.SHAPE, "convTranspose2d: the 4 inputs of the weight f32[4, 16, 3, 3] do not divide into 3 groups",
                () -> Functional.convTranspose2d(image, trace.input("f32[4, 16, 3, 3]"), null, twice.groups(3)));
        assertMistake(Kind.SHAPE, "convTranspose2d: of dimension -2 of f32[batch, 3, 8, 10], which has 8, -1 are left in the result when the "
                        + "padding 9 is taken away on either side; make it smaller",
                () -> Functional.convTranspose2d(image, trace.input("f32[3, 16, 3, 3]"), null, Convolution.DEFAULT.stride(2).padding(9)));
        assertMistake(Kind.SHAPE, "convTranspose2d: the bias f32[3] must have one value for each of the 16 outputs of the weight f32[3, 16, 3, 3]",
                () -> Functional.convTranspose2d(image, trace.input("f32[3, 16, 3, 3]"), trace.input("f32[3]"), twice));
    }

    /** Counts the positions one by one, as the definition in PyTorch's documentation does. */
    @Test
    void windowPositions() {
        for (int size = 1; size <= 9; size++) {
            for (int kernel = 1; kernel <= 4; kernel++) {
                for (int stride = 1; stride <= 4; stride++) {
                    for (int padding = 0; padding <= kernel / 2; padding++) {
                        if (size + 2 * padding >= kernel) {
                            checkPositions(size, kernel, stride, padding);
                        }
                    }
                }
            }
        }
    }

    private void checkPositions(int size, int kernel, int stride, int padding) {
        Tensor line = trace.input("f32[1, 1, %d]".formatted(size));
        Window window = Window.of(1, kernel).stride(1, stride).padding(0, padding);
        int complete = 0;
        int started = 0;
        for (int start = -padding; start < size + padding; start += stride) {
            complete += start + kernel <= size + padding ? 1 : 0;
            boolean needed = start == -padding || start - stride + kernel < size + padding;
            started += needed && start < size ? 1 : 0;
        }
        String shown = "size %d, %s".formatted(size, window);
        assertEquals(Size.of(complete), line.maxPool2d(window).size(-1), shown);
        assertEquals(Size.of(started), line.maxPool2d(window.ceil()).size(-1), shown);
    }

    @Test
    void pooling() {
        assertType("f32[batch, 3, 4, 5]", image.maxPool2d(Window.of(2)));
        assertTypes("f32[batch, 3, 3, 4] i64[batch, 3, 3, 4]",
                PoolingOperators.MAX_POOL2D_WITH_INDICES.callAll(image, new int[] {3}, new int[] {2}));
        assertType("f32[batch, 3, 4, 5]", image.avgPool2d(Window.of(3).stride(2).padding(1)));
        assertType("f32[batch, 3, 1, 1]", image.adaptiveAvgPool2d(1, 1));
        assertType("f32[1, 3, n//2, 5]", trace.input("f32[1, 3, n, 10]").maxPool2d(Window.of(2)));
        assertMistake(Kind.ARGUMENT, "maxPool2d: the padding 2 must be at most half of the kernel 3",
                () -> image.maxPool2d(Window.of(3).padding(2)));
        assertMistake(Kind.ARGUMENT, "maxPool2d: the padding 2 must be at most half of the kernel 3",
                () -> image.maxPool2d(Window.of(3).padding(2).dilation(2)));
        assertType("i64[1, 2, 2]", trace.input("i64[1, 4, 5]").avgPool2d(Window.of(2)));
        assertMistake(Kind.DTYPE, "avgPool2d: self must be a floating-point or i64 tensor, not u8[1, 4, 5]; convert it with .to(DType.I64)",
                () -> trace.input("u8[1, 4, 5]").avgPool2d(Window.of(2)));
        assertMistake(Kind.SHAPE, "avgPool2d: self must be [batch, channels, height, width] (or without batch), not f32[8]",
                () -> trace.input("f32[8]").avgPool2d(Window.of(2)));
        assertMistake(Kind.SHAPE, "maxPool2d: the window reaches over 9 elements, but dimension -2 of f32[batch, 3, 8, 10] has 8 "
                + "(and padding of 0 on either side); make the kernel smaller or the padding larger",
                () -> image.maxPool2d(Window.of(9)));
        assertMistake(Kind.ARGUMENT, "maxPool2d: the stride must be at least 1, not 0", () -> image.maxPool2d(Window.of(2).stride(0)));
        assertMistake(Kind.ARGUMENT, "avgPool2d: has no dilation, but it is 2", () -> image.avgPool2d(Window.of(2).dilation(2)));
    }

    @Test
    void convolutionMistakes() {
        Tensor weight = trace.input("f32[16, 1, 3, 3]");
        assertMistake(Kind.SHAPE, "conv2d: the input has 3 channels in f32[batch, 3, 8, 10], the weight f32[16, 1, 3, 3] takes 1; "
                + "make the layer for 3 channels", () -> image.conv2d(weight, null, Convolution.DEFAULT));
        assertMistake(Kind.SHAPE, "conv2d: the input has 8 channels in f32[batch, 8, 8, 1], the weight f32[16, 1, 3, 3] takes 1; "
                        + "are the channels last? Use .permute to bring them before height and width",
                () -> trace.input("f32[batch, 8, 8, 1]").conv2d(weight, null, Convolution.DEFAULT));
        assertMistake(Kind.SHAPE, "conv2d: the 16 outputs of the weight f32[16, 1, 3, 3] do not divide into 3 groups",
                () -> image.conv2d(weight, null, Convolution.DEFAULT.groups(3)));
        assertMistake(Kind.SHAPE, "conv2d: the input has 3 channels in f32[batch, 3, 8, 10], the weight f32[16, 1, 3, 3] takes 2 "
                + "(1 in each of 2 groups); make the layer for 3 channels",
                () -> image.conv2d(weight, null, Convolution.DEFAULT.groups(2)));
        assertMistake(Kind.SHAPE, "conv1d: the weight must have 3 dimensions, two for channels and 1 for its kernel, not 4 as in f32[16, 1, 3, 3]",
                () -> Functional.conv1d(image, weight, null, Convolution.DEFAULT));
        assertMistake(Kind.SHAPE, "conv: the weight must have 3, 4 or 5 dimensions, two for channels and one to three for its kernel, not 2 as in "
                + "f32[3, 3]", () -> convolve(trace.input("f32[3, 3]"), List.of(1, 1), List.of(0, 0)));
        assertMistake(Kind.SHAPE, "conv3d: input must be [batch, channels, depth, height, width] (or without batch), not f32[batch, 3, 8]",
                () -> Functional.conv3d(trace.input("f32[batch, 3, 8]"), trace.input("f32[6, 3, 1, 1, 1]"), null, Convolution.DEFAULT));
        assertMistake(Kind.ARGUMENT, "conv2d: the stride must be at least 1, not 0x1", () -> convolve(weight, List.of(0, 1), List.of(0, 0)));
        assertMistake(Kind.ARGUMENT, "conv2d: the padding must be at least 0, not -1", () -> convolve(weight, List.of(1, 1), List.of(-1, -1)));
        assertMistake(Kind.ARGUMENT, "conv2d: stride is one number or 2, of height and width, not [1, 1, 1]",
                () -> convolve(weight, List.of(1, 1, 1), List.of(0, 0)));
        assertMistake(Kind.ARGUMENT, "conv2d: the number of groups must be at least 1, not 0",
                () -> image.conv2d(weight, null, Convolution.DEFAULT.groups(0)));
        assertMistake(Kind.SHAPE, "conv2d: the kernel must have elements, but dimension 3 of the weight f32[6, 3, 1, 0] is 0",
                () -> image.conv2d(trace.input("f32[6, 3, 1, 0]"), null, Convolution.DEFAULT));
        assertMistake(Kind.SHAPE, "conv2d: the window reaches over 9 elements, but dimension -2 of f32[batch, 3, 8, 10] has 8 (and padding of 0 on "
                        + "either side); make the kernel smaller or the padding larger",
                () -> image.conv2d(trace.input("f32[6, 3, 9, 9]"), null, Convolution.DEFAULT));
        assertMistake(Kind.ARGUMENT, "conv2d: an output padding belongs to transposed convolutions, but it is [1]",
                () -> image.conv2d(weight, null, Convolution.DEFAULT.outputPadding(1)));
        assertMistake(Kind.DTYPE, "conv2d: input must be a tensor of numbers, not bool[1, 3, 8, 10]; convert it with .to(DType.F32)",
                () -> trace.input("bool[1, 3, 8, 10]").conv2d(weight, null, Convolution.DEFAULT));
        assertMistake(Kind.SHAPE, "conv2d: the bias f32[3] must have one value for each of the 16 outputs of the weight f32[16, 3, 3, 3]",
                () -> image.conv2d(trace.input("f32[16, 3, 3, 3]"), trace.input("f32[3]"), Convolution.DEFAULT));
    }

    private Tensor convolve(Tensor weight, List<Integer> stride, List<Integer> padding) {
        return ConvolutionOperators.CONVOLUTION.call(image, weight, null, stride, padding, List.of(1), false, List.of(0), 1);
    }

    @Test
    void poolingInOtherDimensions() {
        Tensor line = trace.input("f32[batch, 3, n]");
        Tensor volume = trace.input("f32[batch, 3, 5, 8, 10]");
        assertType("f32[batch, 3, n//2]", Functional.maxPool1d(line, Window.of(2)));
        assertType("f32[batch, 3, n//2]", Functional.avgPool1d(line, Window.of(2)));
        assertType("f32[batch, 3, 4]", Functional.adaptiveAvgPool1d(line, 4));
        assertType("f32[batch, 3, 2, 4, 5]", Functional.maxPool3d(volume, Window.of(2)));
        assertType("f32[batch, 3, 3, 8, 5]", Functional.avgPool3d(volume, Window.of(3, 1, 2).stride(2, 1, 2).padding(1, 0, 0)));
        assertType("f32[batch, 3, 2, 3, 4]", Functional.adaptiveAvgPool3d(volume, 2, 3, 4));
        assertType("f32[batch, 3, 2, 3, 4]", Functional.adaptiveMaxPool3d(volume, 2, 3, 4));
        assertTypes("f32[batch, 3, 2, 3] i64[batch, 3, 2, 3]", PoolingOperators.ADAPTIVE_MAX_POOL2D.callAll(image, List.of(2, 3)));
        assertMistake(Kind.SHAPE, "maxPool1d: self must be [batch, channels, length] (or without batch), not f32[batch, 3, 8, 10]",
                () -> Functional.maxPool1d(image, Window.of(2)));
        assertMistake(Kind.SHAPE, "avgPool3d: self must be [batch, channels, depth, height, width] (or without batch), not f32[batch, 3, n]",
                () -> Functional.avgPool3d(line, Window.of(2)));
        assertMistake(Kind.ARGUMENT, "maxPool3d: the padding 2x0x0 must be at most half of the kernel 3",
                () -> Functional.maxPool3d(volume, Window.of(3).padding(2, 0, 0)));
        assertMistake(Kind.ARGUMENT, "maxPool3d: kernel_size is one number or 3, of depth, height and width, not [3, 3]",
                () -> Functional.maxPool3d(volume, Window.of(3, 3)));
        assertMistake(Kind.SHAPE, "adaptiveAvgPool3d: there must be something to pool, but dimension -1 of f32[1, 2, 3, 0] is 0",
                () -> Functional.adaptiveAvgPool3d(trace.input("f32[1, 2, 3, 0]"), 1, 1, 1));
        assertMistake(Kind.ARGUMENT, "avgPool3d: divisor_override must not be 0",
                () -> PoolingOperators.AVG_POOL3D.call(volume, 2, 2, 0, false, true, 0));
    }

    @Test
    void softmaxKeepsTheType() {
        assertType("f32[batch, 3, 8, 10]", image.softmax(-1));
        assertType("f64[]", trace.input("f64[]").logSoftmax(0));
        assertMistake(Kind.SHAPE, "softmax: dimension 4 does not exist in f32[batch, 3, 8, 10]; its dimensions are 0 to 3 (or -4 to -1)",
                () -> image.softmax(4));
        assertMistake(Kind.DTYPE, "logSoftmax: self must be a floating-point tensor, not i64[3]; convert it with .to(DType.F32)",
                () -> trace.input("i64[3]").logSoftmax(0));
    }

    @Test
    void layerNormGivesStatistics() {
        Tensor x = trace.input("f32[batch, tokens, 384]");
        Tensor weight = trace.input("f32[384]");
        assertTypes("f32[batch, tokens, 384] f32[batch, tokens, 1] f32[batch, tokens, 1]",
                NormalizationOperators.NATIVE_LAYER_NORM.callAll(x, List.of(384), weight, weight, 1e-5));
        assertMistake(Kind.SHAPE, "layerNorm: dimension -1 of the input, 384 in f32[batch, tokens, 384], must equal the normalized size "
                + "128 in [128]", () -> x.layerNorm(List.of(Size.of(128)), null, null, 1e-5));
        assertMistake(Kind.SHAPE, "layerNorm: the weight must have the sizes [384], not f32[1, 384]",
                () -> x.layerNorm(List.of(Size.of(384)), trace.input("f32[1, 384]"), null, 1e-5));
    }

    @Test
    void batchNormWantsOneValueForEachChannel() {
        Tensor three = trace.input("f32[3]");
        assertTypes("f32[batch, 3, 8, 10] f32[0] f32[0]",
                NormalizationOperators.BATCH_NORM.callAll(image, three, three, three, three, 0.1, 1e-5));
        Tensor four = trace.input("f32[4]");
        assertMistake(Kind.SHAPE, "batchNorm: the input has 3 channels in f32[batch, 3, 8, 10], but running_mean is f32[4]; make the "
                + "layer for 3 channels", () -> image.batchNorm(null, null, four, three, 1e-5));
    }
}
