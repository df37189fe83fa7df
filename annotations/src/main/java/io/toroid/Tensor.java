package io.toroid;

import io.toroid.TensorException.Kind;
import io.toroid.op.ActivationOperators;
import io.toroid.op.Argument;
import io.toroid.op.Attention;
import io.toroid.op.AttentionOperators;
import io.toroid.op.BinaryOperators;
import io.toroid.op.Call;
import io.toroid.op.ComparisonOperators;
import io.toroid.op.ConditionalOperators;
import io.toroid.op.Constant;
import io.toroid.op.Convolution;
import io.toroid.op.ConvolutionOperators;
import io.toroid.op.CreationOperators;
import io.toroid.op.DataSizedOperators;
import io.toroid.op.DataSizes;
import io.toroid.op.Evaluator;
import io.toroid.op.HistogramOperators;
import io.toroid.op.Indexing;
import io.toroid.op.IndexingOperators;
import io.toroid.op.JoiningOperators;
import io.toroid.op.MatrixOperators;
import io.toroid.op.NormOperators;
import io.toroid.op.NormalizationOperators;
import io.toroid.op.Origin;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.PoolingOperators;
import io.toroid.op.RearrangingOperators;
import io.toroid.op.ReductionOperators;
import io.toroid.op.ScanOperators;
import io.toroid.op.ScatterOperators;
import io.toroid.op.SortingOperators;
import io.toroid.op.SplittingOperators;
import io.toroid.op.StridedOperators;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.op.TernaryOperators;
import io.toroid.op.UnaryOperators;
import io.toroid.op.UpdateOperators;
import io.toroid.op.ViewOperators;
import io.toroid.op.Window;
import io.toroid.shape.Range;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.SizeSource;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A tensor: an immutable node of an expression graph, with an element type and a (possibly symbolic) shape.
 *
 * <p>Operators have the names and the meaning that they have in PyTorch, in camel case. They check shapes and types
 * when they are called, so a mistake is reported on the line that makes it. Inside an entry that is being compiled a
 * tensor has no values; one made by {@code io.toroid.runtime.eager.Eager} has, and operators on it run at once in
 * plain Java.
 */
public final class Tensor implements SizeSource {

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

    /** For the compiler: where sizes that depend on this tensor are declared; empty if it depends on no input. */
    public Optional<ShapeEnvironment> environment() {
        return switch (origin) {
            case Placeholder placeholder -> placeholder.environment();
            case Call call -> call.environment();
            case Parameter _, Constant _ -> Optional.empty();
        };
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

    /**
     * Memory of a loaded model that calls change by {@link #updating}: counters, running statistics, caches. Its first value is the
     * weight file's tensor of its name, or zeros if there is none.
     */
    public static Tensor state(DType dtype, long... sizes) {
        return leaf(new Parameter(Parameter.Kind.STATE, new TensorType(dtype, Shape.of(sizes))));
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

    /** Values written into the model: {@code f32}, or rounded to {@code f16} or {@code bf16}, of the given sizes, row-major. */
    public static Tensor of(DType dtype, float[] values, long... sizes) {
        return constant(TensorData.of(dtype, values.clone(), sizes));
    }

    /** Values written into the model: {@code i16} of the given sizes, row-major. */
    public static Tensor of(short[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** Values written into the model: {@code i8} of the given sizes, row-major; {@code to(DType.U8)} makes them {@code u8}. */
    public static Tensor of(byte[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** Values written into the model: {@code bool} of the given sizes, row-major. */
    public static Tensor of(boolean[] values, long... sizes) {
        return constant(TensorData.of(values.clone(), sizes));
    }

    /** A size as a value: {@code i64[]}, to compute with beside other tensors. */
    public static Tensor of(Size value) {
        return value.isConstant() ? of(new long[] {value.constant()}) : CreationOperators.SCALAR_TENSOR.call(value, DType.I64);
    }

    /** For the compiler and for tests: an input of a trace. */
    public static Tensor placeholder(String name, TensorType type) {
        return leaf(new Placeholder(name, type));
    }

    /** For the compiler and for tests: an input of a trace whose sizes may all be numbers. */
    public static Tensor placeholder(String name, TensorType type, ShapeEnvironment environment) {
        return leaf(new Placeholder(name, type, environment));
    }

    /** For the compiler: an input of a trace whose value is a size, as an {@code i64[]}. */
    public static Tensor placeholder(String name, Symbol value) {
        return leaf(new Placeholder(name, value));
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
     * The only element of an integer or bool tensor, as a size: usable wherever sizes are, as a bound of a slice or as an
     * index. Where the model is compiled it is a symbol that gets its value in mid-call.
     *
     * @throws TensorException if the tensor has not one element, or depends on no input of the model
     */
    public Size toSize() {
        return DataSizes.of(this, Range.atLeast(0), null);
    }

    /** As above, of a range, which may include negative values; a run with a value outside fails. */
    public Size toSize(long min, long max) {
        return DataSizes.of(this, Range.of(min, max), null);
    }

    /**
     * Asserts a relation of sizes: proved when the model is compiled, or tested in each call as soon as both are known.
     *
     * @param why begins the message of a call for which it does not hold
     * @throws TensorException if it never holds
     */
    public static void check(Size left, Relation relation, Size right, String why) {
        DataSizes.check(left, relation, right, why);
    }

    /** Asserts that all elements are true; tested in each call. */
    public static void check(Tensor condition, String why) {
        DataSizes.check(condition, why);
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
            case F32, F16, BF16 -> values.floats()[0];
            case F64 -> values.doubles()[0];
            case I64 -> values.longs()[0];
            case I32 -> values.ints()[0];
            case I16 -> values.shorts()[0];
            case I8 -> values.bytes()[0];
            case U8 -> Byte.toUnsignedInt(values.bytes()[0]);
            case BOOL -> values.booleans()[0] ? 1 : 0;
        };
    }

    // ---- arithmetic: tensors broadcast, element types are promoted as in PyTorch

    /** {@code this + other}; of booleans, or. */
    public Tensor add(Tensor other) {
        return BinaryOperators.ADD_TENSOR.call(this, other);
    }

    /** {@code this + other}. */
    public Tensor add(Number other) {
        return BinaryOperators.ADD_SCALAR.call(this, other);
    }

    /** {@code this + other}. */
    public Tensor add(Size other) {
        return add(of(other));
    }

    /** {@code this - other}. */
    public Tensor sub(Tensor other) {
        return BinaryOperators.SUB_TENSOR.call(this, other);
    }

    /** {@code this - other}. */
    public Tensor sub(Number other) {
        return BinaryOperators.SUB_SCALAR.call(this, other);
    }

    /** {@code this - other}. */
    public Tensor sub(Size other) {
        return sub(of(other));
    }

    /** {@code other - this}. */
    public Tensor rsub(Number other) {
        return neg().add(other);
    }

    /** {@code this * other}; of booleans, and. */
    public Tensor mul(Tensor other) {
        return BinaryOperators.MUL_TENSOR.call(this, other);
    }

    /** {@code this * other}. */
    public Tensor mul(Number other) {
        return BinaryOperators.MUL_SCALAR.call(this, other);
    }

    /** {@code this * other}. */
    public Tensor mul(Size other) {
        return mul(of(other));
    }

    /** {@code this / other}; integers give {@code f32}. */
    public Tensor div(Tensor other) {
        return BinaryOperators.DIV_TENSOR.call(this, other);
    }

    /** {@code this / other}; integers give {@code f32}. */
    public Tensor div(Number other) {
        return BinaryOperators.DIV_SCALAR.call(this, other);
    }

    /** {@code this / other}; integers give {@code f32}. */
    public Tensor div(Size other) {
        return div(of(other));
    }

    /** The quotient rounded down; integers stay integers. */
    public Tensor floorDiv(Tensor other) {
        return BinaryOperators.DIV_TENSOR_MODE.call(this, other, "floor");
    }

    /** The quotient rounded down; integers stay integers. */
    public Tensor floorDiv(Number other) {
        return BinaryOperators.DIV_SCALAR_MODE.call(this, other, "floor");
    }

    /** The quotient rounded towards zero; integers stay integers. */
    public Tensor truncDiv(Tensor other) {
        return BinaryOperators.DIV_TENSOR_MODE.call(this, other, "trunc");
    }

    /** The quotient rounded towards zero; integers stay integers. */
    public Tensor truncDiv(Number other) {
        return BinaryOperators.DIV_SCALAR_MODE.call(this, other, "trunc");
    }

    /** {@code this - other * floor(this / other)}, which has the sign of the divisor. */
    public Tensor remainder(Tensor other) {
        return BinaryOperators.REMAINDER_TENSOR.call(this, other);
    }

    /** {@code this - other * floor(this / other)}, which has the sign of the divisor. */
    public Tensor remainder(Number other) {
        return BinaryOperators.REMAINDER_SCALAR.call(this, other);
    }

    /** {@code this} to the power of {@code exponent}. */
    public Tensor pow(Tensor exponent) {
        return BinaryOperators.POW_TENSOR_TENSOR.call(this, exponent);
    }

    /** {@code this} to the power of {@code exponent}. */
    public Tensor pow(Number exponent) {
        return BinaryOperators.POW_TENSOR_SCALAR.call(this, exponent);
    }

    /** A number to the powers of a tensor. */
    public static Tensor pow(Number base, Tensor exponent) {
        return BinaryOperators.POW_SCALAR.call(base, exponent);
    }

    /** {@code this * this}. */
    public Tensor square() {
        return pow(2);
    }

    /** The larger of each pair; NaN if either is. */
    public Tensor maximum(Tensor other) {
        return BinaryOperators.MAXIMUM.call(this, other);
    }

    /** The smaller of each pair; NaN if either is. */
    public Tensor minimum(Tensor other) {
        return BinaryOperators.MINIMUM.call(this, other);
    }

    /** The larger of each pair; the other one if one is NaN. */
    public Tensor fmax(Tensor other) {
        return BinaryOperators.FMAX.call(this, other);
    }

    /** The smaller of each pair; the other one if one is NaN. */
    public Tensor fmin(Tensor other) {
        return BinaryOperators.FMIN.call(this, other);
    }

    /** What is left of the division rounded towards zero, which has the sign of {@code this}. */
    public Tensor fmod(Tensor other) {
        return BinaryOperators.FMOD_TENSOR.call(this, other);
    }

    /** What is left of the division rounded towards zero, which has the sign of {@code this}. */
    public Tensor fmod(Number other) {
        return BinaryOperators.FMOD_SCALAR.call(this, other);
    }

    /** The angle of the point {@code (other, this)} in radians, from -pi to pi. */
    public Tensor atan2(Tensor other) {
        return BinaryOperators.ATAN2.call(this, other);
    }

    /** The magnitude of {@code this} with the sign of {@code other}. */
    public Tensor copysign(Tensor other) {
        return BinaryOperators.COPYSIGN.call(this, other);
    }

    /** {@code this * log(other)}: 0 where {@code this} is 0. */
    public Tensor xlogy(Tensor other) {
        return BinaryOperators.XLOGY.call(this, other);
    }

    /** {@code log(exp(this) + exp(other))} without overflow. */
    public Tensor logaddexp(Tensor other) {
        return BinaryOperators.LOGADDEXP.call(this, other);
    }

    /** {@code log2(2^this + 2^other)} without overflow. */
    public Tensor logaddexp2(Tensor other) {
        return BinaryOperators.LOGADDEXP2.call(this, other);
    }

    /** 0 below 0, 1 above, and {@code values} at 0. */
    public Tensor heaviside(Tensor values) {
        return BinaryOperators.HEAVISIDE.call(this, values);
    }

    /** {@code this + value * first * second}. */
    public Tensor addcmul(Tensor first, Tensor second, Number value) {
        return TernaryOperators.ADDCMUL.call(this, first, second, value);
    }

    /** {@code this + value * first / second}. */
    public Tensor addcdiv(Tensor first, Tensor second, Number value) {
        return TernaryOperators.ADDCDIV.call(this, first, second, value);
    }

    /** {@code this + weight * (end - this)}. */
    public Tensor lerp(Tensor end, Number weight) {
        return TernaryOperators.LERP_SCALAR.call(this, end, weight);
    }

    /** {@code this + weight * (end - this)}. */
    public Tensor lerp(Tensor end, Tensor weight) {
        return TernaryOperators.LERP_TENSOR.call(this, end, weight);
    }

    // ---- functions of one element

    /** {@code -this}. */
    public Tensor neg() {
        return UnaryOperators.NEG.call(this);
    }

    /** Without the sign. */
    public Tensor abs() {
        return UnaryOperators.ABS.call(this);
    }

    /** -1, 0 or 1; of NaN 0. */
    public Tensor sign() {
        return UnaryOperators.SIGN.call(this);
    }

    /** Rounded down. */
    public Tensor floor() {
        return UnaryOperators.FLOOR.call(this);
    }

    /** Rounded up. */
    public Tensor ceil() {
        return UnaryOperators.CEIL.call(this);
    }

    /** To the nearest integer, halves to the even one. */
    public Tensor round() {
        return UnaryOperators.ROUND.call(this);
    }

    /** Rounded towards zero. */
    public Tensor trunc() {
        return UnaryOperators.TRUNC.call(this);
    }

    /** What {@code trunc} takes away; it has the sign of {@code this}. */
    public Tensor frac() {
        return UnaryOperators.FRAC.call(this);
    }

    /** {@code e} to the power of {@code this}. */
    public Tensor exp() {
        return UnaryOperators.EXP.call(this);
    }

    /** {@code exp(this) - 1}, exact near 0. */
    public Tensor expm1() {
        return UnaryOperators.EXPM1.call(this);
    }

    /** Natural logarithm; NaN below 0. */
    public Tensor log() {
        return UnaryOperators.LOG.call(this);
    }

    /** 2 to the power of {@code this}. */
    public Tensor exp2() {
        return UnaryOperators.EXP2.call(this);
    }

    /** Logarithm to base 2; NaN below 0. */
    public Tensor log2() {
        return UnaryOperators.LOG2.call(this);
    }

    /** Logarithm to base 10; NaN below 0. */
    public Tensor log10() {
        return UnaryOperators.LOG10.call(this);
    }

    /** {@code log(1 + this)}, exact near 0. */
    public Tensor log1p() {
        return UnaryOperators.LOG1P.call(this);
    }

    /** Square root; NaN below 0. */
    public Tensor sqrt() {
        return UnaryOperators.SQRT.call(this);
    }

    /** {@code 1 / sqrt(this)}. */
    public Tensor rsqrt() {
        return UnaryOperators.RSQRT.call(this);
    }

    /** {@code 1 / this}. */
    public Tensor reciprocal() {
        return UnaryOperators.RECIPROCAL.call(this);
    }

    /** Sine of radians. */
    public Tensor sin() {
        return UnaryOperators.SIN.call(this);
    }

    /** Cosine of radians. */
    public Tensor cos() {
        return UnaryOperators.COS.call(this);
    }

    /** Tangent of radians. */
    public Tensor tan() {
        return UnaryOperators.TAN.call(this);
    }

    /** The angle whose sine it is, in radians; NaN beyond -1 to 1. */
    public Tensor asin() {
        return UnaryOperators.ASIN.call(this);
    }

    /** The angle whose cosine it is, in radians; NaN beyond -1 to 1. */
    public Tensor acos() {
        return UnaryOperators.ACOS.call(this);
    }

    /** The angle whose tangent it is, in radians. */
    public Tensor atan() {
        return UnaryOperators.ATAN.call(this);
    }

    /** Hyperbolic sine. */
    public Tensor sinh() {
        return UnaryOperators.SINH.call(this);
    }

    /** Hyperbolic cosine. */
    public Tensor cosh() {
        return UnaryOperators.COSH.call(this);
    }

    /** Hyperbolic tangent. */
    public Tensor tanh() {
        return UnaryOperators.TANH.call(this);
    }

    /** The number whose hyperbolic sine it is. */
    public Tensor asinh() {
        return UnaryOperators.ASINH.call(this);
    }

    /** The number, not negative, whose hyperbolic cosine it is; NaN below 1. */
    public Tensor acosh() {
        return UnaryOperators.ACOSH.call(this);
    }

    /** The number whose hyperbolic tangent it is; NaN beyond -1 to 1. */
    public Tensor atanh() {
        return UnaryOperators.ATANH.call(this);
    }

    /** Error function. */
    public Tensor erf() {
        return UnaryOperators.ERF.call(this);
    }

    /** {@code 1 - erf(this)}, exact also where that is tiny. */
    public Tensor erfc() {
        return UnaryOperators.ERFC.call(this);
    }

    /** The number whose {@code erf} it is; NaN beyond -1 to 1. */
    public Tensor erfinv() {
        return UnaryOperators.ERFINV.call(this);
    }

    /** {@code log(|gamma(this)|)}. */
    public Tensor lgamma() {
        return UnaryOperators.LGAMMA.call(this);
    }

    /** The derivative of {@code lgamma}. */
    public Tensor digamma() {
        return UnaryOperators.DIGAMMA.call(this);
    }

    /** {@code -this * log(this)}: 0 at 0, minus infinity below. */
    public Tensor entr() {
        return UnaryOperators.SPECIAL_ENTR.call(this);
    }

    // ---- activations

    /** {@code max(this, 0)}. */
    public Tensor relu() {
        return UnaryOperators.RELU.call(this);
    }

    /** {@code this} above 0, {@code slope * this} below. */
    public Tensor leakyRelu(double slope) {
        return ActivationOperators.LEAKY_RELU.call(this, slope);
    }

    /** {@code 1 / (1 + exp(-this))}. */
    public Tensor sigmoid() {
        return UnaryOperators.SIGMOID.call(this);
    }

    /** {@code this * sigmoid(this)}. */
    public Tensor silu() {
        return UnaryOperators.SILU.call(this);
    }

    /** {@code this * (1 + erf(this / sqrt(2))) / 2}, the exact form. */
    public Tensor gelu() {
        return UnaryOperators.GELU.call(this);
    }

    /** GELU approximated by tanh, as GPT-2 has it. */
    public Tensor geluTanh() {
        return UnaryOperators.GELU.call(this, "tanh");
    }

    /** {@code exp(this) / sum(exp(this))} along a dimension. */
    public Tensor softmax(int dim) {
        return NormalizationOperators.SOFTMAX.call(this, dim, /* halfToFloat= */ false);
    }

    /** The logarithm of the softmax along a dimension. */
    public Tensor logSoftmax(int dim) {
        return NormalizationOperators.LOG_SOFTMAX.call(this, dim, /* halfToFloat= */ false);
    }

    // ---- comparisons and logic: the result is bool

    /** {@code this == other}. */
    public Tensor eq(Tensor other) {
        return ComparisonOperators.EQ_TENSOR.call(this, other);
    }

    /** {@code this == other}. */
    public Tensor eq(Number other) {
        return ComparisonOperators.EQ_SCALAR.call(this, other);
    }

    /** {@code this != other}. */
    public Tensor ne(Tensor other) {
        return ComparisonOperators.NE_TENSOR.call(this, other);
    }

    /** {@code this != other}. */
    public Tensor ne(Number other) {
        return ComparisonOperators.NE_SCALAR.call(this, other);
    }

    /** {@code this < other}. */
    public Tensor lt(Tensor other) {
        return ComparisonOperators.LT_TENSOR.call(this, other);
    }

    /** {@code this < other}. */
    public Tensor lt(Number other) {
        return ComparisonOperators.LT_SCALAR.call(this, other);
    }

    /** {@code this <= other}. */
    public Tensor le(Tensor other) {
        return ComparisonOperators.LE_TENSOR.call(this, other);
    }

    /** {@code this <= other}. */
    public Tensor le(Number other) {
        return ComparisonOperators.LE_SCALAR.call(this, other);
    }

    /** {@code this > other}. */
    public Tensor gt(Tensor other) {
        return ComparisonOperators.GT_TENSOR.call(this, other);
    }

    /** {@code this > other}. */
    public Tensor gt(Number other) {
        return ComparisonOperators.GT_SCALAR.call(this, other);
    }

    /** {@code this >= other}. */
    public Tensor ge(Tensor other) {
        return ComparisonOperators.GE_TENSOR.call(this, other);
    }

    /** {@code this >= other}. */
    public Tensor ge(Number other) {
        return ComparisonOperators.GE_SCALAR.call(this, other);
    }

    /** Whether it is NaN. */
    public Tensor isnan() {
        return UnaryOperators.ISNAN.call(this);
    }

    /** Whether it is infinite. */
    public Tensor isinf() {
        return UnaryOperators.ISINF.call(this);
    }

    /** With NaN as 0 and infinities as the largest and smallest finite numbers. */
    public Tensor nanToNum() {
        return UnaryOperators.NAN_TO_NUM.call(this);
    }

    /** With NaN and infinities replaced by these numbers; null stands for the default of {@link #nanToNum()}. */
    public Tensor nanToNum(Double nan, Double posinf, Double neginf) {
        return UnaryOperators.NAN_TO_NUM.call(this, nan, posinf, neginf);
    }

    /** Both; a number stands for whether it is not zero. */
    public Tensor logicalAnd(Tensor other) {
        return ComparisonOperators.LOGICAL_AND.call(this, other);
    }

    /** Either or both; a number stands for whether it is not zero. */
    public Tensor logicalOr(Tensor other) {
        return ComparisonOperators.LOGICAL_OR.call(this, other);
    }

    /** Exactly one; a number stands for whether it is not zero. */
    public Tensor logicalXor(Tensor other) {
        return ComparisonOperators.LOGICAL_XOR.call(this, other);
    }

    /** Neither; a number stands for whether it is not zero. */
    public Tensor logicalNot() {
        return UnaryOperators.LOGICAL_NOT.call(this);
    }

    /** Bit by bit, of integers or booleans. */
    public Tensor bitwiseAnd(Tensor other) {
        return BinaryOperators.BITWISE_AND.call(this, other);
    }

    /** Bit by bit with a number, of integers or booleans. */
    public Tensor bitwiseAnd(Number other) {
        return BinaryOperators.BITWISE_AND_SCALAR.call(this, other);
    }

    /** Bit by bit, of integers or booleans. */
    public Tensor bitwiseOr(Tensor other) {
        return BinaryOperators.BITWISE_OR.call(this, other);
    }

    /** Bit by bit with a number, of integers or booleans. */
    public Tensor bitwiseOr(Number other) {
        return BinaryOperators.BITWISE_OR_SCALAR.call(this, other);
    }

    /** Bit by bit, of integers or booleans. */
    public Tensor bitwiseXor(Tensor other) {
        return BinaryOperators.BITWISE_XOR.call(this, other);
    }

    /** Bit by bit with a number, of integers or booleans. */
    public Tensor bitwiseXor(Number other) {
        return BinaryOperators.BITWISE_XOR_SCALAR.call(this, other);
    }

    /** Bit by bit, of integers or booleans. */
    public Tensor bitwiseNot() {
        return UnaryOperators.BITWISE_NOT.call(this);
    }

    // ---- choosing

    /** {@code then} where the condition holds, {@code orElse} where it does not; all three broadcast. */
    public static Tensor where(Tensor condition, Tensor then, Tensor orElse) {
        return ConditionalOperators.WHERE.call(condition, then, orElse);
    }

    /** As {@link #where(Tensor, Tensor, Tensor)}, with a number. */
    public static Tensor where(Tensor condition, Tensor then, Number orElse) {
        return where(condition, then, then.scalar(orElse));
    }

    /** As {@link #where(Tensor, Tensor, Tensor)}, with a number. */
    public static Tensor where(Tensor condition, Number then, Tensor orElse) {
        return where(condition, orElse.scalar(then), orElse);
    }

    /** Not below {@code min} and not above {@code max}. */
    public Tensor clamp(Number min, Number max) {
        return ConditionalOperators.CLAMP.call(this, min, max);
    }

    /** Not below {@code min} and not above {@code max}, element by element; either may be null. */
    public Tensor clamp(Tensor min, Tensor max) {
        return ConditionalOperators.CLAMP_TENSOR.call(this, min, max);
    }

    /** Not below {@code min}. */
    public Tensor clampMin(Number min) {
        return ConditionalOperators.CLAMP_MIN.call(this, min);
    }

    /** Not above {@code max}. */
    public Tensor clampMax(Number max) {
        return ConditionalOperators.CLAMP.call(this, null, max);
    }

    /** The value where the mask holds. */
    public Tensor maskedFill(Tensor mask, Number value) {
        return ConditionalOperators.MASKED_FILL_SCALAR.call(this, mask, value);
    }

    /** The value, of no dimensions, where the mask holds. */
    public Tensor maskedFill(Tensor mask, Tensor value) {
        return ConditionalOperators.MASKED_FILL_TENSOR.call(this, mask, value);
    }

    // ---- reductions: over all dimensions, or over some, which go away or (keepDims) stay with size 1

    /** Sum of all elements; of integers and booleans {@code i64}. */
    public Tensor sum() {
        return ReductionOperators.SUM.call(this);
    }

    /** Sum along dimensions. */
    public Tensor sum(int... dims) {
        return ReductionOperators.SUM_DIM.call(this, dims);
    }

    /** Sum along a dimension. */
    public Tensor sum(int dim, boolean keepDims) {
        return ReductionOperators.SUM_DIM.call(this, new int[] {dim}, keepDims);
    }

    /** Mean of all elements. */
    public Tensor mean() {
        return ReductionOperators.MEAN.call(this);
    }

    /** Mean along dimensions. */
    public Tensor mean(int... dims) {
        return ReductionOperators.MEAN_DIM.call(this, dims);
    }

    /** Mean along a dimension. */
    public Tensor mean(int dim, boolean keepDims) {
        return ReductionOperators.MEAN_DIM.call(this, new int[] {dim}, keepDims);
    }

    /** Unbiased variance along dimensions (of all elements if none is given): divided by the count less 1. */
    public Tensor var(int... dims) {
        return ReductionOperators.VAR.call(this, dims);
    }

    /** Variance along a dimension, divided by the count less {@code correction}. */
    public Tensor var(int dim, int correction, boolean keepDims) {
        return ReductionOperators.VAR.call(this, new int[] {dim}, correction, keepDims);
    }

    /** Unbiased standard deviation along dimensions (of all elements if none is given). */
    public Tensor std(int... dims) {
        return ReductionOperators.STD.call(this, dims);
    }

    /** Standard deviation along a dimension, by the count less {@code correction}. */
    public Tensor std(int dim, int correction, boolean keepDims) {
        return ReductionOperators.STD.call(this, new int[] {dim}, correction, keepDims);
    }

    /** The variance and the mean along a dimension. */
    public List<Tensor> varMean(int dim, int correction, boolean keepDims) {
        return ReductionOperators.VAR_MEAN.callAll(this, new int[] {dim}, correction, keepDims);
    }

    /** The standard deviation and the mean along a dimension. */
    public List<Tensor> stdMean(int dim, int correction, boolean keepDims) {
        return ReductionOperators.STD_MEAN.callAll(this, new int[] {dim}, correction, keepDims);
    }

    /** Product of all elements; of integers and booleans {@code i64}. */
    public Tensor prod() {
        return ReductionOperators.PROD.call(this);
    }

    /** Product along a dimension. */
    public Tensor prod(int dim) {
        return prod(dim, /* keepDims= */ false);
    }

    /** Product along a dimension. */
    public Tensor prod(int dim, boolean keepDims) {
        return ReductionOperators.PROD_DIM.call(this, dim, keepDims);
    }

    /** {@code log(sum(exp(this)))} along dimensions, without overflow. */
    public Tensor logsumexp(int... dims) {
        return ReductionOperators.LOGSUMEXP.call(this, dims);
    }

    /** {@code log(sum(exp(this)))} along a dimension, without overflow. */
    public Tensor logsumexp(int dim, boolean keepDims) {
        return ReductionOperators.LOGSUMEXP.call(this, new int[] {dim}, keepDims);
    }

    /** How many elements are not zero, {@code i64}. */
    public Tensor countNonzero() {
        return ReductionOperators.COUNT_NONZERO.call(this);
    }

    /** How many elements along a dimension are not zero, {@code i64}. */
    public Tensor countNonzero(int dim) {
        return ReductionOperators.COUNT_NONZERO.call(this, dim);
    }

    /** The root of the sum of squares along dimensions (of all if none is given). */
    public Tensor norm(int... dims) {
        return NormOperators.NORM.call(this, 2, dims);
    }

    /** The p-norm {@code sum(|this|^p)^(1/p)} along a dimension. */
    public Tensor norm(Number p, int dim, boolean keepDims) {
        return NormOperators.NORM.call(this, p, new int[] {dim}, keepDims);
    }

    /** The largest element; NaN if any is. */
    public Tensor max() {
        return ReductionOperators.MAX.call(this);
    }

    /** The largest elements along a dimension and their (first) indices. */
    public IndexedValues max(int dim) {
        return max(dim, /* keepDims= */ false);
    }

    /** The largest elements along a dimension and their (first) indices. */
    public IndexedValues max(int dim, boolean keepDims) {
        return IndexedValues.of(ReductionOperators.MAX_DIM.callAll(this, dim, keepDims));
    }

    /** The smallest element; NaN if any is. */
    public Tensor min() {
        return ReductionOperators.MIN.call(this);
    }

    /** The smallest elements along a dimension and their (first) indices. */
    public IndexedValues min(int dim) {
        return min(dim, /* keepDims= */ false);
    }

    /** The smallest elements along a dimension and their (first) indices. */
    public IndexedValues min(int dim, boolean keepDims) {
        return IndexedValues.of(ReductionOperators.MIN_DIM.callAll(this, dim, keepDims));
    }

    /** The smallest and the largest element. */
    public List<Tensor> aminmax() {
        return ReductionOperators.AMINMAX.callAll(this);
    }

    /** The smallest and the largest elements along a dimension. */
    public List<Tensor> aminmax(int dim, boolean keepDims) {
        return ReductionOperators.AMINMAX.callAll(this, dim, keepDims);
    }

    /** The largest elements along dimensions (of all if none is given). */
    public Tensor amax(int... dims) {
        return ReductionOperators.AMAX.call(this, dims);
    }

    /** The largest elements along a dimension. */
    public Tensor amax(int dim, boolean keepDims) {
        return ReductionOperators.AMAX.call(this, new int[] {dim}, keepDims);
    }

    /** The smallest elements along dimensions (of all if none is given). */
    public Tensor amin(int... dims) {
        return ReductionOperators.AMIN.call(this, dims);
    }

    /** The smallest elements along a dimension. */
    public Tensor amin(int dim, boolean keepDims) {
        return ReductionOperators.AMIN.call(this, new int[] {dim}, keepDims);
    }

    /** Index of the largest element in the flattened tensor, {@code i64}. */
    public Tensor argmax() {
        return ReductionOperators.ARGMAX.call(this);
    }

    /** Index of the largest element along a dimension, {@code i64}. */
    public Tensor argmax(int dim) {
        return argmax(dim, /* keepDims= */ false);
    }

    /** Index of the largest element along a dimension, {@code i64}. */
    public Tensor argmax(int dim, boolean keepDims) {
        return ReductionOperators.ARGMAX.call(this, dim, keepDims);
    }

    /** Index of the smallest element in the flattened tensor, {@code i64}. */
    public Tensor argmin() {
        return ReductionOperators.ARGMIN.call(this);
    }

    /** Index of the smallest element along a dimension, {@code i64}. */
    public Tensor argmin(int dim) {
        return argmin(dim, /* keepDims= */ false);
    }

    /** Index of the smallest element along a dimension, {@code i64}. */
    public Tensor argmin(int dim, boolean keepDims) {
        return ReductionOperators.ARGMIN.call(this, dim, keepDims);
    }

    /** Whether any element is true (not zero). */
    public Tensor any() {
        return ReductionOperators.ANY.call(this);
    }

    /** Whether any element along a dimension is true (not zero). */
    public Tensor any(int dim) {
        return any(dim, /* keepDims= */ false);
    }

    /** Whether any element along a dimension is true (not zero). */
    public Tensor any(int dim, boolean keepDims) {
        return ReductionOperators.ANY_DIM.call(this, dim, keepDims);
    }

    /** Whether any element along several dimensions is true (not zero). */
    public Tensor any(int first, int... more) {
        return ReductionOperators.ANY_DIMS.call(this, IntStream.concat(IntStream.of(first), IntStream.of(more)).toArray());
    }

    /** Whether all elements are true (not zero). */
    public Tensor all() {
        return ReductionOperators.ALL.call(this);
    }

    /** Whether all elements along a dimension are true (not zero). */
    public Tensor all(int dim) {
        return all(dim, /* keepDims= */ false);
    }

    /** Whether all elements along a dimension are true (not zero). */
    public Tensor all(int dim, boolean keepDims) {
        return ReductionOperators.ALL_DIM.call(this, dim, keepDims);
    }

    // ---- scans along a dimension

    /** Sums of the elements up to each place; of integers and booleans {@code i64}. */
    public Tensor cumsum(int dim) {
        return ScanOperators.CUMSUM.call(this, dim);
    }

    /** Products of the elements up to each place; of integers and booleans {@code i64}. */
    public Tensor cumprod(int dim) {
        return ScanOperators.CUMPROD.call(this, dim);
    }

    /** The largest elements up to each place, and the last places where they stand; NaN counts as the largest. */
    public IndexedValues cummax(int dim) {
        return IndexedValues.of(ScanOperators.CUMMAX.callAll(this, dim));
    }

    /** The smallest elements up to each place, and the last places where they stand; NaN counts as the smallest. */
    public IndexedValues cummin(int dim) {
        return IndexedValues.of(ScanOperators.CUMMIN.callAll(this, dim));
    }

    /** {@code this.exp().cumsum(dim).log()}, without overflow. */
    public Tensor logcumsumexp(int dim) {
        return ScanOperators.LOGCUMSUMEXP.call(this, dim);
    }

    // ---- sorting along a dimension: NaN is the largest; of equal elements the earlier one comes first

    /** In ascending order along the last dimension. */
    public IndexedValues sort() {
        return sort(-1, /* descending= */ false);
    }

    public IndexedValues sort(int dim, boolean descending) {
        return IndexedValues.of(SortingOperators.SORT.callAll(this, dim, descending));
    }

    /** The indices that would sort. */
    public Tensor argsort(int dim, boolean descending) {
        return sort(dim, descending).indices();
    }

    /** The k largest along the last dimension, the largest first. */
    public IndexedValues topk(int k) {
        return topk(Size.of(k), -1, /* largest= */ true);
    }

    /** The k largest, the largest first, or the k smallest, the smallest first. */
    public IndexedValues topk(Size k, int dim, boolean largest) {
        return IndexedValues.of(SortingOperators.TOPK.callAll(this, k, dim, largest));
    }

    /** The k-th smallest along a dimension, counted from 1. */
    public IndexedValues kthvalue(Size k, int dim) {
        return IndexedValues.of(SortingOperators.KTHVALUE.callAll(this, k, dim));
    }

    /** The middle element along a dimension, of an even number the lower of the two; NaN if an element is. */
    public IndexedValues median(int dim) {
        return IndexedValues.of(SortingOperators.MEDIAN_DIM.callAll(this, dim));
    }

    /** The most frequent element along a dimension, the smallest if there are several, at its last place. */
    public IndexedValues mode(int dim) {
        return IndexedValues.of(SortingOperators.MODE.callAll(this, dim));
    }

    // ---- counting

    /** How often each of {@code 0 ... minlength - 1} occurs; where the values are known, up to the largest of them. */
    public Tensor bincount(int minlength) {
        return HistogramOperators.BINCOUNT.call(this, null, minlength);
    }

    /** Sums of the weights of equal elements. */
    public Tensor bincount(Tensor weights, int minlength) {
        return HistogramOperators.BINCOUNT.call(this, weights, minlength);
    }

    /** Counts of equal bins from min to max; if these are equal, over the range of the data. */
    public Tensor histc(int bins, Number min, Number max) {
        return HistogramOperators.HISTC.call(this, bins, min, max);
    }

    // ---- writing at places that are tensors: the result is a copy

    /** {@code result[i][index[i][j]] = source[i][j]}, here for {@code dim = 1}. */
    public Tensor scatter(int dim, Tensor index, Tensor source) {
        return ScatterOperators.SCATTER.call(this, dim, index, source);
    }

    /** {@code result[i][index[i][j]] = value}, here for {@code dim = 1}. */
    public Tensor scatter(int dim, Tensor index, Number value) {
        return ScatterOperators.SCATTER_VALUE.call(this, dim, index, value);
    }

    /** {@code result[i][index[i][j]] += source[i][j]}, here for {@code dim = 1}. */
    public Tensor scatterAdd(int dim, Tensor index, Tensor source) {
        return ScatterOperators.SCATTER_ADD.call(this, dim, index, source);
    }

    /** Combines by {@code sum}, {@code prod}, {@code mean}, {@code amax} or {@code amin} what meets at one place. */
    public Tensor scatterReduce(int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
        return ScatterOperators.SCATTER_REDUCE.call(this, dim, index, source, reduce, includeSelf);
    }

    /** {@code result[index[j]] += source[j]}, here for {@code dim = 0}. */
    public Tensor indexAdd(int dim, Tensor index, Tensor source) {
        return ScatterOperators.INDEX_ADD.call(this, dim, index, source);
    }

    /** {@code result[index[j]] = source[j]}, here for {@code dim = 0}. */
    public Tensor indexCopy(int dim, Tensor index, Tensor source) {
        return ScatterOperators.INDEX_COPY.call(this, dim, index, source);
    }

    /** {@code result[index[j]] = value}, here for {@code dim = 0}; negative indices count from the end. */
    public Tensor indexFill(int dim, Tensor index, Number value) {
        return ScatterOperators.INDEX_FILL.call(this, dim, index, value);
    }

    /** {@code result[indices[0][j], indices[1][j], ...] = values[j]}, or {@code +=}; or values where a mask holds. */
    public Tensor indexPut(List<Tensor> indices, Tensor values, boolean accumulate) {
        return ScatterOperators.INDEX_PUT.call(this, indices, values, accumulate);
    }

    /**
     * {@code result[indices] = values}, or {@code +=}: the values broadcast to what {@link #index} would select.
     *
     * @param indices {@link Index#all}, {@link Index#at} and {@link Index#rest}
     */
    public Tensor indexPut(Tensor values, boolean accumulate, Index... indices) {
        return Indexing.put(this, values, accumulate, indices);
    }

    /** Where the mask holds, the next of the source's elements. */
    public Tensor maskedScatter(Tensor mask, Tensor source) {
        return ScatterOperators.MASKED_SCATTER.call(this, mask, source);
    }

    // ---- memory that outlives the call

    /**
     * This tensor; and when the entry's call ends, {@code target} holds {@code value}. The target is an input of the entry, whose
     * memory the caller finds changed, or a {@link #state state} of the model. All reads of the target in the entry see what it held
     * before the call. A target is updated once in an entry, and not within a branch or loop.
     *
     * <pre>{@code
     * Tensor keys = cache.indexCopy(1, position, key);       // as it will be
     * return attend(query, keys).updating(cache, keys);      // written in place: of the cache only the new row is
     * }</pre>
     *
     * @throws TensorException if the target is anything else, or the value is of another type
     */
    public Tensor updating(Tensor target, Tensor value) {
        return UpdateOperators.UPDATING.call(this, target, value);
    }

    // ---- products and layers

    /** The product of matrices, of batches of them, or of vectors, by the numbers of dimensions as {@code torch.matmul}. */
    public Tensor matmul(Tensor other) {
        return MatrixOperators.matmul(this, other);
    }

    /** The product of a matrix and a vector. */
    public Tensor mv(Tensor vector) {
        return MatrixOperators.MV.call(this, vector);
    }

    /** The sum of the products of two vectors. */
    public Tensor dot(Tensor other) {
        return MatrixOperators.DOT.call(this, other);
    }

    /** {@code beta * this + alpha * (first x second)} for each of a batch of matrices. */
    public Tensor baddbmm(Tensor first, Tensor second, Number beta, Number alpha) {
        return MatrixOperators.BADDBMM.call(this, first, second, beta, alpha);
    }

    /** {@code beta * this + alpha * outer(first, second)}. */
    public Tensor addr(Tensor first, Tensor second, Number beta, Number alpha) {
        return MatrixOperators.ADDR.call(this, first, second, beta, alpha);
    }

    /** The distance of every row from every row of the other: {@code [..., n, d], [..., m, d] -> [..., n, m]}. */
    public Tensor cdist(Tensor other, double p) {
        return NormOperators.CDIST.call(this, other, p, null);
    }

    /** {@code this x weight^T}: {@code [..., k] x [m, k] -> [..., m]}. */
    public Tensor linear(Tensor weight) {
        return MatrixOperators.LINEAR.call(this, weight);
    }

    /** {@code this x weight^T + bias}: {@code [..., k] x [m, k] + [m] -> [..., m]}; the bias may be null. */
    public Tensor linear(Tensor weight, Tensor bias) {
        return MatrixOperators.LINEAR.call(this, weight, bias);
    }

    /** {@code softmax(this x key^T / sqrt(d)) x value}: {@code [..., n, d], [..., m, d], [..., m, e] -> [..., n, e]}. */
    public Tensor scaledDotProductAttention(Tensor key, Tensor value) {
        return scaledDotProductAttention(key, value, Attention.DEFAULT);
    }

    /** As {@link #scaledDotProductAttention(Tensor, Tensor)}, with a mask, causal, or with another scale. */
    public Tensor scaledDotProductAttention(Tensor key, Tensor value, Attention options) {
        return AttentionOperators.attention(this, key, value, options);
    }

    /** Convolution of images {@code [batch, channels, height, width]}; the bias may be null. */
    public Tensor conv2d(Tensor weight, Tensor bias, Convolution options) {
        return ConvolutionOperators.convolution(2, this, weight, bias, options);
    }

    /** The largest element of each window of an image. */
    public Tensor maxPool2d(Window window) {
        return PoolingOperators.maxPool2d(this, window);
    }

    /** The mean of each window of an image, padding counted as zeros. */
    public Tensor avgPool2d(Window window) {
        return PoolingOperators.avgPool2d(this, window);
    }

    /** Means over windows such that the image becomes {@code height x width}. */
    public Tensor adaptiveAvgPool2d(int height, int width) {
        return PoolingOperators.ADAPTIVE_AVG_POOL2D.call(this, List.of(height, width));
    }

    /** {@code (this - mean) / sqrt(var + eps) * weight + bias} over the last dimensions; weight and bias may be null. */
    public Tensor layerNorm(List<Size> normalizedShape, Tensor weight, Tensor bias, double eps) {
        return NormalizationOperators.NATIVE_LAYER_NORM.callAll(this, normalizedShape, weight, bias, eps).getFirst();
    }

    /** {@code (this - mean) / sqrt(var + eps) * weight + bias} for each channel, dimension 1; weight and bias may be null. */
    public Tensor batchNorm(Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVar, double eps) {
        return NormalizationOperators.BATCH_NORM
                .callAll(this, weight, bias, runningMean, runningVar, /* momentum= */ 0.1, eps).getFirst();
    }

    /** The rows of {@code weight} (a table {@code [n, d]}) at these indices: {@code i64[...] -> [..., d]}. */
    public Tensor embedding(Tensor weight) {
        return IndexingOperators.EMBEDDING.call(weight, this);
    }

    // ---- other sizes, same elements

    /** The elements in row-major order with other sizes; one may be -1, which is worked out. */
    public Tensor view(long... sizes) {
        return ViewOperators.VIEW.call(this, sizes);
    }

    /** The elements in row-major order with other sizes. */
    public Tensor view(Shape shape) {
        return ViewOperators.VIEW.call(this, shape.sizes());
    }

    /** The same as {@link #view(long...)}: tensors are values, so nothing can be shared. */
    public Tensor reshape(long... sizes) {
        return view(sizes);
    }

    /** The same as {@link #view(Shape)}. */
    public Tensor reshape(Shape shape) {
        return view(shape);
    }

    /** The elements in row-major order with other sizes, dynamic ones among them: {@code x.reshape(x.size(0), Size.of(64))}. */
    public Tensor reshape(Size... sizes) {
        return ViewOperators.VIEW.call(this, List.of(sizes));
    }

    /** All dimensions into one. */
    public Tensor flatten() {
        return dim() == 0 ? view(1) : flatten(0, -1);
    }

    /** The dimensions from {@code start} to the last into one. */
    public Tensor flatten(int start) {
        return flatten(start, -1);
    }

    /** The dimensions from {@code start} to {@code end}, both included, into one. */
    public Tensor flatten(int start, int end) {
        return ViewOperators.flatten(this, start, end);
    }

    /** One dimension into several, whose sizes multiply to it; one may be -1. */
    public Tensor unflatten(int dim, long... sizes) {
        return ViewOperators.unflatten(this, dim, sizes);
    }

    /** The dimensions in another order: dimension {@code i} of the result is dimension {@code dims[i]}. */
    public Tensor permute(int... dims) {
        return ViewOperators.PERMUTE.call(this, dims);
    }

    /** Two dimensions exchanged. */
    public Tensor transpose(int dim0, int dim1) {
        return ViewOperators.TRANSPOSE.call(this, dim0, dim1);
    }

    /** The transpose of a matrix. */
    public Tensor t() {
        return ViewOperators.T.call(this);
    }

    /** Without any dimension of size 1. A dynamic size is never taken for 1. */
    public Tensor squeeze() {
        return ViewOperators.SQUEEZE.call(this);
    }

    /** Without that dimension if its size is 1. */
    public Tensor squeeze(int dim) {
        return ViewOperators.SQUEEZE_DIM.call(this, dim);
    }

    /** Without those of the dimensions whose size is 1. */
    public Tensor squeeze(int first, int... more) {
        return ViewOperators.SQUEEZE_DIMS.call(this, IntStream.concat(IntStream.of(first), IntStream.of(more)).toArray());
    }

    /** With a new dimension of size 1 at that place. */
    public Tensor unsqueeze(int dim) {
        return ViewOperators.UNSQUEEZE.call(this, dim);
    }

    /** Dimensions of size 1 repeated to these sizes; -1 keeps one; new ones come in front. */
    public Tensor expand(long... sizes) {
        return ViewOperators.EXPAND.call(this, sizes);
    }

    /** Dimensions of size 1 repeated to these sizes; new ones come in front. */
    public Tensor expand(Shape shape) {
        return ViewOperators.EXPAND.call(this, shape.sizes());
    }

    /** The bits of the elements as those of another element type, which takes as many bytes. {@link #to} converts values. */
    public Tensor view(DType dtype) {
        return dtype == dtype() ? this : ViewOperators.VIEW_DTYPE.call(this, dtype);
    }

    // ---- elements in another order

    /** These dimensions backwards. */
    public Tensor flip(int... dims) {
        return RearrangingOperators.FLIP.call(this, dims);
    }

    /** The flattened elements moved on by {@code shift}; what leaves at the end comes in at the start. */
    public Tensor roll(long shift) {
        return RearrangingOperators.ROLL.call(this, new long[] {shift});
    }

    /** A dimension moved on by {@code shift}; what leaves at the end comes in at the start. */
    public Tensor roll(long shift, int dim) {
        return RearrangingOperators.ROLL.call(this, new long[] {shift}, new int[] {dim});
    }

    /** {@code k} quarter turns from one dimension to another. */
    public Tensor rot90(int k, int from, int to) {
        return RearrangingOperators.ROT90.call(this, k, new int[] {from, to});
    }

    /** The tensor again and again along each dimension; new dimensions come in front. */
    public Tensor repeat(long... repeats) {
        return RearrangingOperators.REPEAT.call(this, repeats);
    }

    /** Windows of {@code size} elements, {@code step} apart, along a dimension, as a new last dimension. */
    public Tensor unfold(int dim, long size, long step) {
        return RearrangingOperators.UNFOLD.call(this, dim, size, step);
    }

    /**
     * Elements by their places in memory: {@code result[i, j, ...] = storage[offset + i * stride[0] + j * stride[1] + ...]}. The
     * storage is that of the tensor of which this is a view, row-major; an input's storage are its elements.
     */
    public Tensor asStrided(List<Size> size, List<Size> stride, Size storageOffset) {
        return StridedOperators.asStrided(this, size, stride, storageOffset);
    }

    /** As above, from this tensor's first element on. */
    public Tensor asStrided(long[] size, long... stride) {
        return StridedOperators.asStrided(this, Shape.of(size).sizes(), Shape.of(stride).sizes(), /* storageOffset= */ null);
    }

    /** The diagonal of the first two dimensions, as a new last dimension. */
    public Tensor diagonal() {
        return RearrangingOperators.DIAGONAL.call(this);
    }

    /** A diagonal of two dimensions, {@code offset} to the right, as a new last dimension. */
    public Tensor diagonal(long offset, int dim1, int dim2) {
        return RearrangingOperators.DIAGONAL.call(this, offset, dim1, dim2);
    }

    /** Matrices, as new last dimensions, whose diagonal is the last dimension. */
    public Tensor diagEmbed() {
        return RearrangingOperators.DIAG_EMBED.call(this);
    }

    /** Matrices in dimensions {@code dim1} and {@code dim2} whose diagonal, {@code offset} to the right, is the last dimension. */
    public Tensor diagEmbed(long offset, int dim1, int dim2) {
        return RearrangingOperators.DIAG_EMBED.call(this, offset, dim1, dim2);
    }

    /** The sum of a matrix's diagonal. */
    public Tensor trace() {
        return RearrangingOperators.TRACE.call(this);
    }

    /** 0 above the diagonal that is so many places to the right of the main one. */
    public Tensor tril(long diagonal) {
        return RearrangingOperators.TRIL.call(this, diagonal);
    }

    /** 0 below the diagonal that is so many places to the right of the main one. */
    public Tensor triu(long diagonal) {
        return RearrangingOperators.TRIU.call(this, diagonal);
    }

    /** This tensor with one index of a dimension replaced. */
    public Tensor selectScatter(Tensor source, int dim, long index) {
        return RearrangingOperators.SELECT_SCATTER.call(this, source, dim, index);
    }

    /** This tensor with the indices from {@code start} to {@code end} of a dimension replaced, every {@code step}th of them. */
    public Tensor sliceScatter(Tensor source, int dim, Size start, Size end, long step) {
        return RearrangingOperators.SLICE_SCATTER.call(this, source, dim, start, end, step);
    }

    // ---- elements at places that are tensors

    /** The indices of a dimension that a vector names. */
    public Tensor indexSelect(int dim, Tensor index) {
        return IndexingOperators.INDEX_SELECT.call(this, dim, index);
    }

    /** {@code result[i][j] = this[index[i][j]][j]} for dimension 0, and so on. */
    public Tensor gather(int dim, Tensor index) {
        return IndexingOperators.GATHER.call(this, dim, index);
    }

    /**
     * {@code this[indices]}: for each dimension what is taken of it, and all of those that are not named.
     *
     * <pre>{@code
     * x.index(Index.all(), Index.at(rows))                        // x[:, rows]
     * x.index(Index.at(rows), Index.at(columns))                  // x[rows, columns]: the elements of the pairs
     * x.index(Index.rest(), Index.slice(0, 8), Index.newAxis())   // x[..., 0:8, None]
     * }</pre>
     */
    public Tensor index(Index... indices) {
        return Indexing.select(this, indices);
    }

    /** Elements of the flattened tensor; negative indices count from the end. */
    public Tensor take(Tensor index) {
        return IndexingOperators.TAKE.call(this, index);
    }

    /** Where each value would be inserted into this sorted sequence, before what equals it or ({@code right}) after. */
    public Tensor searchsorted(Tensor values, boolean right) {
        return IndexingOperators.SEARCHSORTED.call(this, values, /* outInt32= */ false, right);
    }

    /** Into which bucket each value falls: the number of boundaries below it, or ({@code right}) not above it. */
    public Tensor bucketize(Tensor boundaries, boolean right) {
        return IndexingOperators.BUCKETIZE.call(this, boundaries, /* outInt32= */ false, right);
    }

    // ---- sizes that depend on data

    /** The places of the elements that are not zero, row-major: {@code i64[count, rank]}. */
    public Tensor nonzero() {
        return DataSizedOperators.NONZERO.call(this);
    }

    /** The distinct elements in ascending order. */
    public UniqueValues unique() {
        return uniqueValues(DataSizedOperators.UNIQUE.callAll(this, true, true, true));
    }

    /** The distinct slices of a dimension, ordered by their elements in turn. */
    public UniqueValues unique(int dim) {
        return uniqueValues(DataSizedOperators.UNIQUE_DIM.callAll(this, dim, true, true, true));
    }

    /** Runs of equal elements, each once. */
    public UniqueValues uniqueConsecutive() {
        return uniqueValues(DataSizedOperators.UNIQUE_CONSECUTIVE.callAll(this, true, true));
    }

    /** Runs of equal slices of a dimension, each once. */
    public UniqueValues uniqueConsecutive(int dim) {
        return uniqueValues(DataSizedOperators.UNIQUE_CONSECUTIVE.callAll(this, true, true, dim));
    }

    private static UniqueValues uniqueValues(List<Tensor> results) {
        return new UniqueValues(results.get(0), results.get(1), results.get(2));
    }

    /** Each slice of a dimension as often as the integer of {@code repeats} at its place says. */
    public Tensor repeatInterleave(Tensor repeats, int dim) {
        return DataSizedOperators.REPEAT_INTERLEAVE_SELF.call(this, repeats, dim);
    }

    /** The elements where the mask is true, row-major, in one dimension; the two are broadcast. */
    public Tensor maskedSelect(Tensor mask) {
        return DataSizedOperators.MASKED_SELECT.call(this, mask);
    }

    // ---- parts and wholes

    /** Indices from {@code start} to the end of a dimension; a negative start counts from the end. */
    public Tensor slice(int dim, long start) {
        return ViewOperators.SLICE.call(this, dim, start);
    }

    /** Indices {@code start} (inclusive) to {@code end} (exclusive); negative ones count from the end. */
    public Tensor slice(int dim, long start, long end) {
        return ViewOperators.SLICE.call(this, dim, start, end);
    }

    /** Every {@code step}-th index from {@code start} (inclusive) to {@code end} (exclusive). */
    public Tensor slice(int dim, long start, long end, long step) {
        return ViewOperators.SLICE.call(this, dim, start, end, step);
    }

    /** Indices {@code start} (inclusive) to {@code end} (exclusive), by dynamic sizes. */
    public Tensor slice(int dim, Size start, Size end) {
        return ViewOperators.SLICE.call(this, dim, start, end);
    }

    /** One index of a dimension, which goes away; a negative one counts from the end. */
    public Tensor select(int dim, long index) {
        return ViewOperators.SELECT.call(this, dim, index);
    }

    /** One index of a dimension, which goes away. */
    public Tensor select(int dim, Size index) {
        return ViewOperators.SELECT.call(this, dim, index);
    }

    /** Parts of a dimension of that size each, the last one smaller if it does not divide. */
    public List<Tensor> split(long size, int dim) {
        return SplittingOperators.SPLIT.callAll(this, size, dim);
    }

    /** Parts of a dimension of these sizes, which add up to its own. */
    public List<Tensor> split(List<Size> sizes, int dim) {
        return SplittingOperators.SPLIT_WITH_SIZES.callAll(this, sizes, dim);
    }

    /** Each index of a dimension, which goes away. */
    public List<Tensor> unbind(int dim) {
        return SplittingOperators.UNBIND.callAll(this, dim);
    }

    /** At most that many parts of a dimension, of equal size except the last. */
    public List<Tensor> chunk(int count, int dim) {
        return ViewOperators.chunk(this, count, dim);
    }

    /** Tensors one after another along a dimension. */
    public static Tensor cat(int dim, Tensor... tensors) {
        return cat(dim, List.of(tensors));
    }

    /** Tensors one after another along a dimension. */
    public static Tensor cat(int dim, List<Tensor> tensors) {
        return JoiningOperators.CAT.call(new Argument.OfTensors(tensors), dim);
    }

    /** Tensors of the same sizes along a new dimension. */
    public static Tensor stack(int dim, Tensor... tensors) {
        return stack(dim, List.of(tensors));
    }

    /** Tensors of the same sizes along a new dimension. */
    public static Tensor stack(int dim, List<Tensor> tensors) {
        return JoiningOperators.STACK.call(new Argument.OfTensors(tensors), dim);
    }

    // ---- other element types, and tensors from numbers

    /** The values as another element type: to bool is {@code this != 0}, to an integer truncates. */
    public Tensor to(DType dtype) {
        return dtype == dtype() ? this : UnaryOperators.TO_COPY.call(this, dtype);
    }

    /** Zeros of the given sizes. */
    public static Tensor zeros(DType dtype, long... sizes) {
        return full(dtype, 0, Shape.of(sizes));
    }

    /** Ones of the given sizes. */
    public static Tensor ones(DType dtype, long... sizes) {
        return full(dtype, 1, Shape.of(sizes));
    }

    /** One number everywhere. */
    public static Tensor full(DType dtype, Number value, long... sizes) {
        return full(dtype, value, Shape.of(sizes));
    }

    /** One number everywhere. */
    public static Tensor full(DType dtype, Number value, Shape shape) {
        return CreationOperators.FULL.call(shape.sizes(), value, dtype);
    }

    /** One number everywhere, with this tensor's type and sizes. */
    public Tensor fullLike(Number value) {
        return CreationOperators.FULL_LIKE.call(this, value);
    }

    /** A number as a tensor of no dimensions. */
    public static Tensor scalarTensor(DType dtype, Number value) {
        return CreationOperators.SCALAR_TENSOR.call(value, dtype);
    }

    /** {@code 0, 1, ..., end - 1} as {@code i64}. */
    public static Tensor arange(long end) {
        return arange(Size.of(end));
    }

    /** {@code 0, 1, ..., end - 1} as {@code i64}: positions in a dynamic dimension. */
    public static Tensor arange(Size end) {
        return CreationOperators.ARANGE.call(0, end);
    }

    /** {@code start, start + step, ...} before {@code end}: {@code i64}, or {@code f32} if a number has a fraction. */
    public static Tensor arange(Number start, Number end, Number step) {
        return CreationOperators.ARANGE.call(start, end, step);
    }

    /** A number as a tensor of one value that does not change the type of expressions with this one. */
    private Tensor scalar(Number value) {
        boolean fraction = value instanceof Double || value instanceof Float;
        DType own = fraction ? DType.F32 : DType.I64;
        return full(own.category().compareTo(dtype().category()) > 0 ? own : dtype(), value, Shape.SCALAR);
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

    /** Its type, such as {@code f32[batch, 64]}, and the values if it holds any; of many, the first and the last eight. */
    @Override
    public String toString() {
        return data == null ? type.toString() : data.toString();
    }
}
