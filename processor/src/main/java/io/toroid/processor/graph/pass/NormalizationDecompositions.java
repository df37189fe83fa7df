package io.toroid.processor.graph.pass;

import static io.toroid.op.NormalizationOperators.BATCH_NORM;
import static io.toroid.op.NormalizationOperators.BATCH_NORM_LEGIT;
import static io.toroid.op.NormalizationOperators.BATCH_NORM_NO_STATS;
import static io.toroid.op.NormalizationOperators.LOG_SOFTMAX;
import static io.toroid.op.NormalizationOperators.NATIVE_GROUP_NORM;
import static io.toroid.op.NormalizationOperators.NATIVE_LAYER_NORM;
import static io.toroid.op.NormalizationOperators.SOFTMAX;
import static io.toroid.op.ReductionOperators.MEAN_DIM;
import static io.toroid.op.ReductionOperators.SUM_DIM;
import static io.toroid.op.ReductionOperators.VAR_MEAN;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.NormalizationOperators;
import io.toroid.op.Operator;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Softmax, and normalizations of layers and batches. */
final class NormalizationDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            SOFTMAX, call -> List.of(softmax(call)),
            LOG_SOFTMAX, call -> List.of(logSoftmax(call)),
            NATIVE_LAYER_NORM, NormalizationDecompositions::layerNorm,
            BATCH_NORM, NormalizationDecompositions::batchNorm,
            BATCH_NORM_LEGIT, call -> NormalizationOperators.usesBatchStatistics(call.arguments()) ? ofThisBatch(call) : batchNorm(call),
            BATCH_NORM_NO_STATS, NormalizationDecompositions::ofThisBatch,
            NATIVE_GROUP_NORM, NormalizationDecompositions::groupNorm);

    private NormalizationDecompositions() {
    }

    // ---- softmax

    private static Tensor softmax(Call call) {
        Tensor x = call.arguments().tensor("self");
        if (isEmpty(x)) {
            return x;
        }
        List<Integer> dims = softmaxDims(call);
        Tensor exponentials = x.sub(ReductionDecompositions.largest(x, dims)).exp();
        return exponentials.div(total(exponentials, dims));
    }

    private static Tensor logSoftmax(Call call) {
        Tensor x = call.arguments().tensor("self");
        if (isEmpty(x)) {
            return x;
        }
        List<Integer> dims = softmaxDims(call);
        Tensor shifted = x.sub(ReductionDecompositions.largest(x, dims));
        return shifted.sub(total(shifted.exp(), dims).log());
    }

    /** A single value is its own softmax dimension. */
    private static List<Integer> softmaxDims(Call call) {
        Tensor x = call.arguments().tensor("self");
        return x.dim() == 0 ? List.of() : List.of(x.shape().axis((int) call.arguments().integer("dim")));
    }

    private static boolean isEmpty(Tensor x) {
        return x.shape().sizes().contains(Size.ZERO);
    }

    private static Tensor total(Tensor x, List<Integer> dims) {
        return SUM_DIM.call(x, dims, /* keepdim= */ true);
    }

    // ---- normalizations

    private static List<Tensor> layerNorm(Call call) {
        Arguments arguments = call.arguments();
        Tensor x = arguments.tensor("input");
        int normalized = arguments.sizes("normalized_shape").size();
        List<Integer> dims = IntStream.range(x.dim() - normalized, x.dim()).boxed().toList();
        List<Tensor> varianceAndMean = VAR_MEAN.callAll(x, dims, /* correction= */ 0, /* keepdim= */ true);
        Tensor mean = varianceAndMean.getLast();
        Tensor scale = varianceAndMean.getFirst().add(arguments.number("eps")).rsqrt();
        Tensor result = x.sub(mean).mul(scale);
        if (arguments.isPresent("weight")) {
            result = result.mul(arguments.tensor("weight"));
        }
        if (arguments.isPresent("bias")) {
            result = result.add(arguments.tensor("bias"));
        }
        return List.of(result, mean, scale);
    }

    /** One multiplication and one addition for each element: the rest depends on parameters only. */
    private static List<Tensor> batchNorm(Call call) {
        Tensor x = call.arguments().tensor("input");
        ChannelScale scale = ChannelScale.of(call.arguments());
        Tensor result = x.mul(perChannel(scale.factor(), x.dim())).add(perChannel(scale.offset(), x.dim()));
        Tensor empty = Tensor.zeros(x.dtype(), 0);
        return List.of(result, empty, empty);
    }

    private static List<Tensor> ofThisBatch(Call call) {
        Arguments arguments = call.arguments();
        Tensor x = arguments.tensor("input");
        List<Integer> dims = IntStream.range(0, x.dim()).filter(dim -> dim != 1).boxed().toList();
        List<Tensor> varianceAndMean = VAR_MEAN.callAll(x, dims, /* correction= */ 0, /* keepdim= */ true);
        Tensor scale = varianceAndMean.getFirst().add(arguments.number("eps")).rsqrt();
        Tensor result = affine(x.sub(varianceAndMean.getLast()).mul(scale), arguments);
        Shape channels = Shape.of(x.size(1));
        return List.of(result, varianceAndMean.getLast().view(channels), scale.view(channels));
    }

    /** The channels of a group, and all that is in them, are one row. */
    private static List<Tensor> groupNorm(Call call) {
        Arguments arguments = call.arguments();
        Tensor x = arguments.tensor("input");
        Size groups = arguments.size("group");
        Size perGroup = arguments.size("C").floorDiv(groups).times(arguments.size("HxW"));
        Tensor rows = x.view(Shape.of(arguments.size("N"), groups, perGroup));
        List<Tensor> varianceAndMean = VAR_MEAN.callAll(rows, List.of(2), /* correction= */ 0, /* keepdim= */ true);
        Tensor scale = varianceAndMean.getFirst().add(arguments.number("eps")).rsqrt();
        Tensor result = affine(rows.sub(varianceAndMean.getLast()).mul(scale).view(x.shape()), arguments);
        Shape statistics = Shape.of(arguments.size("N"), groups);
        return List.of(result, varianceAndMean.getLast().view(statistics), scale.view(statistics));
    }

    /** Times the weight, plus the bias, of each channel, where there are any. */
    private static Tensor affine(Tensor x, Arguments arguments) {
        Tensor scaled = arguments.optionalTensor("weight").map(weight -> x.mul(perChannel(weight, x.dim()))).orElse(x);
        return arguments.optionalTensor("bias").map(bias -> scaled.add(perChannel(bias, x.dim()))).orElse(scaled);
    }

    /** One value for each channel, which is dimension 1, as it broadcasts to a tensor of that rank. */
    private static Tensor perChannel(Tensor values, int rank) {
        List<Size> sizes = new ArrayList<>(List.of(values.size(0)));
        sizes.addAll(Collections.nCopies(rank - 2, Size.ONE));
        return rank == 2 ? values : values.view(new Shape(sizes));
    }
}
