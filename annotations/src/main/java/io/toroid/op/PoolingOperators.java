package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Windows over images {@code [batch, channels, height, width]} (or without batch), each channel for itself. */
public final class PoolingOperators {

    /** The largest element and its index in the flattened plane; padding never wins, NaN does. */
    public static final Operator MAX_POOL2D_WITH_INDICES = Operator.define(
            "aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, "
                    + "int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)",
            PoolingOperators::maxPool);

    public static final Operator AVG_POOL2D = Operator.define(
            "aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, "
                    + "bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor",
            PoolingOperators::avgPool);

    /** Means over windows chosen so that the result has the given sizes. */
    public static final Operator ADAPTIVE_AVG_POOL2D = Operator.define(
            "aten::_adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", PoolingOperators::adaptive);

    private PoolingOperators() {
    }

    public static Tensor maxPool2d(Tensor image, Window window) {
        return MAX_POOL2D_WITH_INDICES.callAll(image, window.kernel().sizes(), window.stride().sizes(),
                window.padding().sizes(), window.dilation().sizes(), window.ceilMode()).getFirst();
    }

    public static Tensor avgPool2d(Tensor image, Window window) {
        if (!window.dilation().equals(Pair.of(1))) {
            throw Rules.mistake(Kind.ARGUMENT, "avgPool2d", "has no dilation, but it is %s".formatted(window.dilation()));
        }
        return AVG_POOL2D.call(image, window.kernel().sizes(), window.stride().sizes(), window.padding().sizes(),
                window.ceilMode());
    }

    private static List<TensorType> maxPool(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.NUMBERS);
        Shape shape = pooled(arguments);
        return List.of(new TensorType(arguments.tensor("self").dtype(), shape), new TensorType(DType.I64, shape));
    }

    private static List<TensorType> avgPool(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        if (arguments.isPresent("divisor_override") && Rules.integer(arguments, "divisor_override") == 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "divisor_override must not be 0");
        }
        return Rules.result(arguments.tensor("self").dtype(), pooled(arguments));
    }

    private static List<TensorType> adaptive(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        List<Long> output = Rules.integers(arguments, "output_size");
        if (output.isEmpty() || output.size() > 2) {
            throw Rules.mistake(Kind.ARGUMENT, arguments,
                    "output_size is one number or two (height, width), not %s".formatted(output));
        }
        Shape positions = Shape.of(output.getFirst(), output.getLast());
        return Rules.result(arguments.tensor("self").dtype(), withPositions(image(arguments), positions));
    }

    private static Shape pooled(Arguments arguments) {
        Tensor image = image(arguments);
        return withPositions(image, Window.of(arguments).positions(arguments, image));
    }

    private static Tensor image(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        if (self.dim() != 3 && self.dim() != 4) {
            throw Rules.mistake(Kind.SHAPE, arguments,
                    "self must be [batch, channels, height, width] (or without batch), not %s".formatted(self.type()));
        }
        return self;
    }

    private static Shape withPositions(Tensor image, Shape positions) {
        List<Size> sizes = new ArrayList<>(image.shape().sizes().subList(0, image.dim() - 2));
        sizes.addAll(positions.sizes());
        return new Shape(sizes);
    }
}
