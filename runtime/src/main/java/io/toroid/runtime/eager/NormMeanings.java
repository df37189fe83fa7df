package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Lengths of vectors, and distances. */
final class NormMeanings {

    private NormMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("linalg_vector_norm", call -> ReductionMeanings.floating(call, slice -> norm(slice, call.arguments().number("ord"))));
        meanings.add("norm.ScalarOpt_dim", call -> ReductionMeanings.floating(call,
                slice -> norm(slice, call.has("p") ? call.arguments().number("p") : 2)));
        meanings.add("_cdist_forward", NormMeanings::cdist);
        meanings.add("_pdist_forward", NormMeanings::pdist);
    }

    private static double norm(double[] values, double p) {
        DoubleStream magnitudes = DoubleStream.of(values).map(Math::abs);
        if (p == 0) {
            return magnitudes.filter(x -> x != 0).count();
        }
        if (Double.isInfinite(p)) {
            return p > 0 ? magnitudes.reduce(0, Math::max) : magnitudes.reduce(Double.POSITIVE_INFINITY, Math::min);
        }
        return Math.pow(magnitudes.map(x -> Math.pow(x, p)).reduce(0, Double::sum), 1 / p);
    }

    private static double distance(double[] left, int leftAt, double[] right, int rightAt, int width, double p) {
        double[] difference = new double[width];
        Arrays.setAll(difference, i -> left[leftAt + i] - right[rightAt + i]);
        return norm(difference, p);
    }

    private static TensorData cdist(Invocation call) {
        TensorData x1 = call.data("x1");
        TensorData x2 = call.data("x2");
        double[] left = Elements.doubles(x1);
        double[] right = Elements.doubles(x2);
        int rank = call.sizes().length;
        int rows = (int) call.sizes()[rank - 2];
        int columns = (int) call.sizes()[rank - 1];
        int width = (int) x1.sizes()[x1.sizes().length - 1];
        long[] batch = Arrays.copyOf(call.sizes(), rank - 2);
        int[] lefts = Positions.broadcast(Arrays.copyOf(x1.sizes(), x1.sizes().length - 2), batch);
        int[] rights = Positions.broadcast(Arrays.copyOf(x2.sizes(), x2.sizes().length - 2), batch);
        double p = call.arguments().number("p");
        double[] result = new double[Positions.count(call.sizes())];
        for (int i = 0; i < result.length; i++) {
            int b = i / columns / rows;
            int row = lefts[b] * rows + i / columns % rows;
            int column = rights[b] * columns + i % columns;
            result[i] = distance(left, row * width, right, column * width, width, p);
        }
        return call.result(result);
    }

    private static TensorData pdist(Invocation call) {
        double[] values = Elements.doubles(call.data("self"));
        int rows = (int) call.data("self").sizes()[0];
        int width = (int) call.data("self").sizes()[1];
        double p = call.arguments().number("p");
        double[] result = new double[Positions.count(call.sizes())];
        int at = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = i + 1; j < rows; j++) {
                result[at++] = distance(values, i * width, values, j * width, width, p);
            }
        }
        return call.result(result);
    }
}
