package io.toroid.processor.codegen.constants;

import io.toroid.Tensor;
import io.toroid.op.Constant;
import io.toroid.op.Parameter;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.BufferNames;
import io.toroid.runtime.ConstantInfo;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The constants of a model, shared by all its entries: first those that the model has (weights in the order of their
 * fields, then literal tensors), then those computed from them.
 *
 * <p>The blob holds what runs read. A weight that only other constants are made of, such as one that is packed, is not
 * in it; the computed constant is, if its bytes are the same for all instruction sets.
 */
public final class ConstantTable {

    private static final long ALIGNMENT = 64;

    private final List<ConstantSlot> slots = new ArrayList<>();
    private final Map<Object, Buffer> buffers = new IdentityHashMap<>();
    private final Map<String, Integer> indexByBufferName = new LinkedHashMap<>();
    private final Map<TensorData, Buffer> literals = new LinkedHashMap<>();
    private final Map<String, TensorData> literalData = new LinkedHashMap<>();
    private final Map<String, List<Integer>> sources = new LinkedHashMap<>();
    private final BufferNames names;
    private long blobBytes;

    /** @param taken names that no buffer may have: those of symbols */
    public ConstantTable(Set<String> taken) {
        names = new BufferNames(taken);
    }

    /** A weight. */
    public void addParameter(String name, Parameter parameter) {
        ConstantInfo.Kind kind = parameter.kind() == Parameter.Kind.PARAMETER
                ? ConstantInfo.Kind.PARAMETER : ConstantInfo.Kind.BUFFER;
        buffers.put(parameter, addStored(name, kind, parameter.type()));
    }

    /** A literal tensor; equal ones are one constant. */
    public void addLiteral(Constant constant) {
        Buffer known = literals.get(constant.data());
        if (known == null) {
            String name = literalName();
            known = addStored(name, ConstantInfo.Kind.TENSOR, constant.data().type());
            literals.put(constant.data(), known);
            literalData.put(name, constant.data());
        }
        buffers.put(constant, known);
    }

    /** As PyTorch names them; a field of the model may be named so too. */
    private String literalName() {
        int number = literals.size();
        Set<String> taken = slots.stream().map(ConstantSlot::name).collect(Collectors.toSet());
        while (taken.contains("_tensor_constant" + number)) {
            number++;
        }
        return "_tensor_constant" + number;
    }

    /** A folded constant that entries read as a tensor. */
    public void addFolded(String name, Parameter parameter) {
        Buffer buffer = new Buffer(names.unique(name), Buffer.Kind.CONSTANT, parameter.type());
        buffers.put(parameter, buffer);
    }

    /** Gives a folded constant a row: called for those that something reads after packing. */
    public void addFoldedSlot(String name, Buffer buffer, String elements) {
        add(new ConstantSlot(
                name, ConstantInfo.Kind.FOLDED, buffer.shape().toArray(), buffer, -1, elements, Optional.empty()));
    }

    /** Says what a folded constant is computed from. Those that are computed together have the same sources. */
    public void setSources(Buffer folded, Collection<Buffer> stored) {
        sources.put(folded.name(), stored.stream().map(this::index).sorted().toList());
    }

    /** Rows of the stored constants that a folded one is computed from. */
    List<Integer> sources(ConstantSlot folded) {
        return sources.getOrDefault(folded.buffer().name(), List.of());
    }

    /**
     * Lays out the blob.
     *
     * @param read all that is read, by entries and while a model is loaded
     */
    public void place(Set<Buffer> read, PreparedConstants prepared) {
        Set<String> names = read.stream().map(Buffer::name).collect(Collectors.toSet());
        long place = 0;
        for (int i = 0; i < slots.size(); i++) {
            ConstantSlot slot = slots.get(i);
            if (slot.isFolded()) {
                slot = prepared.bytes(slot.buffer()).map(slot::with).orElse(slot);
            }
            boolean isLiteral = slot.kind() == ConstantInfo.Kind.TENSOR;
            if (slot.isFolded() ? slot.prepared().isPresent() : isLiteral || names.contains(slot.buffer().name())) {
                slots.set(i, slot.at(place));
                place += Math.ceilDiv(slot.bytes(), ALIGNMENT) * ALIGNMENT;
            }
        }
        blobBytes = place == 0 ? 0 : place + ConstantBlob.IDENTITY_BYTES;
    }

    /** The buffer of a parameter or a literal. */
    public Buffer buffer(Tensor leaf) {
        Buffer buffer = buffers.get(leaf.origin());
        if (buffer == null) {
            throw new IllegalStateException("no constant holds " + leaf.type() + " " + leaf.origin());
        }
        return buffer;
    }

    /** Row of a parameter, if it has one: a state has where the weight file holds its first value. */
    public Optional<Integer> row(Parameter parameter) {
        return Optional.ofNullable(buffers.get(parameter)).map(this::index);
    }

    /** Row of a buffer of kind {@code CONSTANT}, or of the output of the fold that fills it. */
    public int index(Buffer buffer) {
        Integer index = indexByBufferName.get(buffer.name());
        if (index == null) {
            throw new IllegalStateException("no row of the table of constants is " + buffer.name());
        }
        return index;
    }

    /** The row of a constant, if it has one. */
    Optional<ConstantSlot> slot(Buffer buffer) {
        return Optional.ofNullable(indexByBufferName.get(buffer.name())).map(slots::get);
    }

    public List<ConstantSlot> slots() {
        return List.copyOf(slots);
    }

    public List<ConstantSlot> stored() {
        return slots.stream().filter(slot -> !slot.isFolded()).toList();
    }

    public Map<String, TensorData> literalData() {
        return literalData;
    }

    /** Known once the blob is laid out. */
    public long blobBytes() {
        return blobBytes;
    }

    /** Names that buffers of entries must not take. */
    public Set<String> bufferNames() {
        return buffers.values().stream().map(Buffer::name).collect(Collectors.toSet());
    }

    private Buffer addStored(String name, ConstantInfo.Kind kind, TensorType type) {
        Buffer buffer = new Buffer(names.unique(name), Buffer.Kind.CONSTANT, type);
        long[] sizes = type.shape().toArray();
        add(new ConstantSlot(name, kind, sizes, buffer, -1, type.shape().numel().toString(), Optional.empty()));
        return buffer;
    }

    private void add(ConstantSlot slot) {
        indexByBufferName.put(slot.buffer().name(), slots.size());
        slots.add(slot);
    }
}
