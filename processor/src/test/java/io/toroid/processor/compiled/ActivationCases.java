package io.toroid.processor.compiled;

import io.toroid.Tensor;
import io.toroid.nn.Functional;
import io.toroid.op.ActivationOperators;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The nonlinear functions between layers: in both floating types, of normal and delicate values. */
final class ActivationCases {

    private final List<GraphCase> cases = new ArrayList<>();

    private ActivationCases() {
    }

    static List<GraphCase> all() {
        ActivationCases family = new ActivationCases();
        family.ofOneElement();
        family.ofSeveral();
        return family.cases;
    }

    private void ofOneElement() {
        activation("elu", x -> Functional.elu(x, 1.5));
        activation("selu", Functional::selu);
        activation("elu_scaled", x -> ActivationOperators.ELU.call(x, 1.5, 0.5, 2));
        activation("celu", x -> Functional.celu(x, 0.7));
        activation("softplus", Functional::softplus);
        activation("softplus_beta", x -> Functional.softplus(x, 2, 1));
        activation("mish", Functional::mish);
        activation("hardsigmoid", Functional::hardsigmoid);
        activation("hardswish", Functional::hardswish);
        activation("relu6", Functional::relu6);
        activation("hardtanh_fractions", x -> Functional.hardtanh(x, -0.25, 0.75));
        activation("hardshrink", x -> Functional.hardshrink(x, 0.5));
        activation("softshrink", x -> Functional.softshrink(x, 0.5));
        activation("threshold", x -> Functional.threshold(x, 0.5, -7));
        activation("logsigmoid", Functional::logsigmoid);
        activation("leaky", x -> x.leakyRelu(0.1));
        cases.add(GraphCase.several("activations_of_integers", "i64[n], i32[n]", x -> List.of(
                Functional.hardtanh(x.get(0), -1, 2), Functional.relu6(x.get(1)),
                Functional.threshold(x.get(0), 1, -7), Functional.threshold(x.get(1), 0, 9))).dim("n", 1, 37).values(Values.SPECIAL));
    }

    private void activation(String name, UnaryOperator<Tensor> function) {
        cases.add(GraphCase.several("activation_" + name, "f32[n], f64[n]", x -> List.of(
                function.apply(x.get(0)), function.apply(x.get(1)))).dim("n", 1, 37, 160).values(Values.SPECIAL));
    }

    private void ofSeveral() {
        cases.add(GraphCase.several("log_sigmoid_forward", "f32[n, 3]", x ->
                ActivationOperators.LOG_SIGMOID_FORWARD.callAll(x.get(0))).dim("n", 1, 20).values(Values.SPECIAL));
        cases.add(GraphCase.several("prelu", "f32[n, 3, 4], f32[], f32[1], f32[3]", x -> List.of(
                Functional.prelu(x.get(0), x.get(1)), Functional.prelu(x.get(0), x.get(2)), Functional.prelu(x.get(0), x.get(3))))
                .dim("n", 1, 20));
        cases.add(GraphCase.several("glu", "f32[n, 6, 4], f64[n, 2]", x -> List.of(
                Functional.glu(x.get(0), -1), Functional.glu(x.get(0), 1), Functional.glu(x.get(1), 1))).dim("n", 1, 20));
        cases.add(GraphCase.of("glu_dynamic", "f32[n, 3]", x -> Functional.glu(x.get(0), 0)).dim("n", 2, 38).range("n", 2, 100, 2));
        cases.add(GraphCase.of("glu_odd", "f32[n]", x -> Functional.glu(x.get(0), 0)).dim("n", 3).refuses("must be even"));
    }
}
