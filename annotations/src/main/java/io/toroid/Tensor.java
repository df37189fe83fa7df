package io.toroid;

import io.toroid.TensorException.Kind;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Evaluator;
import io.toroid.op.Origin;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.Optional;

/**
 * A tensor: an immutable node of an expression graph, with an element type and a (possibly symbolic) shape.
 *
 * <p>Operators have the names and the meaning that they have in PyTorch, in camel case. They check shapes and types
 * when they are called, so a mistake is reported on the line that makes it. Inside an entry that is being compiled a
 * tensor has no values; one made by {@code io.toroid.runtime.eager.Eager} has, and operators on it run at once in
 * plain Java.
 */
public final class Tensor {

    private final Origin origin;
    private final int index;
    private final TensorType type;
    private final TensorData data;
    private final Evaluator evaluator;

    private Tensor(Origin origin, int index, TensorType type, TensorData data, Evaluator evaluator) {
        this.origin = origin;
        this.index = index;
        this.type = type;
        this.data = data;
        this.evaluator = evaluator;
    }

    // ---- making tensors

    /** A parameter of a layer, learned in training; its values come from the weight file. */
    public static Tensor parameter(DType dtype, long... sizes) {
        return leaf(new Parameter(Parameter.Kind.PARAMETER, new TensorType(dtype, Shape.of(sizes))));
    }

    /** A buffer of a layer, such as running statistics; its values come from the weight file. */
    public static Tensor buffer(DType dtype, long... sizes) {
        return leaf(new Parameter(Parameter.Kind.BUFFER, new TensorType(dtype, Shape.of(sizes))));
    }

    /** Values written into the model: {@code f32} of the given sizes, row-major. */
    public static Tensor of(float[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** Values written into the model: {@code f64} of the given sizes, row-major. */
    public static Tensor of(double[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** Values written into the model: {@code i64} of the given sizes, row-major. */
    public static Tensor of(long[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** Values written into the model: {@code i32} of the given sizes, row-major. */
    public static Tensor of(int[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** Values written into the model: {@code bool} of the given sizes, row-major. */
    public static Tensor of(boolean[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** For the compiler and for tests: an input of a trace. */
    public static Tensor placeholder(String name, TensorType type) {
        return leaf(new Placeholder(name, type));
    }

    /** For the compiler: values as a constant, not copied. */
    public static Tensor constant(TensorData data) {
        return leaf(new Constant(data));
    }

    /** For the compiler: the tensor of a leaf. */
    public static Tensor leaf(Origin origin) {
        return switch (origin) {
            case Placeholder placeholder -> new Tensor(origin, 0, placeholder.type(), null, null);
            case Parameter parameter -> new Tensor(origin, 0, parameter.type(), null, null);
            case Constant constant -> new Tensor(origin, 0, constant.data().type(), constant.data(), null);
            case Call call -> result(call, 0);
        };
    }

    /** For the compiler: one result of a call. */
    public static Tensor result(Call call, int index) {
        return new Tensor(call, index, call.types().get(index), null, null);
    }

    /** For evaluators: values that operators run on. */
    public static Tensor evaluated(TensorData data, Evaluator evaluator) {
        return new Tensor(new Constant(data), 0, data.type(), data, evaluator);
    }

    /** For evaluators: a result with its values. */
    public static Tensor evaluated(Call call, int index, TensorData data, Evaluator evaluator) {
        return new Tensor(call, index, data.type(), data, evaluator);
    }

    // ---- asking about them

    public Origin origin() {
        return origin;
    }

    /** Which result of its call it is. */
    public int index() {
        return index;
    }

    public TensorType type() {
        return type;
    }

    public DType dtype() {
        return type.dtype();
    }

    public Shape shape() {
        return type.shape();
    }

    /** Number of dimensions. */
    public int dim() {
        return shape().rank();
    }

    /** Size of a dimension; negative ones count from the last. */
    public Size size(int dim) {
        return shape().get(dim);
    }

    /** The evaluator that runs operators on this tensor, if it holds values. */
    public Optional<Evaluator> evaluator() {
        return Optional.ofNullable(evaluator);
    }

    /** The values, if it holds any. */
    public Optional<TensorData> values() {
        return Optional.ofNullable(data);
    }

    /**
     * The values.
     *
     * @throws TensorException if the tensor is symbolic
     */
    public TensorData data() {
        if (data == null) {
            throw new TensorException(Kind.VALUE,
                    "this tensor has no values yet: an entry is traced symbolically, so Java cannot look at its numbers. "
                            + "Use operators (where, clamp, max, ...) to choose by value, or run the model eagerly to inspect it");
        }
        return data;
    }

    /**
     * The only element of a tensor that holds one, as a number (a boolean as 0 or 1).
     *
     * @throws TensorException if the tensor is symbolic or holds another number of elements
     */
    public double item() {
        TensorData values = data();
        if (values.count() != 1) {
            throw new TensorException(Kind.VALUE,
                    "item() takes a tensor of one element, not %s; select one first".formatted(type));
        }
        return switch (dtype()) {
            case F32 -> values.floats()[0];
            case F64 -> values.doubles()[0];
            case I64 -> values.longs()[0];
            case I32 -> values.ints()[0];
            case BOOL -> values.booleans()[0] ? 1 : 0;
        };
    }

    /** Two tensors are the same when they are the same result of the same origin. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that && origin == that.origin && index == that.index;
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(origin) + index;
    }
}
