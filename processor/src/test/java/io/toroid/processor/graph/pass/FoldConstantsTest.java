package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class FoldConstantsTest {

    private final GraphFixture fixture = new GraphFixture();
    private final Tensor x = fixture.input("x", "f32[2]");
    private final Tensor constant = Tensor.of(new float[] {1, 4}, 2);

    private void check(String operators, Tensor... outputs) {
        Graph before = fixture.graph(outputs);
        Graph after = new FoldConstants().apply(before);
        assertEquals(operators, String.join(" ", after.calls().stream().map(call -> call.operator().schema().name()).toList()));
        GraphEvaluation.assertSame(before, after, Map.of("n", 5L));
    }

    @Test
    void numbersOfTheModelAreComputedAtOnce() {
        check("add", x.add(constant.sqrt().mul(3).permute(0)));
        check("", constant.max(0).indices().to(DType.F32), constant.max(0).values());
    }

    @Test
    void whatDependsOnAnInputOrAParameterStays() {
        check("sqrt mul add", x.mul(fixture.parameter("w", 2).sqrt()).add(constant.neg()));
    }

    @Test
    void creationsStayUnlessOneNumberComesOut() {
        check("arange mul", Tensor.arange(5).mul(2));
        check("", Tensor.arange(5).sum());
        check("", Tensor.full(DType.F32, 2, 3).mul(Tensor.of(new float[] {1, 2, 3}, 3)));
    }

    @Test
    void dynamicSizesStay() {
        Symbol n = fixture.dim("n", 1, 9);
        check("arange sum mul", fixture.input("y", "f32[n]").mul(Tensor.arange(n).sum()));
    }

    @Test
    void repetitionsAndLargeResultsStay() {
        check("expand", constant.expand(3, 2));
        Tensor wide = Tensor.of(new float[600], 600);
        check("mul", wide.view(600, 1).mul(wide));
        check("", wide.neg());
    }

    @Test
    void aMistakeStaysForTheRun() {
        Tensor rows = Tensor.of(new long[] {7}, 1).embedding(Tensor.of(new float[] {1, 2}, 2, 1));
        Graph after = new FoldConstants().apply(fixture.graph(rows));
        assertEquals(List.of("embedding"), after.calls().stream().map(call -> call.operator().schema().name()).toList());
    }
}
