package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import io.toroid.nn.LayerNorm;
import io.toroid.nn.Linear;
import io.toroid.op.Call;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.runtime.weights.Safetensors;
import io.toroid.runtime.weights.SafetensorsWriter;
import io.toroid.runtime.weights.WeightTensor;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running models and graphs on values: binding, forcing, symbolic sizes, and the messages of mistakes. */
@Tag("unit")
class EagerTest {

    private final Eager eager = Eager.of();

    /** {@code [[1, 2], [3, 4], [5, 6]] x [10, 1] + 0.5}, then normalized. */
    static final class Model {
        private final Linear linear = new Linear(2, 1);
        private final LayerNorm norm = new LayerNorm(3);

        Tensor scores(Tensor rows) {
            return linear.apply(rows).squeeze(-1);
        }

        Tensor normalized(Tensor rows) {
            return norm.apply(scores(rows));
        }
    }

    private static final Map<String, TensorData> WEIGHTS = Map.of(
            "linear.weight", TensorData.of(new float[] {10, 1}, 1, 2),
            "linear.bias", TensorData.of(new float[] {0.5f}, 1),
            "norm.weight", TensorData.of(new float[] {1, 2, 3}, 3),
            "norm.bias", TensorData.of(new float[] {0, 0, 100}, 3));

    private static final float[] ROWS = {1, 2, 3, 4, 5, 6};

    // ---- models

    @Test
    void aModelRunsOnValues() {
        Model model = new Model();
        Eager bound = Eager.of(model, WEIGHTS);
        Tensor rows = bound.tensor(ROWS.clone(), 3, 2);
        assertArrayEquals(new float[] {12.5f, 34.5f, 56.5f}, model.scores(rows).data().floats());
        float deviation = (float) Math.sqrt(22 * 22 * 2 / 3.0 + 1e-5);
        assertArrayEquals(new float[] {-22 / deviation, 0, 3 * 22 / deviation + 100}, model.normalized(rows).data().floats(), 1e-5f);
    }

    @Test
    void weightsComeFromAFileThatMayBeClosedAfterwards(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("weights.safetensors");
        SafetensorsWriter.write(file, WEIGHTS.entrySet().stream()
                .map(weight -> new WeightTensor(weight.getKey(), DType.F32, weight.getValue().sizes(),
                        MemorySegment.ofArray(weight.getValue().floats())))
                .toList());
        Model model = new Model();
        Eager bound;
        try (Safetensors weights = Safetensors.open(file)) {
            bound = Eager.of(model, weights);
        }
        assertArrayEquals(new float[] {12.5f, 34.5f, 56.5f}, model.scores(bound.tensor(ROWS.clone(), 3, 2)).data().floats());
    }

    @Test
    void allWeightsThatDoNotFitAreListed() {
        Map<String, TensorData> weights = Map.of(
                "linear.weight", TensorData.of(new float[] {10, 1}, 2, 1),
                "linear.bias", TensorData.of(new double[] {0.5}, 1),
                "norm.weight", TensorData.of(new float[] {1, 2, 3}, 3),
                "norm.beta", TensorData.of(new float[] {1, 2, 3}, 3));
        TensorException mistake = assertThrows(TensorException.class, () -> Eager.of(new Model(), weights));
        assertEquals("the weights do not fit Model: linear.weight must be f32[1, 2], not f32[2, 1]; "
                + "linear.bias must be f32[1], not f64[1]; norm.bias f32[3] is missing. "
                + "Weights without a parameter: norm.beta", mistake.getMessage());
    }

    @Test
    void aParameterWithoutValuesIsAMistake() {
        TensorException mistake = assertThrows(TensorException.class,
                () -> new Model().scores(eager.tensor(ROWS.clone(), 3, 2)));
        assertEquals(Kind.VALUE, mistake.kind());
        assertEquals("the parameter f32[1, 2], made at %s, has no values: make the evaluator with Eager.of(model, weights)"
                .formatted(mistake.getMessage().replaceAll(".*made at (.*), has no.*", "$1")), mistake.getMessage());
    }

    @Test
    void aParameterThatNoFieldLeadsToIsAMistake() {
        Eager bound = Eager.of(new Model(), WEIGHTS);
        Tensor stray = Tensor.parameter(DType.F32, 2);
        TensorException mistake = assertThrows(TensorException.class, () -> bound.force(stray));
        assertEquals("has no values: no field of the model leads to it",
                mistake.getMessage().replaceAll(".*(has no values.*)", "$1"));
    }

    // ---- forcing

    @Test
    void constantsAndCreatedTensorsMeetValues() {
        Tensor x = eager.tensor(new float[] {1, 2, 3}, 3);
        Tensor y = x.mul(Tensor.of(new float[] {10, 20, 30}, 3)).add(Tensor.arange(3));
        assertArrayEquals(new float[] {10, 41, 92}, y.data().floats());
        assertArrayEquals(new float[] {0, 0}, eager.force(Tensor.zeros(DType.F32, 2)).floats());
    }

    @Test
    void aDeepGraphIsForcedWithoutRecursion() {
        Tensor sum = Tensor.of(new long[] {0}, 1);
        for (int i = 0; i < 20_000; i++) {
            sum = sum.add(1);
        }
        assertArrayEquals(new long[] {20_000}, eager.force(sum).longs());
    }

    @Test
    void aSharedExpressionIsComputedOnce() {
        Tensor table = Tensor.arange(4).add(1);
        assertSame(eager.force(table), eager.force(table));
        Tensor doubled = table;
        for (int i = 0; i < 62; i++) {
            doubled = doubled.add(doubled);
        }
        assertEquals(1L << 62, eager.force(doubled).longs()[0]);
    }

    @Test
    void anInputHasNoValuesToForce() {
        Tensor input = Tensor.placeholder("tokens", new TensorType(DType.I64, Shape.of(3)));
        TensorException mistake = assertThrows(TensorException.class, () -> eager.force(input.add(1)));
        assertEquals("the input \"tokens\", i64[3], has no values here; only what depends on constants and parameters alone "
                + "can be computed", mistake.getMessage());
    }

    // ---- traced graphs

    @Test
    void aTracedGraphRunsForEverySizeOfItsInputs() {
        Size batch = new ShapeEnvironment().declare("batch", new Range(1, 1024, 1));
        Placeholder rows = new Placeholder("rows", new TensorType(DType.F32, Shape.of(batch, Size.of(2))));
        Model model = new Model();
        Tensor traced = Tensor.leaf(rows);
        Tensor shifted = model.scores(traced).add(Tensor.arange(batch)).view(-1, 1).expand(Shape.of(batch, Size.of(2))).slice(0, Size.ONE, batch);
        Eager bound = Eager.of(model, WEIGHTS);
        assertEquals(TensorData.of(new float[] {35.5f, 35.5f, 58.5f, 58.5f}, 2, 2),
                bound.run(List.of(shifted), Map.of(rows, TensorData.of(ROWS.clone(), 3, 2))).getFirst());
        assertEquals(TensorData.of(new float[0], 0, 2),
                bound.run(List.of(shifted), Map.of(rows, TensorData.of(new float[] {1, 2}, 1, 2))).getFirst());
    }

    @Test
    void anInputThatDoesNotFitIsAMistake() {
        Size batch = new ShapeEnvironment().declare("batch", new Range(1, 1024, 1));
        Placeholder left = new Placeholder("left", new TensorType(DType.F32, Shape.of(batch)));
        Placeholder right = new Placeholder("right", new TensorType(DType.F32, Shape.of(batch.times(2))));
        Tensor sum = Tensor.leaf(left).sum().add(Tensor.leaf(right).sum());
        TensorException mistake = assertThrows(TensorException.class, () -> eager.run(List.of(sum), Map.of(
                left, TensorData.of(new float[3], 3), right, TensorData.of(new float[5], 5))));
        assertEquals("the input \"right\" must be f32[2*batch], not f32[5]; the dynamic sizes are {batch=3}", mistake.getMessage());
    }

    @Test
    void aSizeBeyondItsDeclaredRangeIsAMistake() {
        Size batch = new ShapeEnvironment().declare("batch", new Range(2, 64, 2));
        Placeholder rows = new Placeholder("rows", new TensorType(DType.F32, Shape.of(batch)));
        Tensor sum = Tensor.leaf(rows).sum();
        for (int size : List.of(0, 3, 66)) {
            TensorException mistake = assertThrows(TensorException.class,
                    () -> eager.run(List.of(sum), Map.of(rows, TensorData.of(new float[size], size))));
            assertEquals("the dynamic size batch is %d, but is declared as 2 to 64, a multiple of 2; give inputs of such sizes, or change its @Dim"
                    .formatted(size), mistake.getMessage());
        }
        assertEquals(TensorData.of(new float[1]), eager.run(List.of(sum), Map.of(rows, TensorData.of(new float[64], 64))).getFirst());
    }

    @Test
    void aSizeThatIsDividedByZeroIsAMistake() {
        ShapeEnvironment environment = new ShapeEnvironment();
        Size n = environment.declare("n", new Range(0, 64, 1));
        Size m = environment.declare("m", new Range(0, 64, 1));
        Placeholder cells = new Placeholder("cells", new TensorType(DType.F32, Shape.of(n, m)));
        Tensor zeros = Tensor.full(DType.F32, 0, Shape.of(n.floorDiv(m)));
        TensorException mistake = assertThrows(TensorException.class, () -> eager.run(
                List.of(zeros, Tensor.leaf(cells)), Map.of(cells, TensorData.of(new float[0], 5, 0))));
        assertEquals("the sizes [n//m] cannot be computed (/ by zero); the dynamic sizes are {n=5, m=0}", mistake.getMessage());
    }

    @Test
    void aMissingInputIsAMistake() {
        Placeholder left = new Placeholder("left", new TensorType(DType.F32, Shape.of(2)));
        Placeholder right = new Placeholder("right", new TensorType(DType.F32, Shape.of(2)));
        Tensor sum = Tensor.leaf(left).add(Tensor.leaf(right));
        TensorException mistake = assertThrows(TensorException.class,
                () -> eager.run(List.of(sum), Map.of(left, TensorData.of(new float[2], 2))));
        assertEquals("the input \"right\", f32[2], has no values here; values are given for [left]", mistake.getMessage());
    }

    // ---- mistakes found by values

    @Test
    void anIndexOutOfRangeIsNamed() {
        Tensor table = eager.tensor(new float[10], 5, 2);
        TensorException mistake = assertThrows(TensorException.class,
                () -> eager.tensor(new long[] {0, 4, 5}, 3).embedding(table));
        assertEquals(Kind.INDEX, mistake.kind());
        assertEquals("embedding: index 5 (element 2 of the indices) is out of range for the 5 rows of the weight f32[5, 2]",
                mistake.getMessage());
    }

    @Test
    void aNegativeIndexIsOutOfRangeToo() {
        TensorException mistake = assertThrows(TensorException.class,
                () -> eager.tensor(new int[] {-1}, 1).embedding(eager.tensor(new float[4], 2, 2)));
        assertEquals("embedding: index -1 (element 0 of the indices) is out of range for the 2 rows of the weight f32[2, 2]",
                mistake.getMessage());
    }

    @Test
    void anIntegerDividedByZeroIsAMistake() {
        TensorException mistake = assertThrows(TensorException.class,
                () -> eager.tensor(new long[] {7}, 1).floorDiv(eager.tensor(new long[] {0}, 1)));
        assertEquals("div: an integer is divided by zero; convert to a floating-point type first, or replace zeros with where",
                mistake.getMessage());
    }

    @Test
    void aResultKnowsTheCallThatMadeIt() {
        Tensor sum = eager.tensor(new float[] {1}, 1).add(1);
        assertEquals("aten.add.Scalar", ((Call) sum.origin()).operator().name());
        assertSame(eager, sum.evaluator().orElseThrow());
    }
}
