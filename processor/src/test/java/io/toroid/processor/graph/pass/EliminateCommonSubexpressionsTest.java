package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class EliminateCommonSubexpressionsTest {

    private final GraphFixture fixture = new GraphFixture();

    private Graph check(int expectedCalls, Tensor... outputs) {
        Graph before = fixture.graph(outputs);
        Graph after = new EliminateCommonSubexpressions().apply(before);
        assertEquals(expectedCalls, after.calls().size(), after.toString());
        GraphEvaluation.assertSame(before, after, Map.of("n", 3L));
        return after;
    }

    @Test
    void equalExpressionsAreOneAtTheFirstLine() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 2]");
        Tensor first = x.exp().add(1);
        Tensor second = x.exp().add(1);
        Graph after = check(3, first, second.mul(first));
        assertEquals(((Call) first.origin()).position(), ((Call) after.outputs().getFirst().origin()).position());
    }

    @Test
    void differentArgumentsKeepExpressionsApart() {
        Tensor x = fixture.input("x", "f32[3]");
        check(4, x.add(1), x.add(1.0), x.add(-0.0), x.add(0.0));
    }

    @Test
    void secondResultsAreSharedToo() {
        Tensor x = fixture.input("x", "f32[3, 2]");
        check(1, x.max(0).values(), x.max(0).indices());
    }

    @Test
    void equalConstantsAreOne() {
        Tensor x = fixture.input("x", "f32[2]");
        Graph after = check(3,
                x.mul(Tensor.of(new float[] {1, 2}, 2)),
                x.mul(Tensor.of(new float[] {1, 2}, 2)),
                x.mul(Tensor.of(new float[] {1, 3}, 2)),
                x.mul(Tensor.of(new float[] {1, 2}, 1, 2)));
        assertEquals(3, after.constants().size());
    }

    @Test
    void deepEqualExpressionsAreFound() {
        Tensor left = fixture.input("x", "f32[2]");
        Tensor right = left;
        for (int i = 0; i < 5_000; i++) {
            left = left.neg();
            right = right.neg();
        }
        check(5_001, left.add(right));
    }
}
