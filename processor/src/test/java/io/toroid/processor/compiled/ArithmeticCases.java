package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.BinaryOperators;
import io.toroid.op.CreationOperators;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** Functions of two and three operands that are no plain arithmetic: types, broadcasting, delicate values. */
final class ArithmeticCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private ArithmeticCases() {
    }

    static List<GraphCase> all() {
        ArithmeticCases family = new ArithmeticCases();
        family.ofTwo();
        family.ofThree();
        family.choices();
        return family.cases;
    }

    private void ofTwo() {
        floats("fmax", Tensor::fmax);
        floats("fmin", Tensor::fmin);
        floats("fmod", Tensor::fmod);
        floats("atan2", Tensor::atan2);
        floats("copysign", Tensor::copysign);
        floats("xlogy", Tensor::xlogy);
        floats("logaddexp", Tensor::logaddexp);
        floats("logaddexp2", Tensor::logaddexp2);
        floats("heaviside", Tensor::heaviside);
        cases.add(GraphCase.several("two_integers", "i64[n], i64[n], i32[n], bool[n]", x -> List.of(
                x.get(0).fmax(x.get(1)), x.get(0).fmin(x.get(2)), x.get(0).fmod(x.get(1)), x.get(2).fmod(3), x.get(0).fmod(0.75),
                x.get(0).atan2(x.get(1)), x.get(0).copysign(x.get(2)), x.get(0).xlogy(x.get(1).abs()),
                x.get(0).heaviside(x.get(1)), x.get(3).heaviside(x.get(3)), x.get(3).fmax(x.get(3)), x.get(3).fmax(x.get(0))))
                .dim("n", 1, 37).values(Values.NONZERO));
        cases.add(GraphCase.several("two_broadcast", "f32[n, 1], f64[3], f32[], f32[3]", x -> List.of(
                x.get(0).fmax(x.get(1)), x.get(0).atan2(x.get(1)), x.get(1).copysign(x.get(2)), x.get(0).xlogy(x.get(2).abs()),
                x.get(0).logaddexp(x.get(3)), x.get(0).heaviside(x.get(2)))).dim("n", 1, 37));
        cases.add(GraphCase.several("bits_with_numbers", "i64[n], i32[n], u8[n], bool[n]", x -> List.of(
                x.get(0).bitwiseAnd(0xff), x.get(0).bitwiseOr(-2), x.get(1).bitwiseXor(7), x.get(2).bitwiseAnd(6), x.get(3).bitwiseOr(4),
                BinaryOperators.BITWISE_XOR_SCALAR.call(x.get(3), true))).dim("n", 1, 37));
        cases.add(GraphCase.several("powers_of_numbers", "f32[n], f64[n], i64[n], bf16[n]", x -> List.of(
                Tensor.pow(2, x.get(0)), Tensor.pow(0.3, x.get(1)), Tensor.pow(-2, x.get(0)), Tensor.pow(3, x.get(2).abs()),
                Tensor.pow(2.5, x.get(2)), Tensor.pow(2, x.get(3)))).dim("n", 1, 37));
        cases.add(GraphCase.of("fmod_by_zero", "i64[n], i64[n]", x -> x.get(0).fmod(x.get(1))).dim("n", 40)
                .values(1, Values.TIED).fails("divided by zero"));
    }

    private void floats(String name, BinaryOperator<Tensor> operator) {
        cases.add(GraphCase.several("two_" + name, "f32[n], f32[n], f64[n], f64[n]", x -> List.of(
                operator.apply(x.get(0), x.get(1)), operator.apply(x.get(2), x.get(3)))).dim("n", 1, 300).values(Values.SPECIAL));
    }

    private void ofThree() {
        cases.add(GraphCase.several("addcmul", "f32[n, 3], f32[n, 1], f32[3], i32[n, 3], i64[3]", x -> List.of(
                x.get(0).addcmul(x.get(1), x.get(2), 1), x.get(0).addcmul(x.get(1), x.get(2), -0.5),
                x.get(3).addcmul(x.get(3), x.get(4), 3), x.get(3).addcmul(x.get(0), x.get(4), 0.5))).dim("n", 1, 20));
        cases.add(GraphCase.several("addcdiv", "f32[n, 3], f32[n, 1], f64[3]", x -> List.of(
                x.get(0).addcdiv(x.get(1), x.get(0), 1), x.get(0).addcdiv(x.get(1), x.get(2), -0.5))).dim("n", 1, 20)
                .values(Values.NONZERO));
        cases.add(GraphCase.several("lerp", "f32[n, 3], f32[3], f32[n, 1], f64[n], f64[n]", x -> List.of(
                x.get(0).lerp(x.get(1), 0.25), x.get(0).lerp(x.get(1), 0.75), x.get(0).lerp(x.get(1), 1),
                x.get(0).lerp(x.get(1), x.get(2)), x.get(3).lerp(x.get(4), x.get(4)))).dim("n", 1, 20));
    }

    private void choices() {
        cases.add(GraphCase.several("clamp_tensors", "f32[n, 3], f32[3], f32[n, 1], i32[n, 3], i64[3]", x -> List.of(
                x.get(0).clamp(x.get(1), x.get(2)), x.get(0).clamp(x.get(1), null), x.get(0).clamp(null, x.get(2)),
                x.get(3).clamp(x.get(4), null), x.get(3).clamp(x.get(1), x.get(4)))).dim("n", 1, 40).values(Values.SPECIAL));
        cases.add(GraphCase.several("masked_fill_tensor", "f32[n, 3], bool[3], f32[], i32[n, 3], i64[]", x -> List.of(
                x.get(0).maskedFill(x.get(1), x.get(2)), x.get(3).maskedFill(x.get(1), x.get(4)))).dim("n", 1, 40));
        cases.add(GraphCase.several("filled", "f32[n, 3], i32[n], bool[n]", x -> List.of(
                CreationOperators.FILL_SCALAR.call(x.get(0), 2), CreationOperators.FILL_SCALAR.call(x.get(1), 2.5),
                CreationOperators.FILL_SCALAR.call(x.get(2), true),
                x.get(0).add(Tensor.scalarTensor(DType.F64, 0.5)), x.get(1).add(CreationOperators.SCALAR_TENSOR.call(2)))).dim("n", 1, 40));
    }
}
