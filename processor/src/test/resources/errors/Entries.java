package errors;

import io.toroid.*;
import java.util.List;

@Model
public class Entries {

    public record Mixed(Tensor values, int count) {
    }

    public record Nothing() {
    }

    @Entry
    Tensor hidden(@Spec("f32[3]") Tensor a) { // error: [TOROID-202] the entry hidden is not public; make it a public instance method without type parameters
        return a;
    }

    @Entry
    public static Tensor shared(@Spec("f32[3]") Tensor a) { // error: [TOROID-202] the entry shared is static; make it a public instance method without type parameters
        return a;
    }

    @Entry
    public <T> Tensor generic(@Spec("f32[3]") Tensor a) { // error: [TOROID-202] the entry generic is generic; make it a public instance method without type parameters
        return a;
    }

    @Entry
    public Tensor none() { // error: [TOROID-214] the entry none has no parameters; what does not depend on inputs belongs into a field; give it at least one tensor
        return Tensor.of(new float[] {1}, 1);
    }

    @Entry
    public Tensor load(@Spec("f32[3]") Tensor a) { // error: [TOROID-204] the entry cannot be named load, because façades have a method of that name; rename it
        return a;
    }

    @Entry
    public void nothing(@Spec("f32[3]") Tensor a) { // error: [TOROID-206] the entry nothing returns nothing; an entry returns a Tensor, a Size, or records, arrays and lists of them
    }

    @Entry
    public List<String> list(@Spec("f32[3]") Tensor a) { // error: [TOROID-206] the entry list returns java.util.List<java.lang.String>; arrays and lists hold tensors, or records of them
        return List.of();
    }

    @Entry
    public Mixed mixed(@Spec("f32[3]") Tensor a) { // error: [TOROID-206] the entry mixed returns the record Mixed, whose component count has the type int; an entry returns a Tensor, a Size, or records, arrays and lists of them
        return new Mixed(a, 1);
    }

    @Entry
    public Nothing emptyRecord(@Spec("f32[3]") Tensor a) { // error: [TOROID-206] the entry emptyRecord returns the record Nothing, which has no components; an entry returns a Tensor, a Size, or records, arrays and lists of them
        return new Nothing();
    }

    @Entry
    public Tensor twice(@Spec("f32[3]") Tensor a) {
        return a;
    }

    @Entry
    public Tensor twice(@Spec("f32[3]") Tensor a, @Spec("f32[3]") Tensor b) { // error: [TOROID-203] the model has another entry named twice, and façades have no overloads of entries; rename one
        return a;
    }
}
