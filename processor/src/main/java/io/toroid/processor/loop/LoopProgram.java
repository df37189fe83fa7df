package io.toroid.processor.loop;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The loops of one entry, each after those whose buffers it reads, and the buffers at its borders.
 *
 * @param name of the entry
 * @param inputs the caller's tensors, in order
 * @param outputs the buffers to fill, in order; of kind {@code OUTPUT}
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
