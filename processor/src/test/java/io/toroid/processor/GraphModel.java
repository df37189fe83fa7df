package io.toroid.processor;

import io.toroid.Tensor;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TensorSpec;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.runtime.weights.WeightSource;
import io.toroid.runtime.weights.WeightTensor;
import io.toroid.shape.ShapeEnvironment;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** A graph made by hand as the only entry of a model whose weights are zeros. */
public final class GraphModel {

    private GraphModel() {
    }

    /** Sends the graph through all levels down to C++ and verifies each. */
    public static void verifyLevels(Graph graph) {
        Pipeline.generate(of(graph), new VerifyingObserver());
    }

    static TracedModel of(Graph graph) {
        List<String> names = IntStream.range(0, graph.outputs().size()).mapToObj(i -> "out" + i).toList();
        List<InputDescriptor> inputs = graph.inputs().stream().map(GraphModel::input).toList();
        EntryDescriptor descriptor = new EntryDescriptor(
                graph.name(), inputs, Structure.group("Results", "Results", names), List.of());
        ShapeEnvironment environment = graph.inputs().stream()
                .flatMap(input -> input.shape().environment().stream()).findFirst().orElseGet(ShapeEnvironment::new);
        TracedEntry entry = new TracedEntry(graph.name(), graph.inputs(), graph.outputs(), names, environment, descriptor);
        return new TracedModel("a.Model", "a.CompiledModel", List.of(entry), graph.parameters(), new Zeros(graph.parameters()));
    }

    private static InputDescriptor input(Tensor input) {
        return new InputDescriptor(((Placeholder) input.origin()).name(),
                new TensorSpec(input.dtype(), input.shape().sizes().stream().map(Object::toString).toList()));
    }

    private record Zeros(SequencedMap<String, Parameter> parameters) implements WeightSource {

        @Override
        public Set<String> names() {
            return parameters.keySet();
        }

        @Override
        public WeightTensor get(String name) {
            Parameter parameter = parameters.get(name);
            long bytes = parameter.type().shape().numel().constant() * parameter.type().dtype().bytes();
            return new WeightTensor(name, parameter.type().dtype(), parameter.type().shape().toArray(), Arena.ofAuto().allocate(bytes));
        }

        @Override
        public void close() {
        }
    }
}
