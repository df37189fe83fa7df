package io.toroid.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.shape.Size;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class SchemaTest {

    /** Schemas as PyTorch prints them, each after its qualified name. */
    static Stream<String> published() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                SchemaTest.class.getResourceAsStream("aten-schemas.txt"), StandardCharsets.UTF_8))) {
            return reader.lines().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void readsEveryPublishedSchema(String line) {
        String name = line.substring(0, line.indexOf(' '));
        Schema schema = Schema.parse(line.substring(line.indexOf(' ') + 1));
        assertEquals(name, schema.qualifiedName());
        assertTrue(schema.parameters().stream().allMatch(parameter -> parameter.name().matches("\\w+")), schema.parameters()::toString);
        assertTrue(schema.results().stream().allMatch(result -> result.matches("(Tensor|Scalar).*")), schema.results()::toString);
    }

    @Test
    void everyOperatorHasThePublishedSchema() {
        Set<String> compared = new TreeSet<>();
        published().forEach(line -> {
            String name = line.substring(0, line.indexOf(' '));
            Operators.byName(name).ifPresent(operator -> {
                assertEquals(ours(Schema.parse(line.substring(line.indexOf(' ') + 1)), operator.schema()), operator.schema(), name);
                compared.add(name);
            });
        });
        assertTrue(compared.size() > 80, compared::toString);
    }

    /** Numbers are tensors without dimensions here, and the sizes that data decide may be told, as a last argument. */
    private static Schema ours(Schema published, Schema operator) {
        List<Schema.Parameter> parameters = new ArrayList<>(published.parameters());
        Schema.Parameter last = operator.parameters().getLast();
        if (last.name().equals("count") && operator.parameters().size() == parameters.size() + 1) {
            assertEquals(new Schema.Parameter("SymInt?", "count", Argument.None.NONE), last);
            parameters.add(last);
        }
        List<String> results = published.results().stream().map(type -> type.equals("Scalar") ? "Tensor" : type).toList();
        return new Schema(published.namespace(), published.name(), published.overload(), parameters, results);
    }

    @Test
    void readsDefaultsOfEveryType() {
        Schema schema = Schema.parse("aten::f.x(Tensor self, int[2] stride=[], int[1] pad=0, int[] dims=[0, 1], float p=2., "
                + "Scalar alpha=1, str mode=\"none\", bool keep=False, *, Tensor? other=None, ScalarType? dtype=None) -> (Tensor a, Tensor b)");
        assertEquals("aten.f.x", schema.qualifiedName());
        assertEquals(List.of("Tensor", "Tensor"), schema.results());
        assertEquals(10, schema.parameters().size());
        Arguments arguments = schema.bind(Tensors.ANY);
        assertEquals(List.of(), arguments.sizes("stride"));
        assertEquals(List.of(Size.ZERO), arguments.sizes("pad"));
        assertEquals(List.of(Size.ZERO, Size.ONE), arguments.sizes("dims"));
        assertEquals(2.0, arguments.number("p"));
        assertEquals(new Argument.OfInt(Size.ONE), arguments.get("alpha"));
        assertEquals("none", arguments.text("mode"));
        assertEquals(new Argument.OfBool(false), arguments.get("keep"));
        assertTrue(schema.parameters().get(schema.indexOf("other")).isOptional());
        assertEquals(Argument.None.NONE, arguments.get("dtype"));
    }

    @Test
    void refusesWhatIsNoSchema() {
        assertEquals("not an operator schema: relu(Tensor self)",
                assertThrows(IllegalArgumentException.class, () -> Schema.parse("relu(Tensor self)")).getMessage());
    }

    @Test
    void bindingNamesWhatIsMissing() {
        Schema schema = BinaryOperators.ADD_TENSOR.schema();
        assertEquals("aten.add.Tensor needs its argument other",
                assertThrows(IllegalArgumentException.class, () -> schema.bind(Tensors.ANY)).getMessage());
        assertEquals("aten.add.Tensor takes 3 arguments, not 4: [f32[2] [1.0, 2.0], f32[2] [1.0, 2.0], 1, 2]",
                assertThrows(IllegalArgumentException.class, () -> schema.bind(Tensors.ANY, Tensors.ANY, 1, 2)).getMessage());
    }

    private static final class Tensors {
        static final io.toroid.Tensor ANY = io.toroid.Tensor.of(new float[] {1, 2}, 2);
    }
}
