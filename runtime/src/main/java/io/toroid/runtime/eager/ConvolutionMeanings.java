package io.toroid.runtime.eager;

import io.toroid.op.TensorData;
import java.util.Optional;

/** Convolutions in two dimensions, straight from the definition. */
final class ConvolutionMeanings {

    private ConvolutionMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("convolution", ConvolutionMeanings::convolution);
    }

    private static TensorData convolution(Invocation call) {
        TensorData input = call.data("input");
        long[] kernel = call.data("weight").sizes();
        double[] image = Elements.doubles(input);
        double[] weight = Elements.doubles(call.data("weight"));
        Optional<double[]> bias = call.optionalData("bias").map(Elements::doubles);
        Plane plane = Plane.of(call, input.sizes(), new int[] {(int) kernel[2], (int) kernel[3]});
        int outputs = (int) kernel[0];
        int channels = (int) kernel[1];
        int groups = Math.toIntExact(call.arguments().integer("groups"));
        double[] result = new double[Positions.count(call.sizes())];
        for (int o = 0; o < result.length; o++) {
            int column = o % plane.columns();
            int row = o / plane.columns() % plane.rows();
            int output = o / plane.columns() / plane.rows() % outputs;
            int batch = o / plane.columns() / plane.rows() / outputs;
            int group = output / (outputs / groups);
            int firstPlane = (batch * groups + group) * channels;
            double sum = bias.isPresent() ? bias.get()[output] : 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += window(plane, image, firstPlane + channel, weight, output * channels + channel, row, column);
            }
            result[o] = sum;
        }
        return call.result(result);
    }

    /** One plane of the image under one plane of the weight. */
    private static double window(Plane plane, double[] image, int imagePlane, double[] weight, int weightPlane, int row, int column) {
        double sum = 0;
        for (int i = 0; i < plane.kernel()[0]; i++) {
            for (int j = 0; j < plane.kernel()[1]; j++) {
                int y = plane.rowAt(row, i);
                int x = plane.columnAt(column, j);
                if (plane.isInside(y, x)) {
                    sum += image[imagePlane * plane.size() + y * plane.width() + x]
                            * weight[(weightPlane * plane.kernel()[0] + i) * plane.kernel()[1] + j];
                }
            }
        }
        return sum;
    }
}
