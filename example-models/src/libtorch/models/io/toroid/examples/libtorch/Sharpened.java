package io.toroid.examples.libtorch;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.nn.LayerNorm;
import io.toroid.nn.Linear;
import io.toroid.op.ControlFlow;
import java.util.List;

/** Scores of digits for images of any brightness: a loop darkens them, and a branch spares blank ones the network. */
@Model(weights = "digits-mlp.safetensors")
public class Sharpened {
    private final Linear hidden = new Linear(64, 128);
    private final LayerNorm norm = new LayerNorm(128);
    private final Linear output = new Linear(128, 10);

    @Entry
    @Dim(name = "batch", max = 64)
    public Tensor classify(@Spec("f32[batch, 64]") Tensor pixels) {
        Tensor scaled = darken(pixels);
        Tensor blank = scaled.select(1, 0).unsqueeze(1).mul(0).expand(-1, 10);
        return ControlFlow.cond(scaled.sum().gt(0), () -> output.apply(norm.apply(hidden.apply(scaled)).gelu()), () -> blank.add(0));
    }

    /** The images as the network sees them. */
    @Entry
    @Dim(name = "batch", max = 64)
    public Tensor darken(@Spec("f32[batch, 64]") Tensor pixels) {
        return ControlFlow.whileLoop(List.of(pixels), s -> s.getFirst().amax().gt(16), s -> List.of(s.getFirst().mul(0.5))).getFirst();
    }
}
