package io.toroid.processor.graph.pass;

import static io.toroid.op.ViewOperators.EXPAND;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorType;
import io.toroid.processor.graph.Graph;
import io.toroid.runtime.eager.Eager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Evaluates what depends on numbers written into the model only, with the eager interpreter, whose results are exactly
 * those of the operators.
 *
 * <p>Large results are left to {@link SplitConstants}: they cost space in the generated source. So are plain creations and
 * arithmetic on them, as {@code arange(n) * 2}, and repetitions: a loop computes these from its index. A call that fails, say for an index
 * out of range, is left to fail when the model runs. It needs core operators, so it stands after {@link Decompose}, and before
 * {@link SimplifyGraph}, which looks at the values of constants.
 */
public final class FoldConstants implements Pass {

    /** Results of at most so many elements, or of no more than the operands have, are evaluated. */
    private static final long SMALL = 256;

    private static final long LARGEST = 1 << 16;

    @Override
    public Graph apply(Graph graph) {
        Eager eager = Eager.of();
        return graph.rewrite(call -> folds(call) ? evaluate(call, eager) : Optional.empty());
    }

    private static boolean folds(Call call) {
        List<Tensor> operands = call.arguments().operands();
        if (call.operator() == EXPAND || operands.isEmpty() || !operands.stream().allMatch(FoldConstants::isKnown) || !isStatic(call)) {
            return false;
        }
        long result = call.types().stream().mapToLong(FoldConstants::count).sum();
        if (operands.stream().noneMatch(operand -> operand.origin() instanceof Constant)) {
            return result == 1;
        }
        long given = operands.stream().mapToLong(operand -> count(operand.type())).sum();
        return result <= Math.min(LARGEST, Math.max(SMALL, given));
    }

    private static boolean isKnown(Tensor tensor) {
        return switch (tensor.origin()) {
            case Constant _ -> true;
            case Call call -> CoreOperators.isCreation(call.operator()) && isStatic(call);
            case Parameter _, Placeholder _ -> false;
        };
    }

    private static boolean isStatic(Call call) {
        return call.types().stream().allMatch(type -> type.shape().isStatic())
                && StaticArguments.areAll(call.arguments());
    }

    private static long count(TensorType type) {
        return type.shape().numel().constant();
    }

    private static Optional<List<Tensor>> evaluate(Call call, Eager eager) {
        try {
            List<Tensor> values = new ArrayList<>();
            for (Tensor result : call.results()) {
                values.add(Tensor.constant(eager.force(result)));
            }
            return Optional.of(values);
        } catch (TensorException e) {
            return Optional.empty();
        }
    }
}
