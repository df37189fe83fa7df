package errors;

import io.toroid.*;

@Model
public class ValuesOfSymbolicTensors {

    @Entry
    public Tensor branch(@Spec("f32[]") Tensor x) {
        if (x.item() > 0) { // error: [TOROID-304] this tensor has no values yet: an entry is traced symbolically, so Java cannot look at its numbers. Use operators (where, clamp, max, ...) to choose by value, or run the model eagerly to inspect it
            return x.neg();
        }
        return x;
    }

    @Entry
    public Tensor raw(@Spec("f32[4]") Tensor x) {
        float first = x.data().floats()[0]; // error: [TOROID-304] this tensor has no values yet: an entry is traced symbolically, so Java cannot look at its numbers. Use operators (where, clamp, max, ...) to choose by value, or run the model eagerly to inspect it
        return x.mul(first);
    }

    @Entry
    @Dim(name = "batch", max = 8)
    public Tensor loop(@Spec("f32[batch, 4]") Tensor x) {
        Tensor sum = x.select(0, 0);
        for (int i = 1; i < x.size(0).constant(); i++) { // error: [TOROID-309] the size batch is not a constant; a dynamic dimension has no number while the model is compiled: compute with Size, or make it a number in the @Spec
            sum = sum.add(x.select(0, i));
        }
        return sum;
    }
}
