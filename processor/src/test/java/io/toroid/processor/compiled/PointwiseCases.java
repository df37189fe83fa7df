package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.BinaryOperators;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Element by element: every function in every type, numbers, broadcasting, promotion, delicate values. */
final class PointwiseCases {

    private static final List<String> FLOATS = List.of("f32", "f64");
    private static final List<String> NUMBERS = List.of("f32", "f64", "i64", "i32");
    private static final List<String> ALL = List.of("f32", "f64", "i64", "i32", "bool");
    private static final List<String> BITS = List.of("i64", "i32", "bool");

    private final List<GraphCase> cases = new ArrayList<>();

    private PointwiseCases() {
    }

    static List<GraphCase> all() {
        PointwiseCases family = new PointwiseCases();
        family.unary();
        family.binary();
        family.scalars();
        family.conditions();
        family.broadcasts();
        family.conversions();
        family.divisionByZero();
        family.streamed();
        return family.cases;
    }

    // ---- one operand

    private void unary() {
        for (String name : List.of("exp", "expm1", "sin", "cos", "tanh", "sigmoid", "erf", "tan", "atan", "sinh", "cosh", "asinh",
                "exp2", "erfc", "lgamma", "digamma")) {
            unary(name, ALL, Values.NORMAL);
        }
        for (String name : List.of("log", "log1p", "sqrt", "rsqrt", "reciprocal", "log2", "log10", "acosh", "special_entr")) {
            unary(name, ALL, Values.POSITIVE);
        }
        for (String name : List.of("asin", "acos", "atanh", "erfinv")) {
            unary(name, ALL, Values.UNIT);
        }
        for (String name : List.of("neg", "abs", "relu", "floor", "ceil", "round", "trunc")) {
            unary(name, NUMBERS, Values.NORMAL);
        }
        for (String name : List.of("sign", "logical_not", "isnan", "isinf", "nan_to_num", "clone")) {
            unary(name, ALL, Values.NORMAL);
        }
        unary("bitwise_not", BITS, Values.NORMAL);
        unary("frac", FLOATS, Values.NORMAL);
        cases.add(GraphCase.several("nan_to_num_values", "f32[n], f64[n]", x -> List.of(
                x.get(0).nanToNum(1.0, 2.0, -3.0), x.get(1).nanToNum(null, 1e300, null))).dim("n", 100).values(Values.SPECIAL));
        unary("silu", FLOATS, Values.NORMAL);
        unary("gelu", FLOATS, Values.NORMAL);
        cases.add(GraphCase.of("gelu_tanh", "f32[n]", x -> x.get(0).geluTanh()).dim("n", 1, 37));
    }

    /** Together in one entry: all types at once, normal and delicate values. */
    private void unary(String name, List<String> dtypes, Values values) {
        Operator operator = Operators.byName("aten." + name + ".default").orElseThrow();
        String inputs = String.join(", ", dtypes.stream().map(dtype -> dtype + "[n]").toList());
        cases.add(GraphCase.several("unary_" + name, inputs, x -> dtypes.stream()
                .map(dtype -> operator.call(x.get(dtypes.indexOf(dtype)))).toList()).dim("n", 1, 37, 160).values(values));
        cases.add(GraphCase.several("special_" + name, inputs, x -> dtypes.stream()
                .map(dtype -> operator.call(x.get(dtypes.indexOf(dtype)))).toList()).dim("n", 100).values(Values.SPECIAL));
        cases.add(GraphCase.several("single_" + name, inputs.replace("[n]", "[]"), x -> dtypes.stream()
                .map(dtype -> operator.call(x.get(dtypes.indexOf(dtype)))).toList()).values(values));
    }

    // ---- two operands

    private void binary() {
        binary("add.Tensor", ALL, Values.NORMAL);
        binary("sub.Tensor", NUMBERS, Values.NORMAL);
        binary("mul.Tensor", ALL, Values.NORMAL);
        binary("div.Tensor", ALL, Values.NORMAL);
        binary("maximum.default", ALL, Values.NORMAL);
        binary("minimum.default", ALL, Values.NORMAL);
        binary("remainder.Tensor", NUMBERS, Values.NONZERO);
        for (String comparison : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
            binary(comparison + ".Tensor", ALL, Values.TIED);
        }
        for (String logic : List.of("logical_and", "logical_or", "logical_xor")) {
            binary(logic + ".default", ALL, Values.TIED);
        }
        for (String bits : List.of("bitwise_and", "bitwise_or", "bitwise_xor")) {
            binary(bits + ".Tensor", BITS, Values.NORMAL);
        }
        binary("pow.Tensor_Tensor", NUMBERS, Values.POSITIVE);
        cases.add(GraphCase.of("pow_signs", "i64[n], i64[n]", x -> x.get(0).pow(x.get(1))).dim("n", 90));
        cases.add(GraphCase.of("pow_special", "f32[n], f32[n]", x -> x.get(0).pow(x.get(1)))
                .dim("n", 400).values(Values.SPECIAL));
        for (String mode : List.of("floor", "trunc")) {
            binary("div_" + mode, NUMBERS, Values.NONZERO, (a, b) -> BinaryOperators.DIV_TENSOR_MODE.call(a, b, mode));
        }
        binary("div_none", NUMBERS, Values.NONZERO, (a, b) -> BinaryOperators.DIV_TENSOR_MODE.call(a, b, null));
        binary("add_alpha", NUMBERS, Values.NORMAL, (a, b) -> BinaryOperators.ADD_TENSOR.call(a, b, 3));
        binary("sub_alpha", NUMBERS, Values.NORMAL, (a, b) -> BinaryOperators.SUB_TENSOR.call(a, b, 3));
        cases.add(GraphCase.of("sub_alpha_fraction", "f32[n], f32[n]",
                x -> BinaryOperators.SUB_TENSOR.call(x.get(0), x.get(1), 0.5)).dim("n", 1, 37));
    }

    private void binary(String name, List<String> dtypes, Values values) {
        Operator operator = Operators.byName("aten." + name).orElseThrow();
        binary(name.replace('.', '_'), dtypes, values, operator::call);
    }

    private void binary(String name, List<String> dtypes, Values values, BinaryOperator<Tensor> operator) {
        String inputs = String.join(", ", dtypes.stream().map("%1$s[n], %1$s[n]"::formatted).toList());
        cases.add(GraphCase.several("binary_" + name, inputs, x -> each(dtypes.size(), i ->
                operator.apply(x.get(2 * i), x.get(2 * i + 1)))).dim("n", 1, 37, 160).values(values));
        List<String> special = dtypes.stream().filter(dtype -> !name.contains("div") && !name.contains("remainder")
                || dtype.startsWith("f")).filter(_ -> !name.startsWith("pow")).toList();
        if (!special.isEmpty()) {
            String specialInputs = String.join(", ", special.stream().map("%1$s[n], %1$s[n]"::formatted).toList());
            cases.add(GraphCase.several("special_" + name, specialInputs, x -> each(special.size(), i ->
                    operator.apply(x.get(2 * i), x.get(2 * i + 1)))).dim("n", 300).values(Values.SPECIAL));
        }
    }

    private static List<Tensor> each(int count, java.util.function.IntFunction<Tensor> result) {
        return java.util.stream.IntStream.range(0, count).mapToObj(result).toList();
    }

    // ---- a tensor and a number

    private void scalars() {
        scalar("add.Scalar", ALL, 2, 0.75, -0.0);
        scalar("sub.Scalar", NUMBERS, 2, 0.75, Double.NaN);
        scalar("mul.Scalar", ALL, 2, 0.75, -0.0, Double.NEGATIVE_INFINITY);
        scalar("div.Scalar", ALL, 2, 0.75, -0.0, 0);
        scalar("pow.Tensor_Scalar", NUMBERS, 2, 3, 4, 0.5, -0.5, 1.7, 0);
        scalar("pow.Tensor_Scalar", FLOATS, -1, -2, -3);
        scalar("remainder.Scalar", NUMBERS, 3, -3, 0.75);
        for (String comparison : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
            scalar(comparison + ".Scalar", ALL, 1, 0.5, Double.NaN);
        }
        for (String mode : List.of("floor", "trunc")) {
            for (Number divisor : List.of(3, -3, 0.75)) {
                String inputs = String.join(", ", NUMBERS.stream().map(dtype -> dtype + "[n]").toList());
                cases.add(GraphCase.several("scalar_div_" + mode + "_" + label(divisor), inputs, x -> each(4, i ->
                        BinaryOperators.DIV_SCALAR_MODE.call(x.get(i), divisor, mode))).dim("n", 1, 37));
            }
        }
        cases.add(GraphCase.of("add_scalar_alpha", "f32[n]", x -> BinaryOperators.ADD_SCALAR.call(x.get(0), 2, 0.25)).dim("n", 9));
        cases.add(GraphCase.of("sub_scalar_alpha", "i32[n]", x -> BinaryOperators.SUB_SCALAR.call(x.get(0), 2, 5)).dim("n", 9));
        cases.add(GraphCase.of("div_scalar_none", "i32[n]", x -> BinaryOperators.DIV_SCALAR_MODE.call(x.get(0), 2, null)).dim("n", 9));
        cases.add(GraphCase.of("add_size", "f32[n, 3]", x -> x.get(0).add(Tensor.arange(x.size("n")).unsqueeze(1)))
                .dim("n", 1, 20));
        cases.add(GraphCase.of("mul_dynamic", "f32[n, 3]", x -> BinaryOperators.MUL_SCALAR.call(x.get(0), x.size("2*n + 1")))
                .dim("n", 1, 20));
        cases.add(GraphCase.of("bool_scalar", "bool[n]", x -> BinaryOperators.MUL_SCALAR.call(x.get(0), true)).dim("n", 5));
    }

    private void scalar(String name, List<String> dtypes, Number... numbers) {
        Operator operator = Operators.byName("aten." + name).orElseThrow();
        String inputs = String.join(", ", dtypes.stream().map(dtype -> dtype + "[n]").toList());
        for (Number number : numbers) {
            String full = "scalar_" + name.replace('.', '_') + (dtypes.size() == 2 ? "_floats_" : "_") + label(number);
            cases.add(GraphCase.several(full, inputs, x -> each(dtypes.size(), i ->
                    operator.call(x.get(i), number))).dim("n", 1, 37).values(Values.SPECIAL));
        }
    }

    private static String label(Number number) {
        return number.toString().replace('.', 'p').replace('-', 'm');
    }

    // ---- choosing

    private void conditions() {
        cases.add(GraphCase.several("where", "bool[n], f32[n], f32[n], i64[n], bool[n]", x -> List.of(
                Tensor.where(x.get(0), x.get(1), x.get(2)), Tensor.where(x.get(0), x.get(1), x.get(3)),
                Tensor.where(x.get(0), x.get(3), 7), Tensor.where(x.get(0), x.get(4), x.get(0)),
                Tensor.where(x.get(0), 0.5, x.get(3)))).dim("n", 1, 37, 100).values(Values.SPECIAL));
        cases.add(GraphCase.of("where_broadcast", "bool[n, 1], f32[5], f32[n, 5]",
                x -> Tensor.where(x.get(0), x.get(1), x.get(2))).dim("n", 1, 7));
        cases.add(GraphCase.several("clamp", "f32[n], i64[n], f64[n], i32[n]", x -> List.of(
                x.get(0).clamp(-0.5, 0.5), x.get(1).clamp(-1, 2), x.get(1).clamp(-0.5, 0.5), x.get(2).clamp(1, -1),
                x.get(3).clamp(0, null), x.get(0).clampMin(0), x.get(2).clampMax(1.5))).dim("n", 1, 37, 100)
                .values(Values.SPECIAL));
        cases.add(GraphCase.several("masked_fill", "f32[n, 3], bool[n, 3], i64[n, 3], bool[3]", x -> List.of(
                x.get(0).maskedFill(x.get(1), Double.NEGATIVE_INFINITY), x.get(2).maskedFill(x.get(1), 9),
                x.get(0).maskedFill(x.get(3), 1.5), x.get(1).maskedFill(x.get(3), 1))).dim("n", 1, 37));
        cases.add(GraphCase.of("leaky_relu", "f32[n]", x -> x.get(0).leakyRelu(0.01)).dim("n", 1, 37).values(Values.SPECIAL));
    }

    // ---- broadcasting and promotion

    private void broadcasts() {
        cases.add(GraphCase.of("broadcast_rows", "f32[n, m], f32[m]", x -> x.get(0).add(x.get(1)))
                .dim("n", 1, 5, 33).dim("m", 1, 7, 40));
        cases.add(GraphCase.of("broadcast_columns", "f32[n, m], f32[n, 1]", x -> x.get(0).mul(x.get(1)))
                .dim("n", 1, 5, 33).dim("m", 1, 7, 40));
        cases.add(GraphCase.of("broadcast_outer", "f32[n, 1], f32[1, m]", x -> x.get(0).sub(x.get(1)))
                .dim("n", 1, 5, 33).dim("m", 1, 7, 40));
        cases.add(GraphCase.of("broadcast_middle", "f32[2, n, 3], f32[2, 1, 3]", x -> x.get(0).div(x.get(1)))
                .dim("n", 1, 5, 33).values(Values.NONZERO));
        cases.add(GraphCase.of("broadcast_single", "f32[n, 3], f32[]", x -> x.get(0).maximum(x.get(1))).dim("n", 1, 11));
        cases.add(GraphCase.of("broadcast_ranks", "f32[3], f32[n, 2, 3]", x -> x.get(0).add(x.get(1))).dim("n", 1, 11));
        cases.add(GraphCase.of("broadcast_ones", "f32[1, 1], f32[1]", x -> x.get(0).add(x.get(1))));
        cases.add(GraphCase.of("broadcast_static", "f32[4, 1, 6], f32[5, 1]", x -> x.get(0).add(x.get(1))));
        cases.add(GraphCase.several("promotion", "f32[n], f64[n], i64[n], i32[n], bool[n], f64[], i64[]", x -> List.of(
                x.get(0).add(x.get(1)), x.get(0).add(x.get(2)), x.get(2).add(x.get(3)), x.get(3).add(x.get(4)),
                x.get(3).mul(2.5), x.get(4).add(1), x.get(0).mul(x.get(5)), x.get(3).mul(x.get(6)),
                x.get(4).mul(x.get(5)), x.get(2).lt(x.get(0)), x.get(3).gt(0.5), x.get(4).eq(x.get(3)),
                x.get(3).maximum(x.get(1)), x.get(5).mul(x.get(6)))).dim("n", 1, 37));
        cases.add(GraphCase.several("same_tensor_twice", "f32[n]", x -> List.of(
                x.get(0).add(x.get(0)), x.get(0).sub(x.get(0)), x.get(0).mul(x.get(0)))).dim("n", 1, 37));
    }

    // ---- types

    private void conversions() {
        List<String> names = ALL;
        for (String from : names) {
            cases.add(GraphCase.several("convert_" + from, from + "[n]", x -> names.stream()
                    .map(to -> x.get(0).to(DType.ofText(to).orElseThrow())).toList()).dim("n", 1, 37));
            cases.add(GraphCase.several("convert_single_" + from, from + "[]", x -> names.stream()
                    .map(to -> x.get(0).to(DType.ofText(to).orElseThrow())).toList()));
        }
        cases.add(GraphCase.of("convert_large", "i64[n]", x -> x.get(0).to(DType.F32)).dim("n", 64).values(Values.WIDE));
        cases.add(GraphCase.of("convert_narrow", "i64[n]", x -> x.get(0).to(DType.I32)).dim("n", 64).values(Values.WIDE));
        cases.add(GraphCase.of("convert_wide", "f32[n]", x -> x.get(0).to(DType.I64).to(DType.F64)).dim("n", 64).values(Values.WIDE));
        cases.add(GraphCase.of("convert_bool_special", "f32[n]", x -> x.get(0).to(DType.BOOL)).dim("n", 64).values(Values.SPECIAL));
        cases.add(GraphCase.several("wrap_around", "i64[n], i64[n], i32[n], i32[n], i64[], i64[]", x -> List.of(
                x.get(0).add(x.get(1)), x.get(0).mul(x.get(1)), x.get(2).sub(x.get(3)), x.get(2).mul(x.get(3)),
                x.get(0).neg(), x.get(2).abs(), x.get(4).mul(x.get(5)), x.get(4).add(x.get(5)), x.get(4).sub(x.get(5)),
                x.get(4).neg())).dim("n", 50).values(Values.SPECIAL));
    }

    private void divisionByZero() {
        String message = "divided by zero";
        for (Map.Entry<String, BinaryOperator<Tensor>> division : List.<Map.Entry<String, BinaryOperator<Tensor>>>of(
                Map.entry("floor", Tensor::floorDiv), Map.entry("trunc", Tensor::truncDiv), Map.entry("remainder", Tensor::remainder))) {
            String name = "divide_by_zero_" + division.getKey();
            cases.add(GraphCase.of(name, "i64[n], i64[n]", x -> division.getValue().apply(x.get(0), x.get(1)))
                    .dim("n", 40).values(1, Values.TIED).fails(message));
            cases.add(GraphCase.of(name + "_single", "i32[], i32[]", x -> division.getValue().apply(x.get(0), x.get(1)))
                    .values(1, Values.always(0)).fails(message));
            cases.add(GraphCase.of(name + "_tail", "i32[n], i32[n]", x -> division.getValue().apply(x.get(0), x.get(1)))
                    .dim("n", 1, 3, 17).values(1, Values.NONZERO));
        }
        cases.add(GraphCase.of("divide_by_zero_nothing", "i64[n, m], i64[]", x -> x.get(0).floorDiv(x.get(1)))
                .range("m", 0, 9, 1).dim("n", 3).dim("m", 0).values(1, Values.always(0)));
        cases.add(GraphCase.of("divide_by_zero_unused", "i64[n], i64[n]",
                x -> Tensor.where(x.get(1).eq(0), x.get(0), x.get(0).floorDiv(x.get(1))))
                .dim("n", 40).values(1, Values.TIED).fails(message));
        cases.add(GraphCase.of("divide_empty", "i64[n], i64[]", x -> x.get(0).floorDiv(x.get(1)))
                .dim("n", 0).values(1, Values.always(0)));
    }

    /** Outputs larger than caches, whose stores pass them by, and sizes that are no multiples of vectors. */
    private void streamed() {
        cases.add(GraphCase.several("streamed", "f32[n, m]", x -> List.of(
                x.get(0).mul(2).add(1), x.get(0).to(DType.F64).neg(), x.get(0).gt(0), x.get(0).to(DType.I16), x.get(0).to(DType.BF16)))
                .dim("n", 2, 2049).dim("m", 7, 4095));
        cases.add(GraphCase.several("streamed_rows", "f32[n, m]", x -> List.of(
                x.get(0).layerNorm(List.of(x.size("m")), null, null, 1e-5), x.get(0).sub(x.get(0).amax(1, true)),
                x.get(0).mul(x.get(0).amin(1, true)).to(DType.F64), x.get(0).gt(x.get(0).amax(1, true).neg())))
                .dim("n", 2, 2049).dim("m", 7, 4096));
        cases.add(GraphCase.of("streamed_softmax", "f32[n, 4096]", x -> x.get(0).softmax(-1)).dim("n", 1, 2049));
        cases.add(GraphCase.of("streamed_one", "f32[n, m]", x -> x.get(0).relu()).dim("n", 1, 2049).dim("m", 15, 4095));
    }
}
