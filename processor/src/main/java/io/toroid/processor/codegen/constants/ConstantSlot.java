package io.toroid.processor.codegen.constants;

import io.toroid.DType;
import io.toroid.processor.loop.Buffer;
import io.toroid.runtime.ConstantInfo;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A row of the table of constants.
 *
 * @param name qualified name, such as {@code hidden.weight}
 * @param kind where it comes from
 * @param sizes its shape; of a packed constant the shape of its largest form
 * @param buffer as loops see it
 * @param offset in the blob; -1 if it is not there
 * @param elements number of elements as a C++ constant expression
 * @param prepared the bytes of a folded constant if they are computed while compiling
 */
public record ConstantSlot(
        String name, ConstantInfo.Kind kind, long[] sizes, Buffer buffer, long offset, String elements,
        Optional<MemorySegment> prepared) {

    public DType dtype() {
        return buffer.dtype();
    }

    public boolean isFolded() {
        return kind == ConstantInfo.Kind.FOLDED;
    }

    /** The same at an offset of the blob. */
    ConstantSlot at(long place) {
        return new ConstantSlot(name, kind, sizes, buffer, place, elements, prepared);
    }

    /** The same with the bytes that it will have. */
    ConstantSlot with(MemorySegment bytes) {
        return new ConstantSlot(name, kind, sizes, buffer, offset, elements, Optional.of(bytes));
    }

    public long count() {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        return count;
    }

    /** Of a packed constant that is not prepared, an upper bound. */
    public long bytes() {
        return prepared.map(MemorySegment::byteSize).orElseGet(() -> count() * dtype().bytes());
    }
}
