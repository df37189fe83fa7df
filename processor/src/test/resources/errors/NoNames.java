package errors;

import io.toroid.*;
import io.toroid.nn.*;

// weights weights/none.safetensors = hidden.weight: f32[128, 64]; hidden.bias: f32[128]
@Model(weights = "weights/none.safetensors", names = NoNames.Nothing.class) // error: [TOROID-411] Nothing was asked where the parameter hidden.weight stands, and returned null; it needs an answer for every name
public class NoNames {

    private final Linear hidden = new Linear(64, 128);

    @Entry
    @Dim(name = "batch", max = 1024)
    public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
        return hidden.apply(pixels);
    }

    static class Nothing implements WeightNames {

        @Override
        public Stored find(String parameter) {
            return null;
        }
    }
}
