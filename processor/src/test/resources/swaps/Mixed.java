package swaps;

import io.toroid.DType;
import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.nn.BatchNorm2d;
import io.toroid.nn.Conv2d;
import io.toroid.nn.ConvTranspose2d;
import io.toroid.nn.Linear;
import io.toroid.op.Convolution;

/** Weights of every fate: read as they are, packed while compiling or when loaded, folded, returned, empty, and literal. */
@Model(weights = "weights/mixed.safetensors")
@Dim(name = "n", min = 1, max = 64)
public class Mixed {
    private final Linear hidden = new Linear(24, 40);
    private final Linear value = new Linear(40, 16);
    private final Tensor left = Tensor.parameter(DType.F32, 16, 40);
    private final Tensor right = Tensor.parameter(DType.F32, 16, 40);
    private final Tensor scale = Tensor.parameter(DType.F32, 40);
    private final Tensor shift = Tensor.buffer(DType.F32, 40);
    private final Conv2d convolution = new Conv2d(3, 16, 3);
    private final BatchNorm2d norm = new BatchNorm2d(16);
    private final ConvTranspose2d back = new ConvTranspose2d(16, 3, 3, Convolution.DEFAULT);
    private final Tensor table = Tensor.parameter(DType.F32, 5, 7);
    private final Tensor nothing = Tensor.parameter(DType.F32, 0, 3);
    private final Tensor nobody = Tensor.buffer(DType.F32, 0);
    /** The name of a literal, were it not taken. */
    private final Tensor _tensor_constant0 = Tensor.parameter(DType.F32, 4);

    @Entry
    public Tensor project(@Spec("f32[n, 24]") Tensor x) {
        Tensor h = hidden.apply(x).mul(scale.exp()).add(shift);
        return h.linear(left.add(right.mul(2))).mul(value.apply(h));
    }

    @Entry
    public Tensor paint(@Spec("f32[n, 3, 8, 8]") Tensor image) {
        return back.apply(norm.apply(convolution.apply(image)).relu());
    }

    @Entry
    public Tensor turned(@Spec("f32[1]") Tensor ignored) {
        return table.transpose(0, 1);
    }

    @Entry
    public Tensor literal(@Spec("f32[n, 4]") Tensor x) {
        return x.add(Tensor.of(new float[] {1, 2, 3, 4}, 4)).mul(_tensor_constant0);
    }

    @Entry
    public Tensor empty(@Spec("f32[n, 3]") Tensor x) {
        return Tensor.cat(0, x, nothing).sum(0).add(nobody.sum());
    }
}
