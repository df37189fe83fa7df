package io.toroid.processor.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.BinaryOperators;
import io.toroid.op.TensorData;
import io.toroid.op.UnaryOperators;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.GraphEvaluation;
import io.toroid.processor.graph.GraphFixture;
import io.toroid.processor.graph.GraphVerifier;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SimplifyGraphTest {

    private static final float[] SPECIAL =
            {0f, -0f, 1f, -1.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE};

    private final GraphFixture fixture = new GraphFixture();
    private final Size n = fixture.dim("n", 1, 9);
    private final Tensor x = fixture.input("x", "f32[n, 4, 6]");
    private final Tensor special = fixture.input("special", "f32[8]");
    private final Tensor whole = fixture.input("k", "i32[5]");
    private final Tensor mask = fixture.input("mask", "bool[5]");

    /** Exact to the bit, with signed zeros, infinities and NaN among the inputs. */
    private void check(String operators, Tensor output) {
        Graph before = fixture.graph(output);
        Graph after = new SimplifyGraph().apply(before);
        GraphVerifier.verify(after);
        assertEquals(operators, String.join(" ", after.calls().stream()
                .map(call -> call.operator().name().replace("aten.", "").replace(".default", ""))
                .toList()));
        GraphEvaluation evaluation = new GraphEvaluation(Map.of("n", 3L), 1).with("special", TensorData.of(SPECIAL, 8));
        GraphEvaluation.assertClose(evaluation.run(before), evaluation.run(after), 0);
    }

    @Test
    void viewsOfViewsAreOne() {
        check("view", x.view(Shape.of(n, Size.of(24))).view(Shape.of(n.times(2), Size.of(12))));
        check("", x.view(Shape.of(n.times(24))).view(x.shape()));
        check("expand", special.expand(3, 8).expand(2, 3, 8));
        check("", special.view(2, 4).view(4, 2).view(8));
    }

    @Test
    void whatHasNoElementsIsNotComputed() {
        check("full", special.slice(0, 4, 4).exp().expand(3, 0));
        check("full sum.dim_IntList", special.slice(0, 4, 4).view(2, 0).sum(1));
    }

    @Test
    void permutationsMultiply() {
        check("permute", x.permute(1, 2, 0).permute(1, 2, 0));
        check("", x.permute(1, 2, 0).permute(2, 0, 1));
        check("", x.permute(0, 1, 2));
    }

    @Test
    void whatTakesAllIsNothing() {
        check("", x.slice(1, 0).slice(2, 0, 100));
        check("slice.Tensor", x.slice(1, 0, 3));
        check("", Tensor.cat(0, x));
        check("", x.expand(x.shape()));
        check("", UnaryOperators.TO_COPY.call(x, DType.F32));
        check("_to_copy", UnaryOperators.TO_COPY.call(x, DType.F64));
    }

    @Test
    void numbersEverywhereNeedNoViews() {
        check("full", Tensor.full(DType.F32, 2, 3, 4).permute(1, 0).view(2, 6).expand(5, 2, 6).slice(0, 1).select(2, 0));
    }

    @Test
    void neutralNumbersGoOnlyWhereZeroKeepsItsSign() {
        check("", special.mul(1).div(1.0).sub(0).sub(0.0).add(-0.0));
        check("add.Scalar", special.add(0));
        check("add.Scalar", special.add(0.0));
        check("sub.Scalar", special.sub(-0.0));
        check("", whole.add(0).sub(0).mul(1));
        check("", BinaryOperators.ADD_SCALAR.call(mask, false));
        check("mul.Scalar", whole.mul(1.0));
        check("div.Scalar", whole.div(1));
        check("add.Scalar", BinaryOperators.ADD_SCALAR.call(special, -0.0, Double.POSITIVE_INFINITY));
        check("add.Scalar", BinaryOperators.ADD_SCALAR.call(special, n));
    }

    @Test
    void whatIsItsOwnInverseOrRepeatsItselfGoes() {
        check("", special.neg().neg());
        check("", mask.logicalNot().logicalNot());
        check("logical_not logical_not", whole.logicalNot().logicalNot());
        check("relu", special.relu().relu());
        check("round", special.round().round().round());
        check("abs", special.abs().abs());
    }

    @Test
    void singleValuesBecomeNumbers() {
        check("mul.Scalar", special.mul(Tensor.of(new float[] {0.1f})));
        check("add.Scalar", Tensor.of(new float[] {2}).add(special));
        check("sub.Tensor", Tensor.of(new float[] {2}).sub(special));
        check("eq.Scalar", Tensor.of(new float[] {Float.NaN}).eq(special));
        check("div.Scalar", whole.div(Tensor.full(DType.I64, 3)));
        check("mul.Scalar", mask.mul(Tensor.of(new long[] {3})));
        check("", special.mul(Tensor.of(new float[] {1})));
        check("lt.Scalar", whole.lt(Tensor.of(new float[] {0.5f})));
    }

    @Test
    void singleValuesStayWhereTheNumberWouldHaveAnotherType() {
        check("mul.Tensor", whole.mul(Tensor.of(new double[] {0.1})));
        check("eq.Tensor", mask.eq(Tensor.of(new double[] {1 + 1e-12})));
        check("mul.Tensor", mask.mul(Tensor.of(new int[] {3})));
        check("select.int gt.Tensor", whole.select(0, 0).gt(Tensor.of(new long[] {1L << 40})));
        check("full add.Tensor", special.add(Tensor.full(DType.F32, 0.1)));
        check("mul.Tensor", special.mul(Tensor.of(new float[] {3}, 1)));
    }
}
