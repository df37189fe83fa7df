package io.toroid.processor.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.UnaryOperators;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class GraphTest {

    private final GraphFixture fixture = new GraphFixture();

    private static List<String> operators(Graph graph) {
        return graph.calls().stream().map(call -> call.operator().schema().name()).toList();
    }

    private static Optional<List<Tensor>> expToLog(Call call) {
        return call.operator() == UnaryOperators.EXP
                ? Optional.of(List.of(call.arguments().tensor("self").log().neg())) : Optional.empty();
    }

    @Test
    void callsComeAfterWhatTheyUse() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor shared = x.exp();
        Graph graph = fixture.graph(shared.sin().add(shared.cos()), shared.tanh());
        assertEquals(List.of("exp", "sin", "cos", "add", "tanh"), operators(graph));
        assertEquals(3, graph.users().get(shared).size());
        assertEquals(List.of(x), graph.leaves());
    }

    @Test
    void deadCodeIsNoPartOfTheGraph() {
        Tensor x = fixture.input("x", "f32[3]");
        x.exp();
        assertEquals(List.of("sin"), operators(fixture.graph(x.sin())));
    }

    @Test
    void aRewriteReachesAllUsersAndKeepsTheRest() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor untouched = x.sin();
        Tensor changed = x.exp();
        Graph graph = fixture.graph(untouched, changed.add(changed), changed).rewrite(GraphTest::expToLog);
        assertEquals(List.of("sin", "log", "neg", "add"), operators(graph));
        assertSame(untouched.origin(), graph.outputs().getFirst().origin());
        Call sum = (Call) graph.outputs().get(1).origin();
        assertEquals(List.of(graph.outputs().get(2), graph.outputs().get(2)), sum.arguments().operands());
    }

    @Test
    void whatARewriteMakesStandsAtTheLineOfWhatItReplaces() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor exponential = x.exp();
        SourcePosition line = ((Call) exponential.origin()).position();
        Tensor sum = exponential.add(1);
        SourcePosition lineOfSum = ((Call) sum.origin()).position();
        assertTrue(line.isKnown());
        assertEquals(line.line() + 2, lineOfSum.line());
        Graph graph = fixture.graph(sum).rewrite(GraphTest::expToLog);
        assertEquals(List.of(line, line, lineOfSum), graph.calls().stream().map(Call::position).toList());
        assertEquals(List.of("exp", "exp", "add"), graph.calls().stream().map(call -> call.source().operator()).toList());
    }

    @Test
    void theRuleSeesWhatItHasMade() {
        Tensor x = fixture.input("x", "f32[3]");
        Graph graph = fixture.graph(x.neg().neg().neg().neg().neg()).rewrite(call ->
                call.arguments().tensor("self").origin() instanceof Call inner
                        ? Optional.of(List.of(inner.arguments().tensor("self"))) : Optional.empty());
        assertEquals(List.of("neg"), operators(graph));
    }

    @Test
    void aRuleThatRunsInCirclesIsFound() {
        Tensor x = fixture.input("x", "f32[3]");
        Graph graph = fixture.graph(x.sin());
        IllegalStateException problem = assertThrows(IllegalStateException.class, () -> graph.rewrite(call ->
                Optional.of(List.of(call.operator() == UnaryOperators.SIN ? x.cos() : x.sin()))));
        assertTrue(problem.getMessage().matches("the rewriting of aten\\.(sin|cos)\\.default at GraphTest\\.java:\\d+ does not settle"),
                problem.getMessage());
    }

    @Test
    void aReplacementOfAnotherTypeIsRefused() {
        Tensor x = fixture.input("x", "f32[3]");
        Graph graph = fixture.graph(x.sin());
        IllegalStateException problem = assertThrows(IllegalStateException.class,
                () -> graph.rewrite(_ -> Optional.of(List.of(x.sum()))));
        assertTrue(problem.getMessage().endsWith("gives [f32[3]], but its replacement gives [f32[]]"), problem.getMessage());
    }

    @Test
    void substitutionsMeetInEachOther() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor a = x.exp();
        Tensor b = a.sin();
        Graph graph = fixture.graph(b.neg()).substitute(Map.of(a, x.log(), b, a.cos()));
        assertEquals(List.of("log", "cos", "neg"), operators(graph));
        assertEquals(((Call) a.origin()).position(), graph.calls().getFirst().position());
    }

    @Test
    void aLeafCanBeSubstituted() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor y = fixture.input("y", "f32[3]");
        Graph graph = fixture.graph(x.exp(), x).substitute(Map.of(x, y));
        assertEquals(List.of(y), graph.leaves());
        assertEquals(y, graph.outputs().getLast());
    }

    @Test
    void aSubstitutionThatContainsWhatItReplacesIsFound() {
        Tensor x = fixture.input("x", "f32[3]");
        Tensor a = x.exp();
        Graph graph = fixture.graph(a.neg());
        IllegalStateException problem =
                assertThrows(IllegalStateException.class, () -> graph.substitute(Map.of(a, a.abs())));
        assertTrue(problem.getMessage().endsWith("depends on itself"), problem.getMessage());
    }

    @Test
    void namesAreNumberedByOperator() {
        Tensor x = fixture.input("exp_0", "f32[3]");
        Tensor w = fixture.parameter("layer.weight", 3);
        Graph graph = fixture.graph(x.exp().exp().add(w).max(0).indices());
        GraphNames names = graph.names();
        assertEquals(List.of("exp_1", "exp_2", "add_0", "max_0"), graph.calls().stream().map(names::of).toList());
        assertEquals("max_0#1", names.of(graph.outputs().getFirst()));
        assertEquals("layer.weight", names.of(w));
        assertEquals("exp_0", names.of(x));
    }

    @Test
    void deepGraphsDoNotOverflowTheStack() {
        Tensor deep = fixture.input("x", "f32[3]");
        for (int i = 0; i < 10_000; i++) {
            deep = deep.neg().exp();
        }
        Graph graph = fixture.graph(deep);
        Graph rewritten = graph.rewrite(GraphTest::expToLog);
        assertEquals(30_000, rewritten.calls().size());
        GraphVerifier.verify(rewritten);
        assertEquals("neg_19999", rewritten.names().of(rewritten.outputs().getFirst()));
        assertEquals(20_000, graph.users().size());
    }
}
