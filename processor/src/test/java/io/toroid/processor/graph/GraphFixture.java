package io.toroid.processor.graph;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Parameter;
import io.toroid.op.TensorType;
import io.toroid.shape.Range;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Makes a graph by hand, as a trace would. */
public final class GraphFixture {

    private final ShapeEnvironment environment = new ShapeEnvironment();
    private final List<Tensor> inputs = new ArrayList<>();
    private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();

    public Symbol dim(String name, long min, long max) {
        return environment.declare(name, Range.of(min, max));
    }

    public ShapeEnvironment environment() {
        return environment;
    }

    /** An input of the given type, such as {@code f32[batch, 64]}. */
    public Tensor input(String name, String type) {
        int bracket = type.indexOf('[');
        Shape shape = Shape.parse(type.substring(bracket), environment::symbol);
        inputs.add(Tensor.placeholder(name, new TensorType(DType.ofText(type.substring(0, bracket)).orElseThrow(), shape), environment));
        return inputs.getLast();
    }

    public Tensor parameter(String name, long... sizes) {
        return named(name, Tensor.parameter(DType.F32, sizes));
    }

    public Tensor buffer(String name, long... sizes) {
        return named(name, Tensor.buffer(DType.F32, sizes));
    }

    public Tensor named(String name, Tensor tensor) {
        parameters.put(name, (Parameter) tensor.origin());
        return tensor;
    }

    public Graph graph(Tensor... outputs) {
        return new Graph("test", inputs, List.of(outputs), parameters);
    }
}
