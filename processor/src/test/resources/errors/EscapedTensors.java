package errors;

import io.toroid.*;
import io.toroid.op.ControlFlow;
import java.util.List;

@Model
public class EscapedTensors {

    private Tensor kept;

    @Entry
    public Tensor fromALoop(@Spec("f32[4]") Tensor x) {
        Tensor[] last = new Tensor[1];
        Tensor result = ControlFlow.whileLoop(List.of(x), c -> c.getFirst().sum().lt(10), c -> {
            last[0] = c.getFirst();
            return List.of(c.getFirst().mul(2));
        }).getFirst();
        return result.sub(last[0]); // error: [TOROID-313] the entry fromALoop computes with a tensor that exists only while a loop runs or in another entry; let the loop's body return it, so that it is a result of whileLoop, and keep no tensors in fields
    }

    @Entry
    public Tensor ofALoop(@Spec("f32[4]") Tensor x) { // error: [TOROID-313] the entry ofALoop computes with a tensor that exists only while a loop runs or in another entry; let the loop's body return it, so that it is a result of whileLoop, and keep no tensors in fields
        Tensor[] last = new Tensor[1];
        ControlFlow.whileLoop(List.of(x), c -> c.getFirst().sum().lt(10), c -> {
            last[0] = c.getFirst();
            return List.of(c.getFirst().mul(2));
        });
        return last[0];
    }

    @Entry
    public Tensor fromALoopIntoAnother(@Spec("f32[4]") Tensor x) {
        Tensor[] last = new Tensor[1];
        ControlFlow.whileLoop(List.of(x), c -> c.getFirst().sum().lt(10), c -> {
            last[0] = c.getFirst();
            return List.of(c.getFirst().mul(2));
        });
        return ControlFlow.whileLoop(List.of(x), // error: [TOROID-313] the entry fromALoopIntoAnother computes with a tensor that exists only while a loop runs or in another entry; let the loop's body return it, so that it is a result of whileLoop, and keep no tensors in fields
                c -> c.getFirst().sum().lt(10), c -> List.of(c.getFirst().mul(last[0]))).getFirst();
    }

    @Entry
    public Tensor keeping(@Spec("f32[4]") Tensor x) {
        kept = x;
        return x.neg();
    }

    @Entry
    public Tensor fromAnotherEntry(@Spec("f32[4]") Tensor x) {
        return x.add(kept); // error: [TOROID-313] the entry fromAnotherEntry computes with a tensor that exists only while a loop runs or in another entry; let the loop's body return it, so that it is a result of whileLoop, and keep no tensors in fields
    }
}
