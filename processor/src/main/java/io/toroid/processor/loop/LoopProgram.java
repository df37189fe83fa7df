package io.toroid.processor.loop;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The loops of one entry, each after those whose buffers it reads, and the buffers at its borders.
 *
 * @param name of the entry; that of a branch or loop is {@code entry.if_true_1}, say
 * @param inputs the caller's tensors, in order; for a branch or loop what it may read of the program around it
 * @param outputs the buffers to fill, in order; of kind {@code OUTPUT} but for a branch or loop
 * @param loops in an order that satisfies their reads
 */
public record LoopProgram(String name, List<Buffer> inputs, List<Buffer> outputs, List<Loop> loops) {

    public LoopProgram {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        loops = List.copyOf(loops);
    }

    public LoopProgram withLoops(List<Loop> changed) {
        return new LoopProgram(name, inputs, outputs, changed);
    }

    /** The loops that fill each buffer. */
    public Map<Buffer, List<Loop>> writers() {
        return byBuffer(Loop::outputs);
    }

    /** The loops that read each buffer. */
    public Map<Buffer, List<Loop>> readers() {
        return byBuffer(Loop::inputs);
    }

    /** Ends names that must differ from those of the program around it: nothing, or {@code _if_true_1}. */
    public String suffix() {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : "_" + name.substring(dot + 1);
    }

    /** What it reads and does not fill itself. */
    public Set<Buffer> reads() {
        Set<Buffer> reads = new LinkedHashSet<>();
        loops.forEach(loop -> reads.addAll(loop.inputs()));
        loops.forEach(loop -> loop.outputs().forEach(reads::remove));
        return reads;
    }

    /** What it neither made nor keeps to itself: its inputs and outputs. */
    public Set<Buffer> borders() {
        Set<Buffer> borders = new LinkedHashSet<>(inputs);
        borders.addAll(outputs);
        return borders;
    }

    /** All buffers of a kind that the loops touch, in order of appearance. */
    public Set<Buffer> buffers(Buffer.Kind kind) {
        Set<Buffer> buffers = new LinkedHashSet<>();
        for (Loop loop : loops) {
            buffers.addAll(loop.inputs());
            buffers.addAll(loop.outputs());
        }
        buffers.removeIf(buffer -> buffer.kind() != kind);
        return buffers;
    }

    private Map<Buffer, List<Loop>> byBuffer(java.util.function.Function<Loop, ? extends Iterable<Buffer>> side) {
        Map<Buffer, List<Loop>> map = new LinkedHashMap<>();
        for (Loop loop : loops) {
            for (Buffer buffer : side.apply(loop)) {
                map.computeIfAbsent(buffer, _ -> new java.util.ArrayList<>()).add(loop);
            }
        }
        return map;
    }

    /** The text form. */
    @Override
    public String toString() {
        return LoopText.print(this);
    }
}
