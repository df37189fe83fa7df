package errors;

import io.toroid.*;
import java.util.List;

@Model
public class Results {

    public record Sums(@Spec("f64[]") Tensor all, Tensor rows) {
    }

    @Entry
    @Spec("f32[]")
    public Tensor declared(@Spec("f32[3]") Tensor x) { // error: [TOROID-314] the entry declared says that its result is f32[], but it computes f32[3]; correct the @Spec, or the computation
        return x.exp();
    }

    @Entry
    public Sums component(@Spec("f32[3, 3]") Tensor x) { // error: [TOROID-314] the entry component says that all is f64[], but it computes f32[]; correct the @Spec, or the computation
        return new Sums(x.sum(), x.sum(1));
    }

    @Entry
    public List<Tensor> empty(@Spec("f32[3]") Tensor x) { // error: [TOROID-308] the entry empty returned nothing: its list is empty; return a tensor computed from the inputs
        return List.of();
    }

    @Entry
    public Tensor[] missing(@Spec("f32[3]") Tensor x) { // error: [TOROID-308] the entry missing returned something whose output.1 is null; return a tensor computed from the inputs
        return new Tensor[] {x.exp(), null};
    }
}
