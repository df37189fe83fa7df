package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Softmax and the normalizations of layers and batches. */
public final class NormalizationOperators {

    /** {@code exp(x - max) / sum(exp(x - max))} along a dimension. */
    public static final Operator SOFTMAX = Operator.define(
            "aten::_softmax(Tensor self, int dim, bool half_to_float) -> Tensor", NormalizationOperators::softmax);

    /** {@code x - max - log(sum(exp(x - max)))} along a dimension. */
    public static final Operator LOG_SOFTMAX = Operator.define(
            "aten::_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor", NormalizationOperators::softmax);

    /**
     * {@code (x - mean) / sqrt(var + eps) * weight + bias} over the last dimensions, whose sizes are given; results are
     * the output, the mean and {@code 1 / sqrt(var + eps)}, the latter two with sizes of 1.
     */
    public static final Operator NATIVE_LAYER_NORM = Operator.define(
            "aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) "
                    + "-> (Tensor, Tensor, Tensor)",
            NormalizationOperators::layerNorm);

    /**
     * {@code (x - running_mean) / sqrt(running_var + eps) * weight + bias} for each channel, dimension 1; the second and
     * third result are empty, as in PyTorch.
     */
    public static final Operator BATCH_NORM = Operator.define(
            "aten::_native_batch_norm_legit_no_training(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, "
                    + "Tensor running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor)",
            NormalizationOperators::batchNorm);

    /**
     * {@code (x - mean) / sqrt(var + eps) * weight + bias} for each channel, dimension 1: in training with the statistics of
     * this batch, which are the second and the third result (mean and {@code 1 / sqrt(var + eps)}), else with the running
     * ones. Running statistics are not changed: tensors are values.
     */
    public static final Operator BATCH_NORM_LEGIT = Operator.define(
            "aten::_native_batch_norm_legit(Tensor input, Tensor? weight, Tensor? bias, Tensor(a!) running_mean, "
                    + "Tensor(b!) running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)",
            NormalizationOperators::batchNorm);

    /** As above without running statistics: always with those of this batch. */
    public static final Operator BATCH_NORM_NO_STATS = Operator.define(
            "aten::_native_batch_norm_legit.no_stats(Tensor input, Tensor? weight, Tensor? bias, bool training, "
                    + "float momentum, float eps) -> (Tensor, Tensor, Tensor)",
            NormalizationOperators::batchNorm);

    /**
     * {@code (x - mean) / sqrt(var + eps) * weight + bias}, normalized over groups of channels; the second and the third
     * result are mean and {@code 1 / sqrt(var + eps)}, {@code [N, group]}.
     */
    public static final Operator NATIVE_GROUP_NORM = Operator.define(
            "aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, "
                    + "float eps) -> (Tensor, Tensor, Tensor)",
            NormalizationOperators::groupNorm);

    private NormalizationOperators() {
    }

    private static List<TensorType> softmax(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        Tensor self = arguments.tensor("self");
        Rules.axis(arguments, "dim", self);
        if (arguments.flag("half_to_float")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "half_to_float is for half precision, not for %s".formatted(self.type()));
        }
        return List.of(self.type());
    }

    private static List<TensorType> layerNorm(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.FLOATING);
        Tensor input = arguments.tensor("input");
        List<Size> normalized = arguments.sizes("normalized_shape");
        checkNormalized(arguments, input, normalized);
        checkSizes(arguments, "weight", normalized);
        checkSizes(arguments, "bias", normalized);
        int outer = input.dim() - normalized.size();
        List<Size> statistics = new ArrayList<>(input.shape().sizes().subList(0, outer));
        statistics.addAll(Collections.nCopies(normalized.size(), Size.ONE));
        TensorType statistic = new TensorType(dtype, new Shape(statistics));
        return List.of(input.type(), statistic, statistic);
    }

    private static void checkNormalized(Arguments arguments, Tensor input, List<Size> normalized) {
        if (normalized.isEmpty() || normalized.size() > input.dim()) {
            throw Rules.mistake(Kind.SHAPE, arguments, "%d dimensions %s cannot be normalized in %s"
                    .formatted(normalized.size(), normalized, input.type()));
        }
        for (int axis = -normalized.size(); axis < 0; axis++) {
            Size size = normalized.get(normalized.size() + axis);
            int shown = axis;
            Rules.requireEqual(arguments, input.size(axis), size,
                    () -> "dimension %d of the input, %s in %s, must equal the normalized size %s in %s"
                            .formatted(shown, input.size(shown), input.type(), size, normalized));
        }
    }

    private static void checkSizes(Arguments arguments, String parameter, List<Size> sizes) {
        arguments.optionalTensor(parameter).ifPresent(tensor -> Rules.requireSizes(arguments, tensor, sizes,
                () -> "the %s must have the sizes %s, not %s".formatted(parameter, sizes, tensor.type())));
    }

    private static List<TensorType> batchNorm(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.FLOATING);
        Tensor input = arguments.tensor("input");
        if (input.dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, arguments,
                    "input must be [batch, channels, ...], not %s".formatted(input.type()));
        }
        for (Schema.Parameter parameter : arguments.schema().parameters()) {
            if (parameter.type().startsWith("Tensor") && !parameter.name().equals("input")) {
                checkChannels(arguments, parameter.name(), input);
            }
        }
        boolean ofBatch = usesBatchStatistics(arguments);
        TensorType statistics = new TensorType(dtype, ofBatch ? Shape.of(input.size(1)) : Shape.of(0));
        return List.of(input.type(), statistics, statistics);
    }

    private static void checkChannels(Arguments arguments, String parameter, Tensor input) {
        Rules.requireRank(arguments, parameter, 1, "[channels]");
        arguments.optionalTensor(parameter).ifPresent(tensor ->
                Rules.requireEqual(arguments, input.size(1), tensor.size(0),
                        () -> "the input has %s channels in %s, but %s is %s; make the layer for %s channels".formatted(
                                input.size(1), input.type(), parameter, tensor.type(), input.size(1))));
    }

    /** For the compiler: whether a batch norm is in training. */
    public static boolean usesBatchStatistics(Arguments arguments) {
        boolean canTrain = arguments.schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("training"));
        if (canTrain && arguments.schema().overload().equals("no_stats") && !arguments.flag("training")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "without running statistics it must be in training");
        }
        return canTrain && arguments.flag("training");
    }

    private static List<TensorType> groupNorm(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.FLOATING);
        Tensor input = arguments.tensor("input");
        if (input.dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "input must be [batch, channels, ...], not %s".formatted(input.type()));
        }
        checkChannels(arguments, "weight", input);
        checkChannels(arguments, "bias", input);
        Size groups = arguments.size("group");
        Size channels = arguments.size("C");
        Rules.requireEqual(arguments, input.shape().numel(), arguments.size("N").times(channels).times(arguments.size("HxW")),
                () -> "N, C and HxW, %s, %s and %s, do not multiply to the elements of %s".formatted(
                        arguments.size("N"), channels, arguments.size("HxW"), input.type()));
        if (!groups.isConstant() || groups.constant() < 1) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the number of groups must be at least 1, not %s".formatted(groups));
        }
        Rules.requireEqual(arguments, channels.mod(groups), Size.ZERO,
                () -> "the %s channels of %s must be a multiple of the %s groups".formatted(channels, input.type(), groups));
        TensorType statistics = new TensorType(dtype, Shape.of(arguments.size("N"), groups));
        return List.of(input.type(), statistics, statistics);
    }

    /** {@link #NATIVE_GROUP_NORM} with the sizes taken from the input. */
    public static Tensor groupNorm(Tensor input, int groups, Tensor weight, Tensor bias, double eps) {
        if (input.dim() < 2) {
            throw Rules.mistake(Kind.SHAPE, "groupNorm", "input must be [batch, channels, ...], not %s".formatted(input.type()));
        }
        Size plane = Rules.product(input.shape().sizes().subList(2, input.dim()));
        return NATIVE_GROUP_NORM.callAll(input, weight, bias, input.size(0), input.size(1), plane, groups, eps).getFirst();
    }
}
