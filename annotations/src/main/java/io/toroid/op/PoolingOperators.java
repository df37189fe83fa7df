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

/** Windows over lines, images and volumes {@code [batch, channels, ...]} (or without batch), each channel for itself. */
public final class PoolingOperators {

    /** The largest element and its index in the flattened plane; padding never wins, NaN does. */
    public static final Operator MAX_POOL2D_WITH_INDICES = maxPool(2);

    /** The same over volumes; the index is that in the flattened volume. */
    public static final Operator MAX_POOL3D_WITH_INDICES = maxPool(3);

    /** Means over windows, in which the padding counts as zeros or not. */
    public static final Operator AVG_POOL1D = Operator.define(
            "aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, "
                    + "bool ceil_mode=False, bool count_include_pad=True) -> Tensor", arguments -> averages(arguments, 1));

    /** The same, divided by another number if one is given. Means of integers are truncated towards zero. */
    public static final Operator AVG_POOL2D = avgPool(2);
    public static final Operator AVG_POOL3D = avgPool(3);

    /** Means over windows chosen so that the result has the given sizes: cell i of n begins at {@code floor(i * size / n)}. */
    public static final Operator ADAPTIVE_AVG_POOL1D = Operator.define(
            "aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor", arguments -> adaptiveAverages(arguments, 1));
    public static final Operator ADAPTIVE_AVG_POOL2D = adaptiveAvgPool(2);
    public static final Operator ADAPTIVE_AVG_POOL3D = adaptiveAvgPool(3);

    /** The largest elements of such windows, and their indices in the flattened plane or volume. */
    public static final Operator ADAPTIVE_MAX_POOL2D = adaptiveMaxPool(2);
    public static final Operator ADAPTIVE_MAX_POOL3D = adaptiveMaxPool(3);

    private PoolingOperators() {
    }

    // ---- as authors call them

    public static Tensor maxPool2d(Tensor image, Window window) {
        return maxPool(MAX_POOL2D_WITH_INDICES, 2, image, window);
    }

    public static Tensor maxPool3d(Tensor volume, Window window) {
        return maxPool(MAX_POOL3D_WITH_INDICES, 3, volume, window);
    }

    /** ATen has no such operator either: a line is an image of height 1. */
    public static Tensor maxPool1d(Tensor line, Window window) {
        checkRank("maxPool1d", line, 1);
        return maxPool(MAX_POOL2D_WITH_INDICES, 2, line.unsqueeze(-2), new Window(inRow(window.kernel(), 1), inRow(window.stride(), 1),
                inRow(window.padding(), 0), inRow(window.dilation(), 1), window.ceilMode())).squeeze(-2);
    }

    private static List<Integer> inRow(List<Integer> values, int height) {
        if (values.size() != 1) {
            throw Rules.mistake(Kind.ARGUMENT, "maxPool1d", "a window over lines has one number, not %s".formatted(values));
        }
        return List.of(height, values.getFirst());
    }

    private static Tensor maxPool(Operator operator, int dims, Tensor image, Window window) {
        return operator.callAll(image, Window.repeated(window.kernel(), dims), Window.repeated(window.stride(), dims),
                Window.repeated(window.padding(), dims), Window.repeated(window.dilation(), dims), window.ceilMode()).getFirst();
    }

    public static Tensor avgPool1d(Tensor line, Window window) {
        return avgPool(AVG_POOL1D, 1, line, window);
    }

    public static Tensor avgPool2d(Tensor image, Window window) {
        return avgPool(AVG_POOL2D, 2, image, window);
    }

    public static Tensor avgPool3d(Tensor volume, Window window) {
        return avgPool(AVG_POOL3D, 3, volume, window);
    }

    private static Tensor avgPool(Operator operator, int dims, Tensor image, Window window) {
        if (window.dilation().stream().anyMatch(dilation -> dilation != 1)) {
            throw Rules.mistake(Kind.ARGUMENT, Rules.title(operator.schema()), "has no dilation, but it is %s".formatted(Window.shown(window.dilation())));
        }
        return operator.call(image, Window.repeated(window.kernel(), dims), Window.repeated(window.stride(), dims),
                Window.repeated(window.padding(), dims), window.ceilMode());
    }

    // ---- schemas

    private static Operator maxPool(int dims) {
        return Operator.define(("aten::max_pool%1$dd_with_indices(Tensor self, int[%1$d] kernel_size, int[%1$d] stride=[], int[%1$d] padding=0, "
                + "int[%1$d] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)").formatted(dims), arguments -> {
                    Rules.accept(arguments, "self", Accepts.NUMBERS);
                    return withIndices(arguments, pooled(arguments, dims));
                });
    }

    private static Operator avgPool(int dims) {
        return Operator.define(("aten::avg_pool%1$dd(Tensor self, int[%1$d] kernel_size, int[%1$d] stride=[], int[%1$d] padding=0, "
                + "bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor").formatted(dims), arguments -> {
                    if (arguments.isPresent("divisor_override") && Rules.integer(arguments, "divisor_override") == 0) {
                        throw Rules.mistake(Kind.ARGUMENT, arguments, "divisor_override must not be 0");
                    }
                    return averages(arguments, dims);
                });
    }

    private static Operator adaptiveAvgPool(int dims) {
        return Operator.define("aten::_adaptive_avg_pool%1$dd(Tensor self, SymInt[%1$d] output_size) -> Tensor".formatted(dims),
                arguments -> adaptiveAverages(arguments, dims));
    }

    private static Operator adaptiveMaxPool(int dims) {
        return Operator.define("aten::adaptive_max_pool%1$dd(Tensor self, int[%1$d] output_size) -> (Tensor, Tensor)".formatted(dims),
                arguments -> withIndices(arguments, adaptive(arguments, dims)));
    }

    // ---- types

    /** Sums of narrower integers would not fit; PyTorch has none of them either. */
    private static List<TensorType> averages(Arguments arguments, int dims) {
        Rules.accept(arguments, "self", Accepts.FLOATING_OR_I64);
        return Rules.result(arguments.tensor("self").dtype(), pooled(arguments, dims));
    }

    private static List<TensorType> adaptiveAverages(Arguments arguments, int dims) {
        return Rules.result(arguments.tensor("self").dtype(), adaptive(arguments, dims));
    }

    private static List<TensorType> withIndices(Arguments arguments, Shape shape) {
        return List.of(new TensorType(arguments.tensor("self").dtype(), shape), new TensorType(DType.I64, shape));
    }

    private static Shape pooled(Arguments arguments, int dims) {
        Tensor image = image(arguments, dims);
        return withPositions(image, Window.of(arguments, dims).positions(arguments, image));
    }

    private static Shape adaptive(Arguments arguments, int dims) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        Tensor image = image(arguments, dims);
        List<Long> cells = Rules.each(arguments, "output_size", dims);
        if (cells.stream().anyMatch(count -> count < 0)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "output_size must not be negative, but is %s".formatted(cells));
        }
        for (int axis = -dims; axis < 0; axis++) {
            int shown = axis;
            Rules.require(arguments, Size.ONE, Relation.LESS_OR_EQUAL, image.size(axis),
                    () -> "there must be something to pool, but dimension %d of %s is %s".formatted(shown, image.type(), image.size(shown)));
        }
        return withPositions(image, cells.stream().map(Size::of).toList());
    }

    private static Tensor image(Arguments arguments, int dims) {
        Tensor self = arguments.tensor("self");
        checkRank(Rules.title(arguments), self, dims);
        return self;
    }

    private static void checkRank(String title, Tensor self, int dims) {
        if (self.dim() != dims + 1 && self.dim() != dims + 2) {
            throw Rules.mistake(Kind.SHAPE, title, "self must be %s (or without batch), not %s".formatted(form(dims), self.type()));
        }
    }

    /** What the last dimensions are called. */
    static String last(int dims) {
        return switch (dims) {
            case 1 -> "length";
            case 2 -> "height and width";
            default -> "depth, height and width";
        };
    }

    static String form(int dims) {
        return "[batch, channels, %s]".formatted(last(dims).replace(" and", ","));
    }

    private static Shape withPositions(Tensor image, List<Size> positions) {
        List<Size> sizes = new ArrayList<>(image.shape().sizes().subList(0, image.dim() - positions.size()));
        sizes.addAll(positions);
        return new Shape(sizes);
    }
}
