package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.nn.Functional;
import io.toroid.op.Convolution;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.processor.graph.GraphVerifier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class FoldBatchNormTest {

    private final GraphFixture fixture = new GraphFixture();
    private Tensor x;

    @BeforeEach
    void input() {
        fixture.dim("n", 1, 9);
        x = fixture.input("x", "f32[n, 2, 5, 5]");
    }

    private Tensor conv(Tensor bias) {
        return x.conv2d(fixture.parameter("w", 4, 2, 3, 3), bias, Convolution.DEFAULT.padding(1));
    }

    private Tensor norm(Tensor tensor, String name) {
        long channels = tensor.size(1).constant();
        return tensor.batchNorm(fixture.parameter(name + ".weight", channels), fixture.parameter(name + ".bias", channels),
                fixture.buffer(name + ".mean", channels), fixture.buffer(name + ".var", channels), 1e-5);
    }

    private static long norms(Graph graph) {
        return graph.calls().stream().filter(call -> call.operator().name().contains("batch_norm")).count();
    }

    private Graph check(int remaining, Tensor... outputs) {
        Graph before = fixture.graph(outputs);
        Graph after = new FoldBatchNorm().apply(before);
        assertEquals(remaining, norms(after), after.toString());
        GraphVerifier.verify(after);
        GraphEvaluation.assertClose(before, after, Map.of("n", 2L), 2e-6);
        if (remaining == norms(before)) {
            assertSame(before.outputs().getFirst().origin(), after.outputs().getFirst().origin());
        }
        return after;
    }

    @Test
    void intoAConvolutionWithBias() {
        Tensor y = norm(conv(fixture.parameter("b", 4)), "norm");
        Graph after = check(0, y.relu());
        assertEquals(1, after.users().get(x).size());
        assertEquals(((Call) y.origin()).position(), after.users().get(x).getFirst().position());
    }

    @Test
    void intoAConvolutionWithoutBias() {
        check(0, norm(conv(null), "norm"));
    }

    @Test
    void intoATransposedConvolutionButNotInGroups() {
        Convolution twice = Convolution.DEFAULT.stride(2);
        check(0, norm(Functional.convTranspose2d(x, fixture.parameter("w", 2, 4, 3, 3), null, twice), "norm"));
        check(1, norm(Functional.convTranspose2d(x, fixture.parameter("v", 2, 2, 3, 3), null, twice.groups(2)), "other"));
    }

    @Test
    void intoAGroupedConvolution() {
        check(0, norm(x.conv2d(fixture.parameter("w", 4, 1, 3, 3), null, Convolution.DEFAULT.groups(2)), "norm"));
    }

    @Test
    void intoALinearLayer() {
        Tensor y = x.flatten(1).linear(fixture.parameter("w", 6, 50), fixture.parameter("b", 6));
        check(0, norm(y, "norm"));
    }

    @Test
    void withoutWeightsOfItsOwn() {
        check(0, conv(null).batchNorm(null, null, fixture.buffer("mean", 4), fixture.buffer("var", 4), 1e-3));
    }

    @Test
    void oneAfterTheOther() {
        Tensor inner = norm(conv(null), "first").relu();
        Tensor outer = inner.conv2d(fixture.parameter("v", 3, 4, 1, 1), null, Convolution.DEFAULT);
        check(0, norm(outer, "second"));
    }

    @Test
    void notIfSomethingElseSeesTheConvolution() {
        Tensor y = conv(null);
        Tensor normed = norm(y, "norm");
        check(1, normed, y);
        check(1, normed.add(y));
    }

    @Test
    void notIfWeightsDependOnAnInput() {
        Tensor scale = fixture.input("scale", "f32[4]");
        Tensor y = conv(null);
        check(1, y.batchNorm(scale, null, fixture.buffer("mean", 4), fixture.buffer("var", 4), 1e-5));
        check(1, norm(conv(scale), "norm"));
    }

    @Test
    void notIntoALinearLayerWhoseChannelsAreElsewhere() {
        Tensor y = x.flatten(2).linear(fixture.parameter("w", 6, 25));
        assertEquals(List.of(3), List.of(y.dim()));
        check(1, norm(y, "norm"));
    }
}
