package errors;

import io.toroid.*;
import io.toroid.nn.*;

// weights weights/unmade.safetensors = hidden.weight: f32[128, 64]; hidden.bias: f32[128]
@Model(weights = "weights/unmade.safetensors", names = UnmadeNames.Prefixed.class) // error: [TOROID-410] the class Prefixed cannot say where the weights stand: it has no constructor without parameters; make it a class of its own or a static one, with a constructor without parameters
public class UnmadeNames {

    private final Linear hidden = new Linear(64, 128);

    @Entry
    @Dim(name = "batch", max = 1024)
    public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
        return hidden.apply(pixels);
    }

    record Prefixed(String prefix) implements WeightNames {

        @Override
        public Stored find(String parameter) {
            return Stored.as(prefix + parameter);
        }
    }
}
