package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Parameter;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the body of a case sees: its inputs, its sizes, and the weights of the model that all cases of a batch are in. */
public final class Operands {

    private final String name;
    private final List<Tensor> inputs;
    private final ShapeEnvironment environment;
    private final Map<String, Parameter> parameters;
    private int weights;

    Operands(String name, List<Tensor> inputs, ShapeEnvironment environment, Map<String, Parameter> parameters) {
        this.name = name;
        this.inputs = inputs;
        this.environment = environment;
        this.parameters = parameters;
    }

    public Tensor get(int input) {
        return inputs.get(input);
    }

    /** A size expression over the case's dimensions. */
    public Size size(String text) {
        return environment.parse(text);
    }

    /** A weight of this case, such as {@code f32[4, 3]}; values normal, or positive if the name of the case says variance. */
    public Tensor weight(String type) {
        return shared("%s.w%d".formatted(name, weights++), type);
    }

    /** A weight that all cases of the batch share by its name. */
    public Tensor shared(String weight, String type) {
        Parameter parameter = parameters.computeIfAbsent(weight, _ -> (Parameter) parse(type).origin());
        return Tensor.leaf(parameter);
    }

    private static Tensor parse(String type) {
        int bracket = type.indexOf('[');
        String sizes = type.substring(bracket + 1, type.length() - 1);
        return Tensor.parameter(DType.ofText(type.substring(0, bracket)).orElseThrow(), sizes.isBlank() ? new long[0]
                : Arrays.stream(sizes.split(",")).mapToLong(size -> Long.parseLong(size.strip())).toArray());
    }
}
