package io.toroid.op;

import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import java.util.List;

/**
 * What an entry changes besides computing its results. A tensor is a value and never changes; memory that outlives the call does:
 * that of an input, or of a {@link Tensor#state state}. An update hangs on a result, so it is part of the graph like all else, and
 * takes effect when the call ends: whatever the entry reads of the target is what it held before.
 */
public final class UpdateOperators {

    /** {@code self}; when the call ends, {@code target} holds {@code value}. PyTorch writes {@code target.copy_(value)}. */
    public static final Operator UPDATING = Operator.define(
            "toroid::updating(Tensor self, Tensor target, Tensor value) -> Tensor", UpdateOperators::updating);

    private UpdateOperators() {
    }

    private static List<TensorType> updating(Arguments arguments) {
        Tensor target = arguments.tensor("target");
        if (!canHold(target)) {
            throw Rules.mistake(Kind.ARGUMENT, "updating",
                    "the target is a computed or a constant tensor %s, whose memory nobody else sees; it must be an input of the entry or a Tensor.state"
                            .formatted(target.type()));
        }
        TensorType value = arguments.tensor("value").type();
        if (!value.equals(target.type())) {
            throw Rules.mistake(value.dtype() == target.dtype() ? Kind.SHAPE : Kind.DTYPE, "updating",
                    "the target is %s and the value %s; both must have the same type".formatted(target.type(), value));
        }
        return List.of(arguments.tensor("self").type());
    }

    /** Memory that is there before and after the call; in eager mode every tensor that was made of values. */
    private static boolean canHold(Tensor target) {
        return switch (target.origin()) {
            case Placeholder _ -> true;
            case Parameter parameter -> parameter.kind() == Parameter.Kind.STATE;
            case Constant _ -> target.evaluator().isPresent();
            case Call _ -> false;
        };
    }

    /** A body may run more than once or not at all. */
    static void refuseInBody(Call call) {
        if (call.operator() == UPDATING) {
            throw new TensorException(Kind.ARGUMENT,
                    "updating: an update cannot be in a branch or loop; let it give the value, and update outside", call.position());
        }
    }
}
