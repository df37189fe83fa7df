package errors;

import io.toroid.*;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;

@Model
public class Inputs {

    public record Pair(@Spec("f32[3]") Tensor left, Tensor right) { // error: [TOROID-207] the parameter pair.right has no @Spec; say its type and sizes, such as @Spec("f32[batch, 64]")
    }

    public record Single(@Spec("f32[3]") Tensor value) {
    }

    public record Flagged(@Spec("f32[3]") Tensor value, boolean flag) { // error: [TOROID-216] the parameter flagged.flag has the type boolean, and a Java value is fixed while the model is compiled; write @Spec("bool[]") Tensor flag; what never changes is a field of the model
    }

    public record Chain(@Spec("f32[3]") Tensor value, Chain next) { // error: [TOROID-217] the parameter chain.next is the record Chain, which holds itself; say how deep it is by records of their own
    }

    public record Box<T>(T value) {
    }

    @Entry
    public Tensor values(@Spec("f32[3]") Tensor x, long count, double scale, float other) { // error: [TOROID-216] the parameter count has the type long, and a Java value is fixed while the model is compiled; write io.toroid.shape.Size count with a @Dim of that name, or @Spec("i64[]") Tensor count if it is no size; what never changes is a field of the model
    // error above: [TOROID-216] the parameter scale has the type double, and a Java value is fixed while the model is compiled; write @Spec("f64[]") Tensor scale; what never changes is a field of the model
    // error above: [TOROID-216] the parameter other has the type float, and a Java value is fixed while the model is compiled; write @Spec("f32[]") Tensor other; what never changes is a field of the model
        return x;
    }

    @Entry
    public Tensor types(float[] a, Map<String, Tensor> b) { // error: [TOROID-205] the parameter a has the type float[]; an entry takes io.toroid.Tensor, io.toroid.shape.Size, and records, arrays and lists of them
    // error above: [TOROID-205] the parameter b has the type java.util.Map<java.lang.String,io.toroid.Tensor>; an entry takes io.toroid.Tensor, io.toroid.shape.Size, and records, arrays and lists of them
        return null;
    }

    @Entry
    public Tensor size(@Spec("f32[3]") Tensor x, Size count) { // error: [TOROID-219] the size count has no range; declare it with @Dim(name = "count", min = ..., max = ...)
        return x;
    }

    @Entry
    public Tensor records(Pair pair, Flagged flagged, Chain chain) {
        return pair.left();
    }

    @Entry
    public Tensor generic(Box<Tensor> box) { // error: [TOROID-217] the parameter box is the record Box, which has type parameters; use a record without them
        return box.value();
    }

    @Entry
    public Tensor lists(List<Tensor> a, @Spec(count = 2) Tensor[] b, @Spec(value = {"f32[1]", "f32[2]"}, count = 3) List<Tensor> c, @Spec(count = 0) Single[] d, @Spec("f32[3]") List<Single> e) { // error: [TOROID-218] the @Spec of a cannot be: it is missing, so a has no length; write @Spec(value = "f32[batch, 64]", count = 3), or a type for each element
    // error above: [TOROID-218] the @Spec of b cannot be: it has no type; write @Spec(value = "f32[batch, 64]", count = 3), or a type for each element
    // error above: [TOROID-218] the @Spec of c cannot be: it has 2 types and the count 3; write one type and a count, or a type for each element
    // error above: [TOROID-218] the @Spec of d cannot be: the count is 0; write 1 to 4096
    // error above: [TOROID-218] the @Spec of e cannot be: the elements of e are records; write types at their components, and the count here
        return null;
    }

    @Entry
    public Tensor several(@Spec({"f32[1]", "f32[2]"}) Tensor x) { // error: [TOROID-218] the @Spec of x cannot be: it has 2 types, and x is one tensor; write one
        return x;
    }

    @Entry
    @Spec("f32[late]")
    @Dim(name = "late", max = 8)
    public Tensor unknown(@Spec("f32[3]") Tensor x) { // error: [TOROID-215] the value of the dimension late cannot be told from what the entry takes; let another size be late alone
        return x;
    }
}
