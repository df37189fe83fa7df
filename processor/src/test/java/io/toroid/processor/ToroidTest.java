package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.Tensor;
import io.toroid.nn.LayerNorm;
import io.toroid.nn.Linear;
import io.toroid.op.Call;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.eager.Eager;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Comparing a model with its compiled self, which agrees, and with results that were tampered with. */
class ToroidTest {

    /** What a user's model looks like. */
    public static class Small {
        private final Linear hidden = new Linear(4, 8);
        private final LayerNorm norm = new LayerNorm(8);

        public Tensor classify(Tensor x) {
            return norm.apply(hidden.apply(x)).gelu().softmax(-1);
        }
    }

    private final Small model = new Small();
    private final Toroid.Input input = new Toroid.Input("f32[n, 4]", TensorData.of(new float[] {1, 2, 3, 4, -1, 0, 1, 5}, 2, 4));

    @Test
    @Tag("native")
    void aModelAgreesWithItsCompiledSelf() {
        Comparison comparison = Toroid.compare(model, new Weights(), x -> List.of(model.classify(x.getFirst()), x.getFirst().argmax(1)), input);
        assertTrue(comparison.agrees(), comparison.toString());
        assertEquals("all outputs agree", comparison.toString());
    }

    @Test
    void theFirstOperatorWhoseResultsPartIsNamedWithItsLine() {
        Comparison comparison = Toroid.compare(model, new Weights(), x -> List.of(model.classify(x.getFirst())), List.of(input),
                (traced, values) -> tampered(traced, values, "gelu"));
        assertTrue(comparison.outputs().containsKey(0));
        Comparison.Parting first = comparison.first().orElseThrow();
        assertEquals("gelu", first.call().source().operator());
        assertEquals(List.of(0L, 0L), first.difference().index());
        assertEquals(first.difference().eager() + 1, first.difference().compiled(), 1e-6);
        String text = comparison.toString();
        assertTrue(text.startsWith("output 0 differs, f32[2, 8], by most at [0, 0]: eagerly "), text);
        assertTrue(text.contains("the first operator whose results part: gelu at ToroidTest.java:38, f32[2, 8], by most at [0, 0]: eagerly "), text);
    }

    @Test
    void aDifferenceThatVanishesWithAllResultsKeptIsSaidToBeOne() {
        Comparison comparison = Toroid.compare(model, new Weights(), x -> List.of(model.classify(x.getFirst())), List.of(input),
                (traced, values) -> tampered(traced, values, traced.entries().getFirst().outputs().size() == 1 ? "gelu" : "nothing"));
        assertTrue(comparison.first().isEmpty());
        assertTrue(comparison.toString().contains("no operator's results part if all of them are kept"), comparison.toString());
    }

    @Test
    void valuesOfAnotherTypeAreRefused() {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> Toroid.compare(model, new Weights(),
                x -> x, new Toroid.Input("i64[n]", TensorData.of(new float[3], 3))));
        assertEquals("the input i64[n] has values of another type, f32[3]", failure.getMessage());
    }

    /** The first element of each result that depends on an operator is one more. */
    private List<TensorData> tampered(TracedModel traced, List<TensorData> values, String operator) {
        TracedEntry entry = traced.entries().getFirst();
        Map<Placeholder, TensorData> bound = new HashMap<>(Map.of((Placeholder) entry.inputs().getFirst().origin(), values.getFirst()));
        List<TensorData> results = new ArrayList<>();
        for (Tensor output : entry.outputs()) {
            TensorData data = Eager.of(model, new Weights()).run(List.of(output), bound).getFirst();
            boolean depends = new Graph(entry.name(), entry.inputs(), List.of(output), traced.parameters()).calls().stream().map(Call::source).anyMatch(source -> source.operator().equals(operator));
            float[] changed = data.floats().clone();
            changed[0] += depends ? 1 : 0;
            results.add(TensorData.of(changed, data.sizes()));
        }
        return results;
    }

    /** Every weight rises from -1 in steps of 1/8. */
    private record Weights() implements WeightSource {

        private static final Map<String, long[]> SIZES = Map.of("hidden.weight", new long[] {8, 4}, "hidden.bias", new long[] {8},
                "norm.weight", new long[] {8}, "norm.bias", new long[] {8});

        @Override
        public Set<String> names() {
            return SIZES.keySet();
        }

        @Override
        public WeightTensor get(String name) {
            long[] sizes = SIZES.get(name);
            float[] values = new float[sizes.length == 2 ? 32 : 8];
            for (int i = 0; i < values.length; i++) {
                values[i] = i / 8f - 1;
            }
            TensorData data = TensorData.of(values, sizes);
            MemorySegment bytes = Arena.ofAuto().allocate(4L * values.length).copyFrom(MemorySegment.ofArray(values));
            return new WeightTensor(name, data.dtype(), sizes, bytes);
        }

        @Override
        public void close() {
        }
    }
}
