package io.toroid.processor.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.toroid.runtime.weights.WeightTensor;
import java.lang.foreign.MemorySegment;

/** Matrices of a weight file with rows and columns exchanged. */
public final class Transpose {

    private Transpose() {
    }

    /** The type of the transpose of a matrix, such as {@code f32[128, 64]}. */
    public static String type(WeightTensor matrix) {
        return new WeightTensor(matrix.name(), matrix.dtype(), sizes(matrix), matrix.data()).type();
    }

    /** A copy, under another name. */
    static WeightTensor of(WeightTensor matrix, String name) {
        long[] sizes = sizes(matrix);
        int bytes = matrix.dtype().bytes();
        byte[] from = matrix.data().toArray(JAVA_BYTE);
        byte[] to = new byte[from.length];
        int columns = (int) sizes[0];
        int rows = (int) sizes[1];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                System.arraycopy(from, (row * columns + column) * bytes, to, (column * rows + row) * bytes, bytes);
            }
        }
        return new WeightTensor(name, matrix.dtype(), sizes, MemorySegment.ofArray(to));
    }

    private static long[] sizes(WeightTensor matrix) {
        if (matrix.shape().length != 2) {
            throw new IllegalArgumentException("only a matrix has a transpose, not %s, %s".formatted(matrix.name(), matrix.type()));
        }
        return new long[] {matrix.shape()[1], matrix.shape()[0]};
    }
}
