package io.toroid.op;

import static io.toroid.op.Traced.assertMistake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class OperatorsTest {

    @Test
    void operatorsAreFoundByName() {
        assertSame(BinaryOperators.ADD_TENSOR, Operators.byName("aten.add.Tensor").orElseThrow());
        assertSame(UnaryOperators.RELU, Operators.byName("aten.relu.default").orElseThrow());
        assertEquals(Optional.empty(), Operators.byName("aten.relu"));
        List<String> names = Operators.all().stream().map(Operator::name).toList();
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(null);
        assertEquals(sorted, names);
        assertTrue(names.size() >= 100, names::toString);
    }

    @Test
    void argumentsTakeJavaNumbers() {
        Tensor x = new Traced().input("f32[2]");
        assertEquals(new Argument.OfFloat(0.5), argument(x.mul(0.5f), "other"));
        assertEquals(argument(x.mul(3), "other"), argument(x.mul((short) 3), "other"));
        assertEquals(argument(x.mul(3L), "other"), argument(x.mul((byte) 3), "other"));
    }

    @Test
    void nullIsNotATensor() {
        Tensor x = new Traced().input("f32[2]");
        assertMistake(Kind.ARGUMENT, "add: other must not be null", () -> x.add((Tensor) null));
        assertMistake(Kind.ARGUMENT, "mul: other must not be null", () -> x.mul((Number) null));
        assertMistake(Kind.ARGUMENT, "linear: weight must not be null", () -> x.linear(null));
    }

    private static Argument argument(Tensor tensor, String name) {
        return ((Call) tensor.origin()).arguments().get(name);
    }

    /** Records the calls it is asked to run, and answers with zeros. */
    private static final class Zeros implements Evaluator {

        private final List<String> calls = new ArrayList<>();

        @Override
        public List<TensorData> evaluate(Operator operator, Arguments arguments, List<TensorType> results) {
            calls.add(operator.name());
            return results.stream().map(type -> TensorData.of(
                    new float[Math.toIntExact(type.shape().numel().constant())], type.shape().toArray())).toList();
        }

        @Override
        public TensorData force(Tensor tensor) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void tensorsWithValuesRunAtOnce() {
        Zeros zeros = new Zeros();
        Tensor x = Tensor.evaluated(TensorData.of(new float[] {1, 2, 3}, 3), zeros);
        Tensor y = x.relu().mul(Tensor.of(new float[] {5}, 1)).add(1);
        assertEquals(List.of("aten.relu.default", "aten.mul.Tensor", "aten.add.Scalar"), zeros.calls);
        assertEquals("f32[3] [0.0, 0.0, 0.0]", y.toString());
        assertSame(zeros, y.evaluator().orElseThrow());
    }

    @Test
    void valuesAndSymbolsDoNotMix() {
        Tensor x = Tensor.evaluated(TensorData.of(new float[] {1}, 1), new Zeros());
        assertMistake(Kind.VALUE, "mul mixes a tensor that holds values with the symbolic input \"x\"; inside an entry make "
                + "constants with Tensor.of", () -> x.mul(new Traced().input("f32[1]")));
    }

    @Test
    void aSymbolicTensorHasNoValues() {
        assertMistake(Kind.VALUE, "this tensor has no values yet: an entry is traced symbolically, so Java cannot look at its numbers. "
                + "Use operators (where, clamp, max, ...) to choose by value, or run the model eagerly to inspect it",
                () -> new Traced().input("f32[]").item());
        assertMistake(Kind.VALUE, "item() takes a tensor of one element, not f32[2]; select one first",
                () -> Tensor.of(new float[] {1, 2}, 2).item());
        assertEquals(1.0, Tensor.of(new boolean[] {true}).item());
    }
}
