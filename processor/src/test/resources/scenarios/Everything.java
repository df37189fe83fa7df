package scenarios;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.CppSource;
import io.toroid.op.CustomOperator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every type that a schema can have; what comes out is a number made of all of them, and the tensor that is written in place. */
public class Everything extends CustomOperator {

    /** The same in C++. */
    public static final class InCpp extends Everything {

        public InCpp() {
            super("everything_cpp");
        }

        @Override
        public Optional<CppSource> cpp() {
            return Optional.of(CppSource.of("""
                    double sum = 0;
                    for (int64_t i = 0; i < x.numel; i++) sum += x[i];
                    if (maybe) sum += 1000 * static_cast<double>(maybe[0]);
                    for (const auto& one : many) sum += one[0] * static_cast<double>(one.sizes[0]);
                    sum += static_cast<double>(n);
                    if (m) sum += 10 * static_cast<double>(*m);
                    for (int64_t i = 0; i < ints.count; i++) sum += static_cast<double>(ints[i] * (i + 1));
                    if (f) sum += *f;
                    for (const double each : floats) sum += each;
                    if (flag) sum += 0.5;
                    for (const bool each : flags) sum = each ? sum + 0.25 : sum;
                    sum += static_cast<double>(strlen(text));
                    if (name) sum += 7;
                    sum += static_cast<double>(scalar);
                    if (dtype) sum += (*dtype).code;
                    for (int64_t i = 0; i < gaps.count; i++)
                      for (int64_t j = 0; j < gaps[i].numel; j++) sum += 0.0625 * static_cast<double>(i * gaps[i][j]);
                    if (where.type != 0 || where.index != -1) call.fail("no CPU");
                    if (other) sum += 100.0 - (*other).index;
                    total[0] = sum;
                    for (int64_t i = 0; i < double_size.numel; i++) double_size[i] = static_cast<float>(i) + 0.5f;
                    for (int64_t i = 0; i < counter.numel; i++) counter[i] += n;
                    """).including("<string.h>"));
        }
    }

    public Everything() {
        this("everything");
    }

    Everything(String name) {
        super("examples::" + name + "(Tensor x, Tensor? maybe, Tensor[] many, SymInt n, int? m, SymInt[] ints, float? f, float[] floats, bool flag, "
                + "bool[] flags, str text, str? name, Scalar scalar, ScalarType? dtype, Tensor(a!) counter, Tensor?[] gaps, "
                + "Device where=cpu, Device? other=None) -> (Tensor total, Tensor double_size)");
    }

    @Override
    protected List<TensorType> infer(Arguments arguments) {
        Size rows = arguments.tensor("x").size(0);
        return List.of(new TensorType(DType.F64, Shape.SCALAR), new TensorType(DType.F32, new Shape(List.of(rows.times(2)))));
    }

    @Override
    protected List<TensorData> compute(Arguments arguments) {
        double sum = 0;
        for (float value : arguments.tensor("x").data().floats()) {
            sum += value;
        }
        sum += arguments.optionalTensor("maybe").map(maybe -> 1000.0 * maybe.data().longs()[0]).orElse(0.0);
        for (var one : arguments.tensors("many")) {
            sum += one.data().floats()[0] * one.data().sizes()[0];
        }
        sum += arguments.integer("n");
        sum += arguments.isPresent("m") ? 10 * arguments.integer("m") : 0;
        List<Size> ints = arguments.sizes("ints");
        for (int i = 0; i < ints.size(); i++) {
            sum += ints.get(i).constant() * (i + 1);
        }
        sum += arguments.isPresent("f") ? arguments.number("f") : 0;
        for (double each : arguments.numbers("floats")) {
            sum += each;
        }
        sum += arguments.flag("flag") ? 0.5 : 0;
        for (Size each : arguments.sizes("flags")) {
            sum += 0.25 * each.constant();
        }
        sum += arguments.text("text").length();
        sum += arguments.isPresent("name") ? 7 : 0;
        sum += arguments.number("scalar");
        sum += arguments.dtype("dtype").map(DType::code).orElse(0);
        List<Optional<Tensor>> gaps = arguments.optionalTensors("gaps");
        for (int i = 0; i < gaps.size(); i++) {
            for (float value : gaps.get(i).map(gap -> gap.data().floats()).orElse(new float[0])) {
                sum += 0.0625 * i * value;
            }
        }
        if (!arguments.text("where").equals("cpu")) {
            throw new IllegalStateException("no CPU");
        }
        sum += arguments.isPresent("other") ? 100 + arguments.text("other").length() - 2 : 0;
        float[] doubled = new float[2 * (int) arguments.tensor("x").data().sizes()[0]];
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = i + 0.5f;
        }
        long[] counter = arguments.tensor("counter").data().longs();
        for (int i = 0; i < counter.length; i++) {
            counter[i] += arguments.integer("n");
        }
        List<TensorData> results = new ArrayList<>();
        results.add(TensorData.of(new double[] {sum}));
        results.add(TensorData.of(doubled, doubled.length));
        return results;
    }
}
