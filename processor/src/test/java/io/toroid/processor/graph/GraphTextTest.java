package io.toroid.processor.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Convolution;
import io.toroid.op.Window;
import io.toroid.processor.graph.pass.Decompose;
import io.toroid.shape.Range;
import io.toroid.shape.Size;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class GraphTextTest {

    private final GraphFixture fixture = new GraphFixture();

    private static String withoutLines(Graph graph) {
        return graph.toString().replaceAll("  // .+", "");
    }

    private static void assertReadsBack(Graph graph) {
        Graph parsed = GraphText.parse(graph.toString());
        assertEquals(graph.toString(), parsed.toString());
        GraphVerifier.verify(parsed);
    }

    @Test
    void aGraphIsPrintedLineByLine() {
        fixture.dim("batch", 1, 1024);
        Tensor x = fixture.input("pixels", "f32[batch, 64]");
        Tensor w = fixture.parameter("hidden.weight", 128, 64);
        Tensor b = fixture.parameter("hidden.bias", 128);
        Tensor mean = fixture.buffer("mean", 128);
        Tensor hidden = x.linear(w, b).geluTanh().sub(mean).mul(Tensor.of(new float[] {0.5f}, 1));
        Graph graph = fixture.graph(hidden, hidden.max(1).indices(), hidden.clamp(Double.NEGATIVE_INFINITY, 3));
        assertEquals("""
                graph test
                symbol batch: 1 to 1024
                input %pixels: f32[batch, 64]
                parameter %hidden.weight: f32[128, 64]
                parameter %hidden.bias: f32[128]
                buffer %mean: f32[128]
                constant %constant_0: f32[1] = 0.5

                %linear_0: f32[batch, 128] = aten.linear.default(%pixels, %hidden.weight, %hidden.bias)
                %gelu_0: f32[batch, 128] = aten.gelu.default(%linear_0, approximate="tanh")
                %sub_0: f32[batch, 128] = aten.sub.Tensor(%gelu_0, %mean)
                %mul_0: f32[batch, 128] = aten.mul.Tensor(%sub_0, %constant_0)
                %max_0: f32[batch], i64[batch] = aten.max.dim(%mul_0, dim=1)
                %clamp_0: f32[batch, 128] = aten.clamp.default(%mul_0, min=-.inf, max=3)

                return %mul_0, %max_0#1, %clamp_0
                """, withoutLines(graph));
        assertReadsBack(graph);
    }

    @Test
    void eachCallEndsWithItsLine() {
        Tensor x = fixture.input("x", "f32[3]");
        Graph graph = fixture.graph(x.exp());
        String line = "  // " + graph.calls().getFirst().position();
        assertEquals(1, graph.toString().lines().filter(text -> text.endsWith(line) && line.contains("GraphTextTest.java:")).count());
    }

    @Test
    void whatTheAuthorCalledStandsThereIfItIsAnotherOperator() {
        Tensor x = fixture.input("x", "f32[3]");
        Graph graph = new Decompose().apply(fixture.graph(x.silu().exp()));
        assertEquals("""
                %sigmoid_0: f32[3] = aten.sigmoid.default(%x)  // silu at GraphTextTest.java:9
                %mul_0: f32[3] = aten.mul.Tensor(%x, %sigmoid_0)  // silu at GraphTextTest.java:9
                %exp_0: f32[3] = aten.exp.default(%mul_0)  // GraphTextTest.java:9
                """, graph.toString().lines().filter(line -> line.startsWith("%"))
                .map(line -> line.replaceAll(":\\d+$", ":9") + "\n").collect(Collectors.joining()));
        assertReadsBack(graph);
        assertReadsBack(GraphText.parse(graph.toString().replaceAll(" at \\S+|  // G.+", "")));
        assertEquals(List.of("silu", "silu", "exp"),
                GraphText.parse(graph.toString()).calls().stream().map(call -> call.source().operator()).toList());
    }

    @Test
    void everyKindOfArgumentReadsBack() {
        Size batch = fixture.dim("batch", 1, 64);
        fixture.environment().declare("tokens", new Range(8, 512, 8));
        fixture.environment().declare("rest", Range.atLeast(0));
        Tensor x = fixture.input("x", "f32[batch, 4, tokens, 8]");
        Tensor y = fixture.input("y", "f64[2*rest + 1]");
        Tensor indices = fixture.input("i", "i64[3]");
        Tensor image = x.conv2d(fixture.parameter("w", 6, 4, 3, 3), null, Convolution.DEFAULT.padding(1));
        assertReadsBack(fixture.graph(
                image.maxPool2d(Window.of(2).padding(1)),
                Tensor.cat(1, x, x.neg()),
                x.flatten(1).slice(0, Size.ONE, batch),
                x.sum(-1, true).to(DType.F64),
                y.add(Double.NaN).mul(1e-30).gt(2),
                y.mean(),
                Tensor.full(DType.I32, 7, 2),
                indices.floorDiv(2),
                Tensor.of(new boolean[] {true, false}, 2).logicalNot(),
                Tensor.of(new long[0], 0),
                Tensor.of(new double[] {1.5, Double.NaN, Double.NEGATIVE_INFINITY}, 3),
                x.flatten(1).layerNorm(List.of(x.size(2).times(32)), null, null, 1e-5)));
    }

    @Test
    void aSummaryShowsTheFirstValuesOfALongConstant() {
        Tensor constant = Tensor.of(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 10);
        assertEquals("constant %constant_0: i32[10] = 0 1 2 3 4 5 6 7 ...",
                GraphText.summary(fixture.graph(constant)).lines().filter(line -> line.startsWith("constant")).findFirst().orElseThrow());
    }

    @Test
    void mistakesInTheTextNameTheLine() {
        assertEquals("line 3, \"%y: f32[3] = aten.exp.default(%z)\": there is no %z", assertThrows(
                IllegalArgumentException.class,
                () -> GraphText.parse("graph g\ninput %x: f32[3]\n%y: f32[3] = aten.exp.default(%z)")).getMessage());
        assertEquals("line 2, \"%y: f32[4] = aten.exp.default(%x)\": the operator gives [f32[3]]", assertThrows(
                IllegalArgumentException.class,
                () -> GraphText.parse("input %x: f32[3]\n%y: f32[4] = aten.exp.default(%x)")).getMessage());
        assertEquals("line 1, \"nonsense\": not a line of a graph", assertThrows(
                IllegalArgumentException.class, () -> GraphText.parse("nonsense")).getMessage());
    }
}
