package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.schedule.Kernel;
import java.util.Set;

/**
 * How a loop nest sees buffers: its scratch is rows on the stack, all else as it lies in memory.
 *
 * @param row where the rows are filled
 */
record NestMemory(Kernel.Nest nest, Scope row) implements ScalarWriter.Memory {

    @Override
    public Layout layout(Buffer buffer) {
        return nest.scratch().getOrDefault(buffer, buffer.layout());
    }

    @Override
    public String pointer(Buffer buffer) {
        return nest.scratch().containsKey(buffer) ? buffer.name() + "_row" : buffer.name();
    }

    @Override
    public Set<Scope> filledIn(Buffer buffer) {
        return nest.scratch().containsKey(buffer) ? Set.of(row) : Set.of();
    }
}
