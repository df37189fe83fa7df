package io.toroid.processor.compiled;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.ControlFlow;
import io.toroid.op.CppSource;
import io.toroid.op.CustomOperator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators of an author's own in C++, among ours: fused before and behind, in branches and loops, with several results, in place. */
final class CustomCases {

    private CustomCases() {
    }

    /** The running difference of rows, and a sum; the tensor {@code total} grows by it in place. */
    private static final class Differences extends CustomOperator {

        Differences() {
            super("test::differences(Tensor x, Tensor? start, Tensor(a!) total, float factor=1.0) -> (Tensor delta, Tensor sum)");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return List.of(arguments.tensor("x").type(), new TensorType(DType.F32, Shape.SCALAR));
        }

        @Override
        public Optional<CppSource> cpp() {
            return Optional.of(CppSource.of("""
                    const int64_t columns = x.sizes[1];
                    float all = 0;
                    for (int64_t i = 0; i < x.sizes[0]; i++)
                      for (int64_t j = 0; j < columns; j++) {
                        const float before = i > 0 ? x[(i - 1) * columns + j] : start ? start[j] : 0.0f;
                        delta[i * columns + j] = (x[i * columns + j] - before) * static_cast<float>(factor);
                        all += delta[i * columns + j];
                      }
                    sum[0] = all;
                    for (int64_t j = 0; j < total.numel; j++) total[j] += delta[j];
                    """));
        }

        @Override
        protected List<TensorData> compute(Arguments arguments) {
            TensorData x = arguments.tensor("x").data();
            int columns = (int) x.sizes()[1];
            float[] delta = new float[x.count()];
            float all = 0;
            for (int i = 0; i < delta.length; i++) {
                int column = i % columns;
                float before = i >= columns ? x.floats()[i - columns]
                        : arguments.optionalTensor("start").map(start -> start.data().floats()[column]).orElse(0f);
                delta[i] = (x.floats()[i] - before) * (float) arguments.number("factor");
                all += delta[i];
            }
            float[] total = arguments.tensor("total").data().floats();
            for (int j = 0; j < total.length; j++) {
                total[j] += delta[j];
            }
            return List.of(TensorData.of(delta, x.sizes()), TensorData.of(new float[] {all}));
        }
    }

    /** A tensor cut into halves of its first axis: a list of results. */
    private static final class Halves extends CustomOperator {

        Halves() {
            super("test::halves(Tensor x, SymInt[] sizes) -> Tensor[] parts");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return arguments.sizes("sizes").stream()
                    .map(size -> new TensorType(arguments.tensor("x").dtype(), new Shape(List.of(size)))).toList();
        }

        @Override
        public Optional<CppSource> cpp() {
            return Optional.of(CppSource.of("""
                    int64_t place = 0;
                    for (const auto& part : parts)
                      for (int64_t i = 0; i < part.numel; i++) part[i] = x[place++];
                    """));
        }

        @Override
        protected List<TensorData> compute(Arguments arguments) {
            List<TensorData> parts = new ArrayList<>();
            int place = 0;
            for (Size size : arguments.sizes("sizes")) {
                float[] part = new float[(int) size.constant()];
                System.arraycopy(arguments.tensor("x").data().floats(), place, part, 0, part.length);
                place += part.length;
                parts.add(TensorData.of(part, part.length));
            }
            return parts;
        }
    }

    static List<GraphCase> all() {
        CustomOperator differences = new Differences();
        CustomOperator halves = new Halves();
        return List.of(
                GraphCase.several("custom_fused", "f32[n, 3], f32[3], f32[3]", x -> {
                    List<Tensor> results = differences.callAll(x.get(0).mul(2).add(1), x.get(1).exp(), x.get(2).relu(), 0.5);
                    return List.of(results.get(0).relu(), results.get(1), results.get(2), x.get(2).neg());
                }).dim("n", 1, 7, 40).slack(20),
                GraphCase.several("custom_absent", "f32[3, n]", x -> {
                    List<Tensor> results = differences.callAll(x.get(0).transpose(0, 1), null, x.get(0).select(1, 0));
                    return List.of(results.get(0), results.get(1), results.get(2));
                }).dim("n", 1, 9).slack(20),
                GraphCase.of("custom_branch", "bool[], f32[n, 2], f32[2]", x -> ControlFlow.cond(x.get(0),
                        () -> differences.callAll(x.get(1), x.get(2), x.get(2)).get(0), () -> x.get(1).exp())).dim("n", 1, 6),
                GraphCase.several("custom_list", "f32[2*n]", x -> {
                    Size half = x.get(0).size(0).floorDiv(2);
                    return halves.callAll(x.get(0).exp(), List.of(half, half));
                }).dim("n", 1, 5));
    }
}
