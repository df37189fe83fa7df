package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.TensorData;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An evaluator never changes; what calls leave behind is asked of their results. */
@Tag("unit")
class UpdatesEagerTest {

    static final class Averaging {
        final Tensor count = Tensor.state(DType.I64);
        final Tensor mean = Tensor.state(DType.F32, 2);

        Tensor observe(Tensor x) {
            return x.sub(mean).updating(mean, mean.add(x).mul(0.5)).updating(count, count.add(1));
        }
    }

    private final Averaging model = new Averaging();

    @Test
    void statesBeginWithTheirWeightsOrZeros() {
        Eager zeros = Eager.of(model, Map.of());
        assertArrayEquals(new float[] {2, 4}, model.observe(zeros.tensor(new float[] {2, 4}, 2)).data().floats());
        Eager given = Eager.of(model, Map.of("mean", TensorData.of(new float[] {1, 1}, 2)));
        assertArrayEquals(new float[] {1, 3}, model.observe(given.tensor(new float[] {2, 4}, 2)).data().floats());
    }

    @Test
    void theEvaluatorAfterACallHasItsStates() {
        Eager before = Eager.of(model, Map.of());
        Tensor first = model.observe(before.tensor(new float[] {2, 4}, 2));
        Eager after = before.after(first);
        assertArrayEquals(new float[] {1, 2}, model.observe(after.tensor(new float[] {2, 4}, 2)).data().floats());
        assertArrayEquals(new float[] {2, 4}, model.observe(before.tensor(new float[] {2, 4}, 2)).data().floats());
        assertEquals(1, after.force(model.count).longs()[0]);
        assertEquals(0, before.force(model.count).longs()[0]);
    }

    @Test
    void anInputHoldsWhatItIsUpdatedWith() {
        Eager eager = Eager.of();
        Tensor cache = eager.tensor(new float[] {1, 2, 3}, 3);
        Tensor other = eager.tensor(new float[] {5}, 1);
        Tensor result = cache.sum().updating(cache, cache.mul(2));
        assertArrayEquals(new float[] {6}, result.data().floats());
        assertArrayEquals(new float[] {2, 4, 6}, eager.updated(cache, result).data().floats());
        assertArrayEquals(new float[] {5}, eager.updated(other, result).data().floats());
        assertArrayEquals(new float[] {1, 2, 3}, cache.data().floats());
    }

    @Test
    void aTargetGetsOneValue() {
        Eager eager = Eager.of();
        Tensor x = eager.tensor(new float[] {1}, 1);
        Tensor result = x.updating(x, x.add(1)).updating(x, x.add(2));
        assertEquals("updating: the target f32[1] gets two values in one call; compute one of both, and update it once",
                assertThrows(TensorException.class, () -> eager.updated(x, result)).getMessage());
    }
}
