package io.toroid.examples.libtorch;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.TensorType;
import io.toroid.op.TorchOperator;
import java.util.List;

/** How far points lie from their mean, in deviations (Mahalanobis), and the median of that: PyTorch inverts and sorts, the rest is ours. */
@Model
public class Whitened {

    /** The inverse of a matrix. */
    static final class Inverse extends TorchOperator {
        Inverse() {
            super("aten::linalg_inv(Tensor A) -> Tensor");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return List.of(arguments.tensor("A").type());
        }
    }

    /** The median of all elements. */
    static final class Median extends TorchOperator {
        Median() {
            super("aten::median(Tensor self) -> Tensor");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return List.of(arguments.tensor("self").sum().type());
        }
    }

    private final TorchOperator inverse = new Inverse();
    private final TorchOperator median = new Median();

    @Entry
    @Dim(name = "points", min = 2, max = 1000)
    public Tensor distances(@Spec("f32[points, 4]") Tensor x) {
        Tensor centred = x.sub(x.mean(0));
        Tensor covariance = centred.transpose(0, 1).matmul(centred).div(x.shape().get(0));
        Tensor distances = centred.matmul(inverse.call(covariance)).mul(centred).sum(1).sqrt();
        return distances.div(median.call(distances));
    }
}
