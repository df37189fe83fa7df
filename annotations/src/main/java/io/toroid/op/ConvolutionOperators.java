package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Convolutions (cross-correlations, as in PyTorch) of images {@code [batch, channels, height, width]}. */
public final class ConvolutionOperators {

    /** Two dimensions, not transposed; the weight is {@code [outputs, channels/groups, height, width]}. */
    public static final Operator CONVOLUTION = Operator.define(
            "aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, "
                    + "SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor",
            ConvolutionOperators::convolution);

    private ConvolutionOperators() {
    }

    /** A convolution in two dimensions; the bias may be null. */
    public static Tensor conv2d(Tensor input, Tensor weight, Tensor bias, Convolution options) {
        return CONVOLUTION.call(input, weight, bias, options.stride().sizes(), options.padding().sizes(),
                options.dilation().sizes(), /* transposed= */ false, Pair.of(0).sizes(), options.groups());
    }

    private static List<TensorType> convolution(Arguments arguments) {
        if (arguments.flag("transposed")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "transposed convolutions are not supported yet");
        }
        DType dtype = Rules.common(arguments, Accepts.FLOATING);
        Tensor input = arguments.tensor("input");
        Tensor weight = arguments.tensor("weight");
        if (weight.dim() == 3 || weight.dim() == 5) {
            throw Rules.mistake(Kind.SHAPE, arguments, "convolutions in %d dimension%s are not supported yet, only images; the weight is %s"
                    .formatted(weight.dim() - 2, weight.dim() == 3 ? "" : "s", weight.type()));
        }
        Rules.requireRank(arguments, "weight", 4, "[outputs, channels/groups, height, width]");
        if (input.dim() != 4 && input.dim() != 3) {
            throw Rules.mistake(Kind.SHAPE, arguments,
                    "input must be [batch, channels, height, width] (or without batch), not %s".formatted(input.type()));
        }
        checkChannels(arguments, input, weight);
        Shape positions = Window.of(arguments).positions(arguments, input);
        List<Size> sizes = new ArrayList<>();
        if (input.dim() == 4) {
            sizes.add(input.size(0));
        }
        sizes.add(weight.size(0));
        sizes.addAll(positions.sizes());
        return Rules.result(dtype, sizes);
    }

    private static void checkChannels(Arguments arguments, Tensor input, Tensor weight) {
        long groups = Rules.integer(arguments, "groups");
        if (groups < 1 || !weight.size(0).isMultipleOf(groups)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the %s outputs of the weight %s do not divide into %d groups"
                    .formatted(weight.size(0), weight.type(), groups));
        }
        Size channels = input.size(-3);
        Size expected = weight.size(1).times(groups);
        Rules.requireEqual(arguments, channels, expected, () -> channelCounts(input, weight, expected, groups));
        Rules.requireRank(arguments, "bias", 1, "[outputs]");
        arguments.optionalTensor("bias").ifPresent(bias -> Rules.requireEqual(arguments, bias.size(0), weight.size(0),
                () -> "the bias %s must have one value for each of the %s outputs of the weight %s"
                        .formatted(bias.type(), weight.size(0), weight.type())));
    }

    private static String channelCounts(Tensor input, Tensor weight, Size expected, long groups) {
        String hint = input.size(-1).equals(expected)
                ? "are the channels last? Use .permute to bring them before height and width"
                : "make the layer for %s channels".formatted(input.size(-3));
        String times = groups == 1 ? "" : " (%s in each of %d groups)".formatted(weight.size(1), groups);
        return "the input has %s channels in %s, the weight %s takes %s%s; %s"
                .formatted(input.size(-3), input.type(), weight.type(), expected, times, hint);
    }
}
