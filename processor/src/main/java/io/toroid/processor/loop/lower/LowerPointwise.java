package io.toroid.processor.loop.lower;

import static io.toroid.processor.loop.Scalar.binary;
import static io.toroid.processor.loop.Scalar.convert;
import static io.toroid.processor.loop.Scalar.literal;
import static io.toroid.processor.loop.Scalar.unary;

import io.toroid.DType;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Promotion;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.loop.UnaryOperation;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Operators that compute each element from the elements at its place. */
final class LowerPointwise {

    private LowerPointwise() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        registerUnary(rules);
        registerBinary(rules);
        rules.put("aten.where.self", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            DType dtype = call.types().getFirst().dtype();
            Arguments arguments = call.arguments();
            return new Scalar.Select(
                    convert(DType.BOOL, lowering.loadBroadcast(arguments.tensor("condition"), at)),
                    convert(dtype, lowering.loadBroadcast(arguments.tensor("self"), at)),
                    convert(dtype, lowering.loadBroadcast(arguments.tensor("other"), at)));
        }));
        rules.put("aten.clamp.default", (call, lowering) -> lowering.pointwise(call, 0, at -> clamp(call, lowering, at)));
        rules.put("aten._to_copy.default", (call, lowering) ->
                lowering.pointwise(call, 0, at -> lowering.load(call.arguments().tensor("self"), at)));
        rules.put("aten.clone.default", rules.get("aten._to_copy.default"));
    }

    private static void registerUnary(Map<String, Lower.Rule> rules) {
        for (UnaryOperation operation : List.of(
                UnaryOperation.EXP, UnaryOperation.EXPM1, UnaryOperation.LOG, UnaryOperation.LOG1P, UnaryOperation.SIN,
                UnaryOperation.COS, UnaryOperation.TANH, UnaryOperation.SIGMOID, UnaryOperation.ERF,
                UnaryOperation.SQRT, UnaryOperation.RSQRT, UnaryOperation.TAN, UnaryOperation.ASIN, UnaryOperation.ACOS,
                UnaryOperation.ATAN, UnaryOperation.SINH, UnaryOperation.COSH, UnaryOperation.ASINH, UnaryOperation.ACOSH,
                UnaryOperation.ATANH, UnaryOperation.EXP2, UnaryOperation.LOG2, UnaryOperation.LOG10, UnaryOperation.ERFC,
                UnaryOperation.ERFINV, UnaryOperation.LGAMMA, UnaryOperation.DIGAMMA)) {
            unaryRule(rules, operation.function(), x -> unary(operation, x));
        }
        unaryRule(rules, "neg", x -> unary(UnaryOperation.NEGATE, x));
        unaryRule(rules, "abs", x -> x.dtype() == DType.BOOL ? x : unary(UnaryOperation.ABS, x));
        unaryRule(rules, "sign", x -> x.dtype() == DType.BOOL ? x : unary(UnaryOperation.SIGN, x));
        unaryRule(rules, "relu", x -> binary(BinaryOperation.MAXIMUM, x, literal(x.dtype(), 0)));
        unaryRule(rules, "reciprocal", x -> binary(BinaryOperation.DIVIDE, literal(x.dtype(), 1), x));
        unaryRule(rules, "floor", x -> rounded(UnaryOperation.FLOOR, x));
        unaryRule(rules, "ceil", x -> rounded(UnaryOperation.CEIL, x));
        unaryRule(rules, "trunc", x -> rounded(UnaryOperation.TRUNC, x));
        unaryRule(rules, "round", x -> rounded(UnaryOperation.ROUND_HALF_EVEN, x));
        rules.put("aten.logical_not.default", (call, lowering) -> lowering.pointwise(call, 0, at ->
                unary(UnaryOperation.NOT, convert(DType.BOOL, lowering.load(call.arguments().tensor("self"), at)))));
        rules.put("aten.bitwise_not.default", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            Scalar x = lowering.load(call.arguments().tensor("self"), at);
            return unary(x.dtype() == DType.BOOL ? UnaryOperation.NOT : UnaryOperation.BITWISE_NOT, x);
        }));
        rules.put("aten.isnan.default", (call, lowering) -> lowering.pointwise(call, 0, at -> {
            Scalar x = lowering.load(call.arguments().tensor("self"), at);
            return x.dtype().isFloating() ? unary(UnaryOperation.IS_NAN, x) : literal(DType.BOOL, 0);
        }));
    }

    private static Scalar rounded(UnaryOperation operation, Scalar x) {
        return x.dtype().isFloating() ? unary(operation, x) : x;
    }

    private static void unaryRule(Map<String, Lower.Rule> rules, String name, UnaryOperator<Scalar> body) {
        rules.put("aten." + name + ".default", (call, lowering) -> lowering.pointwise(call, 0, at -> body.apply(
                convert(call.types().getFirst().dtype(), lowering.load(call.arguments().tensor("self"), at)))));
    }

    private static void registerBinary(Map<String, Lower.Rule> rules) {
        binaryRule(rules, "add", LowerPointwise::add, true);
        binaryRule(rules, "sub", (a, b) -> binary(BinaryOperation.SUBTRACT, a, b), true);
        binaryRule(rules, "mul", LowerPointwise::multiply, false);
        binaryRule(rules, "div", (a, b) -> binary(BinaryOperation.DIVIDE, a, b), false);
        divisionMode(rules, "Tensor_mode");
        divisionMode(rules, "Scalar_mode");
        binaryRule(rules, "remainder", (a, b) -> binary(BinaryOperation.REMAINDER, a, b), false);
        binaryRule(rules, "fmod", (a, b) -> binary(BinaryOperation.FMOD, a, b), false);
        rules.put("aten.pow.Tensor_Tensor", typed("self", "exponent", (a, b) -> binary(BinaryOperation.POW, a, b)));
        rules.put("aten.pow.Tensor_Scalar", rules.get("aten.pow.Tensor_Tensor"));
        rules.put("aten.atan2.default", typed("self", "other", (a, b) -> binary(BinaryOperation.ATAN2, a, b)));
        rules.put("toroid.philox.default", typed("key", "counter", (a, b) -> binary(BinaryOperation.PHILOX, a, b)));
        rules.put("aten.copysign.Tensor", typed("self", "other", (a, b) -> binary(BinaryOperation.COPYSIGN, a, b)));
        rules.put("aten.pow.Scalar", rules.get("aten.pow.Tensor_Tensor"));
        rules.put("aten.maximum.default", typed("self", "other", (a, b) -> binary(
                a.dtype() == DType.BOOL ? BinaryOperation.OR : BinaryOperation.MAXIMUM, a, b)));
        rules.put("aten.minimum.default", typed("self", "other", (a, b) -> binary(
                a.dtype() == DType.BOOL ? BinaryOperation.AND : BinaryOperation.MINIMUM, a, b)));
        comparison(rules, "eq", BinaryOperation.EQUAL);
        comparison(rules, "ne", BinaryOperation.NOT_EQUAL);
        comparison(rules, "lt", BinaryOperation.LESS);
        comparison(rules, "le", BinaryOperation.LESS_EQUAL);
        comparison(rules, "gt", BinaryOperation.GREATER);
        comparison(rules, "ge", BinaryOperation.GREATER_EQUAL);
        for (var entry : Map.of(
                "and", BinaryOperation.AND, "or", BinaryOperation.OR, "xor", BinaryOperation.XOR).entrySet()) {
            BinaryOperator<Scalar> body = (a, b) -> binary(entry.getValue(), a, b);
            rules.put("aten.logical_%s.default".formatted(entry.getKey()), (call, lowering) ->
                    lowering.pointwise(call, 0, at -> body.apply(
                            operand(call, lowering, "self", at, DType.BOOL), operand(call, lowering, "other", at, DType.BOOL))));
            rules.put("aten.bitwise_%s.Tensor".formatted(entry.getKey()), typed("self", "other", body));
            rules.put("aten.bitwise_%s.Scalar".formatted(entry.getKey()), typed("self", "other", body));
        }
    }

    /** Both overloads of an arithmetic operator, with its {@code alpha} if it has one. */
    private static void binaryRule(
            Map<String, Lower.Rule> rules, String name, BinaryOperator<Scalar> body, boolean hasAlpha) {
        Lower.Rule rule = (call, lowering) -> lowering.pointwise(call, 0, at -> {
            DType dtype = call.types().getFirst().dtype();
            Scalar right = operand(call, lowering, "other", at, dtype);
            if (hasAlpha && !isOne(call.arguments().get("alpha"))) {
                right = multiply(right, Lowering.scalar(call.arguments().get("alpha"), dtype));
            }
            return body.apply(operand(call, lowering, "self", at, dtype), right);
        });
        rules.put("aten." + name + ".Tensor", rule);
        rules.put("aten." + name + ".Scalar", rule);
    }

    private static void divisionMode(Map<String, Lower.Rule> rules, String overload) {
        rules.put("aten.div." + overload, (call, lowering) -> lowering.pointwise(call, 0, at -> {
            DType dtype = call.types().getFirst().dtype();
            Scalar left = operand(call, lowering, "self", at, dtype);
            Scalar right = operand(call, lowering, "other", at, dtype);
            return switch (call.arguments().get("rounding_mode")) {
                case Argument.OfString(String mode) when mode.equals("floor") ->
                    binary(BinaryOperation.FLOOR_DIVIDE, left, right);
                case Argument.OfString _ -> binary(BinaryOperation.TRUNC_DIVIDE, left, right);
                default -> binary(BinaryOperation.DIVIDE, left, right);
            };
        }));
    }

    /** Operands of the result's type. */
    private static Lower.Rule typed(String left, String right, BinaryOperator<Scalar> body) {
        return (call, lowering) -> lowering.pointwise(call, 0, at -> {
            DType dtype = call.types().getFirst().dtype();
            return body.apply(operand(call, lowering, left, at, dtype), operand(call, lowering, right, at, dtype));
        });
    }

    private static void comparison(Map<String, Lower.Rule> rules, String name, BinaryOperation operation) {
        Lower.Rule rule = (call, lowering) -> lowering.pointwise(call, 0, at -> {
            DType dtype = Promotion.of(call.arguments(), "self", "other");
            return binary(operation, operand(call, lowering, "self", at, dtype), operand(call, lowering, "other", at, dtype));
        });
        rules.put("aten." + name + ".Tensor", rule);
        rules.put("aten." + name + ".Scalar", rule);
    }

    private static Scalar operand(Call call, Lowering lowering, String name, List<Size> at, DType dtype) {
        Argument argument = call.arguments().get(name);
        return argument instanceof Argument.OfTensor(var tensor)
                ? convert(dtype, lowering.loadBroadcast(tensor, at))
                : Lowering.scalar(argument, dtype);
    }

    /** NaN stays; a lower bound above the upper one gives the upper one. */
    private static Scalar clamp(Call call, Lowering lowering, List<Size> at) {
        DType dtype = call.types().getFirst().dtype();
        Scalar value = convert(dtype, lowering.load(call.arguments().tensor("self"), at));
        if (call.arguments().isPresent("min")) {
            value = binary(BinaryOperation.MAXIMUM, value, Lowering.scalar(call.arguments().get("min"), dtype));
        }
        if (call.arguments().isPresent("max")) {
            value = binary(BinaryOperation.MINIMUM, value, Lowering.scalar(call.arguments().get("max"), dtype));
        }
        return value;
    }

    private static Scalar add(Scalar left, Scalar right) {
        return binary(left.dtype() == DType.BOOL ? BinaryOperation.OR : BinaryOperation.ADD, left, right);
    }

    private static Scalar multiply(Scalar left, Scalar right) {
        return binary(left.dtype() == DType.BOOL ? BinaryOperation.AND : BinaryOperation.MULTIPLY, left, right);
    }

    private static boolean isOne(Argument argument) {
        return switch (argument) {
            case Argument.OfInt(Size value) -> value.equals(Size.ONE);
            case Argument.OfFloat(double value) -> value == 1;
            case Argument.OfBool(boolean value) -> value;
            default -> false;
        };
    }
}
