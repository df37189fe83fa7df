package errors;

import io.toroid.*;
import io.toroid.nn.*;

// weights weights/failing.safetensors = hidden.weight: f32[128, 64]; hidden.bias: f32[128]
@Model(weights = "weights/failing.safetensors", names = FailingNames.Failing.class)
public class FailingNames {

    private final Linear hidden = new Linear(64, 128);

    @Entry
    @Dim(name = "batch", max = 1024)
    public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
        return hidden.apply(pixels);
    }

    static class Failing implements WeightNames {

        @Override
        public Stored find(String parameter) {
            return Stored.as(parameter.substring(0, Integer.parseInt(parameter))); // error: [TOROID-411] Failing was asked where the parameter hidden.weight stands, and failed with java.lang.NumberFormatException: For input string: "hidden.weight"; it needs an answer for every name
        }
    }
}
