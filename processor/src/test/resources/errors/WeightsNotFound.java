package errors;

import io.toroid.*;
import io.toroid.nn.*;

// option -Atoroid.weights.dir=no/such/directory
@Model(weights = "weights/absent.safetensors") // error: [TOROID-401] there is no weight file "weights/absent.safetensors"; searched: no/such/directory, the class output, the source path, the class path; put it under src/main/resources, or name its directory by -Atoroid.weights.dir=...
public class WeightsNotFound {

    private final Linear hidden = new Linear(64, 128);

    @Entry
    public Tensor classify(@Spec("f32[64]") Tensor pixels) {
        return hidden.apply(pixels);
    }
}
