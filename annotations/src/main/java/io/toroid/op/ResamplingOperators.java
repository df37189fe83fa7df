package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Images {@code [batch, channels, height, width]} read between their pixels, and in patches. */
public final class ResamplingOperators {

    /** The pixel that lies where the result's pixel begins; of any element type. */
    public static final Operator UPSAMPLE_NEAREST2D = Operator.define(
            "aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor",
            ResamplingOperators::resized);

    /** Between the four pixels around it, by straight lines; of floating types, and of bytes, which are rounded after each axis. */
    public static final Operator UPSAMPLE_BILINEAR2D = smooth("upsample_bilinear2d");

    /** Between the sixteen pixels around it, by cubic polynomials (Keys, a = -0.75); of floating types, and of bytes as above. */
    public static final Operator UPSAMPLE_BICUBIC2D = smooth("upsample_bicubic2d");

    /**
     * The same to an {@code output_size}, or by {@code scale_factors}: of height and width, {@code floor(size * scale)}. A size that
     * is known in a call only has scales that are binary fractions, such as 2 or 0.75.
     */
    public static final Operator UPSAMPLE_NEAREST2D_VEC = byScale("upsample_nearest2d", "");
    public static final Operator UPSAMPLE_BILINEAR2D_VEC = byScale("upsample_bilinear2d", " bool align_corners,");
    public static final Operator UPSAMPLE_BICUBIC2D_VEC = byScale("upsample_bicubic2d", " bool align_corners,");

    /**
     * The image at the points (x, y) of a grid {@code [batch, h, w, 2]}, which run from -1 to 1 over the image: centers of
     * the outermost pixels if {@code align_corners}, else their outer edges. The mode is 0 (bilinear), 1 (nearest) or 2
     * (bicubic); outside it reads 0 (padding 0), the border (1), or the image mirrored (2).
     */
    public static final Operator GRID_SAMPLER_2D = Operator.define(
            "aten::grid_sampler_2d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor",
            ResamplingOperators::sampled);

    /** Each window of an image as a column: {@code [..., c, h, w] -> [..., c * kernel, windows]}; padding reads 0. */
    public static final Operator IM2COL = Operator.define(
            "aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor",
            ResamplingOperators::columns);

    /**
     * Columns back to images of the given height and width: {@code [..., c * kernel, windows] -> [..., c, h, w]}, where the elements
     * of windows that overlap are added, and what lies in the padding is left out. Of floating types and booleans.
     */
    public static final Operator COL2IM = Operator.define(
            "aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor",
            ResamplingOperators::image);

    /** A scale of a size that is known in a call only is a multiple of its inverse; none is larger than it. */
    private static final long FRACTIONS = 1 << 16;

    private ResamplingOperators() {
    }

    private static Operator byScale(String name, String more) {
        return Operator.define("aten::%s.vec(Tensor input, SymInt[]? output_size,%s float[]? scale_factors) -> Tensor".formatted(name, more),
                arguments -> {
                    if (!name.contains("nearest") && arguments.tensor("input").dtype() != DType.U8) {
                        Rules.accept(arguments, "input", Accepts.FLOATING);
                    }
                    Rules.requireRank(arguments, "input", 4, "[batch, channels, height, width]");
                    return resized(arguments, "input", outputSize(arguments));
                });
    }

    private static List<Size> outputSize(Arguments arguments) {
        if (arguments.isPresent("output_size") == arguments.isPresent("scale_factors")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "either output_size or scale_factors must be given");
        }
        if (arguments.isPresent("output_size")) {
            return arguments.sizes("output_size");
        }
        List<Double> scales = arguments.numbers("scale_factors");
        if (scales.size() != 2) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "scale_factors are those of height and width, not %s".formatted(scales));
        }
        return List.of(scaled(arguments, -2, scales.getFirst()), scaled(arguments, -1, scales.getLast()));
    }

    private static Size scaled(Arguments arguments, int axis, double scale) {
        Size size = arguments.tensor("input").size(axis);
        if (!(scale > 0 && scale <= FRACTIONS)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "scale_factors must be above 0 and at most %d, not %s".formatted(FRACTIONS, scale));
        }
        if (size.isConstant()) {
            return Size.of((long) Math.floor(size.constant() * scale));
        }
        if (scale * FRACTIONS != Math.rint(scale * FRACTIONS)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "the scale %s is no binary fraction, and dimension %d of %s is only known in a call; give output_size instead"
                            .formatted(scale, axis, arguments.tensor("input").type()));
        }
        long divisor = FRACTIONS;
        while (divisor > 1 && scale * (divisor / 2) == Math.rint(scale * (divisor / 2))) {
            divisor /= 2;
        }
        return size.times((long) (scale * divisor)).floorDiv(divisor);
    }

    private static Operator smooth(String name) {
        return Operator.define("aten::%s(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor"
                .formatted(name), arguments -> {
                    if (arguments.tensor("self").dtype() != DType.U8) {
                        Rules.accept(arguments, "self", Accepts.FLOATING);
                    }
                    return resized(arguments);
                });
    }

    private static List<TensorType> resized(Arguments arguments) {
        return resized(arguments, "self", arguments.sizes("output_size"));
    }

    private static List<TensorType> resized(Arguments arguments, String image, List<Size> output) {
        Tensor self = arguments.tensor(image);
        Rules.requireRank(arguments, image, 4, "[batch, channels, height, width]");
        if (output.size() != 2) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "output_size is height and width, not %s".formatted(output));
        }
        for (int axis = -2; axis < 0; axis++) {
            int shown = axis;
            for (Size size : List.of(self.size(axis), output.get(axis + 2))) {
                Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, size, () -> "images must have pixels, but dimension %d is %s in %s and %s in the result"
                        .formatted(shown, self.size(shown), self.type(), output.get(shown + 2)));
            }
        }
        return Rules.result(self.dtype(), Shape.of(self.size(0), self.size(1), output.getFirst(), output.getLast()));
    }

    private static List<TensorType> sampled(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.FLOATING);
        Rules.requireRank(arguments, "input", 4, "[batch, channels, height, width]");
        Rules.requireRank(arguments, "grid", 4, "[batch, height, width, 2]");
        Tensor input = arguments.tensor("input");
        Tensor grid = arguments.tensor("grid");
        Rules.requireEqual(arguments, input.size(0), grid.size(0), () -> "%s and %s must have one batch size".formatted(input.type(), grid.type()));
        Rules.requireEqual(arguments, grid.size(3), Size.of(2), () -> "the points of the grid %s must have 2 coordinates".formatted(grid.type()));
        for (String mode : List.of("interpolation_mode", "padding_mode")) {
            long value = Rules.integer(arguments, mode);
            if (value < 0 || value > 2) {
                throw Rules.mistake(Kind.ARGUMENT, arguments, "%s is 0, 1 or 2, not %d".formatted(mode, value));
            }
        }
        return Rules.result(dtype, Shape.of(input.size(0), input.size(1), grid.size(1), grid.size(2)));
    }

    private static List<TensorType> columns(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() != 3 && self.dim() != 4) {
            throw Rules.mistake(Kind.SHAPE, arguments, "self must be [batch, channels, height, width] (or without batch), not %s".formatted(self.type()));
        }
        Size windows = Size.ONE;
        for (int i = 0; i < 2; i++) {
            windows = windows.times(windows(arguments, i));
        }
        List<Long> kernel = pair(arguments, "kernel_size", 1);
        List<Size> sizes = new ArrayList<>(self.shape().sizes().subList(0, self.dim() - 3));
        sizes.add(self.size(-3).times(kernel.getFirst() * kernel.getLast()));
        sizes.add(windows);
        return Rules.result(self.dtype(), sizes);
    }

    private static List<TensorType> image(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() != 2 && self.dim() != 3) {
            throw Rules.mistake(Kind.SHAPE, arguments, "self must be [batch, channels * kernel, windows] (or without batch), not %s".formatted(self.type()));
        }
        if (self.dtype() != DType.BOOL) {
            Rules.accept(arguments, "self", Accepts.FLOATING);
        }
        List<Size> output = arguments.sizes("output_size");
        if (output.size() != 2) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "output_size is height and width, not %s".formatted(output));
        }
        List<Long> kernel = pair(arguments, "kernel_size", 1);
        long taps = kernel.getFirst() * kernel.getLast();
        Rules.requireEqual(arguments, self.size(-2).mod(taps), Size.ZERO, () -> "the rows of %s must be channels of a kernel of %s elements"
                .formatted(self.type(), taps));
        Size windows = windows(arguments, 0).times(windows(arguments, 1));
        Rules.requireEqual(arguments, self.size(-1), windows, () -> "an image of %s has %s windows, not %s as %s"
                .formatted(output, windows, self.size(-1), self.type()));
        List<Size> sizes = new ArrayList<>(self.shape().sizes().subList(0, self.dim() - 2));
        sizes.add(self.size(-2).floorDiv(taps));
        sizes.addAll(output);
        return Rules.result(self.dtype(), sizes);
    }

    /** For the compiler: the number of windows of {@code im2col} and {@code col2im} along the height (0) or the width (1). */
    public static Size windows(Arguments arguments, int i) {
        Tensor self = arguments.tensor("self");
        boolean isOfImage = !arguments.schema().hasParameter("output_size");
        Size extent = isOfImage ? self.size(i - 2) : arguments.sizes("output_size").get(i);
        long reach = pair(arguments, "dilation", 1).get(i) * (pair(arguments, "kernel_size", 1).get(i) - 1) + 1;
        Size room = extent.plus(2 * pair(arguments, "padding", 0).get(i)).minus(reach);
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, room, () -> "the window reaches over %d elements, more than dimension %d of %s has with its padding"
                .formatted(reach, i - 2, isOfImage ? self.type() : arguments.sizes("output_size")));
        return room.floorDiv(pair(arguments, "stride", 1).get(i)).plus(1);
    }

    /** For the compiler: two numbers, height and width. */
    public static List<Long> pair(Arguments arguments, String parameter, long least) {
        List<Long> values = Rules.integers(arguments, parameter);
        if (values.isEmpty() || values.size() > 2 || values.stream().anyMatch(value -> value < least)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "%s is one number or two (height, width) of at least %d, not %s"
                    .formatted(parameter, least, values));
        }
        return List.of(values.getFirst(), values.getLast());
    }
}
