package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
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
 * Matrix products. Floating ones become the Gemm template; integer ones are reductions, since no machine has a fused
 * multiply-add for them.
 */
final class LowerMatrix {

    private LowerMatrix() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("aten.mm.default", (call, lowering) -> product(
                call, lowering, call.arguments().tensor("self"), call.arguments().tensor("mat2"), /* transposed= */ false));
        rules.put("aten.bmm.default", rules.get("aten.mm.default"));
        rules.put("aten.addmm.default", (call, lowering) -> product(
                call, lowering, call.arguments().tensor("mat1"), call.arguments().tensor("mat2"), /* transposed= */ false));
        rules.put("aten.linear.default", (call, lowering) -> product(
                call, lowering, call.arguments().tensor("input"), call.arguments().tensor("weight"), /* transposed= */ true));
    }

    /** {@code left [.., rows, depth] x right [.., depth, columns]}; transposed, right is {@code [columns, depth]}. */
    private static void product(
            Call call, Lowering lowering, Tensor left, Tensor right, boolean transposed) {
        Buffer result = lowering.result(call, 0);
        if (result.dtype().isFloating() && left.dim() >= 2) {
            gemm(call, lowering, left, right, transposed, result);
        } else {
            reduction(call, lowering, left, right, transposed, result);
        }
    }

    private static void gemm(
            Call call, Lowering lowering, Tensor left, Tensor right, boolean transposed, Buffer result) {
        Buffer a = lowering.buffer(left);
        Buffer b = lowering.buffer(right);
        List<Symbol> variables = Lowering.variables("d", result.shape());
        List<Size> indices = Lowering.indices(variables);
        boolean batched = right.dim() == 3;
        List<Symbol> batch = batched ? variables.subList(0, 1) : List.of();
        List<Symbol> rows = variables.subList(batch.size(), variables.size() - 1);
        Size depth = left.size(-1);
        Size batchIndex = batched ? indices.getFirst() : Size.ZERO;
        Size one = Size.ONE;
        Loop.Operand leftOperand = Loop.Operand.strided(
                a, batchIndex.times(left.size(-2)).times(depth), depth, one);
        Size columns = result.shape().get(-1);
        Loop.Operand rightOperand = transposed
                ? Loop.Operand.strided(b, Size.ZERO, one, depth)
                : Loop.Operand.strided(b, batchIndex.times(depth).times(columns), columns, one);
        Buffer accumulator = lowering.temporary("product", new TensorType(result.dtype(), result.shape()));
        Scalar value = finish(call, lowering, new Scalar.Load(accumulator, indices), indices);
        Loop.Epilogue epilogue = new Loop.Epilogue(variables, List.of(new Loop.Store(result, indices, value)));
        lowering.add(new Loop.Gemm(
                batch, rows, variables.getLast(), depth, leftOperand, rightOperand, accumulator, epilogue, Loop.Origins.of(call)));
    }

    private static void reduction(
            Call call, Lowering lowering, Tensor left, Tensor right, boolean transposed, Buffer result) {
        List<Symbol> variables = Lowering.variables("d", result.shape());
        List<Size> indices = Lowering.indices(variables);
        Symbol k = Symbol.variable("r", left.size(-1));
        Size depth = left.size(-1).equals(Size.ONE) ? Size.ZERO : k;
        int rank = indices.size();
        List<Size> leftIndices = new ArrayList<>(left.dim() >= 2 ? indices.subList(0, rank - 1) : List.of());
        leftIndices.add(depth);
        List<Size> rightIndices = new ArrayList<>(right.dim() == 3 ? indices.subList(0, 1) : List.of());
        rightIndices.add(transposed ? indices.getLast() : depth);
        rightIndices.add(transposed ? depth : indices.getLast());
        DType dtype = result.dtype();
        Scalar body = binary(dtype == DType.BOOL ? BinaryOperation.AND : BinaryOperation.MULTIPLY,
                lowering.load(left, leftIndices), lowering.load(right, rightIndices));
        Buffer sum = lowering.temporary("product", new TensorType(dtype, result.shape()));
        lowering.add(new Loop.Reduction(variables, List.of(k),
                dtype == DType.BOOL ? ReductionOperation.ANY : ReductionOperation.SUM,
                body, List.of(sum), indices, Loop.Origins.of(call)));
        lowering.pointwise(call, result, at -> finish(call, lowering, new Scalar.Load(sum, at), at));
    }

    /** What the operator does with the product: a bias, or a scaled addend. */
    private static Scalar finish(Call call, Lowering lowering, Scalar product, List<Size> at) {
        Arguments arguments = call.arguments();
        return switch (call.operator().schema().name()) {
            case "linear" -> arguments.optionalTensor("bias")
                    .map(bias -> binary(BinaryOperation.ADD, product, lowering.loadBroadcast(bias, at)))
                    .orElse(product);
            case "addmm" -> {
                Scalar scaled = scale(product, arguments.get("alpha"));
                yield isZero(arguments.get("beta")) ? scaled : binary(BinaryOperation.ADD,
                        scaled, scale(lowering.loadBroadcast(arguments.tensor("self"), at), arguments.get("beta")));
            }
            default -> product;
        };
    }

    private static Scalar scale(Scalar value, Argument factor) {
        return factor instanceof Argument.OfInt(Size size) && size.equals(Size.ONE)
                ? value : binary(BinaryOperation.MULTIPLY, value, Lowering.scalar(factor, value.dtype()));
    }

    private static boolean isZero(Argument argument) {
        return argument instanceof Argument.OfInt(Size size) && size.equals(Size.ZERO)
                || argument instanceof Argument.OfFloat(double value) && value == 0;
    }
}
