package io.toroid.processor.graph.pass;

import static io.toroid.op.BinaryOperators.ADD_SCALAR;
import static io.toroid.op.BinaryOperators.ADD_TENSOR;
import static io.toroid.op.BinaryOperators.DIV_SCALAR;
import static io.toroid.op.BinaryOperators.DIV_SCALAR_MODE;
import static io.toroid.op.BinaryOperators.DIV_TENSOR;
import static io.toroid.op.BinaryOperators.DIV_TENSOR_MODE;
import static io.toroid.op.BinaryOperators.MUL_SCALAR;
import static io.toroid.op.BinaryOperators.POW_TENSOR_SCALAR;
import static io.toroid.op.BinaryOperators.SUB_SCALAR;
import static io.toroid.op.BinaryOperators.SUB_TENSOR;
import static io.toroid.op.ConditionalOperators.MASKED_FILL_SCALAR;
import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.UnaryOperators.CLONE;
import static io.toroid.op.UnaryOperators.TO_COPY;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

/** The factor of additions, division modes, powers, masks, and conversions. */
final class PointwiseDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.ofEntries(
            Map.entry(ADD_TENSOR, PointwiseDecompositions::withoutFactor),
            Map.entry(SUB_TENSOR, PointwiseDecompositions::withoutFactor),
            Map.entry(ADD_SCALAR, PointwiseDecompositions::withoutFactor),
            Map.entry(SUB_SCALAR, PointwiseDecompositions::withoutFactor),
            Map.entry(DIV_TENSOR_MODE, call -> trueDivision(call, DIV_TENSOR)),
            Map.entry(DIV_SCALAR_MODE, call -> trueDivision(call, DIV_SCALAR)),
            Map.entry(POW_TENSOR_SCALAR, PointwiseDecompositions::power),
            Map.entry(MASKED_FILL_SCALAR, call -> List.of(maskedFill(call.arguments()))),
            Map.entry(CLONE, call -> List.of(call.arguments().tensor("self"))),
            Map.entry(TO_COPY, call -> List.of(convert(call.arguments().tensor("self"), call.types().getFirst().dtype()))));

    private PointwiseDecompositions() {
    }

    /** The tensor itself if it has the type already. */
    static Tensor convert(Tensor tensor, DType dtype) {
        return tensor.dtype() == dtype ? tensor : tensor.to(dtype);
    }

    // ---- self + alpha * other

    private static List<Tensor> withoutFactor(Call call) {
        Arguments arguments = call.arguments();
        Argument alpha = arguments.get("alpha");
        if (alpha.equals(new Argument.OfInt(Size.ONE))) {
            return call.results();
        }
        Operator operator = call.operator();
        DType dtype = call.types().getFirst().dtype();
        Tensor self = arguments.tensor("self");
        return arguments.optionalTensor("other")
                .map(other -> operator.callAll(self, scaled(convert(other, dtype), alpha)))
                .orElseGet(() -> scaledNumber(operator, self, arguments, dtype));
    }

    /** A factor of booleans is one that lets them pass, or does not. */
    private static Tensor scaled(Tensor tensor, Argument alpha) {
        return switch (alpha) {
            case Argument.OfInt(Size factor) when factor.equals(Size.ONE) -> tensor;
            case Argument.OfFloat(double factor) when factor == 1 -> tensor;
            case Argument.OfInt(Size factor) when tensor.dtype() == DType.BOOL ->
                MUL_SCALAR.call(tensor, new Argument.OfBool(!factor.equals(Size.ZERO)));
            default -> MUL_SCALAR.call(tensor, alpha);
        };
    }

    private static List<Tensor> scaledNumber(Operator operator, Tensor self, Arguments arguments, DType dtype) {
        Argument other = arguments.get("other");
        Argument alpha = arguments.get("alpha");
        if (dtype == DType.BOOL) {
            return operator.callAll(self, arguments.flag("other") && arguments.flag("alpha"));
        }
        if (other instanceof Argument.OfInt(Size number) && alpha instanceof Argument.OfInt(Size factor)) {
            return operator.callAll(self, number.times(factor));
        }
        if (isDynamic(other) || isDynamic(alpha)) {
            Operator tensors = operator == ADD_SCALAR ? ADD_TENSOR : SUB_TENSOR;
            return tensors.callAll(self, scaled(FULL.call(List.of(), other, dtype), alpha));
        }
        double product = arguments.number("other") * arguments.number("alpha");
        boolean whole = !(other instanceof Argument.OfFloat) && !(alpha instanceof Argument.OfFloat);
        return whole ? operator.callAll(self, (long) product) : operator.callAll(self, product);
    }

    private static boolean isDynamic(Argument scalar) {
        return scalar instanceof Argument.OfInt(Size number) && !number.isConstant();
    }

    // ---- division, powers, masks

    private static List<Tensor> trueDivision(Call call, Operator division) {
        Arguments arguments = call.arguments();
        return arguments.isPresent("rounding_mode")
                ? call.results() : division.callAll(arguments.get("self"), arguments.get("other"));
    }

    /** The exponents that have a cheaper form; PyTorch takes the same ones. */
    private static List<Tensor> power(Call call) {
        Argument exponent = call.arguments().get("exponent");
        if (isDynamic(exponent)) {
            return call.results();
        }
        DType dtype = call.types().getFirst().dtype();
        Tensor x = convert(call.arguments().tensor("self"), dtype);
        double number = call.arguments().number("exponent");
        if (number == 1) {
            return List.of(x);
        }
        if (number == 2) {
            return List.of(x.mul(x));
        }
        if (number == 3) {
            return List.of(x.mul(x).mul(x));
        }
        return dtype.isFloating() ? floatingPower(call, x, number) : call.results();
    }

    private static List<Tensor> floatingPower(Call call, Tensor x, double exponent) {
        if (exponent == 0.5) {
            return List.of(x.sqrt());
        }
        if (exponent == -0.5) {
            return List.of(x.rsqrt());
        }
        if (exponent == -1) {
            return List.of(x.reciprocal());
        }
        return exponent == -2 ? List.of(x.mul(x).reciprocal()) : call.results();
    }

    private static Tensor maskedFill(Arguments arguments) {
        Tensor self = arguments.tensor("self");
        Tensor value = FULL.call(List.of(), arguments.get("value"), self.dtype());
        return Tensor.where(arguments.tensor("mask"), value, self);
    }
}
