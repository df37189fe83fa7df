package io.toroid.examples.operators;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.IndexedValues;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.shape.Size;
import java.util.List;

/** Single operators on matrices of any size, for the benchmark beside PyTorch's kernels and a plain copy and a plain read. */
@Model
@Dim(name = "rows", max = 1 << 24)
@Dim(name = "columns", max = 1 << 24)
public class OperatorKernels {
    private static final String MATRIX = "f32[rows, columns]";

    private final PlainRead read = new PlainRead();

    /** No operator of the benchmark, but what its reductions are compared with. */
    @Entry
    public Tensor read(@Spec(MATRIX) Tensor x) {
        return read.call(x);
    }

    @Entry
    public Tensor relu(@Spec(MATRIX) Tensor x) {
        return x.relu();
    }

    @Entry
    public Tensor mulAdd(@Spec(MATRIX) Tensor x, @Spec(MATRIX) Tensor y) {
        return x.mul(y).add(x);
    }

    @Entry
    public Tensor sum(@Spec(MATRIX) Tensor x) {
        return x.sum();
    }

    @Entry
    public Tensor sumRows(@Spec(MATRIX) Tensor x) {
        return x.sum(-1);
    }

    @Entry
    public Tensor sumColumns(@Spec(MATRIX) Tensor x) {
        return x.sum(0);
    }

    @Entry
    public Tensor softmax(@Spec(MATRIX) Tensor x) {
        return x.softmax(-1);
    }

    @Entry
    public Tensor layerNorm(@Spec(MATRIX) Tensor x) {
        return x.layerNorm(List.of(x.size(-1)), null, null, 1e-5);
    }

    @Entry
    public Tensor cumsum(@Spec(MATRIX) Tensor x) {
        return x.cumsum(-1);
    }

    @Entry
    public Tensor cumsumColumns(@Spec(MATRIX) Tensor x) {
        return x.cumsum(0);
    }

    @Entry
    public IndexedValues sort(@Spec(MATRIX) Tensor x) {
        return x.sort();
    }

    @Entry
    @Dim(name = "columns", min = 10, max = 1 << 24)
    public IndexedValues topk(@Spec(MATRIX) Tensor x) {
        return x.topk(Size.of(10), -1, /* largest= */ true);
    }

    @Entry
    public IndexedValues max(@Spec(MATRIX) Tensor x) {
        return x.max(-1, /* keepDims= */ false);
    }

    @Entry
    public IndexedValues maxColumns(@Spec(MATRIX) Tensor x) {
        return x.max(0, /* keepDims= */ false);
    }
}
