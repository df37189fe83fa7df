package io.toroid.examples.detections;

import io.toroid.DType;
import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.ControlFlow;
import java.util.List;

/** What is left of the boxes that a detector proposes. */
@Model
public class Detections {

    /**
     * The boxes that score above a threshold, which is halved until there are enough of them or it is tiny, moved so that
     * none begins before 0 if that is wanted.
     *
     * @return as many boxes as there are
     */
    @Entry
    @Dim(name = "n", min = 1, max = 1000)
    public Tensor keep(@Spec("f32[n, 4]") Tensor boxes, @Spec("f32[n]") Tensor scores, @Spec("i64[]") Tensor enough, @Spec("bool[]") Tensor moves) {
        Tensor threshold = ControlFlow.whileLoop(List.of(Tensor.scalarTensor(DType.F32, 0.5)),
                carried -> scores.ge(carried.getFirst()).countNonzero().lt(enough).logicalAnd(carried.getFirst().gt(0.01)),
                carried -> List.of(carried.getFirst().mul(0.5))).getFirst();
        Tensor rows = scores.ge(threshold).nonzero().select(1, 0);
        Tensor kept = boxes.indexSelect(0, rows);
        return ControlFlow.cond(moves,
                () -> kept.sub(Tensor.cat(0, kept, Tensor.zeros(DType.F32, 1, 4)).amin(0)), () -> kept);
    }
}
