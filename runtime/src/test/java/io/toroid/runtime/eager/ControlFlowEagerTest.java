package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.ControlFlow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On tensors that hold values, branches and loops are those of Java. */
@Tag("unit")
class ControlFlowEagerTest {

    private final Eager eager = Eager.of();

    @Test
    void onlyTheChosenBranchRuns() {
        List<String> ran = new ArrayList<>();
        Tensor x = eager.tensor(new float[] {1, -2}, 2);
        Tensor result = ControlFlow.cond(x.sum().gt(0), () -> {
            ran.add("true");
            return x.exp();
        }, () -> {
            ran.add("false");
            return x.mul(3);
        });
        assertEquals(List.of("false"), ran);
        assertArrayEquals(new float[] {3, -6}, result.data().floats());
    }

    @Test
    void aCounterThatIsAConstantCounts() {
        Tensor x = eager.tensor(new float[] {1, 3}, 2);
        Tensor result = ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0), x), carried -> carried.get(0).lt(3),
                carried -> List.of(carried.get(0).add(1), carried.get(1).mul(2))).get(1);
        assertArrayEquals(new float[] {8, 24}, result.data().floats());
    }

    @Test
    void aLoopRunsUntilItsConditionIsZero() {
        Tensor x = eager.tensor(new float[] {1, 3}, 2);
        List<Tensor> results = ControlFlow.whileLoop(List.of(x, x.mul(0)), carried -> carried.get(0).amax(0).lt(20),
                carried -> List.of(carried.get(0).mul(2), carried.get(1).add(1)));
        assertArrayEquals(new float[] {8, 24}, results.get(0).data().floats());
        assertArrayEquals(new float[] {3, 3}, results.get(1).data().floats());
    }

    @Test
    void valuesMayComeFromOutsideOnly() {
        Tensor limit = eager.tensor(new long[] {4}, 1);
        List<Long> counted = new ArrayList<>();
        Tensor counter = ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0)), carried -> carried.getFirst().lt(limit),
                carried -> {
                    counted.add((long) carried.getFirst().add(limit).sub(limit).item());
                    return List.of(carried.getFirst().add(1));
                }).getFirst();
        assertEquals(4, eager.force(counter).longs()[0]);
        assertEquals(List.of(0L, 1L, 2L, 3L), counted);
    }

    @Test
    void valuesMayComeIntoTheBodyOnly() {
        Tensor step = eager.tensor(new long[] {3}, 1).view(new long[0]);
        Tensor counter = ControlFlow.whileLoop(List.of(Tensor.full(DType.I64, 0)), carried -> carried.getFirst().lt(10),
                carried -> List.of(carried.getFirst().add(step))).getFirst();
        assertEquals(12, counter.data().longs()[0]);
    }
}
