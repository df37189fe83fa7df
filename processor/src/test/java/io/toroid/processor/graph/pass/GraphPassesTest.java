package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Convolution;
import io.toroid.op.Window;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.processor.graph.GraphText;
import io.toroid.processor.graph.GraphVerifier;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The passes one after the other, as the compiler runs them. */
@Tag("unit")
class GraphPassesTest {

    private final GraphFixture fixture = new GraphFixture();

    /** After each pass the graph is well-formed, prints and parses, and computes the same. */
    private static Graph run(Graph graph, Map<String, Long> sizes) {
        Graph current = graph;
        for (Pass pass : GraphPasses.ALL) {
            current = pass.apply(current);
            GraphVerifier.verify(current);
            assertEquals(current.toString(), GraphText.parse(current.toString()).toString(), pass.name());
            GraphEvaluation.assertClose(graph, current, sizes, 5e-6);
        }
        GraphVerifier.verify(current, CoreOperators::contains);
        assertEquals(current.toString(), GraphPasses.run(current).toString(), "the passes have a fixed point");
        return current;
    }

    private static List<String> lines(Graph graph) {
        return graph.toString().lines().filter(line -> line.contains("aten."))
                .map(line -> line.replaceAll("  //.*", ""))
                .toList();
    }

    @Test
    void aPerceptron() {
        fixture.dim("batch", 1, 1024);
        Tensor x = fixture.input("pixels", "f32[batch, 64]");
        Tensor hidden = x.linear(fixture.parameter("hidden.weight", 16, 64), fixture.parameter("hidden.bias", 16));
        Tensor norm = hidden.layerNorm(
                List.of(Size.of(16)), fixture.parameter("norm.weight", 16), fixture.parameter("norm.bias", 16), 1e-5);
        Graph graph = fixture.graph(norm.gelu().linear(fixture.parameter("output.weight", 10, 16), fixture.parameter("output.bias", 10)));
        Graph result = run(graph, Map.of("batch", 3L));
        assertEquals(List.of(
                "%linear_0: f32[batch, 16] = aten.linear.default(%pixels, %hidden.weight, %hidden.bias)",
                "%var_mean_0: f32[batch, 1], f32[batch, 1] = aten.var_mean.correction(%linear_0, dim=[1], correction=0, keepdim=true)",
                "%sub_0: f32[batch, 16] = aten.sub.Tensor(%linear_0, %var_mean_0#1)",
                "%add_0: f32[batch, 1] = aten.add.Scalar(%var_mean_0#0, other=1.0E-5)",
                "%rsqrt_0: f32[batch, 1] = aten.rsqrt.default(%add_0)",
                "%mul_0: f32[batch, 16] = aten.mul.Tensor(%sub_0, %rsqrt_0)",
                "%mul_1: f32[batch, 16] = aten.mul.Tensor(%mul_0, %norm.weight)",
                "%add_1: f32[batch, 16] = aten.add.Tensor(%mul_1, %norm.bias)",
                "%mul_2: f32[batch, 16] = aten.mul.Scalar(%add_1, other=0.5)",
                "%mul_3: f32[batch, 16] = aten.mul.Scalar(%add_1, other=0.7071067811865476)",
                "%erf_0: f32[batch, 16] = aten.erf.default(%mul_3)",
                "%add_2: f32[batch, 16] = aten.add.Scalar(%erf_0, other=1)",
                "%mul_4: f32[batch, 16] = aten.mul.Tensor(%mul_2, %add_2)",
                "%linear_1: f32[batch, 10] = aten.linear.default(%mul_4, %output.weight, %output.bias)"), lines(result));
    }

    @Test
    void aConvolutionWithBatchNorm() {
        fixture.dim("batch", 1, 1024);
        Tensor x = fixture.input("x", "f32[batch, 1, 8, 8]");
        Tensor conv = x.conv2d(fixture.parameter("conv.weight", 4, 1, 3, 3), null, Convolution.DEFAULT.padding(1));
        Tensor norm = conv.batchNorm(fixture.parameter("norm.weight", 4), fixture.parameter("norm.bias", 4),
                fixture.buffer("norm.mean", 4), fixture.buffer("norm.var", 4), 1e-5);
        Graph graph = fixture.graph(norm.relu().maxPool2d(Window.of(2)).flatten(1)
                .linear(fixture.parameter("output.weight", 10, 64), fixture.parameter("output.bias", 10)));
        Graph result = run(graph, Map.of("batch", 2L));
        SplitGraphs split = new SplitConstants().apply(List.of(result));
        assertEquals(List.of(
                "%convolution_0: f32[batch, 4, 8, 8] = aten.convolution.default(%x, %_folded.conv.weight, %_folded.norm.var, stride=[1, 1], "
                        + "padding=[1, 1], dilation=[1, 1], transposed=false, output_padding=[0, 0], groups=1)",
                "%relu_0: f32[batch, 4, 8, 8] = aten.relu.default(%convolution_0)",
                "%max_pool2d_with_indices_0: f32[batch, 4, 4, 4], i64[batch, 4, 4, 4] = "
                        + "aten.max_pool2d_with_indices.default(%relu_0, kernel_size=[2, 2], stride=[2, 2], "
                        + "padding=[0, 0], dilation=[1, 1])",
                "%view_0: f32[batch, 64] = aten.view.default(%max_pool2d_with_indices_0#0, size=[batch, 64])",
                "%linear_0: f32[batch, 10] = aten.linear.default(%view_0, %output.weight, %output.bias)"),
                lines(split.entries().getFirst()));
        assertEquals(2, split.constants().outputs().size());
    }

    @Test
    void attentionOverDynamicSizes() {
        Symbol batch = fixture.dim("batch", 1, 64);
        Symbol tokens = fixture.dim("tokens", 1, 512);
        Tensor x = fixture.input("x", "f32[batch, tokens, 8]");
        Tensor mask = fixture.input("mask", "bool[batch, tokens]");
        Tensor[] heads = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            heads[i] = x.linear(fixture.parameter("weight" + i, 8, 8)).unflatten(-1, 2, 4).transpose(1, 2);
        }
        Tensor scores = heads[0].matmul(heads[1].transpose(-2, -1)).div(2)
                .maskedFill(mask.logicalNot().unsqueeze(1).unsqueeze(1), Double.NEGATIVE_INFINITY);
        Tensor mixed = scores.softmax(-1).matmul(heads[2]).transpose(1, 2).flatten(2).add(x);
        Tensor pooled = mixed.mul(mask.unsqueeze(-1).to(DType.F32)).sum(1, false)
                .div(mask.to(DType.F32).sum(1, true).clamp(1e-9, null));
        Graph graph = fixture.graph(pooled.div(pooled.mul(pooled).sum(1, true).sqrt()), mixed.mean(1));
        Graph result = run(graph, Map.of("batch", 2L, "tokens", 5L));
        assertTrue(result.toString().contains("bmm"), result.toString());
        assertTrue(fixture.environment().checks().isEmpty(), fixture.environment().checks().toString());
        assertEquals(List.of(batch, tokens), List.copyOf(fixture.environment().symbols()));
    }
}
