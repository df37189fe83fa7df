package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.JoiningOperators.CAT;
import static io.toroid.op.UnaryOperators.TO_COPY;
import static io.toroid.op.ViewOperators.EXPAND;
import static io.toroid.op.ViewOperators.PERMUTE;
import static io.toroid.op.ViewOperators.SELECT;
import static io.toroid.op.ViewOperators.SLICE;
import static io.toroid.op.ViewOperators.VIEW;

import io.toroid.Tensor;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.Slice;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Views that change nothing, views of views, and views of one number everywhere. */
final class ViewSimplifications {

    static final Map<Operator, SimplifyGraph.Rule> RULES = Map.of(
            VIEW, ViewSimplifications::view,
            EXPAND, ViewSimplifications::expand,
            PERMUTE, ViewSimplifications::permute,
            SLICE, ViewSimplifications::slice,
            SELECT, ViewSimplifications::ofFull,
            CAT, ViewSimplifications::cat,
            TO_COPY, ViewSimplifications::sameType);

    private ViewSimplifications() {
    }

    private static Tensor self(Call call) {
        return call.arguments().tensor("self");
    }

    private static Optional<Call> producer(Tensor tensor, Operator operator) {
        return tensor.origin() instanceof Call call && call.operator() == operator ? Optional.of(call) : Optional.empty();
    }

    private static Optional<Tensor> sameType(Call call) {
        return self(call).type().equals(call.types().getFirst()) ? Optional.of(self(call)) : Optional.empty();
    }

    /** The operator on what the operand was made of by the same operator. */
    private static Optional<Tensor> throughItself(Call call) {
        List<Size> sizes = call.types().getFirst().shape().sizes();
        return producer(self(call), call.operator()).map(inner -> call.operator().call(self(inner), sizes));
    }

    private static Optional<Tensor> ofFull(Call call) {
        List<Size> sizes = call.types().getFirst().shape().sizes();
        return producer(self(call), FULL)
                .map(full -> FULL.call(sizes, full.arguments().get("fill_value"), self(call).dtype()));
    }

    /** Only where the number of elements is plainly the same: else the question would be asked anew, in other words. */
    private static Optional<Tensor> view(Call call) {
        Size count = call.types().getFirst().shape().numel();
        boolean merges = producer(self(call), VIEW)
                .filter(inner -> self(inner).shape().numel().equals(count))
                .isPresent();
        return sameType(call)
                .or(() -> merges ? throughItself(call) : Optional.empty())
                .or(() -> ofFull(call));
    }

    private static Optional<Tensor> expand(Call call) {
        return sameType(call).or(() -> throughItself(call)).or(() -> ofFull(call));
    }

    private static Optional<Tensor> permute(Call call) {
        List<Integer> dims = dims(call);
        if (dims.equals(IntStream.range(0, dims.size()).boxed().toList())) {
            return Optional.of(self(call));
        }
        return producer(self(call), PERMUTE)
                .map(inner -> PERMUTE.call(self(inner), dims.stream().map(dims(inner)::get).toList()))
                .or(() -> ofFull(call));
    }

    private static List<Integer> dims(Call permute) {
        return permute.arguments().sizes("dims").stream().map(dim -> (int) dim.constant()).toList();
    }

    private static Optional<Tensor> slice(Call call) {
        Slice slice = Slice.of(call.arguments());
        boolean whole = slice.start().equals(Size.ZERO) && slice.step() == 1
                && slice.length().equals(self(call).size(slice.axis()));
        return whole ? Optional.of(self(call)) : ofFull(call);
    }

    private static Optional<Tensor> cat(Call call) {
        List<Tensor> parts = call.arguments().tensors("tensors");
        return parts.size() == 1 ? Optional.of(parts.getFirst()) : Optional.empty();
    }
}
