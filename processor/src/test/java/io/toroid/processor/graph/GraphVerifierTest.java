package io.toroid.processor.graph;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.processor.graph.pass.CoreOperators;
import io.toroid.runtime.eager.Eager;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class GraphVerifierTest {

    private final GraphFixture fixture = new GraphFixture();

    private static List<String> problems(Graph graph, boolean core) {
        String message = assertThrows(IllegalStateException.class,
                () -> GraphVerifier.verify(graph, operator -> !core || CoreOperators.contains(operator))).getMessage();
        return message.lines().skip(1).takeWhile(line -> !line.startsWith("graph ")).toList();
    }

    @Test
    void aTracedGraphIsWellFormed() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 3]");
        assertDoesNotThrow(() -> GraphVerifier.verify(fixture.graph(x.softmax(1).linear(fixture.parameter("w", 2, 3)))));
    }

    @Test
    void foreignLeavesAreAllNamed() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor foreign = new GraphFixture().input("y", "f32[3]");
        Graph graph = fixture.graph(
                x.add(foreign).add(Tensor.parameter(DType.F32, 3)), Eager.of().tensor(new float[3], 3));
        assertEquals(List.of(
                "foreign_y_0 is a placeholder, but no input of this graph",
                "unnamed_parameter_0 is a parameter without a name",
                "constant_0 holds values of an evaluator"), problems(graph, false));
    }

    @Test
    void inputsArePlaceholdersAndDifferent() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor call = x.exp();
        Graph graph = new Graph("g", List.of(x, x, call), List.of(x), new LinkedHashMap<>());
        assertEquals(List.of("input x stands twice", "input " + call.origin() + " is no placeholder"), problems(graph, false));
    }

    @Test
    void compositeOperatorsDoNotBelongAfterDecompose() {
        Tensor silu = fixture.input("x", "f32[3]").silu();
        assertEquals(List.of("silu_0: " + silu.origin() + " does not belong at this level"), problems(fixture.graph(silu), true));
    }
}
