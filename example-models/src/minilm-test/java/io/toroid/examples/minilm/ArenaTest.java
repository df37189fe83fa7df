package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.nn.Parameters;
import io.toroid.op.TensorType;
import io.toroid.processor.Observer;
import io.toroid.processor.Pipeline;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TensorSpec;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.processor.schedule.Schedule;
import io.toroid.processor.weights.MappedWeights;
import io.toroid.processor.weights.OnnxInitializers;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.shape.Range;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Symbol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory of intermediates: what the plan takes is close to what is alive at one time, at usual sizes too. */
@Tag("native")
class ArenaTest {

    private static final double MOST_OVER_LOWER_BOUND = 1.05;

    private static final Map<String, Long> SIZES = Map.of("batch", 8L, "tokens", 128L);

    @Test
    void theArenaOfEightSentencesIsHardlyLargerThanWhatIsAlive() throws IOException {
        MiniLm model = new MiniLm();
        long[] figures = new long[2];
        try (WeightSource weights = MappedWeights.of(
                OnnxInitializers.open(Path.of(System.getProperty("minilm.weights"))), new MiniLmWeights(), Parameters.named(model).keySet())) {
            Pipeline.generate(traced(model, weights), new Observer() {
                @Override
                public void schedule(LoopProgram program, Schedule schedule, MemoryPlan plan) {
                    if (schedule.name().equals("embed")) {
                        ToLongFunction<Symbol> sizes = symbol -> SIZES.get(symbol.name());
                        figures[0] = plan.total().evaluate(sizes);
                        figures[1] = MemoryPlan.lowerBound(schedule, sizes);
                    }
                }
            });
        }
        assertTrue(figures[1] > 0 && figures[0] >= figures[1] && figures[0] <= MOST_OVER_LOWER_BOUND * figures[1],
                "the arena has %d bytes, and %d are alive at one time".formatted(figures[0], figures[1]));
    }

    private static TracedModel traced(MiniLm model, WeightSource weights) {
        ShapeEnvironment environment = new ShapeEnvironment();
        environment.declare("batch", Range.of(1, 64));
        environment.declare("tokens", Range.of(1, MiniLm.POSITIONS));
        List<Tensor> inputs = Stream.of("ids", "mask")
                .map(name -> Tensor.placeholder(name, TensorType.parse("i64[batch, tokens]", environment::symbol), environment)).toList();
        List<InputDescriptor> descriptors = Stream.of("ids", "mask")
                .map(name -> new InputDescriptor(name, new TensorSpec(DType.I64, List.of("batch", "tokens")))).toList();
        EntryDescriptor descriptor = new EntryDescriptor("embed", descriptors, Structure.group("Results", "Results", List.of("output")),
                List.of(new DimDescriptor("batch", 1, 64, 1), new DimDescriptor("tokens", 1, MiniLm.POSITIONS, 1)));
        TracedEntry entry = new TracedEntry("embed", inputs, List.of(model.embed(inputs.get(0), inputs.get(1))), List.of("output"), environment, descriptor);
        return new TracedModel(MiniLm.class.getName(), MiniLm.class.getName() + "Planned", List.of(entry), Parameters.named(model), weights);
    }
}
