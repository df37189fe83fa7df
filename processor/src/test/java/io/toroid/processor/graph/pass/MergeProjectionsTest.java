package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.Tensor;
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
class MergeProjectionsTest {

    private static final Map<String, Long> SIZES = Map.of("batch", 2L, "n", 3L, "m", 5L);

    private final GraphFixture fixture = new GraphFixture();
    private Tensor x;
    private Tensor memory;

    @BeforeEach
    void inputs() {
        SIZES.keySet().forEach(name -> fixture.dim(name, 1, 9));
        x = fixture.input("x", "f32[batch, n, 12]");
        memory = fixture.input("memory", "f32[batch, m, 12]");
    }

    /** The shapes of the products' weights, once the projections are merged. */
    private List<String> products(Tensor... outputs) {
        Graph before = new Decompose().apply(fixture.graph(outputs));
        Graph after = new MergeProjections().apply(before);
        GraphVerifier.verify(after, CoreOperators::contains);
        GraphEvaluation.assertClose(before, after, SIZES, 0);
        return after.calls().stream().filter(call -> call.operator().name().equals("aten.linear.default"))
                .map(call -> call.arguments().tensor("weight").shape().toString()).toList();
    }

    private Tensor heads(Tensor projected) {
        return projected.unflatten(-1, 3, -1).transpose(1, 2);
    }

    private Tensor project(Tensor input, String name, long width) {
        return input.linear(fixture.parameter(name, width, 12), fixture.parameter(name + ".bias", width));
    }

    private Tensor attend(Tensor q, Tensor k, Tensor v) {
        return heads(q).scaledDotProductAttention(heads(k), heads(v)).transpose(1, 2).flatten(2);
    }

    @Test
    void queriesKeysAndValuesOfOneTensor() {
        assertEquals(List.of("[36, 12]"), products(attend(project(x, "q", 12), project(x, "k", 12), project(x, "v", 12))));
    }

    @Test
    void valuesMayBeWiderAndABiasMayBeMissing() {
        Tensor k = x.linear(fixture.parameter("k", 12, 12));
        assertEquals(List.of("[42, 12]"), products(attend(project(x, "q", 12), k, project(x, "v", 18))));
    }

    @Test
    void withoutAnyBiasThereIsNone() {
        Tensor q = x.linear(fixture.parameter("q", 12, 12));
        Tensor k = x.linear(fixture.parameter("k", 12, 12));
        assertEquals(List.of("[24, 12]"), products(attend(q, k, x)));
    }

    @Test
    void keysAndValuesOfAnotherTensor() {
        assertEquals(List.of("[12, 12]", "[24, 12]"),
                products(attend(project(x, "q", 12), project(memory, "k", 12), project(memory, "v", 12))));
    }

    @Test
    void layerAfterLayer() {
        Tensor first = attend(project(x, "q", 12), project(x, "k", 12), project(x, "v", 12)).add(x);
        Tensor second = attend(project(first, "q2", 12), project(first, "k2", 12), project(first, "v2", 12));
        assertEquals(List.of("[36, 12]", "[36, 12]"), products(second));
    }

    @Test
    void notWhatSomethingElseSees() {
        Tensor v = project(x, "v", 12);
        assertEquals(List.of("[12, 12]", "[24, 12]"),
                products(attend(project(x, "q", 12), project(x, "k", 12), v), v.relu()).stream().sorted().toList());
    }

    @Test
    void notWeightsThatDependOnAnInput() {
        Tensor weight = fixture.input("w", "f32[12, 12]");
        assertEquals(List.of("[12, 12]", "[24, 12]"),
                products(attend(project(x, "q", 12), x.linear(weight), project(x, "v", 12))).stream().sorted().toList());
    }
}
