package io.toroid.processor.graph.pass;

import static io.toroid.op.ConvolutionOperators.CONVOLUTION;
import static io.toroid.op.PoolingOperators.ADAPTIVE_AVG_POOL1D;
import static io.toroid.op.PoolingOperators.ADAPTIVE_AVG_POOL2D;
import static io.toroid.op.PoolingOperators.ADAPTIVE_AVG_POOL3D;
import static io.toroid.op.PoolingOperators.ADAPTIVE_MAX_POOL2D;
import static io.toroid.op.PoolingOperators.ADAPTIVE_MAX_POOL3D;
import static io.toroid.op.PoolingOperators.AVG_POOL1D;
import static io.toroid.op.PoolingOperators.AVG_POOL2D;
import static io.toroid.op.PoolingOperators.AVG_POOL3D;
import static io.toroid.op.PoolingOperators.MAX_POOL2D_WITH_INDICES;
import static io.toroid.op.PoolingOperators.MAX_POOL3D_WITH_INDICES;
import static io.toroid.op.ReductionOperators.MEAN_DIM;

import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.ConvolutionGeometry;
import io.toroid.op.Operator;
import io.toroid.op.Window;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Convolutions of a single image and transposed ones that are ordinary ones; pools of lines, and adaptive ones that are ordinary ones. */
final class ImageDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            CONVOLUTION, ImageDecompositions::convolution,
            AVG_POOL1D, ImageDecompositions::ofRow,
            ADAPTIVE_AVG_POOL1D, call -> inRow(call, row -> ADAPTIVE_AVG_POOL2D.call(
                    row, List.of(Size.ONE, call.types().getFirst().shape().get(-1)))),
            ADAPTIVE_AVG_POOL2D, call -> averages(call, AVG_POOL2D, 2),
            ADAPTIVE_AVG_POOL3D, call -> averages(call, AVG_POOL3D, 3),
            ADAPTIVE_MAX_POOL2D, call -> largest(call, MAX_POOL2D_WITH_INDICES, 2),
            ADAPTIVE_MAX_POOL3D, call -> largest(call, MAX_POOL3D_WITH_INDICES, 3));

    private ImageDecompositions() {
    }

    // ---- convolutions

    private static List<Tensor> convolution(Call call) {
        Tensor image = call.arguments().tensor("input");
        if (image.dim() < call.arguments().tensor("weight").dim()) {
            Arguments batched = with(call.arguments(), Map.of("input", new Argument.OfTensor(image.unsqueeze(0))));
            return List.of(CONVOLUTION.apply(batched).getFirst().squeeze(0));
        }
        return isOrdinary(ConvolutionGeometry.of(call.arguments())) ? List.of(ordinary(call.arguments())) : call.results();
    }

    /** At stride 1 a transposed convolution is one with the kernel turned around, which pads what is not taken away. */
    private static boolean isOrdinary(ConvolutionGeometry geometry) {
        return geometry.isTransposed() && IntStream.range(0, geometry.dims()).allMatch(i -> geometry.stride().get(i) == 1
                && geometry.outputPadding().get(i) == 0
                && geometry.reach(i).isConstant() && geometry.reach(i).constant() - 1 >= geometry.padding().get(i));
    }

    private static Tensor ordinary(Arguments arguments) {
        ConvolutionGeometry geometry = ConvolutionGeometry.of(arguments);
        Tensor weight = arguments.tensor("weight");
        Size groups = Size.of(geometry.groups());
        Size inputs = weight.size(0).floorDiv(groups);
        Size outputs = weight.size(1);
        List<Size> kernel = geometry.kernel();
        Tensor turned = weight.view(shape(List.of(groups, inputs, outputs), kernel)).transpose(1, 2)
                .reshape(shape(List.of(groups.times(outputs), inputs), kernel))
                .flip(IntStream.range(2, 2 + geometry.dims()).toArray());
        List<Size> padding = IntStream.range(0, geometry.dims())
                .mapToObj(i -> geometry.reach(i).minus(1).minus(geometry.padding().get(i))).toList();
        return CONVOLUTION.apply(with(arguments, Map.of("weight", new Argument.OfTensor(turned), "padding", new Argument.OfInts(padding),
                "transposed", new Argument.OfBool(false)))).getFirst();
    }

    private static Shape shape(List<Size> first, List<Size> kernel) {
        return new Shape(Stream.concat(first.stream(), kernel.stream()).toList());
    }

    private static Arguments with(Arguments arguments, Map<String, Argument> changes) {
        List<Argument> values = new ArrayList<>(arguments.values());
        changes.forEach((name, value) -> values.set(arguments.schema().indexOf(name), value));
        return new Arguments(arguments.schema(), values);
    }

    // ---- pools

    /** A line is an image of height 1. */
    private static List<Tensor> inRow(Call call, UnaryOperator<Tensor> pool) {
        return List.of(pool.apply(call.arguments().tensor("self").unsqueeze(-2)).squeeze(-2));
    }

    private static List<Tensor> ofRow(Call call) {
        Window window = Window.of(call.arguments(), 1);
        return inRow(call, row -> AVG_POOL2D.call(row, List.of(1, window.kernel().getFirst()), List.of(1, window.stride().getFirst()),
                List.of(0, window.padding().getFirst()), window.ceilMode(), call.arguments().flag("count_include_pad")));
    }

    private static List<Tensor> averages(Call call, Operator pool, int dims) {
        Tensor x = call.arguments().tensor("self");
        List<Size> cells = last(call.types().getFirst().shape(), dims);
        if (cells.stream().allMatch(Size.ONE::equals)) {
            return MEAN_DIM.callAll(x, IntStream.range(x.dim() - dims, x.dim()).boxed().toList(), /* keepdim= */ true);
        }
        return kernel(last(x.shape(), dims), cells).map(kernel -> pool.callAll(x, kernel, kernel)).orElse(call.results());
    }

    private static List<Tensor> largest(Call call, Operator pool, int dims) {
        Tensor x = call.arguments().tensor("self");
        List<Size> cells = last(call.types().getFirst().shape(), dims);
        return kernel(last(x.shape(), dims), cells).map(kernel -> pool.callAll(x, kernel, kernel)).orElse(call.results());
    }

    private static List<Size> last(Shape shape, int dims) {
        return shape.sizes().subList(shape.rank() - dims, shape.rank());
    }

    /** Windows side by side, where all are equal. */
    private static Optional<List<Size>> kernel(List<Size> extents, List<Size> cells) {
        boolean divides = IntStream.range(0, cells.size()).allMatch(i -> divides(cells.get(i), extents.get(i)));
        return divides ? Optional.of(IntStream.range(0, cells.size()).mapToObj(i -> extents.get(i).floorDiv(cells.get(i))).toList())
                : Optional.empty();
    }

    private static boolean divides(Size part, Size whole) {
        return part.isConstant() && whole.isConstant() && part.constant() > 0 && whole.constant() > 0
                && whole.constant() % part.constant() == 0;
    }
}
