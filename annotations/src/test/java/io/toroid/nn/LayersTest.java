package io.toroid.nn;

import static io.toroid.op.Traced.assertMistake;
import static io.toroid.op.Traced.assertType;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Call;
import io.toroid.op.Convolution;
import io.toroid.op.Traced;
import io.toroid.op.Window;
import io.toroid.shape.Shape;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LayersTest {

    private final Traced trace = new Traced();

    private static void assertParameters(String expected, Layer layer) {
        StringBuilder text = new StringBuilder();
        Parameters.named(layer).forEach((name, parameter) -> text.append(text.isEmpty() ? "" : ", ")
                .append(name).append(' ').append(parameter.type()));
        assertEquals(expected, text.toString());
    }

    @Test
    void parametersAreNamedAsInPyTorch() {
        assertParameters("weight f32[10, 64], bias f32[10]", new Linear(64, 10));
        assertParameters("weight f32[10, 64]", Linear.withoutBias(64, 10));
        assertParameters("weight f32[32, 4, 3, 3], bias f32[32]", new Conv2d(16, 32, 3, Convolution.DEFAULT.groups(4)));
        assertParameters("weight f32[32, 16, 1, 1]", Conv2d.withoutBias(16, 32, 1, Convolution.DEFAULT));
        assertParameters("weight f32[32, 16, 3], bias f32[32]", new Conv1d(16, 32, 3));
        assertParameters("weight f32[32, 8, 1, 3, 5], bias f32[32]", new Conv3d(16, 32, List.of(1, 3, 5), Convolution.DEFAULT.groups(2)));
        assertParameters("weight f32[16, 32, 4], bias f32[32]", new ConvTranspose1d(16, 32, 4));
        assertParameters("weight f32[16, 8, 4, 4], bias f32[32]", new ConvTranspose2d(16, 32, 4, Convolution.DEFAULT.groups(4)));
        assertParameters("weight f32[16, 32, 2, 2, 2]", ConvTranspose3d.withoutBias(16, 32, 2, Convolution.DEFAULT));
        assertParameters("weight f32[8], bias f32[8], running_mean f32[8], running_var f32[8]", new BatchNorm2d(8));
        assertParameters("weight f32[4, 5], bias f32[4, 5]", new LayerNorm(Shape.of(4, 5), 1e-6));
        assertParameters("weight f32[100, 16]", new Embedding(100, 16));
        assertParameters("0.weight f32[8, 4], 0.bias f32[8], 2.weight f32[2, 8], 2.bias f32[2]",
                new Sequential(new Linear(4, 8), Activation.GELU, new Linear(8, 2)));
        assertParameters("", new Sequential(Tensor::relu, new MaxPool2d(2), new Flatten()));
    }

    @Test
    void aConvolutionalNetwork() {
        Layer network = new Sequential(
                new Conv2d(1, 16, 3, Convolution.DEFAULT.padding(1)), new BatchNorm2d(16), Tensor::relu, new MaxPool2d(2),
                new Conv2d(16, 32, 3, Convolution.DEFAULT.padding(1)), new BatchNorm2d(32), Tensor::relu, new MaxPool2d(2),
                new Flatten(), new Linear(128, 10));
        assertType("f32[batch, 10]", network.apply(trace.input("f32[batch, 1, 8, 8]")));
    }

    @Test
    void theOtherLayers() {
        assertType("f32[batch, tokens, 16]", new Embedding(100, 16).apply(trace.input("i64[batch, tokens]")));
        assertType("f32[batch, 32, tokens]", new Conv1d(16, 32, 3, Convolution.DEFAULT.padding(1)).apply(trace.input("f32[batch, 16, tokens]")));
        assertType("f32[batch, 8, 4, 8, 8]", new Conv3d(3, 8, 3, Convolution.DEFAULT.padding("same")).apply(trace.input("f32[batch, 3, 4, 8, 8]")));
        assertType("f32[batch, 8, 16, 16]", new ConvTranspose2d(3, 8, 4, Convolution.DEFAULT.stride(2).padding(1)).apply(trace.input("f32[batch, 3, 8, 8]")));
        assertType("f32[batch, 64]", new LayerNorm(64).apply(trace.input("f32[batch, 64]")));
        assertType("f32[batch, 3, 4, 4]", new AvgPool2d(Window.of(2)).apply(trace.input("f32[batch, 3, 8, 8]")));
        assertType("f32[batch, 3, 1, 1]", new AdaptiveAvgPool2d(1, 1).apply(trace.input("f32[batch, 3, 8, 8]")));
        assertType("f32[batch]", Activation.SILU.apply(trace.input("f32[batch]")));
    }

    @Test
    void theEpsilonReachesTheOperator() {
        Tensor normalized = new LayerNorm(64, 1e-12).apply(trace.input("f32[batch, 64]"));
        assertEquals(1e-12, ((Call) normalized.origin()).arguments().number("eps"));
        Tensor channels = new BatchNorm2d(3).apply(trace.input("f32[batch, 3, 2, 2]"));
        assertEquals(1e-5, ((Call) channels.origin()).arguments().number("eps"));
        Tensor gelu = Activation.GELU_TANH.apply(trace.input("f32[batch]"));
        assertEquals("tanh", ((Call) gelu.origin()).arguments().text("approximate"));
    }

    @Test
    void mistakes() {
        assertMistake(Kind.ARGUMENT, "Linear: inputs must be at least 1, not 0", () -> new Linear(0, 3));
        assertMistake(Kind.ARGUMENT, "Conv2d: 3 inputs and 8 outputs do not both divide into 2 groups",
                () -> new Conv2d(3, 8, 3, Convolution.DEFAULT.groups(2)));
        assertMistake(Kind.ARGUMENT, "ConvTranspose1d: the size of the kernel must be at least 1, not 0", () -> new ConvTranspose1d(3, 8, 0));
        assertMistake(Kind.ARGUMENT, "Conv3d: the kernel has one size or 3, not [3, 3]", () -> new Conv3d(3, 8, List.of(3, 3), Convolution.DEFAULT));
        assertMistake(Kind.SHAPE, "BatchNorm2d: input must be [batch, channels, height, width], not f32[batch, 3]",
                () -> new BatchNorm2d(3).apply(trace.input("f32[batch, 3]")));
    }
}
