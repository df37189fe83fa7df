package io.toroid.processor.graph.pass;

import static io.toroid.op.CreationOperators.ARANGE;
import static io.toroid.op.ScatterOperators.INDEX_ADD;
import static io.toroid.op.ScatterOperators.INDEX_COPY;
import static io.toroid.op.ScatterOperators.INDEX_FILL;
import static io.toroid.op.ScatterOperators.INDEX_PUT;
import static io.toroid.op.ScatterOperators.MASKED_SCATTER;
import static io.toroid.op.ScatterOperators.SCATTER;
import static io.toroid.op.ScatterOperators.SCATTER_ADD;
import static io.toroid.op.ScatterOperators.SCATTER_REDUCE;
import static io.toroid.op.ScatterOperators.SCATTER_VALUE;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.op.Argument;
import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.IndexPlan;
import io.toroid.op.Operator;
import io.toroid.op.ScatterOperators;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scattering in the form that the kernels take: indices are {@code i64}; what is added to
 * rows is added as it is; several indices are lines of the same length; masks have the shape of what they mask.
 */
final class ScatterDecompositions {

    static final Map<Operator, Decompose.Rule> RULES = Map.ofEntries(
            Map.entry(SCATTER, ScatterDecompositions::scatter),
            Map.entry(SCATTER_VALUE, ScatterDecompositions::scatter),
            Map.entry(SCATTER_ADD, call -> added(call)),
            Map.entry(SCATTER_REDUCE, ScatterDecompositions::scatter),
            Map.entry(INDEX_ADD, ScatterDecompositions::addRows),
            Map.entry(INDEX_COPY, ScatterDecompositions::indexed),
            Map.entry(INDEX_FILL, ScatterDecompositions::indexed),
            Map.entry(INDEX_PUT, ScatterDecompositions::put),
            Map.entry(MASKED_SCATTER, ScatterDecompositions::masked));

    private ScatterDecompositions() {
    }

    private static List<Tensor> added(Call call) {
        Arguments arguments = call.arguments();
        return SCATTER_REDUCE.callAll(arguments.tensor("self"), arguments.integer("dim"), arguments.tensor("index"),
                arguments.tensor("src"), "sum", true);
    }

    private static List<Tensor> scatter(Call call) {
        Arguments arguments = call.arguments();
        Tensor self = arguments.tensor("self");
        Tensor index = ranked(arguments.tensor("index").to(DType.I64), self);
        List<Argument> values = new ArrayList<>(arguments.values());
        values.set(2, new Argument.OfTensor(index));
        if (values.get(3) instanceof Argument.OfTensor(Tensor source)) {
            values.set(3, new Argument.OfTensor(ranked(source, self)));
        }
        return call.operator().apply(new Arguments(arguments.schema(), values));
    }

    /** A line of one element as a single value, and the other way round. */
    private static Tensor ranked(Tensor tensor, Tensor self) {
        if (tensor.dim() == self.dim()) {
            return tensor;
        }
        return self.dim() == 0 ? tensor.view(new Shape(List.of())) : tensor.view(1);
    }

    // ---- rows

    private static List<Tensor> indexed(Call call) {
        List<Argument> values = new ArrayList<>(call.arguments().values());
        values.set(2, new Argument.OfTensor(call.arguments().tensor("index").to(DType.I64)));
        return call.operator().apply(new Arguments(call.arguments().schema(), values));
    }

    private static List<Tensor> addRows(Call call) {
        Arguments arguments = call.arguments();
        Tensor source = arguments.tensor("source");
        if (arguments.number("alpha") != 1) {
            boolean isFraction = arguments.get("alpha") instanceof Argument.OfFloat && !source.dtype().isIntegral();
            Number alpha = isFraction ? (Number) arguments.number("alpha") : (Number) (long) arguments.number("alpha");
            source = source.mul(alpha).to(source.dtype());
        }
        return INDEX_ADD.callAll(arguments.tensor("self"), arguments.integer("dim"), arguments.tensor("index").to(DType.I64), source);
    }

    // ---- several indices, masks

    /**
     * Lines of indices for the leading dimensions, up to the last one that has an index: a dimension before it without one is
     * indexed by all its numbers. So the tensor keeps its order, and what is written lies in rows.
     */
    private static List<Tensor> put(Call call) {
        Arguments arguments = call.arguments();
        Tensor self = arguments.tensor("self");
        Tensor values = arguments.tensor("values");
        if (ScatterOperators.isMask(arguments)) {
            return List.of(putWhere(self, arguments.tensors("indices").getFirst(), values, arguments.flag("accumulate")));
        }
        if (isCanonical(self, arguments.tensors("indices"), values)) {
            return call.results();
        }
        IndexPlan plan = IndexPlan.of(arguments);
        int covered = covered(plan);
        if (covered == 0) {
            Tensor all = values.expand(self.shape());
            return List.of(arguments.flag("accumulate") ? self.add(all).to(self.dtype()) : all);
        }
        int rest = self.dim() - covered;
        Shape selected = plan.result();
        Shape lines = new Shape(selected.sizes().subList(0, selected.rank() - rest));
        List<Tensor> indices = new ArrayList<>();
        for (int dim = 0; dim < covered; dim++) {
            indices.add(line(self, plan, dim, lines));
        }
        List<Size> flat = new ArrayList<>(List.of(lines.numel()));
        flat.addAll(self.shape().sizes().subList(covered, self.dim()));
        return INDEX_PUT.callAll(self, indices, values.expand(selected).reshape(new Shape(flat)), arguments.flag("accumulate"));
    }

    private static int covered(IndexPlan plan) {
        int covered = plan.indices().size();
        while (covered > 0 && plan.indices().get(covered - 1).isEmpty()) {
            covered--;
        }
        return covered;
    }

    /** The indices of a dimension for all rows that are written, one after the other. */
    private static Tensor line(Tensor self, IndexPlan plan, int dim, Shape lines) {
        Optional<Tensor> given = plan.indices().get(dim);
        Tensor index = given.map(tensor -> tensor.to(DType.I64)).orElseGet(() -> ARANGE.call(0, self.size(dim), 1, DType.I64));
        int end = given.isPresent() ? plan.start() + plan.broadcast().rank() : plan.kept(dim) + 1;
        List<Size> sizes = new ArrayList<>(index.shape().sizes());
        for (int after = end; after < lines.rank(); after++) {
            sizes.add(Size.ONE);
        }
        return index.view(new Shape(sizes)).expand(lines).reshape(lines.numel());
    }

    private static boolean isCanonical(Tensor self, List<Tensor> indices, Tensor values) {
        if (indices.isEmpty() || indices.getFirst().dim() != 1) {
            return false;
        }
        Tensor first = indices.getFirst();
        List<Size> wanted = new ArrayList<>(first.shape().sizes());
        wanted.addAll(self.shape().sizes().subList(indices.size(), self.dim()));
        return values.shape().sizes().equals(wanted) && indices.stream().allMatch(
                index -> index.dtype() == DType.I64 && index.shape().equals(first.shape()));
    }

    private static Tensor putWhere(Tensor self, Tensor mask, Tensor values, boolean accumulates) {
        int rest = self.dim() - mask.dim();
        List<Size> sizes = new ArrayList<>(mask.shape().sizes());
        for (int dim = 0; dim < rest; dim++) {
            sizes.add(Size.ONE);
        }
        Tensor row = values.dim() > rest ? values.squeeze(0) : values;
        return Tensor.where(mask.view(new Shape(sizes)), accumulates ? self.add(row) : row, self);
    }

    private static List<Tensor> masked(Call call) {
        Arguments arguments = call.arguments();
        Tensor self = arguments.tensor("self");
        Tensor mask = arguments.tensor("mask");
        Shape shape = call.types().getFirst().shape();
        if (self.shape().equals(shape) && mask.shape().equals(shape)) {
            return call.results();
        }
        return MASKED_SCATTER.callAll(self.expand(shape), mask.expand(shape), arguments.tensor("source"));
    }
}
