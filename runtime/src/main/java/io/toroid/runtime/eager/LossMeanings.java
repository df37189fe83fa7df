package io.toroid.runtime.eager;

import io.toroid.TensorException.Kind;
import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.List;

/** How far predictions are from what they should be. */
final class LossMeanings {

    private LossMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.addAll("nll_loss_forward", LossMeanings::negativeLogLikelihood);
    }

    private static List<TensorData> negativeLogLikelihood(Invocation call) {
        double[] x = Elements.doubles(call.data("self"));
        long[] targets = Elements.longs(call.data("target"));
        long[] sizes = call.data("self").sizes();
        int classes = (int) sizes[sizes.length - 1];
        double[] losses = new double[targets.length];
        double total = 0;
        for (int i = 0; i < losses.length; i++) {
            if (targets[i] == call.arguments().integer("ignore_index")) {
                continue;
            }
            if (targets[i] < 0 || targets[i] >= classes) {
                throw call.mistake(Kind.INDEX, "target %d is out of range for %d classes".formatted(targets[i], classes));
            }
            double weight = call.has("weight") ? Elements.doubles(call.data("weight"))[(int) targets[i]] : 1;
            losses[i] = -weight * x[i * classes + (int) targets[i]];
            total += weight;
        }
        long reduction = call.arguments().integer("reduction");
        double sum = Arrays.stream(losses).reduce(0, Double::sum);
        double counted = reduction == 0 && sizes.length == 2 ? 0 : total;
        double[] result = reduction == 0 ? losses : new double[] {reduction == 1 ? sum / total : sum};
        return List.of(call.result(result), Elements.of(call.dtype(), call.sizes(1), new double[] {counted}));
    }
}
