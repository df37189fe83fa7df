package errors;

import io.toroid.*;
import io.toroid.op.ControlFlow;

@Model
public class Updates {

    private final Tensor count = Tensor.state(DType.I64);

    @Entry
    public Tensor computed(@Spec("f32[3]") Tensor a) {
        return a.updating(a.mul(2), a); // error: [TOROID-303] updating: the target is a computed or a constant tensor f32[3], whose memory nobody else sees; it must be an input of the entry or a Tensor.state
    }

    @Entry
    public Tensor type(@Spec("f32[3]") Tensor a) {
        return a.updating(count, a.sum()); // error: [TOROID-302] updating: the target is i64[] and the value f32[]; both must have the same type
    }

    @Entry
    public Tensor shape(@Spec("f32[3]") Tensor a, @Spec("f32[3, 1]") Tensor b) {
        return a.updating(a, b); // error: [TOROID-301] updating: the target is f32[3] and the value f32[3, 1]; both must have the same type
    }

    @Entry
    public Tensor twice(@Spec("f32[3]") Tensor a) {
        return a.updating(a, a.exp())
                .updating(a, a.neg()); // error: [TOROID-303] updating: the target f32[3] gets two values in one call; compute one of both, and update it once
    }

    @Entry
    public Tensor branch(@Spec("f32[3]") Tensor a, @Spec("bool[]") Tensor p) {
        return ControlFlow.cond(p, () -> a.neg().updating(a, a.exp()), () -> a); // error: [TOROID-303] updating: an update cannot be in a branch or loop; let it give the value, and update outside
    }
}
