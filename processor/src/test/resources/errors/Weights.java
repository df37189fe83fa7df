package errors;

import io.toroid.*;
import io.toroid.nn.*;

// weights weights/errors.safetensors = hiden.weight: f32[128, 64]; hidden.bias: f64[128]; norm.weight: f32[128]; norm.bias: f32[64]; output.weight: f32[128, 10]; output.bias: f32[10]; counter: i64[]; norm.num_batches_tracked: i64[]
@Model(weights = "weights/errors.safetensors") // error: [TOROID-405] the weight file "weights/errors.safetensors" has a tensor counter, i64[], that is no parameter of the model; add the layer that it belongs to, or export the file without it
public class Weights {

    private final Linear hidden = new Linear(64, 128); // error: [TOROID-404] the weight file "weights/errors.safetensors" has no tensor hidden.weight, a parameter f32[128, 64]; did you mean hiden.weight? A field's @Name overrides its part of the name
    // error above: [TOROID-406] the parameter hidden.bias is f32[128], but "weights/errors.safetensors" holds f64[128]; export the file with elements of f32
    private final LayerNorm norm = new LayerNorm(128); // error: [TOROID-406] the parameter norm.bias is f32[128], but "weights/errors.safetensors" holds f32[64]; change the layer's sizes or export other weights
    private final Linear output = new Linear(128, 10); // error: [TOROID-406] the parameter output.weight is f32[10, 128], but "weights/errors.safetensors" holds f32[128, 10]; the file's is transposed: export it as PyTorch keeps it, output features first, or have it transposed by @Model(names = ...)
    private final Embedding table;

    public Weights() {
        table = new Embedding(7, 3); // error: [TOROID-404] the weight file "weights/errors.safetensors" has no tensor table.weight, a parameter f32[7, 3]; export it too, or, if the file calls it otherwise, name it so by @Name; the file's names that nothing takes: counter
    }

    @Entry
    @Dim(name = "batch", max = 1024)
    public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
        return output.apply(norm.apply(hidden.apply(pixels)).gelu());
    }
}
