package scenarios;

import io.toroid.DType;
import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.ControlFlow;
import io.toroid.shape.Size;
import java.util.Arrays;
import java.util.List;

/** Operators of the author's own, between ours. */
@Model
public class Operators {

    public record Results(@Spec("f64[]") Tensor total, Tensor doubled, Tensor counter, Tensor before) {
    }

    private final Quantize quantize = new Quantize();
    private final Lookup lookup = new Lookup();
    private final Everything everything = new Everything();
    private final Everything everythingInCpp = new Everything.InCpp();

    @Entry
    @Dim(name = "n", max = 100000)
    public Tensor rounded(@Spec("f32[n, 2]") Tensor x) {
        return quantize.call(x.mul(2), 0.25).add(quantize.call(x.transpose(0, 1), 1.0).transpose(0, 1));
    }

    @Entry
    @Dim(name = "n", max = 9)
    public Tensor refused(@Spec("f32[n]") Tensor x) {
        return quantize.call(x, -1.0);
    }

    @Entry
    @Dim(name = "n", max = 100)
    public Tensor cost(@Spec("i64[n]") Tensor items, @Spec("f32[n]") Tensor amounts) {
        return lookup.call(items).mul(amounts).sum();
    }

    /** The operator runs only if it is needed. */
    @Entry
    public Tensor branch(@Spec("i64[2]") Tensor items, @Spec("bool[]") Tensor wanted) {
        return ControlFlow.cond(wanted, () -> lookup.call(items).add(1), () -> quantize.call(items.to(DType.F32), 3.0));
    }

    @Entry
    @Dim(name = "n", max = 9)
    public Results inJava(@Spec("f32[n]") Tensor x, @Spec("i64[3]") Tensor counter) {
        return all(everything, x, counter);
    }

    @Entry
    @Dim(name = "n", max = 9)
    public Results inCpp(@Spec("f32[n]") Tensor x, @Spec("i64[3]") Tensor counter) {
        return all(everythingInCpp, x, counter);
    }

    @Entry
    @Dim(name = "n", max = 9)
    public Results absentInJava(@Spec("f32[n]") Tensor x, @Spec("i64[3]") Tensor counter) {
        return absent(everything, x, counter);
    }

    @Entry
    @Dim(name = "n", max = 9)
    public Results absentInCpp(@Spec("f32[n]") Tensor x, @Spec("i64[3]") Tensor counter) {
        return absent(everythingInCpp, x, counter);
    }

    private static Results all(Everything operator, Tensor x, Tensor counter) {
        List<Tensor> results = operator.callAll(x, counter, List.of(x, x.exp().mul(0).add(2)), x.size(0), 3, List.of(x.size(0), Size.of(5)), 0.125,
                new double[] {1.5, -0.25}, true, new boolean[] {true, false, true}, "a \"word\"\n\\", "name", 4, DType.I16, counter,
                Arrays.asList(null, x, null, x.exp().mul(0).add(8)), "cpu", "cpu");
        return new Results(results.get(0), results.get(1), results.get(2), counter.add(0));
    }

    private static Results absent(Everything operator, Tensor x, Tensor counter) {
        List<Tensor> results = operator.callAll(x, null, List.of(), 7, null, List.of(), null, new double[0], false, new boolean[0], "", null, 0.5, null, counter, Arrays.asList(null, null));
        return new Results(results.get(0), results.get(1), results.get(2), counter.add(0));
    }
}
