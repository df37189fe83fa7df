package io.toroid.runtime.eager;

import io.toroid.op.ConvolutionGeometry;
import io.toroid.op.TensorData;

/** Convolutions in one, two and three dimensions, transposed ones too, straight from the definition. */
final class ConvolutionMeanings {

    private ConvolutionMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("convolution", ConvolutionMeanings::convolution);
    }

    private static TensorData convolution(Invocation call) {
        ConvolutionGeometry geometry = ConvolutionGeometry.of(call.arguments());
        TensorData input = call.data("input");
        Channels channels = new Channels(geometry, input.sizes(), call.data("weight").sizes(), call.sizes());
        return call.dtype().isFloating() ? call.result(doubles(call, channels)) : call.result(longs(call, channels));
    }

    private static double[] doubles(Invocation call, Channels channels) {
        double[] x = Elements.doubles(call.data("input"));
        double[] weight = Elements.doubles(call.data("weight"));
        double[] bias = call.optionalData("bias").map(Elements::doubles).orElse(null);
        double[] result = new double[Positions.count(call.sizes())];
        for (int o = 0; o < result.length; o++) {
            double[] sum = {bias == null ? 0 : bias[channels.output(o)]};
            channels.forEachProduct(o, (element, factor) -> sum[0] += x[element] * weight[factor]);
            result[o] = sum[0];
        }
        return result;
    }

    private static long[] longs(Invocation call, Channels channels) {
        long[] x = Elements.longs(call.data("input"));
        long[] weight = Elements.longs(call.data("weight"));
        long[] bias = call.optionalData("bias").map(Elements::longs).orElse(null);
        long[] result = new long[Positions.count(call.sizes())];
        for (int o = 0; o < result.length; o++) {
            long[] sum = {bias == null ? 0 : bias[channels.output(o)]};
            channels.forEachProduct(o, (element, factor) -> sum[0] += x[element] * weight[factor]);
            result[o] = sum[0];
        }
        return result;
    }

    /** Which elements of input and weight are multiplied for an element of the result. */
    private record Channels(Volume volume, int inputs, int outputs, int groups, int taps, boolean isTransposed) {

        Channels(ConvolutionGeometry geometry, long[] input, long[] weight, long[] result) {
            int axis = input.length - 1 - geometry.dims();
            Volume volume = Volume.of(geometry, input, weight, result);
            this(volume, (int) input[axis], (int) result[axis], (int) geometry.groups(),
                    volume.kernel()[0] * volume.kernel()[1] * volume.kernel()[2], geometry.isTransposed());
        }

        /** The channel of an element of the result. */
        int output(int element) {
            return element / volume.cellCount() % outputs;
        }

        void forEachProduct(int element, Volume.Visitor visit) {
            int batch = element / volume.cellCount() / outputs;
            int output = output(element);
            int perGroup = inputs / groups;
            int group = output / (outputs / groups);
            for (int channel = 0; channel < perGroup; channel++) {
                int input = group * perGroup + channel;
                int plane = (batch * inputs + input) * volume.size();
                int filter = taps * (isTransposed
                        ? input * (outputs / groups) + output % (outputs / groups)
                        : output * perGroup + channel);
                volume.forEachTap(element % volume.cellCount(), (place, tap) -> visit.visit(plane + place, filter + tap));
            }
        }
    }
}
