package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import io.toroid.runtime.eager.Positions.Slices;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Softmax and the normalizations of layers and batches. */
final class NormalizationMeanings {

    private NormalizationMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("_softmax", call -> alongDimension(call, NormalizationMeanings::softmax));
        meanings.add("_log_softmax", call -> alongDimension(call, NormalizationMeanings::logSoftmax));
        meanings.addAll("native_layer_norm", NormalizationMeanings::layerNorm);
        meanings.addAll("_native_batch_norm_legit_no_training", NormalizationMeanings::batchNorm);
        meanings.addAll("_native_batch_norm_legit", call -> call.flag("training") ? ofThisBatch(call) : batchNorm(call));
        meanings.addAll("_native_batch_norm_legit.no_stats", NormalizationMeanings::ofThisBatch);
        meanings.addAll("native_group_norm", NormalizationMeanings::groupNorm);
    }

    private static TensorData alongDimension(Invocation call, UnaryOperator<double[]> function) {
        double[] values = Elements.doubles(call.data("self"));
        Slices slices = Slices.of(call.sizes(), List.of(call.axis("dim", call.sizes().length)));
        for (int start : slices.starts()) {
            double[] slice = Arrays.stream(slices.offsets()).mapToDouble(offset -> values[start + offset]).toArray();
            double[] result = function.apply(slice);
            for (int i = 0; i < result.length; i++) {
                values[start + slices.offsets()[i]] = result[i];
            }
        }
        return call.result(values);
    }

    /** Of nothing but negative infinities it is NaN, as in PyTorch. */
    private static double[] softmax(double[] x) {
        double max = Arrays.stream(x).reduce(Double.NEGATIVE_INFINITY, Math::max);
        double[] exponentials = Arrays.stream(x).map(value -> Math.exp(value - max)).toArray();
        double sum = Arrays.stream(exponentials).reduce(0, Double::sum);
        return Arrays.stream(exponentials).map(value -> value / sum).toArray();
    }

    private static double[] logSoftmax(double[] x) {
        double max = Arrays.stream(x).reduce(Double.NEGATIVE_INFINITY, Math::max);
        double sum = Arrays.stream(x).map(value -> Math.exp(value - max)).reduce(0, Double::sum);
        return Arrays.stream(x).map(value -> value - max - Math.log(sum)).toArray();
    }

    private static List<TensorData> layerNorm(Invocation call) {
        double[] input = Elements.doubles(call.data("input"));
        Optional<double[]> weight = call.optionalData("weight").map(Elements::doubles);
        Optional<double[]> bias = call.optionalData("bias").map(Elements::doubles);
        double eps = call.arguments().number("eps");
        int rows = Positions.count(call.sizes(1));
        int width = rows == 0 ? 0 : input.length / rows;
        double[] output = new double[input.length];
        double[] means = new double[rows];
        double[] inverses = new double[rows];
        for (int row = 0; row < rows; row++) {
            double[] x = Arrays.copyOfRange(input, row * width, (row + 1) * width);
            means[row] = Arrays.stream(x).reduce(0, Double::sum) / width;
            inverses[row] = 1 / Math.sqrt(ReductionMeanings.squaredDeviations(x) / width + eps);
            for (int i = 0; i < width; i++) {
                output[row * width + i] = affine((x[i] - means[row]) * inverses[row], weight, bias, i);
            }
        }
        return List.of(call.result(output),
                Elements.of(call.dtype(), call.sizes(1), means), Elements.of(call.dtype(), call.sizes(2), inverses));
    }

    private static List<TensorData> batchNorm(Invocation call) {
        double[] values = Elements.doubles(call.data("input"));
        Optional<double[]> weight = call.optionalData("weight").map(Elements::doubles);
        Optional<double[]> bias = call.optionalData("bias").map(Elements::doubles);
        double[] mean = Elements.doubles(call.data("running_mean"));
        double[] variance = Elements.doubles(call.data("running_var"));
        double eps = call.arguments().number("eps");
        int plane = Positions.count(Arrays.copyOfRange(call.sizes(), 2, call.sizes().length));
        for (int i = 0; i < values.length; i++) {
            int channel = i / plane % mean.length;
            double normal = (values[i] - mean[channel]) / Math.sqrt(variance[channel] + eps);
            values[i] = affine(normal, weight, bias, channel);
        }
        TensorData empty = Elements.of(call.dtype(), new long[] {0}, new double[0]);
        return List.of(call.result(values), empty, empty);
    }

    private static List<TensorData> ofThisBatch(Invocation call) {
        int channels = (int) call.sizes()[1];
        int plane = Positions.count(Arrays.copyOfRange(call.sizes(), 2, call.sizes().length));
        return normalized(call, channels, i -> i / plane % channels, i -> i / plane % channels);
    }

    private static List<TensorData> groupNorm(Invocation call) {
        int channels = (int) call.arguments().integer("C");
        int plane = (int) call.arguments().integer("HxW");
        int perGroup = channels / (int) call.arguments().integer("group") * plane;
        return normalized(call, Positions.count(call.sizes(1)), i -> i / perGroup, i -> i / plane % channels);
    }

    /** Each element by mean and variance of its set. */
    private static List<TensorData> normalized(Invocation call, int sets, IntUnaryOperator set, IntUnaryOperator channel) {
        double[] values = Elements.doubles(call.data("input"));
        Optional<double[]> weight = call.optionalData("weight").map(Elements::doubles);
        Optional<double[]> bias = call.optionalData("bias").map(Elements::doubles);
        double[] mean = new double[sets];
        double[] inverse = new double[sets];
        for (int s = 0; s < sets; s++) {
            int chosen = s;
            double[] x = IntStream.range(0, values.length).filter(i -> set.applyAsInt(i) == chosen).mapToDouble(i -> values[i]).toArray();
            mean[s] = Arrays.stream(x).reduce(0, Double::sum) / x.length;
            inverse[s] = 1 / Math.sqrt(ReductionMeanings.squaredDeviations(x) / x.length + call.arguments().number("eps"));
        }
        double[] result = new double[values.length];
        Arrays.setAll(result, i -> affine((values[i] - mean[set.applyAsInt(i)]) * inverse[set.applyAsInt(i)], weight, bias, channel.applyAsInt(i)));
        return List.of(call.result(result), Elements.of(call.dtype(), call.sizes(1), mean), Elements.of(call.dtype(), call.sizes(2), inverse));
    }

    private static double affine(double x, Optional<double[]> weight, Optional<double[]> bias, int index) {
        double scaled = weight.isPresent() ? x * weight.get()[index] : x;
        return bias.isPresent() ? scaled + bias.get()[index] : scaled;
    }
}
