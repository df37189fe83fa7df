package models;

import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;

/** A user's model with a mistake of shapes. */
@Model
public class Mismatched {

    @Entry
    public Tensor run(@Spec("f32[2, 3]") Tensor x, @Spec("f32[2, 3]") Tensor y) {
        return x.matmul(y);
    }
}
