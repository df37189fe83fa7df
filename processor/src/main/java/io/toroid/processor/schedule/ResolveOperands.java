package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets a matrix product or attention read through a view: where an operand is a mere rearrangement of a buffer, and its rows and
 * columns are still evenly spaced there, the product reads that buffer with other strides, and the copy is dropped. A
 * transposed weight so becomes a weight read the other way. It needs layouts to be final.
 */
public final class ResolveOperands {

    private final Map<Buffer, Loop.Pointwise> views = new HashMap<>();

    private ResolveOperands() {
    }

    /** Replaces operands that are views. */
    public static LoopProgram run(LoopProgram program) {
        ResolveOperands resolver = new ResolveOperands();
        Map<Buffer, List<Loop>> writers = program.writers();
        List<Loop> loops = new ArrayList<>();
        for (Loop loop : program.loops()) {
            if (loop instanceof Loop.Pointwise pointwise && pointwise.store().value() instanceof Scalar.Load
                    && writers.get(pointwise.store().target()).size() == 1) {
                resolver.views.put(pointwise.store().target(), pointwise);
            }
            loops.add(switch (loop) {
                case Loop.Gemm gemm -> resolver.resolve(gemm);
                case Loop.Attention attention -> resolver.resolve(attention);
                case Loop.Pointwise _, Loop.Reduction _, Loop.Convolution _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> loop;
            });
        }
        return DropDeadLoops.run(program.withLoops(loops));
    }

    private Loop.Gemm resolve(Loop.Gemm gemm) {
        List<Symbol> leftRows = gemm.rows();
        Loop.Operand left = through(
                gemm.left(), gemm.batch(), leftRows.size(), /* needsUnitColumns= */ true, /* isTransposed= */ false);
        Loop.Operand right = through(
                gemm.right(), gemm.batch(), 1, /* needsUnitColumns= */ false, isTransposed(gemm.right(), gemm.depth()));
        return new Loop.Gemm(gemm.batch(), gemm.rows(), gemm.column(), gemm.depth(), left, right, gemm.accumulator(),
                gemm.epilogue(), gemm.origins());
    }

    private Loop.Attention resolve(Loop.Attention attention) {
        return new Loop.Attention(through(attention.query()), through(attention.key()), through(attention.value()),
                attention.depth(), attention.scale(), attention.position(), attention.mask(), attention.accumulator(),
                attention.epilogue(), attention.origins());
    }

    /** Heads that lie evenly in another buffer, each with its columns side by side. */
    private Loop.Heads through(Loop.Heads heads) {
        Loop.Pointwise view = views.get(heads.buffer());
        if (view == null) {
            return Loop.Heads.of(heads.buffer());
        }
        Scalar.Load source = (Scalar.Load) view.store().value();
        Size offset = source.offset();
        Map<Symbol, Size> origin = new HashMap<>();
        view.variables().forEach(variable -> origin.put(variable, Size.ZERO));
        Size base = offset.substitute(origin);
        List<Size> strides = new ArrayList<>();
        for (Symbol variable : view.variables()) {
            Optional<Size> stride = stride(offset, variable);
            if (stride.isEmpty()) {
                return Loop.Heads.of(heads.buffer());
            }
            strides.add(stride.get());
        }
        boolean isDense = strides.get(3).equals(Size.ONE) || LoopNest.extent(view.variables().get(3)).equals(Size.ONE);
        return isDense ? new Loop.Heads(source.buffer(), base, strides.get(0), strides.get(1), strides.get(2))
                : Loop.Heads.of(heads.buffer());
    }

    /** Whether the right operand's rows lie side by side; if there is only one row, it does not step at all. */
    private static boolean isTransposed(Loop.Operand right, Size depth) {
        return right.rowStride().equals(Size.ONE) && (!right.columnStride().equals(Size.ONE) || depth.equals(Size.ONE));
    }

    private Loop.Operand through(
            Loop.Operand operand, List<Symbol> batch, int rowDims, boolean needsUnitColumns, boolean isTransposed) {
        Loop.Pointwise view = views.get(operand.buffer());
        if (view == null) {
            return operand;
        }
        Scalar.Load source = (Scalar.Load) view.store().value();
        return resolve(operand, batch, view, source, rowDims, needsUnitColumns, isTransposed).orElse(operand);
    }

    /**
     * The view's variables are: batch, then rows, then one column; for the transposed right operand the reverse.
     * The right operand will be packed, matrix by matrix, which wants even steps along the batch too.
     */
    private static Optional<Loop.Operand> resolve(
            Loop.Operand operand, List<Symbol> batch, Loop.Pointwise view, Scalar.Load source, int rowDims,
            boolean needsUnitColumns, boolean isTransposed) {
        List<Symbol> variables = view.variables();
        int batchDims = variables.size() - rowDims - 1;
        if (batchDims < 0 || batchDims > 0 && batch.size() != batchDims) {
            return Optional.empty();
        }
        List<Symbol> rows = variables.subList(batchDims, variables.size() - 1);
        Size offset = source.offset();
        Optional<Size> rowStride = flattened(offset, rows);
        Optional<Size> columnStride = stride(offset, variables.getLast());
        if (rowStride.isEmpty() || columnStride.isEmpty()
                || needsUnitColumns && !columnStride.get().equals(Size.ONE)) {
            return Optional.empty();
        }
        Map<Symbol, Size> origin = new HashMap<>();
        rows.forEach(row -> origin.put(row, Size.ZERO));
        origin.put(variables.getLast(), Size.ZERO);
        for (int i = 0; i < batchDims; i++) {
            boolean used = operand.offset().symbols().contains(batch.get(i));
            origin.put(variables.get(i), used ? batch.get(i) : Size.ZERO);
        }
        Size base = offset.substitute(origin);
        if (!needsUnitColumns && batch.stream().anyMatch(variable -> base.coefficientOf(variable).isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(isTransposed
                ? Loop.Operand.strided(source.buffer(), base, columnStride.get(), rowStride.get())
                : Loop.Operand.strided(source.buffer(), base, rowStride.get(), columnStride.get()));
    }

    /** The step from row to row, if stepping through all row variables in order is one even walk. */
    private static Optional<Size> flattened(Size offset, List<Symbol> rows) {
        Optional<Size> inner = Optional.empty();
        for (Symbol row : rows.reversed()) {
            Optional<Size> stride = stride(offset, row);
            if (stride.isEmpty()) {
                return Optional.empty();
            }
            if (row.below().orElseThrow().equals(Size.ONE)) {
                continue;
            }
            if (inner.isPresent() && !stride.get().equals(inner.get())) {
                return Optional.empty();
            }
            inner = Optional.of(inner.orElse(stride.get()));
            inner = Optional.of(next(inner.get(), row));
        }
        return rows.isEmpty() ? Optional.of(Size.ZERO) : first(offset, rows);
    }

    private static Size next(Size stride, Symbol row) {
        return stride.times(row.below().orElseThrow());
    }

    private static Optional<Size> first(Size offset, List<Symbol> rows) {
        return rows.reversed().stream()
                .filter(row -> !row.below().orElseThrow().equals(Size.ONE))
                .findFirst()
                .map(row -> stride(offset, row))
                .orElse(Optional.of(Size.ZERO));
    }

    private static Optional<Size> stride(Size offset, Symbol variable) {
        return offset.symbols().contains(variable) ? offset.coefficientOf(variable) : Optional.of(Size.ZERO);
    }
}
