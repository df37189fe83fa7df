package io.toroid.op;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.op.Rules.Accepts;
import io.toroid.shape.Shape;
import java.util.List;

/** How far predictions are from what they should be. */
public final class LossOperators {

    /**
     * {@code -weight[target] * self[target]} for each row of log-probabilities {@code [n, classes]} (or one, {@code
     * [classes]}): each by itself (reduction 0), their sum over the sum of the weights (1), or their sum (2); the second
     * result is that sum of weights. A target of {@code ignore_index} counts for nothing; one outside the classes is an
     * error.
     */
    public static final Operator NLL_LOSS_FORWARD = Operator.define(
            "aten::nll_loss_forward(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt ignore_index) "
                    + "-> (Tensor output, Tensor total_weight)", LossOperators::negativeLogLikelihood);

    private LossOperators() {
    }

    private static List<TensorType> negativeLogLikelihood(Arguments arguments) {
        Rules.accept(arguments, "self", Accepts.FLOATING);
        Rules.accept(arguments, "target", Accepts.INTEGERS);
        Tensor self = arguments.tensor("self");
        Tensor target = arguments.tensor("target");
        if (self.dim() < 1 || self.dim() > 2 || target.dim() != self.dim() - 1) {
            throw Rules.mistake(Kind.SHAPE, arguments, "takes log-probabilities [n, classes] and targets [n] (or [classes] and []), not %s and %s"
                    .formatted(self.type(), target.type()));
        }
        if (self.dim() == 2) {
            Rules.requireEqual(arguments, self.size(0), target.size(0),
                    () -> "%s and %s must have as many rows".formatted(self.type(), target.type()));
        }
        Rules.requireRank(arguments, "weight", 1, "[classes]");
        arguments.optionalTensor("weight").ifPresent(weight -> Rules.requireEqual(arguments, weight.size(0), self.size(-1),
                () -> "weight must have one value for each class of %s, not be %s".formatted(self.type(), weight.type())));
        long reduction = Rules.integer(arguments, "reduction");
        if (reduction < 0 || reduction > 2) {
            throw Rules.mistake(Kind.ARGUMENT, arguments, "reduction is 0 (none), 1 (mean) or 2 (sum), not %d".formatted(reduction));
        }
        DType dtype = self.dtype();
        Shape shape = reduction == 0 ? target.shape() : Shape.SCALAR;
        return List.of(new TensorType(dtype, shape), new TensorType(dtype, Shape.SCALAR));
    }
}
