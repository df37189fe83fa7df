package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.TensorData;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.processor.graph.GraphVerifier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SplitConstantsTest {

    private final GraphFixture fixture = new GraphFixture();

    private static String names(Graph graph) {
        return String.join(" ", graph.calls().stream().map(call -> call.operator().schema().name()).toList());
    }

    /** The entries with the folded tensors computed apart give what they gave before. */
    private static SplitGraphs check(List<Graph> entries) {
        SplitGraphs split = new SplitConstants().apply(entries);
        GraphVerifier.verify(split.constants());
        assertEquals(List.of(), split.constants().inputs());
        GraphEvaluation evaluation = new GraphEvaluation(Map.of("n", 3L), 7);
        List<TensorData> expected = entries.stream().flatMap(entry -> evaluation.run(entry).stream()).toList();
        List<TensorData> folded = evaluation.run(split.constants());
        List<String> names = List.copyOf(split.folded().keySet());
        assertEquals(names.size(), folded.size());
        for (int i = 0; i < names.size(); i++) {
            evaluation.with(names.get(i), folded.get(i));
        }
        split.entries().forEach(GraphVerifier::verify);
        GraphEvaluation.assertClose(expected, split.entries().stream().flatMap(entry -> evaluation.run(entry).stream()).toList(), 0);
        return split;
    }

    private SplitGraphs check(Tensor... outputs) {
        return check(List.of(fixture.graph(outputs)));
    }

    @Test
    void arithmeticOnWeightsIsTakenOut() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 4]");
        Tensor w = fixture.parameter("w", 4, 4);
        SplitGraphs split = check(x.matmul(w.mul(fixture.parameter("s", 4)).exp()).add(x));
        assertEquals("mm add", names(split.entries().getFirst()));
        assertEquals("mul exp", names(split.constants()));
        assertEquals(List.of("_folded.w"), List.copyOf(split.folded().keySet()));
        assertEquals(List.of("w", "s", "_folded.w"), List.copyOf(split.entries().getFirst().parameters().keySet()));
    }

    @Test
    void viewsOfWeightsStay() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 4]");
        Tensor w = fixture.parameter("w", 8, 4);
        SplitGraphs split = check(x.matmul(w.permute(1, 0).slice(1, 0, 4)));
        assertEquals("permute slice mm", names(split.entries().getFirst()));
        assertEquals("", names(split.constants()));
    }

    @Test
    void viewsOfWhatIsTakenOutStay() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 4]");
        SplitGraphs split = check(x.matmul(fixture.parameter("w", 8, 4).exp().permute(1, 0)));
        assertEquals("permute mm", names(split.entries().getFirst()));
        assertEquals("exp", names(split.constants()));
    }

    @Test
    void creationsStayAndWhatIsComputedFromThemGoes() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 4]");
        SplitGraphs split = check(x.add(Tensor.arange(4)), x.mul(Tensor.arange(4).to(DType.F32).sin()));
        assertEquals("arange add mul", names(split.entries().getFirst()));
        assertEquals("arange _to_copy sin", names(split.constants()));
    }

    @Test
    void dynamicSizesStay() {
        Tensor positions = Tensor.arange(fixture.dim("n", 1, 9)).to(DType.F32).sin();
        Tensor x = fixture.input("x", "f32[n]");
        assertEquals("", names(check(x.add(positions)).constants()));
    }

    @Test
    void resultsAreTakenOutOneByOne() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 4]");
        Tensor w = fixture.parameter("w", 4, 4);
        SplitGraphs split = check(x.add(w.max(0).values()), x.mul(w.max(0).indices()));
        assertEquals(2, split.folded().size());
        assertEquals("max", names(split.constants()));
    }

    @Test
    void anOutputMayBeAllConstant() {
        fixture.input("x", "f32[2]");
        Tensor w = fixture.parameter("w", 2);
        SplitGraphs split = check(w.exp(), w, w.exp());
        assertEquals("", names(split.entries().getFirst()));
        assertEquals(1, split.folded().size());
    }

    @Test
    void largeProductsOfSmallThingsStay() {
        Tensor x = fixture.input("x", "f32[1]");
        Tensor row = fixture.parameter("row", 1, 3000).exp();
        Tensor column = fixture.parameter("column", 3000, 1).exp();
        SplitGraphs split = new SplitConstants().apply(List.of(fixture.graph(x.add(column.mul(row)))));
        assertEquals("mul add", names(split.entries().getFirst()));
        assertEquals("exp exp", names(split.constants()));
    }

    @Test
    void entriesShareWhatTheyFold() {
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 4]");
        Tensor w = fixture.parameter("w", 4);
        Graph first = fixture.graph(x.mul(w.exp()));
        Graph second = fixture.graph(x.add(w.exp()), x.add(w.sin()));
        SplitGraphs split = check(List.of(first, second));
        assertEquals(List.of("_folded.w", "_folded.w_1"), List.copyOf(split.folded().keySet()));
        assertEquals("exp sin", names(split.constants()));
        assertEquals(split.entries().get(0).leaves().getLast(), split.entries().get(1).leaves().get(1));
    }
}
