package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;

import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.ConvolutionGeometry;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Convolutions. Floating ones become the template; integer ones, and ones whose weight has sizes that are not known, are reductions,
 * since no machine has a fused multiply-add for the former and the panels of the latter have no size.
 */
final class LowerConvolution {

    private LowerConvolution() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.convolution.default", LowerConvolution::convolution);
    }

    private static void convolution(Call call, Lowering lowering) {
        Tensor weight = call.arguments().tensor("weight");
        boolean hasTemplate = call.types().getFirst().dtype().isFloating() && weight.shape().isStatic();
        if (hasTemplate) {
            template(call, lowering);
        } else {
            reduction(call, lowering);
        }
    }

    private static void template(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        ConvolutionGeometry geometry = ConvolutionGeometry.of(arguments);
        Buffer result = lowering.result(call, 0);
        Loop.Window window = new Loop.Window(geometry.kernel().stream().map(Size::constant).toList(), geometry.stride(),
                geometry.padding(), geometry.dilation(), geometry.isTransposed());
        List<Symbol> variables = Lowering.variables("d", result.shape());
        List<Size> indices = Lowering.indices(variables);
        Buffer accumulator = lowering.temporary("convolution", new TensorType(result.dtype(), result.shape()));
        Scalar value = biased(arguments, lowering, new Scalar.Load(accumulator, indices), indices);
        lowering.add(new Loop.Convolution(
                lowering.buffer(arguments.tensor("input")), lowering.buffer(arguments.tensor("weight")), window, geometry.groups(),
                accumulator, new Loop.Epilogue(variables, List.of(new Loop.Store(result, indices, value))), Loop.Origins.of(call)));
    }

    private static Scalar biased(Arguments arguments, Lowering lowering, Scalar sum, List<Size> at) {
        return arguments.optionalTensor("bias")
                .map(bias -> binary(BinaryOperation.ADD, sum, lowering.load(bias, List.of(at.get(1)))))
                .orElse(sum);
    }

    private static void reduction(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        ConvolutionGeometry geometry = ConvolutionGeometry.of(arguments);
        Tensor input = arguments.tensor("input");
        Buffer result = lowering.result(call, 0);
        List<Symbol> variables = Lowering.variables("d", result.shape());
        List<Size> at = Lowering.indices(variables);
        Size perGroup = input.size(1).floorDiv(geometry.groups());
        List<Symbol> reduced = new ArrayList<>(List.of(Symbol.variable("r1", perGroup)));
        for (int i = 0; i < geometry.dims(); i++) {
            reduced.add(Symbol.variable("r" + (2 + i), geometry.kernel().get(i)));
        }
        List<Size> taps = Lowering.indices(reduced);
        Buffer sum = lowering.temporary("convolution", new TensorType(result.dtype(), result.shape()));
        lowering.add(new Loop.Reduction(variables, reduced, ReductionOperation.SUM, product(arguments, geometry, lowering, at, taps),
                List.of(sum), at, Loop.Origins.of(call)));
        lowering.pointwise(call, result, place -> biased(arguments, lowering, new Scalar.Load(sum, place), place));
    }

    /** What one tap of one channel adds: nothing where it is outside, or between two inputs of a transposed convolution. */
    private static Scalar product(Arguments arguments, ConvolutionGeometry geometry, Lowering lowering, List<Size> at, List<Size> taps) {
        Tensor input = arguments.tensor("input");
        Tensor weight = arguments.tensor("weight");
        Size outputs = geometry.outputs(weight).floorDiv(geometry.groups());
        Size channel = geometry.groups() == 1 ? taps.getFirst()
                : at.get(1).floorDiv(outputs).times(input.size(1).floorDiv(geometry.groups())).plus(taps.getFirst());
        List<Size> place = new ArrayList<>(List.of(at.getFirst(), channel));
        List<Size> filter = new ArrayList<>(geometry.isTransposed()
                ? List.of(channel, geometry.groups() == 1 ? at.get(1) : at.get(1).mod(outputs)) : List.of(at.get(1), taps.getFirst()));
        List<Scalar.Guarded.Bound> bounds = new ArrayList<>();
        for (int i = 0; i < geometry.dims(); i++) {
            Size tap = taps.get(1 + i);
            long stride = geometry.stride().get(i);
            long dilation = geometry.dilation().get(i);
            long padding = geometry.padding().get(i);
            Size index = at.get(2 + i).times(stride).minus(padding).plus(tap.times(dilation));
            if (geometry.isTransposed()) {
                Size spread = at.get(2 + i).plus(padding).minus(tap.times(dilation));
                bounds.add(new Scalar.Guarded.Bound(spread.mod(stride), Size.ONE));
                index = spread.floorDiv(stride);
            }
            bounds.add(new Scalar.Guarded.Bound(index, input.size(2 + i)));
            place.add(index);
            filter.add(tap);
        }
        Scalar body = binary(BinaryOperation.MULTIPLY, lowering.load(input, place), lowering.load(weight, filter));
        Scalar.Literal zero = input.dtype().isFloating() ? Scalar.literal(input.dtype(), 0.0) : Scalar.literal(input.dtype(), 0L);
        return Scalar.guarded(bounds, body, zero);
    }
}
