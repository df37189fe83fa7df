package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.nn.Functional;
import io.toroid.op.BinaryOperators;
import io.toroid.op.Convolution;
import io.toroid.op.ConvolutionOperators;
import io.toroid.op.CreationOperators;
import io.toroid.op.JoiningOperators;
import io.toroid.op.NormalizationOperators;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.ReductionOperators;
import io.toroid.op.UnaryOperators;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.processor.graph.GraphVerifier;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@Tag("unit")
class DecomposeTest {

    private static final Map<String, Long> SIZES = Map.of("n", 3L, "t", 5L);

    /** {@code f32[n, 4, t]} and {@code f32[3, 4, 5]}: the same data, once with dynamic sizes. */
    private static void check(String type, String operators, UnaryOperator<Tensor> expression) {
        List<String> found = new ArrayList<>();
        for (String shape : List.of("[n, 4, t]", "[3, 4, 5]")) {
            GraphFixture fixture = new GraphFixture();
            fixture.dim("n", 1, 9);
            fixture.dim("t", 1, 9);
            Graph before = fixture.graph(expression.apply(fixture.input("x", type + shape)));
            Graph after = new Decompose().apply(before);
            GraphVerifier.verify(after, CoreOperators::contains);
            GraphEvaluation.assertClose(before, after, SIZES, type.equals("f64") ? 1e-12 : 2e-6);
            found.add(names(after));
        }
        assertEquals(List.of(operators, operators), found);
    }

    private static String names(Graph graph) {
        return String.join(" ", graph.calls().stream()
                .map(call -> call.operator().name().replace("aten.", "").replace(".default", ""))
                .toList());
    }

    private record Case(String name, String operators, UnaryOperator<Tensor> expression, String... types) {
    }

    private static Case of(String name, String operators, UnaryOperator<Tensor> expression, String... types) {
        return new Case(name, operators, expression, types.length == 0 ? new String[] {"f32", "f64"} : types);
    }

    @TestFactory
    Stream<DynamicTest> compositeOperators() {
        return Stream.of(
                of("silu", "sigmoid mul.Tensor", Tensor::silu),
                of("gelu", "mul.Scalar mul.Scalar erf add.Scalar mul.Tensor", Tensor::gelu),
                of("gelu tanh", "mul.Scalar mul.Tensor mul.Tensor mul.Scalar add.Tensor mul.Scalar tanh add.Scalar mul.Tensor",
                        Tensor::geluTanh),
                of("softmax", "amax sub.Tensor exp sum.dim_IntList div.Tensor", x -> x.softmax(-2)),
                of("logSoftmax", "amax sub.Tensor exp sum.dim_IntList log sub.Tensor", x -> x.logSoftmax(1)),
                of("layer norm over a number", "permute var_mean.correction sub.Tensor add.Scalar rsqrt mul.Tensor",
                        x -> x.transpose(1, 2).layerNorm(List.of(Size.of(4)), null, null, 1e-5)),
                of("layer norm over a dynamic size", "var_mean.correction sub.Tensor add.Scalar rsqrt mul.Tensor",
                        x -> x.layerNorm(List.of(Size.of(4), x.size(2)), null, null, 1e-5)),
                of("mean of all", "sum.dim_IntList div.Scalar", Tensor::mean),
                of("mean", "sum.dim_IntList div.Scalar", x -> x.mean(0, -1)),
                of("sum", "sum.dim_IntList", Tensor::sum, "f32", "i64", "i32", "bool"),
                of("variance", "var_mean.correction", x -> x.var(2)),
                of("max of all", "amax", Tensor::max, "f32", "i32", "bool"),
                of("max", "amax", x -> x.max(-1).values(), "f32", "i64", "bool"),
                of("index of max", "argmax", x -> x.max(1, true).indices(), "f32", "i64"),
                of("index of min", "argmin", x -> x.min(0).indices(), "f32", "i32"),
                of("argmax of all", "view argmax", Tensor::argmax, "f32", "i32"),
                of("any", "ne.Scalar amax", x -> x.any(1), "f32", "i64"),
                of("all", "amin", Tensor::all, "bool"),
                of("add with a factor", "mul.Scalar add.Tensor", x -> BinaryOperators.ADD_TENSOR.call(x, x, 3), "f32", "i32"),
                of("sub with a factor", "_to_copy _to_copy mul.Scalar sub.Tensor",
                        x -> BinaryOperators.SUB_TENSOR.call(x, x.to(DType.I64), 2.5)),
                of("add of a number with a factor", "add.Scalar", x -> BinaryOperators.ADD_SCALAR.call(x, 2, 3), "f32", "i64"),
                of("sub of a number with a factor", "sub.Scalar", x -> BinaryOperators.SUB_SCALAR.call(x, 0.5, 3)),
                of("or", "mul.Scalar add.Tensor", x -> BinaryOperators.ADD_TENSOR.call(x, x, 2), "bool"),
                of("square", "mul.Tensor", x -> x.pow(2), "f32", "i64"),
                of("cube", "mul.Tensor mul.Tensor", x -> x.pow(3.0)),
                of("root of absolute values", "abs sqrt", x -> x.abs().pow(0.5)),
                of("inverse", "reciprocal", x -> x.pow(-1)),
                of("inverse square", "mul.Tensor reciprocal", x -> x.pow(-2.0)),
                of("first power", "", x -> x.pow(1), "f32", "i32"),
                of("other powers", "pow.Tensor_Scalar", x -> x.pow(5), "f32", "i64"),
                of("float power of integers", "_to_copy mul.Tensor", x -> x.pow(2.0), "i64"),
                of("masked fill", "lt.Scalar full where.self", x -> x.maskedFill(x.lt(0), 7), "f32", "i32"),
                of("true division", "div.Tensor", x -> BinaryOperators.DIV_TENSOR_MODE.call(x, x, null)),
                of("clone", "", UnaryOperators.CLONE::call, "f32", "bool"),
                of("conversion to the same type", "", x -> x.to(DType.F32), "f32"),
                of("unsqueeze", "view", x -> x.unsqueeze(-2)),
                of("squeeze", "view select.int view", x -> x.unsqueeze(0).select(1, 0).squeeze(), "f32"),
                of("flatten", "view", x -> x.flatten(1)),
                of("transpose", "permute", x -> x.transpose(0, -1)),
                of("t", "select.int permute", x -> x.select(1, -1).t()),
                of("expand", "view expand", x -> x.unsqueeze(0).expand(2, -1, -1, -1)),
                of("stack", "view neg view cat", x -> Tensor.stack(-1, x, x.neg()), "f32"),
                of("slice", "slice.Tensor", x -> x.slice(-2, -3, -1), "f32"),
                of("cat of several types", "_to_copy _to_copy cat", x -> Tensor.cat(1, x, x.to(DType.I64)), "f32"),
                of("full like", "full", x -> x.fullLike(2), "f32", "i64"),
                of("leaky relu", "gt.Scalar mul.Scalar where.self", x -> x.leakyRelu(0.1), "f32"))
                .flatMap(test -> Stream.of(test.types()).map(type -> DynamicTest.dynamicTest(
                        test.name() + " of " + type, () -> check(type, test.operators(), test.expression()))));
    }

    @Test
    void everyOperatorIsCoreOrDecomposes() {
        List<String> missing = Operators.all().stream()
                .filter(operator -> !CoreOperators.contains(operator) && !Decompose.RULES.containsKey(operator))
                .map(Operator::name)
                .toList();
        assertEquals(List.of("toroid.updating.default"), missing, "EntryGraph makes outputs of updates before any pass sees them");
    }

    @Test
    void layerNormGivesItsStatistics() {
        GraphFixture fixture = new GraphFixture();
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 2, 6]");
        Tensor w = fixture.parameter("w", 2, 6);
        Tensor b = fixture.parameter("b", 2, 6);
        List<Size> normalized = List.of(Size.of(2), Size.of(6));
        List<Tensor> results = NormalizationOperators.NATIVE_LAYER_NORM.callAll(x, normalized, w, b, 1e-3);
        Graph before = fixture.graph(results.toArray(Tensor[]::new));
        Graph after = new Decompose().apply(before);
        GraphVerifier.verify(after, CoreOperators::contains);
        GraphEvaluation.assertClose(before, after, Map.of("n", 4L), 3e-6);
        assertEquals(before.outputs().stream().map(Tensor::type).toList(), after.outputs().stream().map(Tensor::type).toList());
    }

    @Test
    void batchNormIsOneMultiplicationAndOneAdditionOfTheInput() {
        GraphFixture fixture = new GraphFixture();
        fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n, 3, 4, 4]");
        Tensor y = x.batchNorm(fixture.parameter("w", 3), fixture.parameter("b", 3),
                fixture.buffer("mean", 3), fixture.buffer("var", 3), 1e-5);
        Graph before = fixture.graph(y, y.select(2, 0).select(2, 0).batchNorm(null, null,
                fixture.buffer("mean2", 3), fixture.buffer("var2", 3), 1e-3));
        Graph after = new Decompose().apply(before);
        GraphVerifier.verify(after, CoreOperators::contains);
        GraphEvaluation.assertClose(before, after, Map.of("n", 2L), 3e-6);
        assertEquals(1, after.users().get(x).size());
    }

    @Test
    void adaptivePoolingIsAnOrdinaryOneWhereItDivides() {
        GraphFixture fixture = new GraphFixture();
        Tensor x = fixture.input("x", "f32[2, 3, 6, 8]");
        Graph before = fixture.graph(x.adaptiveAvgPool2d(1, 1), x.adaptiveAvgPool2d(3, 2), x.adaptiveAvgPool2d(4, 3));
        Graph after = new Decompose().apply(before);
        assertEquals("sum.dim_IntList div.Scalar avg_pool2d _adaptive_avg_pool2d", names(after));
        GraphEvaluation.assertClose(before, after, Map.of(), 1e-6);
    }

    @Test
    void aTransposedConvolutionOfStrideOneIsAnOrdinaryOne() {
        GraphFixture fixture = new GraphFixture();
        Tensor x = fixture.input("x", "f32[2, 4, 6, 5]");
        Tensor weight = fixture.parameter("w", 4, 3, 3, 2);
        Convolution options = Convolution.DEFAULT.groups(2).padding(1, 0).dilation(1, 2);
        Graph before = fixture.graph(Functional.convTranspose2d(x, weight, null, options),
                Functional.convTranspose2d(x, weight, null, options.stride(2)));
        Graph after = new Decompose().apply(before);
        assertEquals("view permute view flip convolution convolution", names(after));
        assertEquals(List.of(false, true), after.calls().stream().filter(call -> call.operator() == ConvolutionOperators.CONVOLUTION)
                .map(call -> call.arguments().flag("transposed")).toList());
        GraphEvaluation.assertClose(before, after, Map.of(), 1e-6);
    }

    @Test
    void singleValuesHaveNothingToReduce() {
        GraphFixture fixture = new GraphFixture();
        Tensor x = fixture.input("x", "f32[]");
        Tensor k = fixture.input("k", "i32[]");
        Graph before = fixture.graph(x.sum(), x.mean(), x.max(), x.max(0).values(), x.min(0).indices(), x.argmax(),
                x.softmax(0), x.logSoftmax(-1), k.sum(), x.var(0), x.any());
        Graph after = new Decompose().apply(before);
        GraphVerifier.verify(after, CoreOperators::contains);
        GraphEvaluation.assertSame(before, after, Map.of());
    }

    @Test
    void nothingHasNoExtremesButAnyAndAll() {
        GraphFixture fixture = new GraphFixture();
        fixture.dim("n", 0, 9);
        Tensor x = fixture.input("x", "f32[n, 2]");
        Tensor empty = fixture.input("y", "f32[2, 0]");
        Graph before = fixture.graph(x.any(0), x.all(0), empty.softmax(1), empty.all());
        Graph after = new Decompose().apply(before);
        GraphVerifier.verify(after, CoreOperators::contains);
        GraphEvaluation.assertSame(before, after, Map.of("n", 0L));
        GraphEvaluation.assertSame(before, after, Map.of("n", 4L));
    }

    @Test
    void dynamicSizesAsNumbersSurvive() {
        GraphFixture fixture = new GraphFixture();
        Size n = fixture.dim("n", 1, 9);
        Tensor x = fixture.input("x", "f32[n]");
        Graph before = fixture.graph(
                BinaryOperators.ADD_SCALAR.call(x, n, 0.5),
                BinaryOperators.SUB_SCALAR.call(x, n, 2),
                BinaryOperators.POW_TENSOR_SCALAR.call(x.abs(), n),
                Tensor.arange(n),
                CreationOperators.FULL.call(List.of(n), 2.5));
        Graph after = new Decompose().apply(before);
        GraphVerifier.verify(after, CoreOperators::contains);
        GraphEvaluation.assertClose(before, after, Map.of("n", 4L), 1e-6);
        assertTrue(after.toString().contains("fill_value=n, dtype=f32"), after.toString());
    }

    @Test
    void dimensionsAreNamedFromZeroInOrder() {
        GraphFixture fixture = new GraphFixture();
        Tensor x = fixture.input("x", "f32[2, 3, 4]");
        Graph after = new Decompose().apply(fixture.graph(
                x.sum(-1, 0), ReductionOperators.AMAX.call(x), x.permute(-1, 0, 1), x.slice(-1, 1),
                JoiningOperators.CAT.call(List.of(x, x), -2)));
        List<String> lines = after.toString().lines()
                .filter(line -> line.contains("aten."))
                .map(line -> line.replaceAll("  //.*", ""))
                .toList();
        assertEquals(List.of(
                "%sum_0: f32[3] = aten.sum.dim_IntList(%x, dim=[0, 2])",
                "%amax_0: f32[] = aten.amax.default(%x, dim=[0, 1, 2])",
                "%permute_0: f32[4, 2, 3] = aten.permute.default(%x, dims=[2, 0, 1])",
                "%slice_0: f32[2, 3, 3] = aten.slice.Tensor(%x, dim=2, start=1)",
                "%cat_0: f32[2, 6, 4] = aten.cat.default([%x, %x], dim=1)"), lines);
    }
}
