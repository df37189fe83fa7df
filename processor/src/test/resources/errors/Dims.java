package errors;

import io.toroid.*;

@Model
@Dim(name = "never", max = 8) // error: [TOROID-210] no spec uses the dimension never; use it in a @Spec, as a parameter of the type Size, or take the @Dim away
public class Dims {

    @Entry
    @Dim(name = "batch", min = 8, max = 4) // error: [TOROID-211] the dimension batch cannot be: its smallest size, 8, is larger than its largest, 4; exchange min and max
    public Tensor reversed(@Spec("f32[batch]") Tensor a) {
        return a;
    }

    @Entry
    @Dim(name = "batch", min = -1) // error: [TOROID-211] the dimension batch cannot be: its smallest size is -1; sizes are not negative
    public Tensor negative(@Spec("f32[batch]") Tensor a) {
        return a;
    }

    @Entry
    @Dim(name = "batch", multipleOf = 0) // error: [TOROID-211] the dimension batch cannot be: it would be a multiple of 0; give a positive number
    public Tensor multiple(@Spec("f32[batch]") Tensor a) {
        return a;
    }

    @Entry
    @Dim(name = "batch", min = 9, max = 15, multipleOf = 8) // error: [TOROID-211] the dimension batch cannot be: there is no multiple of 8 from 9 to 15; widen the range
    public Tensor empty(@Spec("f32[batch]") Tensor a) {
        return a;
    }

    @Entry
    @Dim(name = "batch", max = 8)
    @Dim(name = "batch", max = 9)
    public Tensor twice(@Spec("f32[batch]") Tensor a) { // error: [TOROID-212] the dimension batch is declared twice; keep one
        return a;
    }

    @Entry
    @Dim(name = "2 d") // error: [TOROID-213] a dimension cannot be named "2 d"; use letters, digits and underscores, and begin with a letter
    public Tensor name(@Spec("f32[3]") Tensor a) {
        return a;
    }

    @Entry
    @Dim(name = "unused", max = 8) // error: [TOROID-210] no spec uses the dimension unused; use it in a @Spec, as a parameter of the type Size, or take the @Dim away
    public Tensor unused(@Spec("f32[3]") Tensor a) {
        return a;
    }
}
