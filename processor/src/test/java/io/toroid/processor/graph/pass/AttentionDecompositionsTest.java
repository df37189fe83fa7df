package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
import io.toroid.op.Attention;
import io.toroid.op.AttentionOperators;
import io.toroid.op.Call;
import io.toroid.op.TensorData;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.processor.graph.GraphText;
import io.toroid.processor.graph.GraphVerifier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AttentionDecompositionsTest {

    private static final Map<String, Long> SIZES = Map.of("batch", 2L, "tokens", 5L, "n", 3L);

    private final GraphFixture fixture = new GraphFixture();

    @BeforeEach
    void declare() {
        SIZES.keySet().forEach(name -> fixture.dim(name, 1, 9));
    }

    private Graph check(Tensor output) {
        Graph before = fixture.graph(output);
        Graph after = new Decompose().apply(before);
        GraphVerifier.verify(after, CoreOperators::contains);
        GraphEvaluation.assertClose(before, after, SIZES, 1e-12);
        Graph optimized = GraphPasses.run(before);
        GraphVerifier.verify(optimized, CoreOperators::contains);
        GraphEvaluation.assertClose(before, optimized, SIZES, 1e-12);
        assertEquals(optimized.toString(), GraphText.parse(optimized.toString()).toString());
        return after;
    }

    private Tensor query() {
        return fixture.input("query", "f64[batch, 4, n, 8]");
    }

    private Tensor key() {
        return fixture.input("key", "f64[batch, 4, tokens, 8]");
    }

    private Tensor value() {
        return fixture.input("value", "f64[batch, 4, tokens, 6]");
    }

    private static List<String> operands(Graph graph) {
        Call attention = graph.calls().stream()
                .filter(call -> call.operator() == AttentionOperators.SCALED_DOT_PRODUCT_ATTENTION).findFirst().orElseThrow();
        return attention.arguments().operands().stream().map(operand -> operand.type().toString()).toList();
    }

    @Test
    void staysOneCallWithItsScale() {
        Graph graph = check(query().scaledDotProductAttention(key(), value()));
        assertEquals(List.of("f64[batch, 4, n, 8]", "f64[batch, 4, tokens, 8]", "f64[batch, 4, tokens, 6]"), operands(graph));
        assertEquals(1, graph.calls().size());
        assertEquals(1 / Math.sqrt(8), graph.calls().getFirst().arguments().number("scale"));
    }

    @Test
    void withScaleAndAddedMask() {
        Tensor mask = fixture.input("mask", "f64[batch, 1, 1, tokens]");
        check(query().scaledDotProductAttention(key(), value(), Attention.DEFAULT.mask(mask).scale(0.3)));
    }

    @Test
    void withABooleanMaskThatHidesEverythingFromSomeQueries() {
        Tensor positions = fixture.input("positions", "f64[n, 1]");
        Tensor mask = positions.gt(0);
        Graph graph = check(query().scaledDotProductAttention(key(), value(), Attention.DEFAULT.mask(mask)));
        assertEquals("f64[1, 1, n, 1]", operands(graph).getLast());
    }

    @Test
    void causal() {
        check(query().scaledDotProductAttention(key(), value(), Attention.DEFAULT.causal(true)));
    }

    @Test
    void withoutBatchAndWithoutKeys() {
        Tensor x = fixture.input("x", "f64[tokens, 8]");
        assertEquals("f64[1, 1, tokens, 8]", operands(check(x.scaledDotProductAttention(x, x))).getFirst());
        Tensor none = Tensor.constant(TensorData.of(new double[0], 0, 8));
        check(x.scaledDotProductAttention(none, none));
    }

    @Test
    void outerDimensionsBeyondTwoBecomeOne() {
        Tensor x = fixture.input("x", "f64[batch, 3, 4, tokens, 8]");
        Tensor mask = fixture.input("mask", "f64[4, 1, tokens]");
        Graph graph = check(x.scaledDotProductAttention(x, x, Attention.DEFAULT.mask(mask)));
        assertEquals(List.of("f64[3*batch, 4, tokens, 8]", "f64[3*batch, 4, tokens, 8]", "f64[3*batch, 4, tokens, 8]",
                "f64[3*batch, 4, 1, tokens]"), operands(graph));
        check(x.scaledDotProductAttention(x, x, Attention.DEFAULT.mask(fixture.input("flat", "f64[tokens]"))));
    }
}
