package io.toroid.processor.codegen.constants;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.Parameter;
import io.toroid.processor.graph.pass.SplitGraphs;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.runtime.eager.Eager;
import io.toroid.runtime.weights.WeightSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes folded constants while compiling, so that loading a model is no more than mapping its blob. The same program
 * in the library computes them for weights that are given when the model is loaded.
 *
 * <p>Panels of products are 64 bytes wide on every instruction set, so their bytes are known here. Those of convolutions
 * are not, and are packed when the model is loaded; so is what the interpreter cannot compute, to fail there.
 */
public final class PreparedConstants {

    private static final int PANEL_BYTES = 64;

    private final ConstantTable table;
    private final WeightSource weights;
    private final Map<Parameter, Tensor> folded = new IdentityHashMap<>();
    private final Map<String, MemorySegment> known = new HashMap<>();
    private final Eager eager = Eager.of();

    /** @param split the graph that computes folded constants, and these in the order of its outputs */
    public PreparedConstants(ConstantTable table, SplitGraphs split, WeightSource weights) {
        this.table = table;
        this.weights = weights;
        Map<Parameter, String> names = new IdentityHashMap<>();
        split.constants().parameters().forEach((name, parameter) -> names.put(parameter, name));
        Map<Tensor, Tensor> values = new HashMap<>();
        for (Tensor leaf : split.constants().leaves()) {
            if (leaf.origin() instanceof Parameter parameter) {
                values.put(leaf, Tensor.constant(weights.get(names.get(parameter)).values()));
            }
        }
        Iterator<Tensor> outputs = split.constants().substitute(values).outputs().iterator();
        split.folded().values().forEach(parameter -> folded.put(parameter, outputs.next()));
    }

    /** Computes a folded constant. */
    public void fold(Parameter parameter, Buffer constant) {
        try {
            known.put(constant.name(), ConstantBlob.bytes(eager.force(folded.get(parameter))));
        } catch (TensorException e) {
            // It fails when the model is loaded, where the message says how.
        }
    }

    /** Packs a stored constant, or one that was computed before. */
    public void pack(Buffer source, Buffer packed, Loop.Packing packing) {
        boolean isWide = packed.dtype() == DType.F32 || packed.dtype() == DType.F64;
        if (packing instanceof Loop.Packing.Panels panels && isWide) {
            source(source).ifPresent(bytes -> known.put(packed.name(), panels(bytes, packed.dtype().bytes(), panels)));
        }
    }

    private Optional<MemorySegment> source(Buffer buffer) {
        Optional<ConstantSlot> stored = table.slot(buffer).filter(slot -> !slot.isFolded());
        return stored.isPresent() ? stored.map(slot -> ConstantBlob.bytes(slot, table, weights)) : bytes(buffer);
    }

    /** Whether a constant, or the output of the program that folds it, has its bytes here. */
    public boolean has(Buffer buffer) {
        return known.containsKey(buffer.name());
    }

    /**
     * Leaves what cannot be prepared to be computed when the model is loaded, and all that is computed together with it.
     *
     * @return what that is made of
     */
    public Set<Buffer> leaveToLoad(FoldGroups groups) {
        Set<Buffer> sources = new LinkedHashSet<>();
        for (FoldGroups.Group group : groups.computedAtLoad(this)) {
            group.folded().forEach(buffer -> known.remove(buffer.name()));
            sources.addAll(group.sources());
        }
        return sources;
    }

    Optional<MemorySegment> bytes(Buffer buffer) {
        return Optional.ofNullable(known.get(buffer.name()));
    }

    /**
     * For each matrix {@code [ceil(columns / P)][depth][P]}, with P elements in 64 bytes; columns beyond the last are zero. As
     * {@code pack_panels} in gemm.h does it.
     */
    private static MemorySegment panels(MemorySegment source, int element, Loop.Packing.Panels panels) {
        long columns = panels.columns().constant();
        long depth = panels.depth().constant();
        long width = PANEL_BYTES / element;
        long perMatrix = Math.ceilDiv(columns, width) * depth * PANEL_BYTES;
        byte[] bytes = new byte[Math.toIntExact(panels.batch().constant() * perMatrix)];
        MemorySegment target = MemorySegment.ofArray(bytes);
        for (long matrix = 0; matrix < panels.batch().constant(); matrix++) {
            long first = panels.offset().constant() + matrix * panels.batchStride().constant();
            for (long column = 0; column < columns; column++) {
                long from = first + column * panels.columnStride().constant();
                long to = matrix * perMatrix + column / width * depth * PANEL_BYTES + column % width * element;
                copyColumn(source, from * element, panels.rowStride().constant() * element, target, to, depth, element);
            }
        }
        return target;
    }

    private static void copyColumn(
            MemorySegment source, long from, long step, MemorySegment target, long to, long count, int element) {
        for (long i = 0; i < count; i++) {
            if (element == Integer.BYTES) {
                target.set(ValueLayout.JAVA_INT_UNALIGNED, to + i * PANEL_BYTES, source.get(ValueLayout.JAVA_INT_UNALIGNED, from + i * step));
            } else {
                target.set(ValueLayout.JAVA_LONG_UNALIGNED, to + i * PANEL_BYTES, source.get(ValueLayout.JAVA_LONG_UNALIGNED, from + i * step));
            }
        }
    }
}
