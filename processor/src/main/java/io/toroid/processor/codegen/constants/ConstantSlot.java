package io.toroid.processor.codegen.constants;

import io.toroid.DType;
import io.toroid.processor.loop.Buffer;
import io.toroid.runtime.ConstantInfo;

/**
 * A row of the table of constants.
 *
 * @param name qualified name, such as {@code hidden.weight}
 * @param kind where it comes from
 * @param sizes its shape; of a packed constant the shape of its largest form
 * @param buffer as loops see it
 * @param offset in the blob; -1 for a folded constant, whose place depends on the instruction set
 * @param elements number of elements as a C++ constant expression
 */
public record ConstantSlot(
        String name, ConstantInfo.Kind kind, long[] sizes, Buffer buffer, long offset, String elements) {

    public DType dtype() {
        return buffer.dtype();
    }

    public boolean isFolded() {
        return kind == ConstantInfo.Kind.FOLDED;
    }

    public long count() {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        return count;
    }

    public long bytes() {
        return count() * dtype().bytes();
    }
}
