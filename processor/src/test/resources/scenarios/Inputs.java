package scenarios;

import io.toroid.DType;
import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.ControlFlow;
import io.toroid.shape.Size;
import java.util.List;

/** Scenarios of PyTorch's tests of AOTInductor whose inputs are no plain tensors, under their names. */
@Model
public class Inputs {

    public record Named(@Spec("f32[5]") Tensor first, @Spec("f32[5]") Tensor second, @Spec("f32[5]") Tensor third) {
    }

    public record Factors(Size first, Size second) {
    }

    public record Carried(@Spec("f32[10, 20]") Tensor x, Others others) {
    }

    public record Others(@Spec("f32[10, 20]") Tensor y, @Spec("f32[10, 20]") Tensor z) {
    }

    private final Lookup lookup = new Lookup();

    @Entry
    public List<Tensor> pytreeInputs(Named x) {
        Tensor sum = Tensor.zeros(DType.F32, 5);
        Tensor product = Tensor.ones(DType.F32, 5);
        for (Tensor each : List.of(x.first(), x.second(), x.third())) {
            sum = sum.add(each);
            product = product.mul(each);
        }
        return List.of(sum, product);
    }

    @Entry
    @Dim(name = "first", max = 100)
    @Dim(name = "second", max = 100)
    public Tensor intListInput(@Spec("f32[2, 3]") Tensor x, Factors factors) {
        return x.mul(factors.first()).mul(factors.second());
    }

    @Entry
    public Tensor nonTensorInput(@Spec("f32[10]") Tensor a, @Spec("f32[10]") Tensor b, @Spec("f64[]") Tensor alpha) {
        return a.add(b.mul(alpha));
    }

    @Entry
    @Dim(name = "n", max = 40)
    public Tensor condNonTensorPredicates(@Spec("f32[n, 2]") Tensor x) {
        return ControlFlow.cond(Tensor.of(x.size(0)).gt(10), () -> x.mul(2), () -> x.sub(1));
    }

    @Entry
    @Dim(name = "n", max = 40)
    @Dim(name = "a", max = 40)
    @Dim(name = "b", max = 40)
    public Tensor condSymintInput(@Spec("f32[n]") Tensor x, @Spec("f32[a]") Tensor y, @Spec("f32[b]") Tensor z) {
        return ControlFlow.cond(Tensor.of(x.size(0)).gt(5), () -> x.add(y.size(0)), () -> x.add(Tensor.of(z.size(0)).mul(z.sum())));
    }

    @Entry
    public Tensor customOpInSubgraph(@Spec("i64[3]") Tensor items, @Spec("i64[]") Tensor rounds) {
        return ControlFlow.whileLoop(List.of(rounds, items.mul(0).to(DType.F32)), carried -> carried.get(0).gt(0),
                carried -> List.of(carried.get(0).sub(1), carried.get(1).add(lookup.call(items)))).get(1);
    }

    @Entry
    public Carried whileLoopWithPytreeInputs(@Spec("i64[]") Tensor rounds, Carried carried) {
        List<Tensor> last = ControlFlow.whileLoop(List.of(rounds, carried.x(), carried.others().y(), carried.others().z()),
                values -> values.get(0).gt(0),
                values -> List.of(values.get(0).sub(1), values.get(1).sin(), values.get(2).cos(), values.get(3).add(values.get(1))));
        return new Carried(last.get(1), new Others(last.get(2), last.get(3)));
    }
}
