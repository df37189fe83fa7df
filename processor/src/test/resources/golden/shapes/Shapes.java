package golden;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.nn.Conv2d;
import io.toroid.nn.Linear;
import io.toroid.op.Convolution;

/** One entry for each shape that generated code has. */
@Model(weights = "weights.safetensors")
@Dim(name = "batch", min = 1, max = 1024)
public class Shapes {
    private final Linear linear = new Linear(24, 40);
    private final Conv2d convolution = new Conv2d(3, 16, 3, Convolution.DEFAULT.padding(1));

    /** One loop over all elements. */
    @Entry
    public Tensor pointwise(@Spec("f32[batch, 8]") Tensor left, @Spec("f32[batch, 8]") Tensor right) {
        return left.add(right).sigmoid();
    }

    /** Reduces along the elements that lie side by side; two phases and a row on the stack. */
    @Entry
    public Tensor rows(@Spec("f32[batch, 100]") Tensor scores) {
        return scores.softmax(-1);
    }

    /** Reduces across them: each lane has a sum of its own. */
    @Entry
    public Tensor columns(@Spec("f32[batch, 64, 8]") Tensor tokens) {
        return tokens.sum(1);
    }

    /** A product with an epilogue. */
    @Entry
    public Tensor product(@Spec("f32[batch, 24]") Tensor features, @Spec("f32[batch, 40]") Tensor residual) {
        return linear.apply(features).relu().add(residual);
    }

    /** A convolution with an epilogue, and the image in the order that it wants. */
    @Entry
    public Tensor image(@Spec("f32[batch, 3, 16, 16]") Tensor pixels) {
        return convolution.apply(pixels).clamp(0, 6);
    }

    /** Sizes that bind, limit and relate symbols, an output that is read again, and an index that may be wrong. */
    @Entry
    @Dim(name = "count", min = 8, max = 512, multipleOf = 8)
    public Pair sizes(@Spec("i64[count]") Tensor indices, @Spec("f32[2*batch + 1, 4]") Tensor table) {
        Tensor rows = indices.embedding(table);
        return new Pair(rows, rows.amax(1, false));
    }

    /** Two results. */
    public record Pair(Tensor rows, Tensor largest) {
    }
}
