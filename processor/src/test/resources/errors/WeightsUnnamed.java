package errors;

import io.toroid.*;
import io.toroid.nn.*;

@Model // error: [TOROID-403] the model has 2 parameters, such as hidden.weight, but names no weight file; write @Model(weights = "weights/....safetensors")
public class WeightsUnnamed {

    private final Linear hidden = new Linear(64, 128);

    @Entry
    public Tensor classify(@Spec("f32[64]") Tensor pixels) {
        return hidden.apply(pixels).add(new Linear(64, 128).apply(pixels)); // error: [TOROID-407] a parameter f32[128, 64] is used that no field of the model leads to; keep the layer that owns it in a field of the model instead of making it in the entry
    }
}
