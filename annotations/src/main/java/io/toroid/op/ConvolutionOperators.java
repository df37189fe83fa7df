package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Convolutions (cross-correlations, as in PyTorch) of lines, images and volumes {@code [batch, channels, ...]}. */
public final class ConvolutionOperators {

    /**
     * In one, two or three dimensions; with or without batch. The weight is {@code [outputs, inputs/groups, ...kernel]}, of a transposed
     * convolution {@code [inputs, outputs/groups, ...kernel]}. Of floating-point numbers or integers, which wrap around.
     */
    public static final Operator CONVOLUTION = Operator.define(
            "aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, "
                    + "SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor",
            ConvolutionOperators::convolution);

    private ConvolutionOperators() {
    }

    /** In one, two or three dimensions; the bias may be null. */
    public static Tensor convolution(int dims, Tensor input, Tensor weight, Tensor bias, Convolution options) {
        checkRank(title(dims, /* transposed= */ false), dims, weight);
        if (!options.outputPadding().stream().allMatch(value -> value == 0)) {
            throw Rules.mistake(Kind.ARGUMENT, title(dims, /* transposed= */ false),
                    "an output padding belongs to transposed convolutions, but it is %s".formatted(options.outputPadding()));
        }
        if (options.isSame()) {
            return same(input, weight, bias, options);
        }
        return call(dims, input, weight, bias, options, /* transposed= */ false);
    }

    private static Tensor call(int dims, Tensor input, Tensor weight, Tensor bias, Convolution options, boolean transposed) {
        return CONVOLUTION.call(input, weight, bias, Window.repeated(options.stride(), dims), Window.repeated(options.padding(), dims),
                Window.repeated(options.dilation(), dims), transposed, Window.repeated(options.outputPadding(), dims), options.groups());
    }

    /** The same, transposed: what a convolution of these options does to a gradient, and so the way back to its larger input. */
    public static Tensor transposed(int dims, Tensor input, Tensor weight, Tensor bias, Convolution options) {
        checkRank(title(dims, /* transposed= */ true), dims, weight);
        if (options.isSame()) {
            throw Rules.mistake(Kind.ARGUMENT, title(dims, /* transposed= */ true), "the padding must be a number, not \"same\"");
        }
        return call(dims, input, weight, bias, options, /* transposed= */ true);
    }

    private static void checkRank(String title, int dims, Tensor weight) {
        if (weight.dim() != dims + 2) {
            throw Rules.mistake(Kind.SHAPE, title, "the weight must have %d dimensions, two for channels and %d for its kernel, not %d as in %s"
                    .formatted(dims + 2, dims, weight.dim(), weight.type()));
        }
    }

    /** With {@code dilation * (kernel - 1)} zeros, half of them on either side, and one that is left over at the end. */
    private static Tensor same(Tensor input, Tensor weight, Tensor bias, Convolution options) {
        Arguments arguments = CONVOLUTION.schema().bind(input, weight, bias, options.stride(), List.of(0), options.dilation(),
                /* transposed= */ false, List.of(0), options.groups());
        ConvolutionGeometry geometry = ConvolutionGeometry.of(arguments);
        if (geometry.stride().stream().anyMatch(stride -> stride != 1)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the padding \"same\" needs a stride of 1, not %s".formatted(Window.shown(geometry.stride())));
        }
        List<Size> paddings = new ArrayList<>();
        List<Size> rest = new ArrayList<>();
        for (int i = 0; i < geometry.dims(); i++) {
            Size total = geometry.reach(i).minus(1);
            paddings.add(total.floorDiv(2));
            rest.addAll(0, List.of(Size.ZERO, total.mod(2)));
        }
        boolean even = rest.stream().allMatch(Size.ZERO::equals);
        return CONVOLUTION.call(even ? input : PaddingOperators.CONSTANT_PAD_ND.call(input, rest), weight, bias, geometry.stride(), paddings,
                geometry.dilation(), /* transposed= */ false, geometry.outputPadding(), options.groups());
    }

    /** As authors call it. */
    static String title(int dims, boolean transposed) {
        String prefix = transposed ? "convTranspose" : "conv";
        return dims >= 1 && dims <= 3 ? prefix + dims + "d" : prefix;
    }

    private static List<TensorType> convolution(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        Tensor input = arguments.tensor("input");
        Tensor weight = arguments.tensor("weight");
        ConvolutionGeometry geometry = ConvolutionGeometry.of(arguments);
        int dims = geometry.dims();
        if (input.dim() != dims + 1 && input.dim() != dims + 2) {
            throw Rules.mistake(Kind.SHAPE, arguments, "input must be %s (or without batch), not %s"
                    .formatted(PoolingOperators.form(dims), input.type()));
        }
        checkChannels(arguments, geometry, input, weight);
        List<Size> sizes = new ArrayList<>();
        if (input.dim() == dims + 2) {
            sizes.add(input.size(0));
        }
        sizes.add(geometry.outputs(weight));
        sizes.addAll(geometry.positions(arguments, input));
        return Rules.result(dtype, sizes);
    }

    private static void checkChannels(Arguments arguments, ConvolutionGeometry geometry, Tensor input, Tensor weight) {
        long groups = geometry.groups();
        Supplier<String> undivided = () -> "the %s %s of the weight %s do not divide into %d groups"
                .formatted(weight.size(0), geometry.isTransposed() ? "inputs" : "outputs", weight.type(), groups);
        if (weight.size(0).equals(Size.ZERO)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, undivided.get());
        }
        Rules.requireEqual(arguments, weight.size(0).mod(groups), Size.ZERO, undivided);
        Size outputs = geometry.outputs(weight);
        Size expected = geometry.inputs(weight);
        Rules.requireEqual(arguments, input.size(-1 - geometry.dims()), expected, () -> channelCounts(geometry, input, weight, expected));
        Rules.requireRank(arguments, "bias", 1, "[outputs]");
        arguments.optionalTensor("bias").ifPresent(bias -> Rules.requireEqual(arguments, bias.size(0), outputs,
                () -> "the bias %s must have one value for each of the %s outputs of the weight %s"
                        .formatted(bias.type(), outputs, weight.type())));
    }

    private static String channelCounts(ConvolutionGeometry geometry, Tensor input, Tensor weight, Size expected) {
        Size channels = input.size(-1 - geometry.dims());
        String hint = input.size(-1).equals(expected)
                ? "are the channels last? Use .permute to bring them before " + PoolingOperators.last(geometry.dims())
                : "make the layer for %s channels".formatted(channels);
        String times = geometry.groups() == 1 || geometry.isTransposed() ? ""
                : " (%s in each of %d groups)".formatted(weight.size(1), geometry.groups());
        return "the input has %s channels in %s, the weight %s takes %s%s; %s"
                .formatted(channels, input.type(), weight.type(), expected, times, hint);
    }
}
