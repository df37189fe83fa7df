package io.toroid.naming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Name;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.nn.BatchNorm2d;
import io.toroid.nn.Layer;
import io.toroid.nn.Linear;
import io.toroid.nn.Parameters;
import io.toroid.nn.Sequential;
import io.toroid.op.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names of parameters by the path of fields; in a package of its own, for positions of Toroid's packages are not shown. */
@Tag("unit")
class ParametersTest {

    private static List<String> names(Object model) {
        return List.copyOf(Parameters.named(model).keySet());
    }

    private static Tensor vector(long size) {
        return Tensor.parameter(DType.F32, size);
    }

    static final class Plain {
        private final Linear hidden = new Linear(4, 3);
        private final BatchNorm2d norm = new BatchNorm2d(3);
        private final Linear output = Linear.withoutBias(3, 2);
        private final String label = "not a layer";
        private final int[] sizes = {4, 3, 2};
        private final Tensor table = Tensor.of(new float[] {1, 2}, 2);
        private final Tensor scaled = output.weight.mul(2);
    }

    @Test
    void fieldsAreNamedInTheOrderOfTheirDeclaration() {
        assertEquals(
                List.of("hidden.weight", "hidden.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
                        "output.weight"),
                names(new Plain()));
    }

    @Test
    void theParametersAreThoseOfTheLayers() {
        Plain model = new Plain();
        Map<String, Parameter> named = Parameters.named(model);
        assertSame(model.hidden.weight.origin(), named.get("hidden.weight"));
        assertEquals("f32[3, 4]", named.get("hidden.weight").type().toString());
        assertEquals(Parameter.Kind.BUFFER, named.get("norm.running_var").kind());
    }

    abstract static class Base {
        final Tensor scale = vector(1);
    }

    static final class Derived extends Base {
        final Tensor shift = vector(2);
    }

    @Test
    void fieldsOfSuperclassesComeFirst() {
        assertEquals(List.of("scale", "shift"), names(new Derived()));
    }

    record Head(Tensor weight, @Name("b") Tensor bias) {
    }

    static final class Containers {
        private final List<Head> heads = List.of(new Head(vector(1), null), new Head(vector(2), vector(3)));
        private final Tensor[] array = {vector(4), null, vector(5)};
        private final Linear[][] grid = {{new Linear(1, 1)}, {Linear.withoutBias(1, 1)}};
        private final Map<String, Tensor> byName = new LinkedHashMap<>(Map.of("left", vector(6)));
        private final Optional<Tensor> extra = Optional.of(vector(7));
        private final Sequential layers = new Sequential(x -> x.relu(), Linear.withoutBias(2, 2));
        private final Set<String> tags = Set.of("a", "b");
        private final Object nothing = null;
    }

    @Test
    void listsArraysMapsRecordsAndOptionalsAreSearched() {
        assertEquals(
                List.of("heads.0.weight", "heads.1.weight", "heads.1.b", "array.0", "array.2", "grid.0.0.weight",
                        "grid.0.0.bias", "grid.1.0.weight", "byName.left", "extra", "layers.1.weight"),
                names(new Containers()));
    }

    static final class Renamed {
        @Name("encoder.layer")
        private final List<Linear> blocks = List.of(Linear.withoutBias(1, 1));

        @Name("")
        private final Linear dropped = Linear.withoutBias(1, 1);
    }

    @Test
    void nameOverridesOrDropsASegment() {
        assertEquals(List.of("encoder.layer.0.weight", "weight"), names(new Renamed()));
    }

    static final class Tied {
        private final Linear embedding = Linear.withoutBias(2, 2);
        private final Linear output = embedding;
        private final Tensor decoder = embedding.weight;
    }

    @Test
    void aSharedLayerIsNamedByItsFirstPathAndTheOthersAreAliases() {
        Parameters parameters = Parameters.of(new Tied());
        assertEquals(List.of("embedding.weight"), List.copyOf(parameters.named().keySet()));
        assertEquals(Map.of("output.weight", "embedding.weight", "decoder", "embedding.weight"), parameters.aliases());
    }

    static final class Node {
        private final Tensor weight = vector(1);
        private Node next;
        private Node previous;
    }

    @Test
    void layersThatHoldEachOtherAreSearchedOnce() {
        Node first = new Node();
        first.next = new Node();
        first.next.previous = first;
        first.previous = first;
        assertEquals(List.of("weight", "next.weight"), names(first));
    }

    final class Inner implements Layer {
        private final Tensor weight = vector(1);

        @Override
        public Tensor apply(Tensor input) {
            return input.mul(weight);
        }
    }

    private final Tensor ofTheOuterInstance = vector(9);

    @Test
    void theOuterInstanceOfAnInnerClassIsNoField() {
        assertEquals(List.of("weight"), names(new Inner()));
        assertEquals("f32[9]", ofTheOuterInstance.type().toString());
    }

    static final class Clash {
        private final Tensor weight = vector(1);

        @Name("weight")
        private final Tensor other = vector(2);
    }

    @Test
    void twoParametersOfOneNameAreAMistake() {
        TensorException mistake = assertThrows(TensorException.class, () -> Parameters.of(new Clash()));
        int line = mistake.position().line();
        assertEquals("two parameters are called \"weight\", made at ParametersTest.java:%d and ParametersTest.java:%d; "
                .formatted(line, line) + "rename one of the fields, or give it another @Name", mistake.getMessage());
    }

    static final class ClashWithAlias {
        private final Tensor weight = vector(1);

        @Name("tied")
        private final Tensor again = weight;

        private final Tensor tied = vector(2);
    }

    @Test
    void aParameterMayNotHaveTheNameOfAnAlias() {
        TensorException mistake = assertThrows(TensorException.class, () -> Parameters.of(new ClashWithAlias()));
        assertEquals("two parameters are called \"tied\"", mistake.getMessage().substring(0, 32));
    }

    static final class Unordered {
        private final Set<Linear> layers = Set.of(new Linear(1, 1));
    }

    @Test
    void layersInASetHaveNoNames() {
        TensorException mistake = assertThrows(TensorException.class, () -> Parameters.of(new Unordered()));
        assertEquals("the layers in a %s have no order to number them by; keep them in a List"
                .formatted(new Unordered().layers.getClass().getSimpleName()), mistake.getMessage());
    }
}
