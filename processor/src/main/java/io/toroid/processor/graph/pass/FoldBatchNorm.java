package io.toroid.processor.graph.pass;

import static io.toroid.op.ConvolutionOperators.CONVOLUTION;
import static io.toroid.op.MatrixOperators.LINEAR;
import static io.toroid.op.NormalizationOperators.BATCH_NORM;

import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.processor.graph.Graph;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves an inference batch norm into the convolution or linear layer before it: with {@code factor} and {@code offset}
 * per channel, {@code (x * w + b) * factor + offset = x * (w * factor) + (b * factor + offset)}. The new weight and bias
 * are expressions over parameters, which {@link SplitConstants} later takes out of the entry.
 *
 * <p>It happens if nothing else uses the result of the layer, and if no weight of either depends on an input. It needs
 * batch norm as one node, so it stands before {@link Decompose}. Results differ by rounding only.
 */
public final class FoldBatchNorm implements Pass {

    @Override
    public Graph apply(Graph graph) {
        Map<Tensor, List<Call>> users = graph.users();
        Set<Tensor> outputs = new HashSet<>(graph.outputs());
        Set<Tensor> dynamic = graph.dynamicTensors();
        Map<Tensor, Tensor> replacements = new HashMap<>();
        for (Call call : graph.calls()) {
            if (call.operator() == BATCH_NORM && folds(call, users, outputs, dynamic)) {
                replacements.put(Tensor.result(call, 0), folded(call));
            }
        }
        return graph.substitute(replacements);
    }

    private static boolean folds(Call norm, Map<Tensor, List<Call>> users, Set<Tensor> outputs, Set<Tensor> dynamic) {
        Tensor input = norm.arguments().tensor("input");
        boolean weightsFixed = norm.arguments().operands().stream().skip(1).noneMatch(dynamic::contains);
        return weightsFixed
                && input.origin() instanceof Call layer
                && isLayer(layer)
                && layer.arguments().operands().stream().skip(1).noneMatch(dynamic::contains)
                && users.get(input).size() == 1
                && !outputs.contains(input);
    }

    /** The channels of a batch norm are dimension 1: of a linear layer's result only if that is the last. */
    private static boolean isLayer(Call call) {
        return call.operator() == CONVOLUTION && isFolded(call.arguments())
                || call.operator() == LINEAR && call.types().getFirst().shape().rank() == 2;
    }

    /** With a batch; the outputs of a transposed convolution stand second in its weight, those of one group. */
    private static boolean isFolded(Arguments arguments) {
        return arguments.tensor("input").dim() == arguments.tensor("weight").dim()
                && !(arguments.flag("transposed") && arguments.integer("groups") > 1);
    }

    private static Tensor folded(Call norm) {
        ChannelScale scale = ChannelScale.of(norm.arguments());
        Call layer = (Call) norm.arguments().tensor("input").origin();
        Arguments arguments = layer.arguments();
        Tensor weight = arguments.tensor("weight");
        List<Size> perOutput = new ArrayList<>(Collections.nCopies(weight.dim(), Size.ONE));
        int outputs = layer.operator() == CONVOLUTION && arguments.flag("transposed") ? 1 : 0;
        perOutput.set(outputs, weight.size(outputs));
        Tensor newWeight = weight.mul(scale.factor().view(new Shape(perOutput)));
        Tensor newBias = arguments.optionalTensor("bias")
                .map(bias -> bias.mul(scale.factor()).add(scale.offset()))
                .orElse(scale.offset());
        return layer.operator().apply(with(arguments, newWeight, newBias)).getFirst();
    }

    private static Arguments with(Arguments arguments, Tensor weight, Tensor bias) {
        List<Argument> values = new ArrayList<>(arguments.values());
        values.set(arguments.schema().indexOf("weight"), new Argument.OfTensor(weight));
        values.set(arguments.schema().indexOf("bias"), new Argument.OfTensor(bias));
        return new Arguments(arguments.schema(), values);
    }
}
