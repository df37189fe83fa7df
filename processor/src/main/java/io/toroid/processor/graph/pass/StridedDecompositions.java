package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.ARANGE;
import static io.toroid.op.CreationOperators.FULL;
import static io.toroid.op.ScatterOperators.INDEX_PUT;
import static io.toroid.op.StridedOperators.AS_STRIDED;
import static io.toroid.op.StridedOperators.AS_STRIDED_COPY;
import static io.toroid.op.StridedOperators.AS_STRIDED_SCATTER;
import static io.toroid.op.ViewOperators.VIEW;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.Operator;
import io.toroid.op.StridedOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Elements by their places in memory: reading is of a line, writing is at indices of a line. */
final class StridedDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.of(
            AS_STRIDED, StridedDecompositions::read,
            AS_STRIDED_COPY, StridedDecompositions::read,
            AS_STRIDED_SCATTER, StridedDecompositions::write);

    private StridedDecompositions() {
    }

    private static List<Tensor> read(Call call) {
        Arguments arguments = call.arguments();
        return AS_STRIDED.callAll(line(arguments.tensor("self")), arguments.sizes("size"), arguments.sizes("stride"),
                StridedOperators.offset(arguments));
    }

    private static Tensor line(Tensor tensor) {
        return tensor.dim() == 1 ? tensor : VIEW.call(tensor, List.of(tensor.shape().numel()));
    }

    private static List<Tensor> write(Call call) {
        Arguments arguments = call.arguments();
        Tensor self = arguments.tensor("self");
        Tensor source = arguments.tensor("src");
        Tensor places = places(arguments).expand(source.shape()).reshape(source.shape().numel());
        Tensor written = INDEX_PUT.call(line(self), List.of(places), line(source), false);
        return List.of(written.view(self.shape()));
    }

    private static Tensor places(Arguments arguments) {
        List<Size> sizes = arguments.sizes("size");
        Tensor places = FULL.call(List.of(), StridedOperators.offset(arguments), DType.I64);
        for (int dim = 0; dim < sizes.size(); dim++) {
            List<Size> along = new ArrayList<>(Collections.nCopies(sizes.size(), Size.ONE));
            along.set(dim, sizes.get(dim));
            Tensor numbers = ARANGE.call(0, sizes.get(dim), 1, DType.I64).view(new Shape(along));
            places = places.add(numbers.mul(FULL.call(List.of(), arguments.sizes("stride").get(dim), DType.I64)));
        }
        return places;
    }
}
