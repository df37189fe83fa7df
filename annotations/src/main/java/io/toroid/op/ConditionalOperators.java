package io.toroid.op;

import io.toroid.DType;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import java.util.List;

/** Choosing between values by a mask or by bounds. */
public final class ConditionalOperators {

    /** {@code self} where the condition holds, else {@code other}; all three broadcast. */
    public static final Operator WHERE = Operator.define(
            "aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor", ConditionalOperators::where);

    /** {@code min(max(self, min), max)}; NaN stays NaN. */
    public static final Operator CLAMP = Operator.define(
            "aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor", ConditionalOperators::clamp);

    /** As above, element by element: bounds broadcast, and all three types are promoted. */
    public static final Operator CLAMP_TENSOR = Operator.define(
            "aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor", ConditionalOperators::clamp);

    /** {@code max(self, min)}; NaN stays NaN. */
    public static final Operator CLAMP_MIN = Operator.define(
            "aten::clamp_min(Tensor self, Scalar min) -> Tensor", arguments -> {
                Rules.accept(arguments, "self", Accepts.NUMBERS);
                return Rules.result(Promotion.of(arguments, "self", "min"), arguments.tensor("self").shape());
            });

    /** The number where the mask holds, else {@code self}, whose type is kept (to bool, a number is whether it is not zero). */
    public static final Operator MASKED_FILL_SCALAR = Operator.define(
            "aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor", arguments -> {
                Rules.requireHolds(arguments.tensor("self").dtype(), arguments, "value");
                return maskedFill(arguments);
            });

    /** As above, with a value that is a tensor of no dimensions. */
    public static final Operator MASKED_FILL_TENSOR = Operator.define(
            "aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor", arguments -> {
                Rules.requireRank(arguments, "value", 0, "(a single value)");
                return maskedFill(arguments);
            });

    private ConditionalOperators() {
    }

    private static List<TensorType> where(Arguments arguments) {
        Rules.accept(arguments, "condition", Accepts.BOOLEANS);
        return Rules.result(Promotion.of(arguments, "self", "other"),
                Rules.broadcast(arguments, arguments.operands()));
    }

    private static List<TensorType> clamp(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.NUMBERS);
        if (!arguments.isPresent("min") && !arguments.isPresent("max")) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "give min, max, or both");
        }
        return Rules.result(Promotion.of(arguments, "self", "min", "max"), Rules.broadcast(arguments, arguments.operands()));
    }

    private static List<TensorType> maskedFill(Arguments arguments) {
        Rules.accept(arguments, "mask", Accepts.BOOLEANS);
        DType dtype = arguments.tensor("self").dtype();
        if (arguments.get("value") instanceof Argument.OfFloat(double value) && !dtype.isFloating()) {
            throw Rules.mistake(Kind.DTYPE, arguments, "the value %s does not fit into %s; convert self with .to(DType.F32)"
                    .formatted(value, arguments.tensor("self").type()));
        }
        return Rules.result(dtype, Rules.broadcast(arguments, arguments.operands()));
    }
}
