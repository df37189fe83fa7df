package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Products of matrices. All operands have one element type: unlike arithmetic, products do not promote.
 */
public final class MatrixOperators {

    /** {@code [n, k] x [k, m] -> [n, m]}. */
    public static final Operator MM = Operator.define(
            "aten::mm(Tensor self, Tensor mat2) -> Tensor", MatrixOperators::product);

    /** {@code [b, n, k] x [b, k, m] -> [b, n, m]}. */
    public static final Operator BMM = Operator.define(
            "aten::bmm(Tensor self, Tensor mat2) -> Tensor", MatrixOperators::batchedProduct);

    /** {@code beta * self + alpha * (mat1 x mat2)}, where {@code self} broadcasts to the product. */
    public static final Operator ADDMM = Operator.define(
            "aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            MatrixOperators::addedProduct);

    /** {@code beta * self + alpha * (batch1 x batch2)}, where {@code self} broadcasts to the products. */
    public static final Operator BADDBMM = Operator.define(
            "aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            MatrixOperators::addedBatchedProduct);

    /** The product of a matrix and a vector: {@code [n, k], [k] -> [n]}. */
    public static final Operator MV = Operator.define("aten::mv(Tensor self, Tensor vec) -> Tensor", arguments -> {
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        Rules.requireRank(arguments, "self", 2, "[rows, columns]");
        Rules.requireRank(arguments, "vec", 1, "[columns]");
        Tensor matrix = arguments.tensor("self");
        Tensor vector = arguments.tensor("vec");
        Rules.requireEqual(arguments, matrix.size(1), vector.size(0), () -> innerSizes(matrix, vector, vector.size(0)));
        return Rules.result(dtype, Shape.of(matrix.size(0)));
    });

    /** The sum of the products of two vectors: {@code [n], [n] -> []}. */
    public static final Operator DOT = Operator.define("aten::dot(Tensor self, Tensor tensor) -> Tensor", arguments -> {
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        Rules.requireRank(arguments, "self", 1, "[n]");
        Rules.requireRank(arguments, "tensor", 1, "[n]");
        Tensor left = arguments.tensor("self");
        Tensor right = arguments.tensor("tensor");
        Rules.requireEqual(arguments, left.size(0), right.size(0),
                () -> "%s and %s must have one length".formatted(left.type(), right.type()));
        return Rules.result(dtype, Shape.SCALAR);
    });

    /** {@code beta * self + alpha * outer(vec1, vec2)}: {@code [n], [m] -> [n, m]}; types are promoted; of booleans, or and and. */
    public static final Operator ADDR = Operator.define(
            "aten::addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", arguments -> {
                Rules.requireRank(arguments, "vec1", 1, "[rows]");
                Rules.requireRank(arguments, "vec2", 1, "[columns]");
                Shape shape = Shape.of(arguments.tensor("vec1").size(0), arguments.tensor("vec2").size(0));
                ViewOperators.checkExpands(arguments, arguments.tensor("self"), shape.sizes());
                return Rules.result(Promotion.of(arguments, "self", "vec1", "vec2"), shape);
            });

    /** {@code input x weight^T + bias}: {@code [..., k], [m, k], [m] -> [..., m]}. */
    public static final Operator LINEAR = Operator.define(
            "aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", MatrixOperators::linearLayer);

    private MatrixOperators() {
    }

    /** As {@code torch.matmul}, by the ranks of the operands: dot product, matrix and vector, or batches that broadcast. */
    public static Tensor matmul(Tensor left, Tensor right) {
        checkMatmul(left, right);
        if (left.dim() == 1) {
            return matmul(left.unsqueeze(0), right).squeeze(right.dim() == 1 ? -1 : -2);
        }
        if (right.dim() == 1) {
            return matmul(left, right.unsqueeze(1)).squeeze(-1);
        }
        if (right.dim() == 2) {
            return left.dim() == 2 ? MM.call(left, right) : foldedProduct(left, right);
        }
        return broadcastProduct(left, right);
    }

    private static void checkMatmul(Tensor left, Tensor right) {
        if (left.dim() == 0 || right.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, "matmul", "a single value has no rows or columns in %s x %s; multiply with mul"
                    .formatted(left.type(), right.type()));
        }
        if (left.dtype() == DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, "matmul", "booleans have no products, as in %s x %s; convert both with .to(DType.F32)"
                    .formatted(left.type(), right.type()));
        }
        if (left.dtype() != right.dtype()) {
            throw Rules.mistake(Kind.DTYPE, "matmul", "both tensors must have one element type, not %s x %s; convert one with .to(DType.%s)"
                    .formatted(left.type(), right.type(), left.dtype().promote(right.dtype()).name()));
        }
        Size rows = right.size(right.dim() == 1 ? 0 : -2);
        Rules.requireEqual("matmul", left.size(-1), rows, () -> innerSizes(left, right, rows));
    }

    private static String innerSizes(Tensor left, Tensor right, Size rows) {
        String hint = left.size(-1).equals(right.size(-1)) ? "; did you mean the transpose, right.transpose(-2, -1)?"
                : "; they must be equal";
        return "the columns of the left, %s in %s, differ from the rows of the right, %s in %s%s"
                .formatted(left.size(-1), left.type(), rows, right.type(), hint);
    }

    /** A batch times one matrix is one large product. */
    private static Tensor foldedProduct(Tensor left, Tensor right) {
        Tensor rows = left.flatten(0, -2);
        return MM.call(rows, right).view(replaceLast(left, right.size(-1)));
    }

    private static Shape replaceLast(Tensor tensor, Size size) {
        return tensor.shape().with(-1, size);
    }

    private static Tensor broadcastProduct(Tensor left, Tensor right) {
        List<Size> batch = commonBatch(left, right);
        Tensor product = BMM.call(toBatch(left, batch), toBatch(right, batch));
        if (batch.size() == 1) {
            return product;
        }
        List<Size> sizes = new ArrayList<>(batch);
        sizes.add(left.size(-2));
        sizes.add(right.size(-1));
        return product.view(new Shape(sizes));
    }

    private static List<Size> commonBatch(Tensor left, Tensor right) {
        int rank = Math.max(left.dim(), right.dim());
        List<Size> batch = new ArrayList<>();
        for (int axis = -rank; axis < -2; axis++) {
            Size a = left.dim() < -axis ? Size.ONE : left.size(axis);
            Size b = right.dim() < -axis ? Size.ONE : right.size(axis);
            int shown = axis;
            if (!a.equals(Size.ONE) && !b.equals(Size.ONE)) {
                Rules.requireEqual("matmul", a, b, () -> ("the batch dimensions of %s and %s do not broadcast: at dimension %d "
                        + "the sizes are %s and %s; they must be equal or one of them 1").formatted(left.type(), right.type(), shown, a, b));
            }
            batch.add(a.equals(Size.ONE) || b.isConstant() && !b.equals(Size.ONE) ? b : a);
        }
        return batch;
    }

    private static Tensor toBatch(Tensor tensor, List<Size> batch) {
        List<Size> sizes = new ArrayList<>(batch);
        sizes.add(tensor.size(-2));
        sizes.add(tensor.size(-1));
        Tensor expanded = tensor.shape().sizes().equals(sizes) ? tensor : tensor.expand(new Shape(sizes));
        return batch.size() == 1 ? expanded
                : expanded.view(Shape.of(Rules.product(batch), tensor.size(-2), tensor.size(-1)));
    }

    // ---- type rules

    private static List<TensorType> product(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        return Rules.result(dtype, productShape(arguments, "self", "mat2"));
    }

    private static Shape productShape(Arguments arguments, String left, String right) {
        Rules.requireRank(arguments, left, 2, "[rows, columns]");
        Rules.requireRank(arguments, right, 2, "[rows, columns]");
        Tensor a = arguments.tensor(left);
        Tensor b = arguments.tensor(right);
        Rules.requireEqual(arguments, a.size(1), b.size(0), () -> innerSizes(a, b, b.size(0)));
        return Shape.of(a.size(0), b.size(1));
    }

    private static List<TensorType> batchedProduct(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        return Rules.result(dtype, batchedShape(arguments, "self", "mat2"));
    }

    private static Shape batchedShape(Arguments arguments, String left, String right) {
        Rules.requireRank(arguments, left, 3, "[batch, rows, columns]");
        Rules.requireRank(arguments, right, 3, "[batch, rows, columns]");
        Tensor a = arguments.tensor(left);
        Tensor b = arguments.tensor(right);
        Rules.requireEqual(arguments, a.size(0), b.size(0), () -> "the batch sizes, %s in %s and %s in %s, must be equal"
                .formatted(a.size(0), a.type(), b.size(0), b.type()));
        Rules.requireEqual(arguments, a.size(2), b.size(1), () -> innerSizes(a, b, b.size(1)));
        return Shape.of(a.size(0), a.size(1), b.size(2));
    }

    private static List<TensorType> addedProduct(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        Shape shape = productShape(arguments, "mat1", "mat2");
        ViewOperators.checkExpands(arguments, arguments.tensor("self"), shape.sizes());
        return Rules.result(dtype, shape);
    }

    private static List<TensorType> addedBatchedProduct(Arguments arguments) {
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        Shape shape = batchedShape(arguments, "batch1", "batch2");
        ViewOperators.checkExpands(arguments, arguments.tensor("self"), shape.sizes());
        return Rules.result(dtype, shape);
    }

    private static List<TensorType> linearLayer(Arguments arguments) {
        Tensor input = arguments.tensor("input");
        Tensor weight = arguments.tensor("weight");
        Optional<Tensor> bias = arguments.optionalTensor("bias");
        DType dtype = Rules.common(arguments, Accepts.NUMBERS);
        if (input.dim() == 0) {
            throw Rules.mistake(Kind.SHAPE, arguments, "input must have at least one dimension, not %s".formatted(input.type()));
        }
        Rules.requireRank(arguments, "weight", 2, "[outputs, inputs]");
        Rules.requireEqual(arguments, input.size(-1), weight.size(1), () -> linearSizes(input, weight));
        Rules.requireRank(arguments, "bias", 1, "[outputs]");
        bias.ifPresent(tensor -> Rules.requireEqual(arguments, tensor.size(0), weight.size(0),
                () -> "the bias %s must have one value for each of the %s outputs of the weight %s"
                        .formatted(tensor.type(), weight.size(0), weight.type())));
        return Rules.result(dtype, input.shape().with(-1, weight.size(0)));
    }

    private static String linearSizes(Tensor input, Tensor weight) {
        String hint = input.size(-1).equals(weight.size(0))
                ? "is the weight transposed? It is [outputs, inputs]"
                : "make the layer for %s inputs, or reshape the input".formatted(input.size(-1));
        return "the last size of the input, %s in %s, must equal the weight's %s in %s; %s"
                .formatted(input.size(-1), input.type(), weight.size(1), weight.type(), hint);
    }
}
