package io.toroid.op;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Relation;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;

/** Tensors from nothing but sizes and numbers. */
public final class CreationOperators {

    private static final String OPTIONS =
            "*, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None";

    /** One number everywhere; without a type that of the number: {@code f32}, {@code i64} or {@code bool}. */
    public static final Operator FULL = Operator.define(
            "aten::full(SymInt[] size, Scalar fill_value, %s) -> Tensor".formatted(OPTIONS), CreationOperators::full);

    public static final Operator FULL_LIKE = Operator.define(
            "aten::full_like(Tensor self, Scalar fill_value, %s, MemoryFormat? memory_format=None) -> Tensor".formatted(OPTIONS),
            arguments -> filled(arguments, arguments.dtype("dtype").orElse(arguments.tensor("self").dtype()), "fill_value"));

    /** One number everywhere, with the sizes and the type of {@code self}. */
    public static final Operator FILL_SCALAR = Operator.define(
            "aten::fill.Scalar(Tensor self, Scalar value) -> Tensor", arguments -> filled(arguments, arguments.tensor("self").dtype(), "value"));

    /** A number as a tensor of no dimensions; {@code f32} without a type. */
    public static final Operator SCALAR_TENSOR = Operator.define(
            "aten::scalar_tensor(Scalar s, %s) -> Tensor".formatted(OPTIONS),
            arguments -> {
                DType dtype = arguments.dtype("dtype").orElse(DType.F32);
                Rules.requireHolds(dtype, arguments, "s");
                return Rules.result(dtype, Shape.SCALAR);
            });

    /** {@code start}, {@code start + step}, and so on before {@code end}. */
    public static final Operator ARANGE = Operator.define(
            "aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, %s) -> Tensor".formatted(OPTIONS),
            CreationOperators::arange);

    private CreationOperators() {
    }

    private static List<TensorType> full(Arguments arguments) {
        List<Size> sizes = arguments.sizes("size");
        for (Size size : sizes) {
            Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, size,
                    () -> "the sizes %s have a negative one".formatted(sizes));
        }
        DType dtype = arguments.dtype("dtype").orElseGet(() -> Promotion.ofScalar(arguments.get("fill_value")));
        Rules.requireHolds(dtype, arguments, "fill_value");
        return Rules.result(dtype, sizes);
    }

    private static List<TensorType> filled(Arguments arguments, DType dtype, String value) {
        Rules.requireHolds(dtype, arguments, value);
        return Rules.result(dtype, arguments.tensor("self").shape());
    }

    private static List<TensorType> arange(Arguments arguments) {
        boolean whole = isWhole(arguments, "start") && isWhole(arguments, "end") && isWhole(arguments, "step");
        DType dtype = arguments.dtype("dtype").orElse(whole ? DType.I64 : DType.F32);
        if (dtype == DType.BOOL) {
            throw Rules.mistake(Kind.DTYPE, arguments, "a range holds numbers, not booleans");
        }
        if (whole) {
            return Rules.result(dtype, Shape.of(wholeLength(arguments)));
        }
        return Rules.result(dtype, Shape.of(Size.of(length(arguments, dtype))));
    }

    private static boolean isWhole(Arguments arguments, String parameter) {
        return arguments.get(parameter) instanceof Argument.OfInt;
    }

    private static Size wholeLength(Arguments arguments) {
        Size span = arguments.size("end").minus(arguments.size("start"));
        long step = Rules.integer(arguments, "step");
        if (step == 0) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "the step must not be 0");
        }
        Size towardsEnd = step > 0 ? span : span.negate();
        Rules.require(arguments, Size.ZERO, Relation.LESS_OR_EQUAL, towardsEnd, () -> wrongWay(arguments, Long.toString(step)));
        return towardsEnd.ceilDiv(Math.abs(step));
    }

    private static long length(Arguments arguments, DType dtype) {
        boolean isCut = dtype == DType.I64;
        double start = bound(arguments, "start", isCut);
        double step = bound(arguments, "step", isCut);
        double count = Math.ceil((bound(arguments, "end", isCut) - start) / step);
        if (!(count >= 0) || Double.isInfinite(count)) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, wrongWay(arguments, Double.toString(step)));
        }
        return (long) count;
    }

    /** PyTorch cuts the fractions of all three numbers of an {@code i64} range, and of other ranges of integers after counting. */
    private static double bound(Arguments arguments, String parameter, boolean isCut) {
        double number = arguments.number(parameter);
        return isCut ? (long) number : number;
    }

    private static String wrongWay(Arguments arguments, String step) {
        return "steps of %s do not lead from %s to %s".formatted(step, text(arguments, "start"), text(arguments, "end"));
    }

    private static String text(Arguments arguments, String parameter) {
        return isWhole(arguments, parameter)
                ? arguments.size(parameter).toString() : Double.toString(arguments.number(parameter));
    }
}
