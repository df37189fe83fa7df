package io.toroid.examples.digits;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.nn.LayerNorm;
import io.toroid.nn.Linear;

/** Hand-written digits with one hidden layer: an image is a row of 64 pixels, from 0 (white) to 1 (black). */
@Model(weights = "weights/digits-mlp.safetensors")
public class DigitsMlp {
    private final Linear hidden = new Linear(64, 128);
    private final LayerNorm norm = new LayerNorm(128);
    private final Linear output = new Linear(128, 10);

    /** Scores of the ten digits for each image; the largest is the answer. */
    @Entry
    @Dim(name = "batch", min = 1, max = 1024)
    public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
        return output.apply(norm.apply(hidden.apply(pixels)).gelu());
    }
}
