package scenarios;

import io.toroid.op.Arguments;
import io.toroid.op.CppSource;
import io.toroid.op.CustomOperator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import java.util.List;
import java.util.Optional;

/** Rounds to multiples of a step; an operator in C++, with the same in Java for the eager mode. */
public final class Quantize extends CustomOperator {

    public Quantize() {
        super("examples::quantize(Tensor x, float step) -> Tensor");
    }

    @Override
    protected List<TensorType> infer(Arguments arguments) {
        return List.of(arguments.tensor("x").type());
    }

    @Override
    public Optional<CppSource> cpp() {
        return Optional.of(CppSource.of("""
                if (step <= 0) {
                  call.fail("the step must be positive, not %g", step);
                  return;
                }
                // Halves go to the even multiple, as rint has it.
                parallel_for(pool, x.numel, 4096, [&](int64_t begin, int64_t end) {
                  for (int64_t i = begin; i < end; i++)
                    result[i] = nearest(static_cast<float>(x[i]) / static_cast<float>(step)) * static_cast<float>(step);
                });
                """).declaring("inline float nearest(float value) { return __builtin_rintf(value); }"));
    }

    @Override
    protected List<TensorData> compute(Arguments arguments) {
        float step = (float) arguments.number("step");
        float[] values = arguments.tensor("x").data().floats().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.rint(values[i] / step) * step;
        }
        return List.of(TensorData.of(values, arguments.tensor("x").data().sizes()));
    }
}
