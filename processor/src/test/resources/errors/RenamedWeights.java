package errors;

import io.toroid.*;
import io.toroid.nn.*;

// weights weights/exported.safetensors = net.hidden.w: f32[64, 128]; net.hidden.b: f32[128]; net.output.w: f32[10, 128]; net.output.b: f32[10]; net.norm.w: f32[128]; left.over: f32[1]; spare.counter: i64[]
@Model(weights = "weights/exported.safetensors", names = RenamedWeights.Exported.class) // error: [TOROID-405] the weight file "weights/exported.safetensors" has a tensor left.over, f32[1], that is no parameter of the model; add the layer that it belongs to, or export the file without it
public class RenamedWeights {

    private final Linear hidden = new Linear(64, 128);
    private final LayerNorm norm = new LayerNorm(128); // error: [TOROID-404] the weight file "weights/exported.safetensors" has no tensor net.norm.b, a parameter f32[128] called norm.bias; export it too, or, if the file calls it otherwise, name it so in Exported; the file's names that nothing takes: left.over
    private final Linear output = new Linear(128, 10); // error: [TOROID-406] the parameter output.weight is f32[10, 128], but "weights/exported.safetensors" holds f32[10, 128], to be transposed; Exported should not ask for its transpose
    private final Linear again = new Linear(128, 10); // error: [TOROID-412] the parameters output.weight and again.weight are both the tensor net.output.w of "weights/exported.safetensors"; tell them apart in Exported
    // error above: [TOROID-412] the parameters output.bias and again.bias are both the tensor net.output.b of "weights/exported.safetensors"; tell them apart in Exported

    @Entry
    @Dim(name = "batch", max = 1024)
    public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
        Tensor normed = norm.apply(hidden.apply(pixels)).gelu();
        return output.apply(normed).add(again.apply(normed));
    }

    static class Exported implements WeightNames {

        @Override
        public Stored find(String parameter) {
            String stored = "net." + parameter.replace("again", "output").replace("weight", "w").replace("bias", "b");
            return stored.endsWith("w") && !stored.contains("norm") ? Stored.transposed(stored) : Stored.as(stored);
        }

        @Override
        public boolean isSpare(String stored) {
            return stored.startsWith("spare.");
        }
    }
}
