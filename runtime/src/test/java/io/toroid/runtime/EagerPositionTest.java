package io.toroid.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.runtime.eager.Eager;
import io.toroid.shape.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A mistake found by values blames the author's line; in a package of its own, for positions leave the interpreter's out. */
@Tag("unit")
class EagerPositionTest {

    private final Eager eager = Eager.of();
    private final Tensor table = eager.tensor(new float[4], 2, 2);

    private static int lineOfCaller() {
        return StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }

    @Test
    void anEagerMistakeIsAtTheLineThatCallsTheOperator() {
        Tensor indices = eager.tensor(new long[] {2}, 1);
        int[] line = new int[1];
        TensorException mistake = assertThrows(TensorException.class, () -> {
            line[0] = lineOfCaller() + 1;
            indices.embedding(table);
        });
        assertEquals("EagerPositionTest.java:" + line[0], mistake.position().toString());
    }

    @Test
    void aMistakeOfATracedGraphIsAtTheLineThatTracedIt() {
        Placeholder indices = new Placeholder("indices", new TensorType(DType.I64, Shape.of(1)));
        Tensor weight = Tensor.of(new float[4], 2, 2);
        int line = lineOfCaller() + 1;
        Tensor rows = Tensor.leaf(indices).embedding(weight);
        TensorException mistake = assertThrows(TensorException.class,
                () -> eager.run(List.of(rows), Map.of(indices, TensorData.of(new long[] {9}, 1))));
        assertEquals("EagerPositionTest.java:" + line, mistake.position().toString());
        assertEquals("embedding: index 9 (element 0 of the indices) is out of range for the 2 rows of the weight f32[2, 2]",
                mistake.getMessage());
    }
}
