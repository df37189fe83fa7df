package io.toroid.processor.weights;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.WeightNames;
import io.toroid.WeightNames.Stored;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MappedWeightsTest {

    private static final class File implements WeightSource {

        private final Map<String, WeightTensor> tensors = new TreeMap<>(Map.of(
                "a", new WeightTensor("a", DType.F32, new long[] {2, 3}, MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6})),
                "l", new WeightTensor("l", DType.I64, new long[] {1, 2}, MemorySegment.ofArray(new long[] {7, 8}))));
        private boolean closed;

        @Override
        public Set<String> names() {
            return tensors.keySet();
        }

        @Override
        public WeightTensor get(String name) {
            return tensors.get(name);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void weightsHaveTheModelsNamesAndAreTransposedOnRequest() {
        File file = new File();
        WeightNames names = parameter -> parameter.startsWith("t.")
                ? Stored.transposed(parameter.substring(2)) : Stored.as(parameter.substring(2));
        MappedWeights weights = MappedWeights.of(file, names, List.of("t.l", "p.a", "t.a", "p.missing"));
        assertEquals(List.of("t.l", "p.a", "t.a"), List.copyOf(weights.names()));
        assertEquals("t.l i64[2, 1], p.a f32[2, 3], t.a f32[3, 2]", String.join(", ",
                weights.names().stream().map(weights::get).map(tensor -> tensor.name() + " " + tensor.type()).toList()));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, weights.get("p.a").data().toArray(JAVA_FLOAT_UNALIGNED));
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, weights.get("t.a").data().toArray(JAVA_FLOAT_UNALIGNED));
        assertArrayEquals(new long[] {7, 8}, weights.get("t.l").data().toArray(JAVA_LONG_UNALIGNED));
        assertEquals("there is no weight 'a'", assertThrows(IllegalArgumentException.class, () -> weights.get("a")).getMessage());
        weights.close();
        assertEquals(true, file.closed);
    }

    @Test
    void onlyMatricesHaveATranspose() {
        WeightTensor vector = new WeightTensor("v", DType.F32, new long[] {3}, MemorySegment.ofArray(new float[3]));
        assertEquals("only a matrix has a transpose, not v, f32[3]",
                assertThrows(IllegalArgumentException.class, () -> Transpose.of(vector, "w")).getMessage());
    }
}
