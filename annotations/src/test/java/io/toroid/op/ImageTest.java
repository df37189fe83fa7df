package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static io.toroid.op.Traced.assertTypes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
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
        Window window = new Window(Pair.of(1, kernel), Pair.of(1, stride), Pair.of(0, padding), Pair.of(1), false);
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
        assertMistake(Kind.ARGUMENT, "conv2d: the 16 outputs of the weight f32[16, 1, 3, 3] do not divide into 3 groups",
                () -> image.conv2d(weight, null, Convolution.DEFAULT.groups(3)));
        assertMistake(Kind.SHAPE, "conv2d: the input has 3 channels in f32[batch, 3, 8, 10], the weight f32[16, 1, 3, 3] takes 2 "
                + "(1 in each of 2 groups); make the layer for 3 channels",
                () -> image.conv2d(weight, null, Convolution.DEFAULT.groups(2)));
        assertMistake(Kind.SHAPE, "conv2d: convolutions in 1 dimension are not supported yet, only images; the weight is f32[16, 3, 5]",
                () -> trace.input("f32[batch, 3, 8]").conv2d(trace.input("f32[16, 3, 5]"), null, Convolution.DEFAULT));
        assertMistake(Kind.SHAPE, "conv2d: height and width of the kernel must be numbers, not dynamic as in the weight f32[16, 3, n, n]",
                () -> image.conv2d(trace.input("f32[16, 3, n, n]"), null, Convolution.DEFAULT));
        assertMistake(Kind.ARGUMENT, "conv2d: transposed convolutions are not supported yet",
                () -> ConvolutionOperators.CONVOLUTION.call(image, weight, null, List.of(1, 1), List.of(0, 0), List.of(1, 1),
                        true, List.of(0, 0), 1));
        assertMistake(Kind.SHAPE, "conv2d: the bias f32[3] must have one value for each of the 16 outputs of the weight f32[16, 3, 3, 3]",
                () -> image.conv2d(trace.input("f32[16, 3, 3, 3]"), trace.input("f32[3]"), Convolution.DEFAULT));
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
