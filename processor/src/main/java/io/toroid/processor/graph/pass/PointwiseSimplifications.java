package io.toroid.processor.graph.pass;

import static io.toroid.op.BinaryOperators.ADD_SCALAR;
import static io.toroid.op.BinaryOperators.ADD_TENSOR;
import static io.toroid.op.BinaryOperators.DIV_SCALAR;
import static io.toroid.op.BinaryOperators.DIV_TENSOR;
import static io.toroid.op.BinaryOperators.MUL_SCALAR;
import static io.toroid.op.BinaryOperators.MUL_TENSOR;
import static io.toroid.op.BinaryOperators.REMAINDER_SCALAR;
import static io.toroid.op.BinaryOperators.REMAINDER_TENSOR;
import static io.toroid.op.BinaryOperators.SUB_SCALAR;
import static io.toroid.op.BinaryOperators.SUB_TENSOR;
import static io.toroid.op.ComparisonOperators.EQ_SCALAR;
import static io.toroid.op.ComparisonOperators.EQ_TENSOR;
import static io.toroid.op.ComparisonOperators.GE_SCALAR;
import static io.toroid.op.ComparisonOperators.GE_TENSOR;
import static io.toroid.op.ComparisonOperators.GT_SCALAR;
import static io.toroid.op.ComparisonOperators.GT_TENSOR;
import static io.toroid.op.ComparisonOperators.LE_SCALAR;
import static io.toroid.op.ComparisonOperators.LE_TENSOR;
import static io.toroid.op.ComparisonOperators.LT_SCALAR;
import static io.toroid.op.ComparisonOperators.LT_TENSOR;
import static io.toroid.op.ComparisonOperators.NE_SCALAR;
import static io.toroid.op.ComparisonOperators.NE_TENSOR;
import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.UnaryOperators.ABS;
import static io.toroid.op.UnaryOperators.CEIL;
import static io.toroid.op.UnaryOperators.FLOOR;
import static io.toroid.op.UnaryOperators.LOGICAL_NOT;
import static io.toroid.op.UnaryOperators.NEG;
import static io.toroid.op.UnaryOperators.RELU;
import static io.toroid.op.UnaryOperators.ROUND;
import static io.toroid.op.UnaryOperators.TRUNC;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Operator;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.shape.Size;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Arithmetic that changes nothing, and single values as plain numbers. */
final class PointwiseSimplifications {

    /** Operators on two tensors, and the same with a number on the right. */
    private static final Map<Operator, Operator> WITH_NUMBER = Map.ofEntries(
            Map.entry(ADD_TENSOR, ADD_SCALAR),
            Map.entry(SUB_TENSOR, SUB_SCALAR),
            Map.entry(MUL_TENSOR, MUL_SCALAR),
            Map.entry(DIV_TENSOR, DIV_SCALAR),
            Map.entry(REMAINDER_TENSOR, REMAINDER_SCALAR),
            Map.entry(EQ_TENSOR, EQ_SCALAR),
            Map.entry(NE_TENSOR, NE_SCALAR),
            Map.entry(LT_TENSOR, LT_SCALAR),
            Map.entry(LE_TENSOR, LE_SCALAR),
            Map.entry(GT_TENSOR, GT_SCALAR),
            Map.entry(GE_TENSOR, GE_SCALAR));

    /** What two tensors of these give does not depend on their order. */
    private static final Set<Operator> COMMUTATIVE = Set.of(ADD_TENSOR, MUL_TENSOR, EQ_TENSOR, NE_TENSOR);

    static final Map<Operator, SimplifyGraph.Rule> RULES = rules();

    private PointwiseSimplifications() {
    }

    private static Map<Operator, SimplifyGraph.Rule> rules() {
        Map<Operator, SimplifyGraph.Rule> rules = new HashMap<>();
        WITH_NUMBER.keySet().forEach(operator -> rules.put(operator, PointwiseSimplifications::withNumber));
        rules.put(MUL_SCALAR, call -> unlessNeutral(call, 1));
        rules.put(DIV_SCALAR, call -> unlessNeutral(call, 1));
        rules.put(ADD_SCALAR, call -> unlessNeutral(call, -0.0));
        rules.put(SUB_SCALAR, call -> unlessNeutral(call, 0.0));
        for (Operator twice : new Operator[] {ABS, RELU, FLOOR, CEIL, ROUND, TRUNC}) {
            rules.put(twice, PointwiseSimplifications::idempotent);
        }
        rules.put(NEG, PointwiseSimplifications::inverse);
        rules.put(LOGICAL_NOT, PointwiseSimplifications::inverse);
        return rules;
    }

    private static Tensor self(Call call) {
        return call.arguments().tensor("self");
    }

    private static Optional<Call> same(Call call) {
        return self(call).origin() instanceof Call inner && inner.operator() == call.operator()
                ? Optional.of(inner) : Optional.empty();
    }

    /** f(f(x)) = f(x). */
    private static Optional<Tensor> idempotent(Call call) {
        return same(call).map(_ -> self(call));
    }

    /** f(f(x)) = x, if the types agree. */
    private static Optional<Tensor> inverse(Call call) {
        return same(call).map(PointwiseSimplifications::self);
    }

    /** For integers every zero is the neutral one; for floats the sign of the zero matters. */
    private static Optional<Tensor> unlessNeutral(Call call, double neutral) {
        Argument other = call.arguments().get("other");
        if (other instanceof Argument.OfInt(Size size) && !size.isConstant() || hasFactor(call)) {
            return Optional.empty();
        }
        double number = call.arguments().number("other");
        boolean floating = call.types().getFirst().dtype().isFloating();
        boolean isNeutral = floating ? Double.compare(number, neutral) == 0 : number == neutral;
        return isNeutral ? Optional.of(self(call)) : Optional.empty();
    }

    // ---- single values

    private static Optional<Tensor> withNumber(Call call) {
        if (hasFactor(call)) {
            return Optional.empty();
        }
        Operator operator = WITH_NUMBER.get(call.operator());
        Tensor self = self(call);
        Tensor other = call.arguments().tensor("other");
        return number(other).filter(_ -> keepsCommonType(self, other)).map(number -> operator.call(self, number))
                .or(() -> number(self).filter(_ -> COMMUTATIVE.contains(call.operator()) && keepsCommonType(other, self))
                        .map(number -> operator.call(other, number)));
    }

    /** Additions have a factor until they are decomposed. */
    private static boolean hasFactor(Call call) {
        boolean declared = call.operator().schema().parameters().stream().anyMatch(parameter -> parameter.name().equals("alpha"));
        return declared && !call.arguments().get("alpha").equals(new Argument.OfInt(Size.ONE));
    }

    /**
     * Whether a tensor meets a single value in the same type as it meets the plain number. Single values take part in
     * promotion with their own type, numbers as {@code f32}, {@code i64} or {@code bool}, and after all tensors.
     */
    private static boolean keepsCommonType(Tensor tensor, Tensor single) {
        int order = single.dtype().category().compareTo(tensor.dtype().category());
        boolean numbersType = single.dtype() == DType.F32 || single.dtype() == DType.I64;
        return single.dtype() == tensor.dtype() || order <= 0 && tensor.dim() > 0 || order > 0 && numbersType;
    }

    /** The number that a tensor without dimensions holds, if it is known. */
    private static Optional<Argument> number(Tensor tensor) {
        if (tensor.dim() != 0) {
            return Optional.empty();
        }
        return switch (tensor.origin()) {
            case Constant(TensorData data) -> Optional.of(number(data));
            case Call call when call.operator() == FULL -> Optional.of(call.arguments().get("fill_value"))
                    .filter(value -> fits(value, tensor.dtype()));
            case Call _, Parameter _, Placeholder _ -> Optional.empty();
        };
    }

    private static Argument number(TensorData data) {
        return switch (data.dtype()) {
            case F32, F16, BF16 -> new Argument.OfFloat(data.floats()[0]);
            case F64 -> new Argument.OfFloat(data.doubles()[0]);
            case I64 -> new Argument.OfInt(Size.of(data.longs()[0]));
            case I32 -> new Argument.OfInt(Size.of(data.ints()[0]));
            case I16 -> new Argument.OfInt(Size.of(data.shorts()[0]));
            case I8 -> new Argument.OfInt(Size.of(data.bytes()[0]));
            case U8 -> new Argument.OfInt(Size.of(Byte.toUnsignedInt(data.bytes()[0])));
            case BOOL -> new Argument.OfBool(data.booleans()[0]);
        };
    }

    /** Whether filling a tensor of that type keeps the number, and its category. */
    private static boolean fits(Argument value, DType dtype) {
        return switch (value) {
            case Argument.OfFloat(double number) ->
                dtype == DType.F64 || dtype == DType.F32 && Double.compare((float) number, number) == 0;
            case Argument.OfInt(Size number) -> dtype == DType.I64
                    || dtype == DType.I32 && number.isConstant() && (int) number.constant() == number.constant();
            case Argument.OfBool _ -> dtype == DType.BOOL;
            case Argument.OfTensor _, Argument.OfTensors _, Argument.OfOptionalTensors _, Argument.OfInts _, Argument.OfFloats _, Argument.OfString _, Argument.OfDType _,
                 Argument.OfBody _, Argument.None _ -> false;
        };
    }
}
