package errors;

import io.toroid.*;
import java.util.List;
import java.util.Objects;

@Model
public class Failures {

    public record Pair(Tensor left, Tensor right) {
    }

    @Entry
    public Tensor own(@Spec("f32[3]") Tensor a) {
        throw new IllegalStateException("the tokenizer is missing"); // error: [TOROID-307] the entry own failed with java.lang.IllegalStateException: the tokenizer is missing; the compiler calls it on symbolic tensors, so this must succeed at compile time
    }

    @Entry
    public Tensor inLibrary(@Spec("f32[3]") Tensor a) {
        List<Tensor> none = List.of();
        return none.get(0).add(a); // error: [TOROID-307] the entry inLibrary failed with java.lang.ArrayIndexOutOfBoundsException: Index 0 out of bounds for length 0; the compiler calls it on symbolic tensors, so this must succeed at compile time
    }

    @Entry
    public Tensor inJdk(@Spec("f32[3]") Tensor a) {
        return Objects.requireNonNull(null, "no mask"); // error: [TOROID-307] the entry inJdk failed with java.lang.NullPointerException: no mask; the compiler calls it on symbolic tensors, so this must succeed at compile time
    }

    @Entry
    public Tensor nothing(@Spec("f32[3]") Tensor a) { // error: [TOROID-308] the entry nothing returned null; return a tensor computed from the inputs
        return null;
    }

    @Entry
    public Pair half(@Spec("f32[3]") Tensor a) { // error: [TOROID-308] the entry half returned something whose right is null; return a tensor computed from the inputs
        return new Pair(a, null);
    }

    @Entry
    public Tensor forever(@Spec("f32[3]") Tensor a) {
        return forever(a).relu(); // error: [TOROID-307] the entry forever failed with java.lang.StackOverflowError; the compiler calls it on symbolic tensors, so this must succeed at compile time
    }

    @Entry
    public Tensor inLambda(@Spec("f32[3]") Tensor a) {
        java.util.function.UnaryOperator<Tensor> twice = x ->
                x.matmul(Tensor.of(new float[] {1, 2}, 2)); // error: [TOROID-301] matmul: the columns of the left, 3 in f32[3], differ from the rows of the right, 2 in f32[2]; they must be equal
        return twice.apply(a);
    }
}
