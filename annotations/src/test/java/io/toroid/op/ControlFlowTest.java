package io.toroid.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.shape.Range;
import io.toroid.shape.ShapeEnvironment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ControlFlowTest {

    private final ShapeEnvironment environment = new ShapeEnvironment();
    private final Tensor x;
    private final Tensor predicate = Tensor.placeholder("predicate", TensorType.parse("bool[]", environment::symbol), environment);

    ControlFlowTest() {
        environment.declare("n", new Range(1, 9, 1));
        x = Tensor.placeholder("x", TensorType.parse("f32[n, 3]", environment::symbol));
    }

    private static Call call(Tensor tensor) {
        return (Call) tensor.origin();
    }

    private static List<String> operators(Body body) {
        return body.outputs().stream().map(output -> output.origin() instanceof Call call ? call.operator().name() : "input").toList();
    }

    @Test
    void whatWasThereBeforeIsCapturedAndWhatTheLambdaCallsIsTheBody() {
        Tensor before = x.exp();
        Tensor result = ControlFlow.cond(predicate, () -> before.add(x).neg(), () -> before);
        Arguments arguments = call(result).arguments();
        assertEquals(List.of(before, x), arguments.tensors("captured"));
        assertEquals(List.of("aten.neg.default"), operators(arguments.body("if_true")));
        assertEquals(List.of("input"), operators(arguments.body("if_false")));
        assertEquals("f32[n, 3]", result.type().toString());
    }

    @Test
    void singleNumbersStayInTheBodyAndOtherConstantsAreCaptured() {
        Tensor table = Tensor.constant(TensorData.of(new float[] {1, 2, 3}, 3));
        Tensor number = Tensor.constant(TensorData.of(new float[] {2}, 1));
        Tensor result = ControlFlow.cond(predicate, () -> x.mul(table).mul(number), () -> x);
        assertEquals(List.of(table, x), call(result).arguments().tensors("captured").stream()
                .sorted((one, other) -> one.dim() - other.dim()).toList());
    }

    @Test
    void aLoopCarriesItsTypes() {
        Tensor start = Tensor.full(DType.I64, 0);
        List<Tensor> results = ControlFlow.whileLoop(List.of(start, x), carried -> carried.get(0).lt(5),
                carried -> List.of(carried.get(0).add(1), carried.get(1).add(x)));
        assertEquals(List.of("i64[]", "f32[n, 3]"), results.stream().map(result -> result.type().toString()).toList());
        assertEquals(3, call(results.getFirst()).arguments().body("body").inputs().size());
    }

    private static void assertMistake(String message, Runnable mistake) {
        assertEquals(message, assertThrows(TensorException.class, mistake::run).getMessage());
    }

    @Test
    void mistakesSayWhatDiffers() {
        assertMistake("cond: both branches must give the same types, but result 0 is f32[n, 3] if the predicate is true and f32[3, n] if not"
                        + "; if sizes shall depend on it, use condAnySize",
                () -> ControlFlow.cond(predicate, () -> x, () -> x.transpose(0, 1)));
        assertMistake("cond: both branches must give the same types, but result 1 is f32[n, 3] if the predicate is true and i64[n, 3] if not",
                () -> ControlFlow.condAll(predicate, () -> List.of(x, x), () -> List.of(x, x.to(DType.I64))));
        assertMistake("cond: one branch gives 2 tensors, the other 1; give as many in both",
                () -> ControlFlow.condAll(predicate, () -> List.of(x, x), () -> List.of(x)));
        assertMistake("cond: the predicate must be one value, not f32[n, 3]; reduce it with any() or all()",
                () -> ControlFlow.cond(x, () -> x, () -> x));
        assertMistake("whileLoop: the condition must be one value, not bool[n, 3]; reduce it with any() or all()",
                () -> ControlFlow.whileLoop(List.of(x), carried -> carried.getFirst().gt(0), carried -> carried));
        assertMistake("whileLoop: what is carried must keep its type, but number 0 is f32[n, 3] before and f32[n] after the body",
                () -> ControlFlow.whileLoop(List.of(x), _ -> predicate, carried -> List.of(carried.getFirst().sum(1))));
        assertMistake("whileLoop: the body gives 2 tensors, but 1 are carried; give each again",
                () -> ControlFlow.whileLoop(List.of(x), _ -> predicate, carried -> List.of(x, x)));
    }

    @Test
    void sizesMayDependOnTheBranch() {
        Tensor chosen = ControlFlow.condAnySize(predicate, () -> x, () -> x.slice(1, 0, 2));
        assertEquals("f32[n, u0]", chosen.type().toString());
        assertEquals("2 to 3", ((io.toroid.shape.Symbol) chosen.size(1)).declared().toString());
        assertMistake("cond: both branches must give the same types, but result 0 is f32[n, 3] if the predicate is true and f32[n] if not",
                () -> ControlFlow.condAnySize(predicate, () -> x, () -> x.sum(1)));
        assertMistake("cond: the predicate must be one value, not f32[n, 3]; reduce it with any() or all()",
                () -> ControlFlow.condAnySize(x, () -> x, () -> x));
    }

    @Test
    void rowsAreGoneOverInTheTypesOfTheStep() {
        ControlFlow.Scanned sums = ControlFlow.scan(Tensor.zeros(DType.F32, 3), x,
                (carry, row) -> new ControlFlow.Step(carry.add(row), row.gt(0).any()));
        assertEquals("f32[3]", sums.carry().type().toString());
        assertEquals("bool[n]", sums.rows().type().toString());
        assertEquals("f32[n, 2]", ControlFlow.map(x, row -> row.slice(0, 1)).type().toString());
        assertEquals("toroid.while_loop.default", call(sums.rows()).operator().name());
    }

    @Test
    void mistakesOfRowsSayWhatDiffers() {
        TensorException carried = assertThrows(TensorException.class, () -> ControlFlow.scan(Tensor.zeros(DType.F32, 3), x,
                (carry, row) -> new ControlFlow.Step(carry.sum(), row)));
        assertEquals("scan: the step must carry the type that it gets, but it gets f32[3] and carries f32[]; "
                + "convert or reshape what it carries", carried.getMessage());
        TensorException single = assertThrows(TensorException.class, () -> ControlFlow.map(predicate, row -> row));
        assertEquals("scan: bool[] has no rows to go over; it needs a dimension", single.getMessage());
    }
}
