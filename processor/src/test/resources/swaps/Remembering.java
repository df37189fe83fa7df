package swaps;

import io.toroid.DType;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;

/** A state that begins with what the weight file has. */
@Model(weights = "weights/remembering.safetensors")
public class Remembering {
    private final Tensor total = Tensor.state(DType.F32, 3);
    private final Tensor scale = Tensor.parameter(DType.F32, 3);

    @Entry
    public Tensor add(@Spec("f32[3]") Tensor x) {
        Tensor next = total.add(x.mul(scale));
        return next.updating(total, next);
    }
}
