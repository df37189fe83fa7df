package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.ARANGE;
import static io.toroid.op.CreationOperators.FILL_SCALAR;
import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.CreationOperators.FULL_LIKE;
import static io.toroid.op.CreationOperators.SCALAR_TENSOR;
import static io.toroid.op.IndexingOperators.EMBEDDING;
import static io.toroid.op.JoiningOperators.CAT;
import static io.toroid.op.JoiningOperators.STACK;
import static io.toroid.op.ViewOperators.EXPAND;
import static io.toroid.op.ViewOperators.PERMUTE;
import static io.toroid.op.ViewOperators.SELECT;
import static io.toroid.op.ViewOperators.SLICE;
import static io.toroid.op.ViewOperators.SQUEEZE;
import static io.toroid.op.ViewOperators.SQUEEZE_DIM;
import static io.toroid.op.ViewOperators.SQUEEZE_DIMS;
import static io.toroid.op.ViewOperators.T;
import static io.toroid.op.ViewOperators.TRANSPOSE;
import static io.toroid.op.ViewOperators.UNSQUEEZE;
import static io.toroid.op.ViewOperators.VIEW;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.ViewOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whatever only inserts, removes, splits or joins dimensions is a {@code view}; whatever reorders them a
 * {@code permute}. Sizes and dimension numbers are written out.
 */
final class ViewDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.ofEntries(
            Map.entry(VIEW, ViewDecompositions::view),
            Map.entry(SQUEEZE, ViewDecompositions::toView),
            Map.entry(SQUEEZE_DIM, ViewDecompositions::toView),
            Map.entry(SQUEEZE_DIMS, ViewDecompositions::toView),
            Map.entry(UNSQUEEZE, ViewDecompositions::toView),
            Map.entry(EXPAND, call -> EXPAND.callAll(self(call), sizes(call))),
            Map.entry(PERMUTE, ViewDecompositions::permute),
            Map.entry(TRANSPOSE, call -> List.of(transpose(call))),
            Map.entry(T, call -> List.of(self(call).dim() < 2 ? self(call) : self(call).permute(1, 0))),
            Map.entry(SLICE, ViewDecompositions::slice),
            Map.entry(SELECT, call -> SELECT.callAll(self(call), axis(call, "dim"), ViewOperators.selectedIndex(call.arguments()))),
            Map.entry(STACK, call -> List.of(stack(call))),
            Map.entry(CAT, call -> List.of(cat(call))),
            Map.entry(FULL, ViewDecompositions::full),
            Map.entry(FULL_LIKE, ViewDecompositions::full),
            Map.entry(FILL_SCALAR, call -> FULL.callAll(sizes(call), call.arguments().get("value"), call.types().getFirst().dtype())),
            Map.entry(SCALAR_TENSOR, call -> FULL.callAll(List.of(), call.arguments().get("s"), call.types().getFirst().dtype())),
            Map.entry(ARANGE, ViewDecompositions::arange),
            Map.entry(EMBEDDING, call -> EMBEDDING.callAll(call.arguments().tensor("weight"), call.arguments().tensor("indices"))));

    private ViewDecompositions() {
    }

    private static Tensor self(Call call) {
        return call.arguments().tensor("self");
    }

    private static List<Size> sizes(Call call) {
        return call.types().getFirst().shape().sizes();
    }

    private static int axis(Call call, String parameter) {
        return self(call).shape().axis((int) call.arguments().integer(parameter));
    }

    private static List<Tensor> toView(Call call) {
        return VIEW.callAll(self(call), sizes(call));
    }

    /** A size -1 stays where writing it out would ask for the divisibility a second time. */
    private static List<Tensor> view(Call call) {
        boolean exact = new Shape(sizes(call)).numel().equals(self(call).shape().numel());
        return exact ? toView(call) : call.results();
    }

    // ---- order of dimensions

    private static List<Tensor> permute(Call call) {
        Shape shape = self(call).shape();
        List<Integer> dims = call.arguments().sizes("dims").stream()
                .map(dim -> shape.axis((int) dim.constant()))
                .toList();
        return PERMUTE.callAll(self(call), dims);
    }

    private static Tensor transpose(Call call) {
        Tensor self = self(call);
        if (self.dim() == 0) {
            return self;
        }
        List<Integer> dims = IntStream.range(0, self.dim()).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.swap(dims, axis(call, "dim0"), axis(call, "dim1"));
        return PERMUTE.call(self, dims);
    }

    // ---- parts and joins

    /** The bounds stay as they are: {@code io.toroid.op.Slice} works them out. */
    private static List<Tensor> slice(Call call) {
        Arguments arguments = call.arguments();
        return SLICE.callAll(self(call), axis(call, "dim"), arguments.get("start"), arguments.get("end"), arguments.get("step"));
    }

    private static Tensor stack(Call call) {
        long dim = call.arguments().integer("dim");
        int rank = call.types().getFirst().shape().rank();
        int axis = (int) (dim < 0 ? dim + rank : dim);
        return CAT.call(call.arguments().tensors("tensors").stream().map(tensor -> tensor.unsqueeze(axis)).toList(), axis);
    }

    /** All of one type, none of PyTorch's empty {@code [0]} among tensors of higher rank. */
    private static Tensor cat(Call call) {
        Shape shape = call.types().getFirst().shape();
        DType dtype = call.types().getFirst().dtype();
        List<Tensor> parts = call.arguments().tensors("tensors").stream()
                .filter(tensor -> tensor.dim() == shape.rank())
                .map(tensor -> PointwiseDecompositions.convert(tensor, dtype))
                .toList();
        return parts.size() == 1
                ? parts.getFirst() : CAT.call(parts, shape.axis((int) call.arguments().integer("dim")));
    }

    // ---- creations

    private static List<Tensor> full(Call call) {
        return FULL.callAll(sizes(call), call.arguments().get("fill_value"), call.types().getFirst().dtype());
    }

    private static List<Tensor> arange(Call call) {
        Arguments arguments = call.arguments();
        return ARANGE.callAll(
                arguments.get("start"), arguments.get("end"), arguments.get("step"), call.types().getFirst().dtype());
    }
}
