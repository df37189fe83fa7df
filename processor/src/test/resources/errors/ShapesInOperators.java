package errors;

import io.toroid.*;
import io.toroid.nn.*;

@Model(weights = "weights/errors.safetensors")
// weights weights/errors.safetensors = hidden.weight: f32[128, 64]; hidden.bias: f32[128]
public class ShapesInOperators {

    private final Linear hidden = new Linear(64, 128);

    @Entry
    @Dim(name = "batch", max = 1024)
    public Tensor product(@Spec("f32[batch, 32]") Tensor left, @Spec("f32[64, 10]") Tensor right) {
        return left.relu().matmul(right).relu(); // error: [TOROID-301] matmul: the columns of the left, 32 in f32[batch, 32], differ from the rows of the right, 64 in f32[64, 10]; they must be equal
    }

    @Entry
    @Dim(name = "batch", max = 1024)
    public Tensor layer(@Spec("f32[batch, 32]") Tensor pixels) {
        Tensor positive = pixels.relu();
        return hidden.apply(positive); // error: [TOROID-301] linear: the last size of the input, 32 in f32[batch, 32], must equal the weight's 64 in f32[128, 64]; make the layer for 32 inputs, or reshape the input
    }

    @Entry
    public Tensor inHelper(@Spec("f32[3]") Tensor a, @Spec("f32[4]") Tensor b) {
        return helper(a, b);
    }

    private static Tensor helper(Tensor a, Tensor b) {
        return a
                .relu()
                .add(b) // error: [TOROID-301] add: f32[3] and f32[4] do not broadcast: at dimension -1 (from the last) the sizes are 3 and 4; they must be equal or one of them 1 (reshape or unsqueeze one)
                .relu();
    }

    @Entry
    public Tensor bits(@Spec("f32[3]") Tensor a) {
        return a.bitwiseNot(); // error: [TOROID-302] bitwiseNot: self must be a tensor of integers or booleans, not f32[3]; convert it with .to(DType.I64)
    }

    @Entry
    public Tensor axis(@Spec("f32[3, 4]") Tensor a) {
        return a.softmax(2); // error: [TOROID-301] softmax: dimension 2 does not exist in f32[3, 4]; its dimensions are 0 to 1 (or -2 to -1)
    }

    @Entry
    public Tensor fine(@Spec("f32[3]") Tensor a) {
        return a.exp();
    }
}
